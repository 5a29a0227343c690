"""The interface for programs."""

from portal.api import attachments, batches, cases, changes, enquiries

routers = (cases.router, attachments.router, enquiries.router, batches.router, changes.router)
