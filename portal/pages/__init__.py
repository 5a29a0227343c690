"""Pages for people."""

from portal.pages import (
    batches,
    common_account,
    debtor,
    desk,
    desk_case,
    documents,
    enterprise,
    evidence,
    ledger,
    notifications,
    overview,
    people,
    register,
    reports,
    sign_in,
    streams,
)

routers = (
    streams.router,
    enterprise.router,
    debtor.router,
    sign_in.router,
    common_account.router,
    people.router,
    ledger.router,
    desk.router,
    desk_case.router,
    evidence.router,
    register.router,
    batches.router,
    overview.router,
    documents.router,
    notifications.router,
    reports.router,
)
