"""The interface for programs."""

from portal.api import attachments, batches, cases, changes, enquiries, issued

routers = (
    cases.router,
    attachments.router,
    issued.router,
    enquiries.router,
    batches.router,
    changes.router,
)
