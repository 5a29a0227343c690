"""Nobody ever sees a foreign case: by no route of the window, whoever asks, wherever the case went."""

import ast
import hashlib
import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import pytest
from docx import Document as Docx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select

from activities.requests import RecordRequest
from domain.case.decider import decide, receive
from domain.names.claims import Party
from domain.receipt import Contacts, Debtor
from domain.rules import subtree
from office.calendar.loading import published_calendar
from office.packs import load_pack
from schema import registry
from schema.seen.sight import Unit
from schema.tables import document, event, report
from tests.portal.visits import Browser, add_token, enquire, paths_of, sign_in, sign_in_unit
from tests.record.paper import Paper
from tests.stack import RECEIVED_ON, order, receipt

pytestmark = pytest.mark.long

OFFICES: Final = ("620000", "620100", "620102", "620105", "620200", "620300", "620302", "621000", "621002")
STREAMS: Final = {"/case/live", "/debtor/live", "/unit/cases/{case_no}/live", "/desk/live"}
"""Never end; `test_live` is about them."""

DESCRIBED: Final = {"/interface", "/api/v1/openapi.json"}
"""The same for everybody, with the number of a case as an example."""

_marks = itertools.count(10)

CODE: Final = "2222-3333-4444-5555"

ONE, OTHER = "11620100013890029E", "12620100438001234M"
DEBTORS: Final = (
    {"name": "某区环卫局", "kind": "organ"},
    {"name": "某区 (环卫局)", "kind": "organ", "code": ONE},
    {"name": "某区城管局", "kind": "organ", "code": ONE},
    {"name": "某区环卫局", "kind": "organ", "code": OTHER},
    {"name": "另一局", "kind": "organ"},
)
"""Two of them are one unit by its code, two by its name; the others only look alike."""


class Secret(NamedTuple):
    """A case or batch, the offices it came through, and what nobody else may read."""

    stream: str
    route: tuple[str, ...]
    words: tuple[str, ...]
    others: Mapping[str, str] = {}
    debtor: Debtor | None = None

    def is_for(self, office: str) -> bool:
        """Whether an office may see it."""
        return any(subtree(office).fullmatch(through) for through in self.route)

    def is_owed_by(self, unit: Unit) -> bool:
        """Whether a debtor unit may see it."""
        asks = Debtor(name=unit.name, code=unit.code, kind="unknown")
        is_debtor = self.debtor is not None and Party.of(asks).is_same(Party.of(self.debtor))
        return is_debtor and subtree(unit.office).fullmatch(self.route[-1]) is not None


class World:
    """Cases and batches of many offices, each with words that stand nowhere else."""

    def __init__(self, portal: Browser) -> None:
        self._paper = Paper(portal.window.engine)
        self._engine = portal.window.engine
        self.cases: list[Secret] = []
        self.batches: list[Secret] = []

    async def add_case(self, route: tuple[str, ...], debtor: Mapping[str, str]) -> None:
        """A case that an office registered and that was forwarded along its route, and to its debtor."""
        mark = f"秘{next(_marks)}密"
        about = receipt(
            office=route[0],
            title=f"{mark}标题",
            project=f"{mark}工程",
            note=f"{mark}内部",
            creditor={"name": f"{mark}企业", "size": "small", "ownership": "private"},
            debtor=debtor,
        )
        rules = load_pack("gansu").asking().for_case(published_calendar(RECEIVED_ON))
        async with self._engine.begin() as connection:
            case_no = await registry.register_case(
                connection,
                about,
                rules,
                hashlib.sha256(CODE.encode()).hexdigest(),
                Contacts(f"{mark}电话", f"{mark}手机"),
            )
        received = receive(case_no, about, rules, self._paper.now)
        await self._paper.record(RecordRequest(stream=case_no, first_seq=1, events=tuple(received)))
        given = [order("accept", f"clerk:李@{route[0]}")]
        for above, below in itertools.pairwise(route):
            given.append(order("forward", f"clerk:李@{above}", f"to-{below}", to=below))
        given.append(order("forward", f"clerk:李@{route[-1]}", "to-debtor", to="debtor"))
        for command in given:
            case = await self._paper.case(case_no)
            events = tuple(decide(case, command, rules, self._paper.now))
            await self._paper.record(RecordRequest(stream=case_no, first_seq=case.seq + 1, events=events))
        notice, docx = f"{mark}号", _written(mark)
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(document).values(
                    number=notice,
                    case_no=case_no,
                    notice="prompt",
                    issued_on=RECEIVED_ON,
                    office=route[-1],
                    addressee=f"{mark}收",
                    reply_by=RECEIVED_ON,
                    docx=docx,
                    sha256=hashlib.sha256(docx).hexdigest(),
                )
            )
        self.cases.append(Secret(case_no, route, (case_no, mark), {"number": notice}, about.debtor))

    async def add_office(self, office: str) -> None:
        """A batch and a report of an office."""
        no = next(_marks)
        batch_no, number = f"BB-{office}-2023-{no}", f"RB-{office}-2023-W{no}"
        await self._paper.open_batch(batch_no, "100万元", office)
        async with self._engine.begin() as connection:
            await connection.execute(
                insert(report).values(
                    number=number,
                    office=office,
                    kind="week",
                    period_start=RECEIVED_ON - timedelta(days=no),
                    period_end=RECEIVED_ON,
                    as_of=RECEIVED_ON,
                    body={},
                    created_at=datetime.now(UTC),
                )
            )
        self.batches.append(Secret(batch_no, (office,), (batch_no, number), {"number": number}))

    def foreign(self, office: str | None, case_no: str | None, unit: Unit | None = None) -> Iterator[Secret]:
        """What somebody must not see."""
        for secret in (*self.cases, *self.batches):
            if secret.stream == case_no or (office and secret.is_for(office)):
                continue
            if not (unit and secret.is_owed_by(unit)):
                yield secret


def _written(mark: str) -> bytes:
    """A document that says it."""
    out, docx = io.BytesIO(), Docx()
    docx.add_paragraph(mark)
    docx.save(out)
    return out.getvalue()


def _routes(browser: Browser, method: str) -> list[str]:
    return sorted(paths_of(browser.app, method) - STREAMS - DESCRIBED)


def _filled(path: str, secret: Secret) -> str:
    """A path that asks for this very secret. A parameter that is not known here needs a line here."""
    values = {
        "case_no": secret.stream,
        "batch_no": secret.stream,
        "number": secret.others.get("number", secret.stream),
        "digest": "0" * 64,
        "no": 1,
    }
    return path.format(**values)


def _text(answer: httpx.Response) -> str:
    """What an answer says, also where it is a workbook."""
    if answer.content[:2] != b"PK":
        return answer.text + str(answer.headers)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


def _check(answer: httpx.Response, asked: str, foreign: list[Secret], given_words: str = "") -> None:
    assert answer.status_code < 500, (asked, answer.text)
    said = _text(answer)
    for secret in foreign:
        for word in secret.words:
            if word not in asked + given_words:
                assert word not in said, f"{asked} shows {word}"


async def _ask_everything(browser: Browser, foreign: list[Secret]) -> None:
    """Every page and document, as it is, for each foreign number, and with each foreign word sought."""
    for path in _routes(browser, "GET"):
        if "{" not in path:
            _check(await browser.get(path), path, foreign)
            for secret in foreign[:2]:
                sought = {"q": secret.words[1], "office": secret.route[-1], "case_no": secret.stream}
                sought["case"] = secret.stream
                _check(await browser.get(path, params=sought), path, foreign, str(sought))
            continue
        for secret in foreign:
            asked = _filled(path, secret)
            answer = await browser.get(asked)
            _check(answer, asked, foreign)
            assert answer.status_code in (303, 401, 403, 404, 422), asked


async def _change_everything(browser: Browser, foreign: list[Secret]) -> None:
    """Every form and command for each foreign number is turned away."""
    body: dict[str, Any] = {"do": "accept", "by": "clerk:李@620105"}
    for path in _routes(browser, "POST"):
        for secret in foreign if "{" in path else ():
            asked = _filled(path, secret)
            if path.startswith("/api"):
                answer = await browser.post(asked, json=body)
            else:
                answer = await browser.submit(asked, {**body, "as": "clerk"})
            _check(answer, asked, foreign)
            assert answer.status_code in (303, 401, 403, 404, 422), asked


_ROUTES = st.sampled_from(
    [
        ("620105",),
        ("620102",),
        ("620302",),
        ("620100", "620105"),
        ("620000", "620100", "620102"),
        ("620000", "620200"),
        ("621000", "621002"),
        ("620300",),
    ]
)

_UNITS = st.builds(
    Unit,
    st.sampled_from(["620000", "620100", "620105", "621000"]),
    st.sampled_from(["某区环卫局", "另一局", "某区"]),
    st.sampled_from([None, ONE, OTHER]),
)


class Story(NamedTuple):
    """Where cases came through, who looks, and who owes in them."""

    routes: list[tuple[str, ...]]
    viewers: list[str]
    owing: list[Mapping[str, str]]
    unit: Unit


_STORIES = st.builds(
    Story,
    routes=st.lists(_ROUTES, min_size=3, max_size=4, unique=True),
    viewers=st.lists(st.sampled_from(OFFICES), min_size=2, max_size=2, unique=True),
    owing=st.lists(st.sampled_from(DEBTORS), min_size=4, max_size=4),
    unit=_UNITS,
)
_PATIENT = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@settings(_PATIENT, max_examples=1)
@given(_STORIES)
async def test_nobody_sees_a_foreign_case_by_any_route(portal: Browser, story: Story) -> None:
    await _nobody_sees(portal, story)


@settings(_PATIENT, max_examples=3)
@given(_STORIES)
async def test_nobody_sees_a_foreign_case_wherever_it_went(portal: Browser, story: Story) -> None:
    await _nobody_sees(portal, story)


async def _nobody_sees(portal: Browser, story: Story) -> None:
    routes, viewers, owing, unit = story
    world = World(portal)
    for route, debtor in zip(routes, owing, strict=False):
        await world.add_case(route, debtor)
        await world.add_office(route[-1])
    before = await _entries(portal)
    for office in viewers:
        foreign = list(world.foreign(office, None))
        staff = portal.another()
        await sign_in(staff, office, ["clerk", "head", "finance"])
        program = portal.another()
        program.headers.update(await add_token(portal.window, office))
        for browser in (staff, program):
            await _ask_everything(browser, foreign)
            await _change_everything(browser, foreign)
    await _ask_as(portal.another(), unit, world)
    own = world.cases[0].stream
    enterprise = portal.another()
    await enquire(enterprise, own, CODE)
    asked = await portal.post("/api/v1/enquiries", json={"case_no": own, "access_code": CODE})
    program = portal.another()
    program.headers["Authorization"] = f"Bearer {asked.json()['token']}"
    for browser in (enterprise, program, portal.another()):
        await _ask_everything(browser, list(world.foreign(None, own)))
        await _change_everything(browser, list(world.foreign(None, own)))
    assert await _entries(portal) == before, "nothing foreign was changed"


async def _ask_as(browser: Browser, unit: Unit, world: World) -> None:
    """A debtor unit sees its own cases, and by no route another."""
    await sign_in_unit(browser, unit.name, unit.code, office=unit.office)
    listed = (await browser.get("/unit")).text
    assert all(secret.stream in listed for secret in world.cases if secret.is_owed_by(unit))
    foreign = list(world.foreign(None, None, unit))
    await _ask_everything(browser, foreign)
    await _change_everything(browser, foreign)


async def _entries(portal: Browser) -> int:
    async with portal.window.engine.connect() as connection:
        return (await connection.execute(select(func.count()).select_from(event))).scalar_one()


PORTAL: Final = Path(__file__).parents[2] / "portal"
SEEN: Final = Path(__file__).parents[2] / "schema" / "seen"
BY_PARTS: Final = {"sight.py", "desk.py", "words.py", "overview.py"}
"""Where one statement is put together by several functions; `tests.record.test_lists` and `test_overview` ask what they show."""

SECRET: Final = {
    "case_file",
    "sighting",
    "bond_batch",
    "bond_request",
    "bond_allocation",
    "document",
    "report",
}
"""Tables whose rows are somebody's."""

UNGUARDED: Final = {
    "cases": {"show", "cases", "entries", "forecast", "batch"},
    "batches": {"show"},
    "journal": {"entries"},
    "casefiles": {"load_case", "list_cases", "load_batch", "open_cases"},
    "rulebook": {"of_case"},
    "registry": {"contacts_of"},
    "post": {"docx_of"},
}
"""What answers whoever asks, by the name it is called on."""

GUARDS: Final = {"cases", "offices", "sightings"}
"""What a `Sight` says of rows."""

GUARDED: Final = {"case_and_rules", "case_page", "batch_of"}
"""What has asked a `Sight` when it returns; so has everything that is named `…_seen`."""


def _guarded_by(function: ast.AST) -> bool:
    """Whether a function asks a `Sight`, or calls something named for having done so."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            is_sight = isinstance(called, ast.Attribute) and "sight" in ast.unparse(called.value)
            if (is_sight and name in GUARDS) or name.endswith("_seen") or name in GUARDED:
                return True
    return False


def _reads(function: ast.AST) -> set[str]:
    """What of somebody's a function reads without being asked who asks."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in SECRET:
            found.add(node.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).rpartition(".")[2]
            if node.func.attr in UNGUARDED.get(owner, ()):
                found.add(f"{owner}.{node.func.attr}")
    return found


def test_whatever_reads_a_case_asks_a_sight_in_the_same_function() -> None:
    loose = {
        f"{path.relative_to(PORTAL.parent)}:{function.name}": sorted(reads)
        for path in (*PORTAL.rglob("*.py"), *SEEN.glob("*.py"))
        if path.name not in BY_PARTS or path.parent != SEEN
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and (reads := _reads(function))
        and not _guarded_by(function)
    }
    assert loose == {}
