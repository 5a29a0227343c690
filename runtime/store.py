"""Where papers are kept: `QINGQIAN_STORE`, a URL such as `s3://bucket/prefix`, or else a folder beside the data; and what looks at
them before: `QINGQIAN_CLAMD`, such as `127.0.0.1:3310`.
"""

from pathlib import Path
from typing import Final

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from office.evidence.scan import Scanner
from office.evidence.store import Papers
from office.faults import Faults
from runtime.settings import Settings

FOLDER: Final = "papers"


def open_papers(data: Path, settings: Settings) -> Papers:
    """The store, and its scanner if there is one.

    Raises:
        Faults: A setting is wrong.
    """
    return Papers(open_store(data, settings), _scanner(settings))


def _scanner(settings: Settings) -> Scanner | None:
    if settings.clamd is None:
        return None
    host, _, port = settings.clamd.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise Faults("QINGQIAN_CLAMD", [f"{settings.clamd!r} is no host and port like 127.0.0.1:3310"])
    return Scanner(host.strip("[]"), int(port))


def open_store(data: Path, settings: Settings) -> ObjectStore:
    """The store. Credentials and endpoint of S3 come from `AWS_*`, as its other programs read them.

    Raises:
        Faults: It is none.
    """
    try:
        if settings.store is None:
            return LocalStore(data / FOLDER, mkdir=True)
        if "://" not in settings.store:
            return LocalStore(Path(settings.store), mkdir=True)
        return from_url(settings.store)
    except (BaseError, OSError, ValueError) as error:
        raise Faults("QINGQIAN_STORE", ["is neither a folder nor the URL of a bucket"]) from error
