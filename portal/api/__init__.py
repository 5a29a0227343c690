"""The HTTP interface for programs."""

from portal.api import attachments, batches, cases, changes, doors, enquiries, issued, subscriptions

routers = (
    cases.router,
    attachments.router,
    issued.router,
    enquiries.router,
    doors.router,
    batches.router,
    changes.router,
    subscriptions.router,
)
