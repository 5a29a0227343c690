"""How the post is wired: channels from the rule packs, their ends from the environment.

`QINGQIAN_DATA` is a folder in which each office's inbox also lies as files; `QINGQIAN_SMTP_URL` and `QINGQIAN_MAIL_FROM` the mail
server and the sender; `QINGQIAN_WEBHOOK_SECRET` signs what is posted to web addresses. What is not set is noted with each letter
that cannot be delivered for want of it.
"""

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from activities.delivery import Dispatcher, Endpoint
from domain.rules import Channels
from runtime.faults import Faults
from runtime.packs import load_pack
from schema.post import Channel


def dispatcher(engine: AsyncEngine) -> Dispatcher:
    """A worker's dispatcher.

    Raises:
        Faults: A setting, or a rule pack, is wrong.
    """
    known, nothing = _channels(), Channels()
    return Dispatcher(engine, lambda office: known.get(office, nothing), _endpoints(os.environ))


def _channels() -> dict[str, Channels]:
    """The channels of each office, as the rule packs have them."""
    own = os.environ.get("QINGQIAN_POLICIES")
    folders = [files("policies"), *([Path(own)] if own else [])]
    names = {
        Path(one.name).stem for folder in folders for one in folder.iterdir() if one.name.endswith(".toml")
    }
    return {code: channels for name in sorted(names) for code, channels in load_pack(name).channels.items()}


def _endpoints(settings: Mapping[str, str]) -> dict[Channel, Endpoint]:
    from activities.endpoints import Email, Inbox, Unset, Webhook

    folder, secret = settings.get("QINGQIAN_DATA"), settings.get("QINGQIAN_WEBHOOK_SECRET")
    server, sender = settings.get("QINGQIAN_SMTP_URL"), settings.get("QINGQIAN_MAIL_FROM")
    email: Endpoint
    if not server or not sender:
        email = Unset("QINGQIAN_MAIL_FROM" if server else "QINGQIAN_SMTP_URL")
    else:
        try:
            email = Email(server, sender)
        except ValueError as error:
            raise Faults("QINGQIAN_SMTP_URL, QINGQIAN_MAIL_FROM", [str(error)]) from error
    return {
        "inbox": Inbox(Path(folder) / "notices" if folder else None),
        "email": email,
        "webhook": Webhook(secret) if secret else Unset("QINGQIAN_WEBHOOK_SECRET"),
    }
