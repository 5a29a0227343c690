"""The interface for programs."""

from portal.api import attachments, batches, cases, enquiries

routers = (cases.router, attachments.router, enquiries.router, batches.router)
