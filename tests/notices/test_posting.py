"""How a worker's post is wired: by the settings, and by the rule packs in use."""

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.testing import ActivityEnvironment

from activities.requests import Delivered
from office.faults import Faults
from office.packs import use_packs_in
from runtime.posting import dispatcher
from runtime.settings import Settings
from schema import post
from tests.notices.paperwork import NOW, SECRET, PostOffice
from tests.stack import DISTRICT

MAIL = "clerk@anning.example"
PACK = Path("policies/gansu.toml").read_text("utf-8")


async def delivered(office: PostOffice, packs: Path, settings: Settings) -> Delivered:
    """What becomes of a report to the office, by the packs in a folder of its own."""
    use_packs_in(str(packs))
    try:
        await office.put("周报")
        return await ActivityEnvironment().run(dispatcher(office.engine, settings).deliver, NOW)
    finally:
        use_packs_in(None)


async def test_channels_and_their_ends_come_from_pack_and_settings(
    office: PostOffice, tmp_path: Path
) -> None:
    channels = f'\n[channels]\n{DISTRICT} = {{email = ["{MAIL}"], webhook = ["{office.hook.url("/a")}"]}}\n'
    (tmp_path / "gansu.toml").write_text(PACK + channels, "utf-8")
    settings = Settings(
        data=str(tmp_path / "data"),
        smtp_url=office.mailbox.url,
        mail_from="post@qingqian.example",
        webhook_secret=SECRET,
    )
    found = await delivered(office, tmp_path, settings)
    assert found == Delivered(messages=3, letters=3)
    assert len(office.mailbox.to(MAIL)) == len(office.hook.at("/a")) == 1
    assert (tmp_path / "data" / "notices" / DISTRICT / "周报.txt").exists()


@pytest.mark.parametrize(("in_force", "letters"), [(MAIL, 1), (None, 0)])
async def test_of_several_versions_the_one_in_force_says_where_letters_go(
    office: PostOffice, tmp_path: Path, in_force: str | None, letters: int
) -> None:
    """Whatever their files are called: not the one before it, whose address nobody reads any more, nor the one that is to come."""
    for name, since, mail in (
        ("a.toml", "2098-01-01", "later@anning.example"),
        ("gansu.toml", "2023-01-01", in_force),
        ("gansu-before.toml", "2020-01-01", "former@anning.example"),
        ("z.toml", "2099-01-01", "last@anning.example"),
    ):
        channels = f'\n[channels]\n{DISTRICT} = {{email = ["{mail}"]}}\n' if mail else ""
        text = PACK.replace("effective_on = 2023-01-01", f"effective_on = {since}")
        (tmp_path / name).write_text(text + channels, "utf-8")
    settings = Settings(smtp_url=office.mailbox.url, mail_from="post@qingqian.example")
    found = await delivered(office, tmp_path, settings)
    assert found == Delivered(messages=1 + letters, letters=1 + letters)
    assert len(office.mailbox.to(MAIL)) == letters


async def test_without_settings_only_inboxes_are_served(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await post.post(connection, "周报", "report", DISTRICT, "周报", "正文", NOW)
    assert await ActivityEnvironment().run(dispatcher(engine, Settings()).deliver, NOW) == Delivered(
        messages=1, letters=1
    )


@pytest.mark.parametrize(
    ("server", "sender"),
    [("http://user:password@mail", "post@qingqian.example"), ("smtp://user:password@mail", "nobody")],
)
def test_a_wrong_setting_is_told_without_its_password(engine: AsyncEngine, server: str, sender: str) -> None:
    with pytest.raises(Faults) as found:
        dispatcher(engine, Settings(smtp_url=server, mail_from=sender))
    assert "write the s" in found.value.faults[0]
    assert "password" not in str(found.value.faults).replace("user:pass@", "")


@pytest.mark.parametrize(
    "secret", ["a secret", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all, but long enough"]
)
def test_a_secret_that_is_none_is_refused_without_being_told(engine: AsyncEngine, secret: str) -> None:
    with pytest.raises(Faults) as found:
        dispatcher(engine, Settings(webhook_secret=secret))
    assert found.value.faults == ["write the secret as whsec_ and 24 to 64 random bytes in base64"]
