"""What is told outside the window: gateways and a mail server that misbehave, rounds of telling, addresses that people have left."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text
from temporalio.testing import ActivityEnvironment

from domain.calendar import SHANGHAI, business_instant
from domain.value import Way
from runtime.settings import Settings
from runtime.telling import teller
from tests.notices.paperwork import SECRET, SENDER
from tests.notices.receivers import Hook, Mailbox
from tests.portal.visits import Browser, Served

CODE: Final = re.compile(r"[2-9A-Y]{4}(?:-[2-9A-Y]{4}){3}")
MORNING: Final = business_instant((datetime.now(UTC) + timedelta(days=2)).astimezone(SHANGHAI).date(), 10)
"""Ten o'clock of a day that is still to come: whatever is to be told at all is told then."""

GATEWAYS: Final = """
[sms]
url = "{url}/sms"
secret = "{secret}"
templates = {{ code = "SMS_1", news = "SMS_2" }}
taken = {taken}
[sms.body]
PhoneNumbers = ["{{to}}"]
TemplateCode = "{{template}}"
TemplateParam = '{{"text": "{{text}}"}}'
OutId = "{{id}}"
Retries = 0

[wechat]
url = "{url}/wechat"
secret = "{secret}"
[wechat.body]
touser = "{{to}}"
data = {{ case = {{ value = "{{case_no}}" }}, thing = {{ value = "{{what}}" }}, code = {{ value = "{{code}}" }} }}
"""


class Outside:
    """A stack from which people are told by mail, text message and WeChat."""

    def __init__(self, portal: Browser | Served, mailbox: Mailbox, hook: Hook, folder: Path) -> None:
        self.window, self.desk = portal.window, portal.desk
        self.mailbox, self.hook, self.folder = mailbox, hook, folder
        self.set_up()

    def set_up(self, taken: str = "{}", **changes: Any) -> None:
        """Set the ways up."""
        path = self.folder / "gateways.toml"
        path.write_text(GATEWAYS.format(url=self.hook.url(""), secret=SECRET, taken=taken), "utf-8")
        usual = {"smtp_url": self.mailbox.url, "mail_from": SENDER, "gateways": str(path)}
        self.settings = Settings(**{"contacts_kept": "3660d", **usual, **changes})
        object.__setattr__(self.window, "ways", frozenset(Way))

    async def round(self, at: datetime = MORNING, **later: float) -> int:
        """One round of telling; how many messages were taken."""
        there = teller(self.window.engine, self.settings)
        return await ActivityEnvironment().run(there.tell_people, at + timedelta(**later))

    async def tell(self, **later: float) -> int:
        """Two rounds: what is new is gathered in one, and told in the other."""
        at = MORNING + timedelta(**later)
        return await self.round(at) + await self.round(at, minutes=5)

    async def leave(self, browser: Browser, page: str, way: str, address: str, language: str = "zh") -> None:
        """Leave an address, and show the code that comes there."""
        left = {"way": way, "address": address, "language": language}
        answer = await browser.submit(page, left)
        assert answer.status_code == 303, answer.text
        assert await self.round() == 1
        code = {"way": way, "code": self.code(way).lower().replace("-", " ")}
        answer = await browser.submit(f"{page}/confirm", code)
        assert answer.status_code == 303, answer.text

    def code(self, way: str) -> str:
        """The code that was sent last."""
        said = self.mailbox.mails[-1].get_content() if way == "mail" else self.hook.requests[-1][2].decode()
        found = CODE.search(said)
        assert found, said
        return found[0]

    def texts(self) -> list[str]:
        """The text messages about cases, in their order."""
        sent = [one for one in self.hook.at("/sms") if one["TemplateCode"] == "SMS_2"]
        return [json.loads(one["TemplateParam"])["text"] for one in sent]

    def mails(self) -> list[str]:
        """What the mails say that have no code, in their order."""
        said = [str(mail.get_content()) for mail in self.mailbox.mails]
        return [one for one in said if not CODE.search(one)]

    async def rows(self, what: str = "count(*)") -> list[Any]:
        """Of the addresses that the record has."""
        async with self.window.engine.connect() as connection:
            return list((await connection.execute(text(f"SELECT {what} FROM contact ORDER BY 1"))).scalars())

    async def claims_run_out(self) -> None:
        """So much time passes that whoever was telling something must be done, or dead."""
        async with self.window.engine.begin() as connection:
            await connection.execute(text("UPDATE contact SET claimed_until = now() - interval '1 second'"))
