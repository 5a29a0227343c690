"""Wiring of the delivery of documents: each office's channels come from the rule packs, the endpoints from the settings.

`QINGQIAN_DATA` is a folder in which each office's inbox also lies as files; `QINGQIAN_SMTP_URL` and `QINGQIAN_MAIL_FROM` the mail
server and the sender; `QINGQIAN_SMTP_PLAIN_LOGIN` the mail server to which a password may be sent without TLS;
`QINGQIAN_WEBHOOK_SECRET` signs what is posted to web addresses. What is not set is noted with each letter that cannot be delivered
for want of it.
"""

from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from activities.post.delivery import Dispatcher
from activities.post.endpoints import Inbox, Unset
from activities.post.mail import Email
from activities.post.message import Endpoint
from activities.post.webhook import Webhook
from office.enquiries import today
from office.faults import Faults
from office.packs import all_packs, channels_of
from runtime.settings import Settings
from schema.post import Channel


def dispatcher(engine: AsyncEngine, settings: Settings) -> Dispatcher:
    """The dispatcher of a worker, which sends documents to offices.

    Raises:
        Faults: A setting, or a rule pack, is wrong.
    """
    packs = all_packs()
    return Dispatcher(engine, lambda office: channels_of(packs, office, today()), _endpoints(settings))


def _endpoints(settings: Settings) -> dict[Channel, Endpoint]:
    return {
        "inbox": Inbox(Path(settings.data) / "notices" if settings.data else None),
        "email": _email(settings),
        "webhook": _webhook(settings),
    }


def _email(settings: Settings) -> Endpoint:
    missing = "QINGQIAN_MAIL_FROM" if settings.smtp_url else "QINGQIAN_SMTP_URL"
    return mail_server(settings) or Unset(missing)


def mail_server(settings: Settings) -> Email | None:
    """The outgoing mail server, if one is set.

    Raises:
        Faults: It is set wrong.
    """
    server, sender = settings.smtp_url, settings.mail_from
    if not server or not sender:
        return None
    try:
        return Email(server, sender, plain_login=settings.smtp_plain_login)
    except ValueError as error:
        raise Faults("QINGQIAN_SMTP_URL, QINGQIAN_MAIL_FROM", [str(error)]) from error


def _webhook(settings: Settings) -> Endpoint:
    if not settings.webhook_secret:
        return Unset("QINGQIAN_WEBHOOK_SECRET")
    try:
        return Webhook(settings.webhook_secret)
    except ValueError as error:
        raise Faults("QINGQIAN_WEBHOOK_SECRET", [str(error)]) from error
