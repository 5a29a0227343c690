"""Lists of the desk that somebody keeps by a name: the own ones, a few, and nothing but filters."""

import re
from html import unescape

import pytest

from tests.portal.visits import Browser, opened, sign_in


def kept_on(page: str) -> dict[str, str]:
    """The addresses of the lists that are kept, by their names."""
    (shown,) = re.findall(r'<details class="more" id="views">.*?</details>', page, re.DOTALL) or [""]
    return {
        unescape(name): unescape(to) for to, name in re.findall(r'href="([^"]+)"[^>]*>([^<]+)</a>', shown)
    }


async def test_a_list_is_kept_by_its_name_replaced_and_forgotten(portal: Browser) -> None:
    case_no = (await opened(portal.desk)).case_no
    await sign_in(portal)
    assert kept_on((await portal.get("/desk")).text) == {}
    answer = await portal.submit(
        "/desk/views", {"name": "环卫局 受理", "query": "stage=intake&debtor=环卫&after=x&csrf=y"}
    )
    assert answer.status_code == 303
    kept = kept_on((await portal.get("/desk")).text)
    assert list(kept) == ["环卫局 受理"]
    assert "after" not in kept["环卫局 受理"]
    assert "csrf" not in kept["环卫局 受理"]
    page = (await portal.get(kept["环卫局 受理"])).text
    assert f'href="/desk/cases/{case_no}"' in page
    assert '<option value="intake" selected>' in page
    await portal.submit("/desk/views", {"name": "环卫局  受理", "query": "stage=payment"})
    assert kept_on((await portal.get("/desk")).text) == {"环卫局 受理": "/desk?stage=payment"}
    await portal.submit("/desk/views/forget", {"name": "环卫局 受理"})
    assert kept_on((await portal.get("/desk")).text) == {}


async def test_everybody_keeps_their_own(portal: Browser) -> None:
    await sign_in(portal)
    await portal.submit("/desk/views", {"name": "我的", "query": "due=late"})
    other = portal.another()
    await sign_in(other, person="赵")
    assert kept_on((await other.get("/desk")).text) == {}
    await other.submit("/desk/views/forget", {"name": "我的"})
    assert list(kept_on((await portal.get("/desk")).text)) == ["我的"]


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "长" * 41])
async def test_a_list_without_a_name_is_refused(portal: Browser, name: str) -> None:
    await sign_in(portal)
    assert (await portal.submit("/desk/views", {"name": name, "query": "due=late"})).status_code == 422


async def test_only_so_many_are_kept(portal: Browser) -> None:
    await sign_in(portal)
    for number in range(20):
        assert (
            await portal.submit("/desk/views", {"name": f"第{number}", "query": "due=late"})
        ).status_code == 303
    refused = await portal.submit("/desk/views", {"name": "再一个", "query": "due=late"})
    assert refused.status_code == 422
    assert "最多保存 20 个" in refused.text
    assert (await portal.submit("/desk/views", {"name": "第3", "query": "due=today"})).status_code == 303
