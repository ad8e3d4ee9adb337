"""`[live_alerts.dispatch]`: how alerts are thinned out, where they go, and how long they are tried."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003 - the reader of configurations looks at the annotation
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from live.alerts.addresses import sink_of
from live.alerts.checked import Checked
from live.alerts.dispatch.policy import RetryPolicy
from live.clock import instant
from live.config_errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from live.alerts.dispatch.identity import Identity


class Table(Checked):
    """A table within a table: read from a mapping, its own mistakes told with it."""

    __slots__ = ()

    @classmethod
    def of(cls, given: object) -> Self:
        """Read a mapping; what is one already stays.

        Raises:
            ConfigError: what is wrong with it.
        """
        from live.validation import read_dataclass

        return given if isinstance(given, cls) else read_dataclass(cls, given)

    def __post_init__(self) -> None:
        refuse(self.wrong())

    def wrong(self) -> Iterable[str]:
        """What cannot be meant."""
        return ()


def refuse(wrong: Iterable[str]) -> None:
    """Raise all of that at once, if there is anything.

    Raises:
        ConfigError: with a problem for each.
    """
    problems = [Problem((), one) for one in wrong]
    if problems:
        raise ConfigError(problems)


HEARTBEAT_SINK = "heartbeat"
NEED_NOTHING = ("log", "stderr")
"""Sinks that stand by though they are not switched on."""
LEVELS = ("INFO", "WARNING", "CRITICAL")


@dataclass(frozen=True, slots=True)
class Match(Table):
    """Which alerts are meant; an empty field means all.

    Attributes:
        source: The source, or where it begins, up to a dot: `live_risk` or `live_risk.orders`.
        code: The code.
        subject: The subject.
    """

    source: str = ""
    code: str = ""
    subject: str = ""

    def fits(self, identity: Identity) -> bool:
        """Whether an alert is meant."""
        return (
            (
                not self.source
                or identity.source == self.source
                or identity.source.startswith(f"{self.source}.")
            )
            and self.code in ("", identity.code)
            and self.subject in ("", identity.subject)
        )


@dataclass(frozen=True, slots=True)
class Route(Table):
    """Where alerts go; the first that fits decides.

    Attributes:
        sinks: Names of sinks or of their addresses.
        match: Which alerts.
        min_level: From which level on.
        escalate_after_s: When nobody acknowledges a CRITICAL for so long, it goes to `escalate_to` too.
        escalate_to: Names of sinks or of their addresses.
    """

    sinks: Sequence[str]
    match: Match = field(default_factory=Match)
    min_level: str = "INFO"
    escalate_after_s: float = 900.0
    escalate_to: Sequence[str] = ()

    @property
    def fits_everything(self) -> bool:
        """Whether no route after it is ever asked."""
        return self.match == Match() and self.min_level == LEVELS[0]

    def wrong(self) -> Iterator[str]:
        """What cannot be meant."""
        if self.min_level not in LEVELS:
            yield f"min_level is {self.min_level!r}; one of {', '.join(LEVELS)}"
        if not self.escalate_after_s > 0:
            yield f"escalate_after_s is {self.escalate_after_s} s; it must be above 0 s"
        if not self.sinks:
            yield "sinks is empty; what fits would go nowhere: write a silence instead"


@dataclass(frozen=True, slots=True)
class Silence(Table):
    """What nobody is told until an instant; what still holds then is told.

    Attributes:
        until: When it ends, a day as it begins; naive is taken as UTC.
        author: Who wants it.
        reason: Why.
        match: Which alerts.
        begins: When it begins; at once when not given: a maintenance window.
    """

    until: datetime | date | str
    author: str
    reason: str
    match: Match = field(default_factory=Match)
    begins: datetime | date | str | None = None

    def wrong(self) -> Iterator[str]:
        """What cannot be meant."""
        if not (self.author.strip() and self.reason.strip()):
            yield "needs an author and a reason"
        begins, until = read_instant(self.begins), read_instant(self.until)
        if until is None or (begins is None and self.begins is not None):
            yield f"is from {self.begins!r} to {self.until!r}; write instants such as 2026-01-27T00:00:00Z"
        elif begins is not None and begins >= until:
            yield "ends before it begins"


def read_instant(said: datetime | date | str | None) -> datetime | None:
    """The instant that is said, UTC, of a day its beginning; None for what is none."""
    try:
        # a day, and what pandas takes for none, are read by what they show
        return None if said is None else instant(datetime.fromisoformat(str(said)))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Inhibition(Table):
    """What is not told while something worse is: the gaps of a feed that is stale.

    Attributes:
        by: While such an alert stands.
        what: Such alerts are not told.
        same_subject: Only where both are about the same subject.
    """

    by: Match
    what: Match
    same_subject: bool = True


@dataclass(frozen=True, slots=True)
class DispatchConfig:
    """`[live_alerts.dispatch]`.

    Attributes:
        outbox: SQLite file that alerts are kept in until they have ended; `:memory:` forgets them at the end.
        power_loss: Whether alerts are brought to the disk before their first attempt, not only to the
            operating system.
        critical_deadline_s: A CRITICAL that no remote destination has taken by then goes to `fallback`.
        fallback: Destinations for that, the first that takes it.
        repeat_s: What goes on is told again after so many seconds.
        resolve_after_s: What has not come again for so many seconds is over, and that is told.
        group_wait_s: Alerts of one source and code that follow the first within so many seconds are one.
        group_s: So are, after these, those of so many seconds.
        base_s: Longest wait before the second attempt, in seconds; doubled with each further one.
        longest_s: Longest wait between attempts that the back-off chooses.
        ceiling_s: Longest wait that a destination may ask for.
        max_age_s: An alert that has not arrived for so many seconds is a dead letter.
        max_pending: So many alerts may wait for one destination.
        max_dead: So many dead letters are kept.
        outage_after_s: A destination that has failed for so many seconds is an alert of its own.
        drain_s: How long closing waits for what is on its way.
        heartbeat_s: A heartbeat goes to the sink `heartbeat` so often, where it is one of the sinks.
        routes: Where alerts go; everywhere when there is none that fits.
        silences: What nobody is told.
        inhibitions: What is not told while something worse is.

    Raises:
        ConfigError: values that cannot be meant, all of them.
    """

    outbox: str = ":memory:"
    power_loss: bool = False
    critical_deadline_s: float = 5.0
    fallback: Sequence[str] = ("log", "stderr")
    repeat_s: float = 3_600.0
    resolve_after_s: float = 300.0
    group_wait_s: float = 2.0
    group_s: float = 60.0
    base_s: float = 1.0
    longest_s: float = 300.0
    ceiling_s: float = 3_600.0
    max_age_s: float = 259_200.0
    max_pending: int = 100_000
    max_dead: int = 10_000
    outage_after_s: float = 60.0
    drain_s: float = 5.0
    heartbeat_s: float = 60.0
    routes: Sequence[Route] = ()
    silences: Sequence[Silence] = ()
    inhibitions: Sequence[Inhibition] = ()

    def __post_init__(self) -> None:
        refuse(self._wrong())

    def unknown_names(self, sinks: Iterable[str], addresses: Mapping[str, Sequence[str]]) -> Iterator[str]:
        """Every name that is no sink which hears alerts, nor an address of one: what went there is lost.

        Args:
            sinks: All that there are.
            addresses: Those that alerts go to, and what the addresses of each are called; none where its own
                table is wrong.
        """
        from live.registry import nearest

        known, hearing = list(sinks), [name for name in addresses if name != HEARTBEAT_SINK]
        said = [("fallback names", name, [*hearing, *NEED_NOTHING]) for name in self.fallback]
        for route in self.routes:
            said += [("routes name", name, hearing) for name in (*route.sinks, *route.escalate_to)]
        for where, name, usable in said:
            sink = sink_of(name)
            own = [sink, *addresses.get(sink, ())]
            if sink not in known:
                yield f"{where} {name!r}, which is no sink; {nearest(name, known)}"
            elif sink not in usable:
                yield f"{where} {name!r}, which hears no alerts; add it to sinks, or {nearest(name, usable)}"
            elif name not in own and addresses.get(sink, own):
                yield f"{where} {name!r}, which is no address of {sink!r}; {nearest(name, own)}"

    @property
    def policy(self) -> RetryPolicy:
        """When an alert is tried again."""
        return RetryPolicy(self.base_s, self.longest_s, self.ceiling_s, self.max_age_s)

    def _wrong(self) -> Iterator[str]:
        above = (
            "critical_deadline_s repeat_s resolve_after_s base_s longest_s ceiling_s max_age_s max_pending"
            " max_dead outage_after_s heartbeat_s"
        )
        for name in above.split():
            value, unit = getattr(self, name), " s" if name.endswith("_s") else ""
            if not value > 0:
                yield f"{name} is {value}{unit}; it must be above 0{unit}"
        for name in ("group_wait_s", "group_s", "drain_s"):
            if not getattr(self, name) >= 0:
                yield f"{name} is {getattr(self, name)} s; it must be 0 s or more"
        if self.base_s > self.longest_s:
            yield f"base_s is {self.base_s} s, above longest_s, which is {self.longest_s} s"
        if not self.fallback:
            yield "fallback is empty; a CRITICAL that does not arrive would reach nobody: name 'stderr'"
        if any(one.fits_everything for one in self.routes[:-1]):
            number = next(number for number, one in enumerate(self.routes) if one.fits_everything)
            yield f"routes.{number} fits every alert, so those after it decide nothing; put it last"
        if not self.outbox.strip():
            yield "outbox is empty; name a file, or ':memory:'"
