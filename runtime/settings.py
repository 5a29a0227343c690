"""What is set for a process: read from its environment once, at its door, and handed on to whoever needs it.

docs/production.md says what each setting means. A value that is wrong is refused, in a sentence, by whoever takes it apart. How
Temporal is reached is read by Temporal's own configuration. This loads no library: `--help` reads it too.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

_OURS: Final = "QINGQIAN_"
_SHARED: Final = {"database_url": "DATABASE_URL", "forwarded_allow_ips": "FORWARDED_ALLOW_IPS"}
"""Settings whose variables are called as other programs call them."""


@dataclass(frozen=True, repr=False)
class Settings:
    """The settings as they were written, and their defaults. They are not shown: there are passwords among them.

    Attributes:
        temporal_is_set: Whether `TEMPORAL_*` says where Temporal is. The only one that is no variable.
    """

    database_url: str | None = None
    data: str | None = None
    store: str | None = None
    clamd: str | None = None
    policies: str | None = None
    log: str = "critical"
    build_id: str | None = None
    smtp_url: str | None = None
    smtp_plain_login: str | None = None
    mail_from: str | None = None
    webhook_secret: str | None = None
    subscriber_hosts: str = ""
    gateways: str | None = None
    contacts_kept: str = "90d"
    portal: str = "127.0.0.1:8080"
    policy: str = "gansu"
    https: str = "0"
    public_address: str | None = None
    forwarded_allow_ips: str = ""
    second_factor: str = "optional"
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_claim: str = "preferred_username"
    temporal_is_set: bool = False

    @property
    def hosts_of_subscribers(self) -> frozenset[str]:
        """The hosts to which programs may have what changes posted."""
        return frozenset(host.strip().lower() for host in self.subscriber_hosts.split(",") if host.strip())


VARIABLES: Final[Mapping[str, str]] = {
    field.name: _SHARED.get(field.name, _OURS + field.name.upper())
    for field in fields(Settings)
    if field.name != "temporal_is_set"
}
"""The variable of each setting."""


def read_settings() -> Settings:
    """The settings of this process. A variable that is empty is not set."""
    written = {name: told for name, variable in VARIABLES.items() if (told := os.environ.get(variable))}
    return Settings(**written, temporal_is_set=any(name.startswith("TEMPORAL_") for name in os.environ))


def own_variables() -> dict[str, str]:
    """Every variable that begins as ours do, whether we know it or not."""
    return {name: value for name, value in os.environ.items() if name.startswith(_OURS)}
