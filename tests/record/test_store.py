"""Papers in a bucket as in a folder: against the S3 server of `moto`, on loopback.

This proves the use of the interface: names, parts of 5 MiB, missing objects, and the settings. It does not prove signatures, which
`moto` does not check, nor the behaviour of a remote store under load or when it fails.
"""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from domain.evidence import MOST_BYTES
from domain.refusal import Refusal
from office.away import ServerAway
from office.evidence.store import Papers
from runtime.settings import Settings
from runtime.store import open_store

LARGE = b"%PDF-1.7" + bytes(MOST_BYTES - 8)


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 server with a bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    assert httpx.put(f"http://{host}:{port}/qingqian").status_code == 200
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def papers(
    request: pytest.FixtureRequest, s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Papers:
    """A store as it is opened from a setting."""
    for name, value in {
        "ENDPOINT_URL": s3,
        "ALLOW_HTTP": "true",
        "ACCESS_KEY_ID": "a",
        "SECRET_ACCESS_KEY": "b",
        "REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    return Papers(open_store(tmp_path, Settings(store=request.param)))


STORES = pytest.mark.parametrize(
    "papers", [None, "s3://qingqian/papers"], indirect=True, ids=["folder", "S3"]
)


@STORES
@pytest.mark.parametrize("content", [b"%PDF-1.7 small", LARGE], ids=["small", "large"])
async def test_what_is_kept_is_given_back(papers: Papers, content: bytes) -> None:
    first = await papers.keep("QQ-620105-2023-0001", io.BytesIO(content))
    assert first == await papers.keep("QQ-620105-2023-0001", io.BytesIO(content))
    assert (first.size, first.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert first.attachment == f"QQ-620105-2023-0001/{first.sha256}"
    pieces = await papers.read(first.attachment)
    assert pieces is not None
    assert b"".join([piece async for piece in pieces]) == content
    assert await papers.sha256_of(first.attachment) == first.sha256


@STORES
async def test_each_case_has_its_own_and_what_is_not_there_is_nothing(papers: Papers) -> None:
    one = await papers.keep("QQ-620105-2023-0002", io.BytesIO(b"%PDF-1.7"))
    assert await papers.read(f"QQ-620105-2023-0003/{one.sha256}") is None
    assert await papers.sha256_of("QQ-620105-2023-0003/none") is None
    with pytest.raises(Refusal, match="none of PDF"):
        await papers.keep("QQ-620105-2023-0003", io.BytesIO(b"<html>"))


async def test_a_bucket_that_does_not_answer_is_away(
    tmp_path: Path, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"ENDPOINT_URL": s3, "ALLOW_HTTP": "true", "SKIP_SIGNATURE": "true"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    papers = Papers(open_store(tmp_path, Settings(store="s3://nobody-made-this-bucket")))
    with pytest.raises(ServerAway, match="the store of papers did not answer"):
        await papers.keep("QQ-620105-2023-0001", io.BytesIO(b"%PDF-1.7"))
