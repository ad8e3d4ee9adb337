"""From configuration to a sink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from live.alerts.config import LiveAlertsConfig
from live.alerts.multi import MultiAlertSink
from live.alerts.wiring import default_wiring
from live.contracts import Wiring
from live.registry import SINKS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from live.contracts import (
        AlertSink,
        Clock,
        DeliveryObserver,
        HttpTransport,
        MailTransport,
        NoticeTransport,
        Sink,
    )


def build_alert_sink_from_config(  # noqa: PLR0913 - one argument per thing that a drill replaces
    config: LiveAlertsConfig | Mapping[str, Any],
    *,
    transport: HttpTransport | None = None,
    clock: Clock | None = None,
    observer: DeliveryObserver | None = None,
    stderr: TextIO | None = None,
    logger: Any = None,
    mail: MailTransport | None = None,
    notices: NoticeTransport | None = None,
) -> AlertSink | None:
    """The sink that the configuration asks for.

    Args:
        config: The configuration, or the mapping that it is read from.
        transport: The way out for HTTP; the network unless given.
        clock: What held times are measured on; the machine's clock unless given.
        observer: Told about every delivery; unless given, those that fail are logged.
        stderr: Where the stderr sink and the fallback write; `sys.stderr` unless given.
        logger: What the log sink writes to; the configured name unless given.
        mail: The way out for mail; the network unless given.
        notices: The way out for notices; Apprise itself unless given.

    Returns:
        None when alerts are disabled or there are no sinks, the one sink itself, or several as a
        `MultiAlertSink`.

    Raises:
        ConfigError: the mapping cannot be used, or Apprise knows no service for one of its URLs.
    """
    checked = config if isinstance(config, LiveAlertsConfig) else LiveAlertsConfig.from_dict(config)
    if not checked.enabled or not checked.sinks:
        return None
    usual = default_wiring()
    wiring = Wiring(
        transport=transport or usual.transport,
        clock=clock or usual.clock,
        observer=observer or usual.observer,
        stderr=stderr,
        logger=logger,
        mail=mail,
        notices=notices,
    )
    sinks = build_sinks(checked, wiring)
    return sinks[0] if len(sinks) == 1 else MultiAlertSink(sinks, wiring=wiring)


def build_sinks(config: LiveAlertsConfig, wiring: Wiring) -> list[Sink]:
    """The sinks of a configuration, connected; none when alerts are disabled.

    Raises:
        ConfigError: Apprise knows no service for one of its URLs.
    """
    names = config.sinks if config.enabled else ()
    return [SINKS[name].from_config(config.settings[name], config.min_level, wiring) for name in names]
