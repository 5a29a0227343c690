"""The ways to people come from settings; what is wrong with one is told before anything begins, without its secret."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.client import Client

from domain.value import Way
from office.faults import Faults
from portal.serve import window_on
from runtime.settings import Settings
from runtime.telling import teller, ways
from schema.window import contacts
from schema.window.contacts import Owner
from tests.notices.paperwork import SECRET
from tests.stack import Desk
from workflows.delivery import TellPeople
from workflows.queue import TASK_QUEUE

URL = 'url = "https://gateway.example/send"\n'
SIGNED = f'{URL}secret = "{SECRET}"\n'
WHOLE = f'[sms]\n{SIGNED}body = {{ to = "{{to}}", text = "{{text}}" }}\n'

WRONG: list[tuple[str, str]] = [
    ("[sms\n", "line 1: not TOML"),
    ("[pigeon]\n" + SIGNED, "pigeon: there is no such field"),
    ("[sms]\n" + SIGNED, "sms.body: this field is missing"),
    (f'[sms]\n{URL}body = {{ to = "{{to}}", text = "{{text}}" }}\n', "sms.secret: this field is missing"),
    (WHOLE.replace("https:", "ftp:"), "sms.url: "),
    (WHOLE.replace("{to}", "{phone}"), "nothing is called phone"),
    (WHOLE.replace("{to}", "138"), "{to} is missing"),
    (WHOLE.replace("{text}", "{what}"), "write {text}, or both {what} and {code}"),
    (WHOLE.replace("{text}", "{text} {template}"), "name those of code, news"),
    (WHOLE.replace("whsec_", "secret"), "write the secret as whsec_"),
    (WHOLE.replace("[sms]", "[wechat]") + "taken = 3\n", "wechat.taken: "),
]


def written(folder: Path, text: str) -> Settings:
    """Settings with a file of gateways."""
    path = folder / "gateways.toml"
    path.write_text(text, "utf-8")
    return Settings(gateways=str(path))


@pytest.mark.parametrize(("text", "fault"), WRONG)
def test_what_is_wrong_with_a_gateway_is_told(
    engine: AsyncEngine, tmp_path: Path, text: str, fault: str
) -> None:
    with pytest.raises(Faults) as found:
        teller(engine, written(tmp_path, text))
    assert fault in "\n".join(found.value.faults)
    assert SECRET.removeprefix("whsec_") not in "\n".join([found.value.source, *found.value.faults])


@pytest.mark.parametrize("kept", ["soon", "90wd", "-1d", "3661d", ""])
def test_how_long_addresses_are_kept_is_a_number_of_days(engine: AsyncEngine, kept: str) -> None:
    with pytest.raises(Faults) as found:
        teller(engine, Settings(contacts_kept=kept))
    assert "90d" in found.value.faults[0]


def test_what_is_set_up_is_offered_and_nothing_else(tmp_path: Path) -> None:
    assert set(ways(Settings())) == set()
    assert set(ways(written(tmp_path, WHOLE))) == {Way.SMS}
    mail: dict[str, Any] = {"smtp_url": "smtp://mail.example", "mail_from": "post@qingqian.example"}
    assert set(ways(Settings(**mail))) == {Way.MAIL}
    with pytest.raises(Faults):
        ways(Settings(gateways=str(tmp_path / "nowhere.toml")))


async def test_the_window_says_what_is_wrong_before_it_listens(tmp_path: Path) -> None:
    with pytest.raises(Faults):
        async with window_on(tmp_path, written(tmp_path, "[sms\n")):
            pytest.fail("it would serve")


async def test_the_workflow_that_tells_people_knows_no_address(desk: Desk, client: Client) -> None:
    async with desk.engine.begin() as connection:
        owner = Owner(case_no="QQ-620105-2023-0001")
        await contacts.leave(connection, owner, Way.SMS, "13812345678", "zh")
    told = await client.execute_workflow(TellPeople.run, id="telling", task_queue=TASK_QUEUE)
    assert told == 0, "no way is set up here"
    history = await client.get_workflow_handle("telling").fetch_history()
    assert "13812345678" not in history.to_json()
