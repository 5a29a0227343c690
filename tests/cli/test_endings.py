"""However a command ends, there is a sentence and an exit code, and with `--json` one document; never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from cli.program import app
from tests.cli.commands import PROGRAM, Said, call, environment, serve

CASE: Final = Path("examples/qingshigou.toml").read_text("utf-8")


def said_of(*arguments: str | bytes, **more: str) -> Said:
    """A call from scratch, for what only a process of its own shows: it must end within seconds."""
    done = subprocess.run([*PROGRAM, *arguments], capture_output=True, env=environment(**more), timeout=60)
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


def assert_told(said: Said, code: int = 2) -> None:
    assert said.code == code, said
    assert said.err.strip()
    assert isinstance(said.json, dict)
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("deep.json", '{"case":' + "[" * 100_000),
        ("deep-whole.json", "[" * 3_000 + "]" * 3_000),
        ("deeper-than-sense.json", '{"case":' + "[" * 60 + "]" * 60 + "}"),
        ("digits.json", '{"case": ' + "9" * 5_000 + "}"),
        ("deep.toml", "case = " + "[" * 100_000),
        ("deep-whole.toml", "case = " + "[" * 3_000 + "]" * 3_000),
        ("digits.toml", "case = " + "9" * 5_000),
        ("policy.toml", CASE.replace('policy = "gansu"', f'policy = "{"x" * 5_000}"')),
        ("nul.toml", CASE.replace('policy = "gansu"', 'policy = "a\\u0000b"')),
        ("list.toml", CASE.replace('case = "qsg"', 'case = ["x"]', 1)),
        ("table.toml", CASE.replace('batch = "b1"', "batch = { x = 1 }", 1)),
    ],
)
@pytest.mark.parametrize("command", ["rehearse", "open", "batch open", "policy check", "calendar load"])
def test_a_file_made_to_break_the_reader_is_wrong(command: str, name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert_told(call(*command.split(), str(path), "--json"))


@pytest.mark.parametrize("command", ["rehearse", "open", "batch open", "policy check"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "device", "gone", "too-large"])
def test_what_is_no_file_to_read_is_named_and_not_waited_for(command: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "device":
        path = Path("/dev/zero")
    elif kind == "too-large":
        with path.open("wb") as file:
            file.truncate(2**40)
    assert_told(call(*command.split(), str(path), "--json"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("dev", "--port", "99999"),
        ("dev", "--ui-port", "0"),
        ("dev", "--portal-port", "65536"),
        ("portal", "--port", "-1"),
        ("list", "--size", "0"),
        ("list", "--stage", "[/x]"),
        ("reports", "compile", "day", "--as-of", "9999-99-99"),
        ("calendar", "show", "--year", "0"),
        ("calendar", "show", "--year", "99999999999999999999"),
        ("nothing",),
        ("act",),
        ("act", "QQ-620105-2026-0001", "accept", "--by", "clerk:李敏@620105", "--field", "mode"),
    ],
)
def test_wrong_usage_is_told_as_a_document_too(arguments: tuple[str, ...]) -> None:
    assert_told(call(*arguments, "--json"))


@pytest.mark.long
def test_a_word_that_is_no_text_is_wrong_usage() -> None:
    assert_told(said_of("show", b"\xff\xfe", "--json"))
    assert_told(said_of("show", "QQ-620105-2026-0001", "--json", QINGQIAN_BY="\udcff"))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DATABASE_URL", "secret"),
        ("DATABASE_URL", "mysql://u:secret@127.0.0.1/x"),
        ("DATABASE_URL", "postgresql://u:secret@127.0.0.1:99999/x"),
        ("DATABASE_URL", "postgresql://u:secret@127.0.0.1:no/x"),
        ("DATABASE_URL", "postgresql://u:secret@127.0.0.1/x?colour=red"),
        ("QINGQIAN_LOG", "loud"),
        ("QINGQIAN_POLICIES", "nowhere"),
    ],
)
def test_a_setting_that_is_wrong_is_named_without_its_secret(setting: str, value: str) -> None:
    said = call("list", "--json", **{setting: value})
    assert_told(said)
    assert said.json["file"] == setting
    assert "secret" not in said.out + said.err


def test_a_setting_that_is_empty_is_not_set() -> None:
    said = call("list", "--json", DATABASE_URL="")
    assert said.code == 3
    assert "DATABASE_URL is not set" in said.json["error"]


@pytest.mark.parametrize(
    ("module", "settings", "said"),
    [
        ("worker", {"DATABASE_URL": "secret"}, '"source": "DATABASE_URL"'),
        ("portal", {"DATABASE_URL": "secret"}, '"source": "DATABASE_URL"'),
        ("portal", {"QINGQIAN_PORTAL": "127.0.0.1:99999"}, '"source": "QINGQIAN_PORTAL"'),
        ("portal", {"QINGQIAN_PORTAL": "here"}, '"source": "QINGQIAN_PORTAL"'),
        ("worker", {"QINGQIAN_POLICIES": "nowhere"}, '"source": "QINGQIAN_POLICIES"'),
        ("portal", {"QINGQIAN_OIDC_ISSUER": "https://sso.example"}, "QINGQIAN_OIDC_CLIENT_ID"),
    ],
)
def test_a_process_that_serves_logs_why_it_does_not_start(
    module: str, settings: dict[str, str], said: str
) -> None:
    done = serve(module, **settings)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
    assert "secret" not in done.err


@pytest.mark.long
async def test_a_configuration_of_temporal_that_is_wrong_is_named(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    (tmp_path / "temporal.toml").write_text("[[")
    for setting in (
        {"TEMPORAL_ADDRESS": "a b:c"},
        {"TEMPORAL_CONFIG_FILE": str(tmp_path / "temporal.toml")},
        {"TEMPORAL_TLS_SERVER_CA_CERT_PATH": str(tmp_path / "gone.pem")},
    ):
        said = call("verify", "--json", DATABASE_URL=url, **setting)
        assert_told(said)
        assert "TEMPORAL" in said.json["file"]


async def test_days_at_the_ends_of_time_are_answered(engine: AsyncEngine) -> None:
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    for day in ("0001-01-01", "9999-12-31"):
        assert_told(call("reports", "compile", "year", "--as-of", day, "--json", DATABASE_URL=url))
    for year in ("1949", "9998"):
        assert call("calendar", "show", "--year", year, "--json", DATABASE_URL=url).code == 0


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    for command in (("list",), ("dev",)):
        said = call(*command, "--data", str(tmp_path / "data"), *(["--json"] if command == ("list",) else []))
        assert said.code == 2
        assert "--data: " in said.err


def test_what_stands_where_dev_writes_its_addresses_must_be_its(tmp_path: Path) -> None:
    for content in ("", "[]", '{"pids": 3}', '{"x": 1, "pids": []}'):
        (tmp_path / "stack.json").write_text(content)
        assert_told(call("list", "--data", str(tmp_path), "--json"))


def test_a_fault_of_ours_is_a_sentence_and_its_place_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError("".join(("138", "00000000")))

    monkeypatch.setattr("cli.cases.read_cases", fails)
    result = CliRunner().invoke(app, ["open", "x.toml", "--json"])
    assert result.exit_code == 3
    assert "Traceback" not in result.output
    told = json.loads(result.stdout)["error"]
    kept = Path(told.rpartition(" ")[2])
    assert kept.stat().st_mode & 0o077 == 0
    logged = kept.read_text("utf-8")
    kept.unlink()
    assert "ZeroDivisionError" in logged
    assert "in fails" in logged
    assert "13800000000" not in logged + result.output


@pytest.mark.long
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    path = tmp_path / "x" / "picture.svg"
    said = call("rehearse", "examples/suspended.toml", "--svg", str(path), "--json")
    assert_told(said)


@pytest.mark.long
def test_a_reader_who_has_read_enough_is_no_fault() -> None:
    for arguments in (("policy", "check", "gansu"), ("policy", "diff", "gansu", "gansu", "--json")):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as nobody:
            done = subprocess.run(
                [*PROGRAM, *arguments], stdout=nobody, stderr=subprocess.PIPE, env=environment(), timeout=60
            )
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.long
@pytest.mark.parametrize(
    "terminal", [{"PYTHONIOENCODING": "gbk"}, {"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_any_terminal_gets_one_whole_document(terminal: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "𠮷野家.toml"
    path.write_text("", "utf-8")
    for arguments in (("policy", "check", "gansu", "--json"), ("open", str(path), "--json")):
        done = subprocess.run(
            [*PROGRAM, *arguments], capture_output=True, env=environment(**terminal), timeout=60
        )
        encoding = terminal.get("PYTHONIOENCODING", "utf-8")
        told = json.loads(done.stdout.decode(encoding))
        assert done.returncode == (0 if arguments[0] == "policy" else 2)
        assert "name" in told or told["file"] == str(path)
        assert b"Traceback" not in done.stderr


CORE: Final = """
import asyncio
from temporalio.worker import Worker
from temporalio import activity
from runtime.embedded import free_port, start_temporal
from runtime.logs import configure_logs
from runtime.temporal import connect_temporal

@activity.defn
async def nothing() -> None: ...

async def main() -> None:
    port = free_port()
    temporal = await start_temporal(port)
    client = await connect_temporal(f"127.0.0.1:{port}")
    worker = Worker(client, task_queue="q", activities=[nothing])
    working = asyncio.create_task(worker.run())
    while not worker.is_running:
        await asyncio.sleep(0.1)
    temporal.kill()
    await temporal.wait()
    await working

configure_logs()
asyncio.run(main())
"""


@pytest.mark.long
def test_what_temporals_core_logs_is_no_part_of_the_answer() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CORE],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stderr is not None
        try:
            logged = next(line for line in process.stderr if "sdk_core" in line)
        finally:
            process.kill()
        assert process.stdout is not None
        assert process.stdout.read() == ""
    assert json.loads(logged)["level"] == "warning"
