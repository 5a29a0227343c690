"""The settings of a process, read from environment variables once, at the entry point, and passed on from there.

docs/production.md says what each setting means. A wrong value is refused by the code that parses it. How Temporal is reached is left
to Temporal's own client configuration. This module imports no library, because `--help` loads it too.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

_OURS: Final = "QINGQIAN_"
_SHARED: Final = {"database_url": "DATABASE_URL", "forwarded_allow_ips": "FORWARDED_ALLOW_IPS"}
"""Settings whose variables have the names that other programs use, without our prefix."""


@dataclass(frozen=True, repr=False)
class Settings:
    """The settings as they were written, or their defaults. They have no `repr`, because some are passwords.

    Attributes:
        temporal_is_set: Whether any `TEMPORAL_*` variable is set. The only field that has no variable of its own.
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
        """The hosts to which subscriptions may post, in lower case."""
        return frozenset(host.strip().lower() for host in self.subscriber_hosts.split(",") if host.strip())


VARIABLES: Final[Mapping[str, str]] = {
    field.name: _SHARED.get(field.name, _OURS + field.name.upper())
    for field in fields(Settings)
    if field.name != "temporal_is_set"
}
"""The environment variable of each setting, by the name of its field."""


def read_settings() -> Settings:
    """Read the settings of this process. An empty variable counts as not set."""
    written = {name: told for name, variable in VARIABLES.items() if (told := os.environ.get(variable))}
    return Settings(**written, temporal_is_set=any(name.startswith("TEMPORAL_") for name in os.environ))


def own_variables() -> dict[str, str]:
    """All variables with our prefix, known or not, with their values."""
    return {name: value for name, value in os.environ.items() if name.startswith(_OURS)}
