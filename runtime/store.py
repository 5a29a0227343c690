"""Where papers are kept: `QINGQIAN_STORE`, a URL such as `s3://bucket/prefix`, or else a folder beside the data."""

from pathlib import Path
from typing import Final

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from office.faults import Faults
from runtime.settings import Settings

FOLDER: Final = "papers"


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
