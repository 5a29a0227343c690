"""The interface for programs."""

from portal.api import attachments, batches, cases, changes, doors, enquiries, issued

routers = (
    cases.router,
    attachments.router,
    issued.router,
    enquiries.router,
    doors.router,
    batches.router,
    changes.router,
)
