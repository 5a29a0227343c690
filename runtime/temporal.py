"""Connecting to Temporal. What only asks and acts needs no more than this; what works brings `runtime.plugin` as well."""

import logging
from collections.abc import Sequence
from functools import cache

from temporalio.client import Client, Plugin
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from office.away import ServerAway
from office.faults import Faults
from runtime.converter import CONVERTER
from runtime.stack import PATIENCE, first_line


async def connect_temporal(
    address: str | None = None, plugins: Sequence[Plugin] = (), *, lazy: bool = False
) -> Client:
    """A client by Temporal's own configuration (`temporal.toml`, `TEMPORAL_*`), or at an address.

    Args:
        plugins: `runtime.plugin.qingqian_plugin`, if a worker is to stand on this client.
        lazy: Connect when it is first used; then whoever uses it learns that Temporal does not answer.

    Raises:
        ServerAway: Temporal did not answer.
        Faults: The configuration is wrong.
    """
    take_in_the_core()
    config = _config(address)
    where = config["target_host"]
    try:
        return await Client.connect(
            **config, data_converter=CONVERTER, plugins=plugins, lazy=lazy, connect_timeout=PATIENCE
        )
    except (RuntimeError, TimeoutError) as error:
        raise ServerAway(f"Temporal is away: looked for it at {where} ({first_line(error)})") from error
    except ValueError as error:
        raise Faults("TEMPORAL_ADDRESS", [f"{where!r}: {first_line(error)}"]) from error


def _config(address: str | None) -> ClientConnectConfig:
    """How Temporal is reached: by its own configuration, or at an address.

    Raises:
        Faults: The configuration cannot be read.
    """
    try:
        config = ClientConfig.load_client_connect_config()
    except Exception as error:  # the SDK names no class for it
        raise Faults("temporal.toml, TEMPORAL_*", [first_line(error)]) from error
    if address:
        config["target_host"] = address
    config.setdefault("target_host", "localhost:7233")
    return config


@cache
def take_in_the_core() -> None:
    """Have Temporal's core, which writes to standard output otherwise, log as everything else does."""
    core = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
        forwarding=LogForwardingConfig(logger=logging.getLogger("temporalio.core")),
    )
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=core)), error_if_already_set=False)
