"""The interface for programs."""

from portal.api import batches, cases, enquiries

routers = (cases.router, enquiries.router, batches.router)
