"""Every extension point of `live` on one page.

A leaf is one file in the folder of its kind: a rule in `live/risk_limits/rules/`, a guard in
`live/data_quality/`, a watcher in `live/watchers/`, a sink in `live/alerts/sinks/`. The registry finds it
there; its configuration keys, alerts, drills and reference page follow from what it declares here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from typing import TextIO

    from live.bars.kind import Stage
    from live.bars.machine import Event
    from live.bars.values import Bar, Move, Past, Said
    from live.candles import Candle, Series
    from live.events import AlertEvent, AlertLevel
    from live.risk_limits.book import Book
    from live.risk_limits.pnl.day import DayPnl


class Clock(Protocol):
    """Where the time comes from. Nothing in `live` asks the machine for it."""

    def now(self) -> datetime:
        """The present instant, timezone-aware UTC."""

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back; only differences mean anything."""


class Unit(StrEnum):
    """What a limit is measured in; decides how its numbers are written."""

    MONEY = "base currency"
    PERCENT = "%"
    COUNT = "count"
    QUANTITY = "base units"
    RATIO = "times"
    SECONDS = "s"
    NAMES = "names"


class Sense(StrEnum):
    """Which side of a limit is safe, and where the breach begins.

    * MAXIMUM: value >= limit is a breach, value >= factor x limit a warning.
    * COUNT: value > limit is a breach, value > floor(factor x limit) a warning.
    * LOSS: the limit is a positive number, the value a signed result; -value >= limit is a breach.
    * MINIMUM: value < limit is a breach; there is no warning.
    """

    MAXIMUM = "maximum"
    COUNT = "count"
    LOSS = "loss"
    MINIMUM = "minimum"


class Scope(StrEnum):
    """Which check a rule takes part in; also the last part of the alert's source."""

    ORDERS = "orders"
    PORTFOLIO = "portfolio"


class Observation(NamedTuple):
    """One value that a rule measured on the book.

    Attributes:
        value: The number in the rule's unit; NaN when it could not be known, which is a breach.
        subject: What it was measured on, a symbol or an order's id; empty for the whole account.
        before: The same value without the orders under check. An order check never refuses what its orders
            do not raise above this.
        unknown: Why the value is not known, in a few words; empty when it is.
        note: What the reason says beside both numbers, in a few words: `reference=last 100.00`.
    """

    value: float
    subject: str = ""
    before: float | None = None
    unknown: str = ""
    note: str = ""


class Figure(StrEnum):
    """What of an order alone, or of the account with it, a limit is about; worst cases in the base currency.

    * ACCOUNT: nothing of the order: the value changes neither with orders nor with the time of day.
    * NOTIONAL, QUANTITY: of the order itself.
    * EXPOSURE: absolute value of its symbol.
    * TOTAL, LONG, SHORT, NET: of all symbols together.
    * POSITIONS: how many symbols are held.
    * BOUGHT: value of the purchases that open or raise a long holding.
    """

    ACCOUNT = "account"
    NOTIONAL = "notional"
    QUANTITY = "quantity"
    EXPOSURE = "exposure"
    TOTAL = "total"
    LONG = "long"
    SHORT = "short"
    NET = "net"
    POSITIONS = "positions"
    BOUGHT = "bought"


class Formula(NamedTuple):
    """What a rule's value is for one order: `times x figure / per`, or `left_of - figure`.

    Attributes:
        figure: What is counted.
        times: Factor, such as 100 for a percentage.
        per: What it is a share of: `equity`. Where that is not known or not above zero, the share is unknown
            for orders that raise the figure, and no matter for others. Empty for a plain figure.
        left_of: What the figure is taken from: `cash`. Empty for a plain figure.
        spares_closing: Whether an order that closes exactly what is held is not measured.
    """

    figure: Figure
    times: float = 1.0
    per: str = ""
    left_of: str = ""
    spares_closing: bool = False

    def suits(self, sense: Sense) -> bool:
        """Whether a limit of that sense can have it: more of the figure must never be better."""
        if self.figure is Figure.ACCOUNT:
            return True
        falls = bool(self.left_of) or (sense is Sense.MINIMUM and self.figure is Figure.QUANTITY)
        return sense is Sense.MINIMUM if falls else sense in (Sense.MAXIMUM, Sense.COUNT)


@dataclass(frozen=True, slots=True)
class Setting:
    """A key of a rule beside its limit: a window, a reference, a switch.

    Attributes:
        key: Key under `[live_risk]`: `duplicate_order_window_s`.
        default: What holds when the key is not given.
        check: From an untrusted value to the one that holds; raises `ValueError` with what was expected:
            `a number above zero (seconds), such as 5.0`.
        doc: One line for the reference.
    """

    key: str
    default: Any
    check: Callable[[object], Any]
    doc: str = ""


@dataclass(frozen=True, slots=True)
class RiskRule:
    """A risk limit: what is measured, in which unit, and which side is safe.

    Severity, alert, configuration key and reference page come from the engine.

    Attributes:
        name: Name in results and reasons, `max_total_exposure`.
        key: Configuration key of the limit, `max_total_exposure_notional`.
        unit: What is measured.
        sense: Which side of the limit is safe.
        scopes: The checks that it takes part in.
        measure: From the book to the value, or to several values, one per subject.
        doc: First line of the measuring function's docstring.
        subject: What a subject is called in reasons: `symbol`, `client_order_id`.
        per_subject: Prefix of the names of details that stand for one subject in a portfolio check
            (`symbol_exposure` gives `symbol_exposure_BTC/EUR`); empty when only the worst one is told.
        spares_exits: Whether orders that can only reduce holdings pass, with a warning, in breach as well.
        settings: Keys beside the limit that the rule reads by `book.setting(key)`. With `Unit.NAMES` the key
            of the limit itself holds a list of names, read the same way, and the limit is 0 hits.
        asked_by: Which regulation or practice asks for it: `SEC 15c3-5(c)(1)(ii)`.
        formula: The value once more, in a form that the short way (`plain.py`) and the compiled one
            (`live.history`) know by heart. With it nothing is measured before somebody asks, so `measure` may
            read nothing of the book that changes after the check. Optional, for speed alone.
        remembers: Whether it asks what checks have let through before: `book.journal.passed`.
        absolute: Whether it holds although the limits are switched off: no approval lifts it.
    """

    name: str
    key: str
    unit: Unit
    sense: Sense
    scopes: tuple[Scope, ...]
    measure: Callable[[Book], Iterable[Observation] | Observation]
    doc: str = ""
    subject: str = "symbol"
    per_subject: str = ""
    spares_exits: bool = False
    settings: tuple[Setting, ...] = ()
    asked_by: tuple[str, ...] = ()
    formula: Formula | None = None
    remembers: bool = False
    absolute: bool = False

    def __post_init__(self) -> None:
        if self.formula is not None and not self.formula.suits(self.sense):
            text = f"{self.name}: a limit of the sense {self.sense} has no formula with {self.formula}"
            raise ValueError(text)


def risk_rule(  # noqa: PLR0913 - a rule declares on one line what the engine needs; all by name, most by default
    *,
    key: str,
    unit: Unit,
    sense: Sense = Sense.MAXIMUM,
    scopes: tuple[Scope, ...] = (Scope.ORDERS, Scope.PORTFOLIO),
    subject: str = "symbol",
    per_subject: str = "",
    spares_exits: bool = False,
    settings: tuple[Setting, ...] = (),
    asked_by: tuple[str, ...] = (),
    formula: Formula | None = None,
    remembers: bool = False,
    absolute: bool = False,
) -> Callable[[Callable[[Book], Iterable[Observation] | Observation]], RiskRule]:
    """Make a risk rule of a measuring function; the rule takes the function's name and docstring."""

    def make(measure: Callable[[Book], Iterable[Observation] | Observation]) -> RiskRule:
        return RiskRule(
            name=measure.__name__,
            key=key,
            unit=unit,
            sense=sense,
            scopes=scopes,
            measure=measure,
            doc=(measure.__doc__ or "").strip().partition("\n")[0],
            subject=subject,
            per_subject=per_subject,
            spares_exits=spares_exits,
            settings=settings,
            asked_by=asked_by,
            formula=formula,
            remembers=remembers,
            absolute=absolute,
        )

    return make


@dataclass(frozen=True, slots=True)
class Finding:
    """What a guard or a watcher found; the monitor makes an alert of it.

    Attributes:
        code: One of the codes that the guard or watcher declares.
        level: How urgent it is.
        subject: What it is about: a symbol, a venue, a strategy.
        message: One line with both numbers and their units.
        context: Facts for a machine.
        by: Name of the guard that found it, where several speak as one.
    """

    code: str
    level: AlertLevel
    subject: str
    message: str
    context: Mapping[str, Any] = field(default_factory=dict)
    by: str = ""


class Lasting(ABC):  # noqa: B024 - what keeps nothing needs to say nothing
    """What may outlive the process: a guard that goes on where it was, so that a restart costs nothing."""

    def saved(self) -> Any:
        """What it knows, as values of strict JSON; None where nothing is kept."""
        return None

    def restore(self, state: Any, now: datetime) -> None:  # noqa: ARG002 - as below
        """Go on from what was saved, before anything else has come; it is another process by now.

        Raises:
            ValueError: it is no such state; the guard is not to be used after that.
        """
        if state is not None:
            raise ValueError(f"has {state!r} where nothing is kept")


class CandleGuard(Lasting):
    """Watches one price series, one candle at a time, in constant time per candle.

    A guard has a name (its table under `[live_data]` and the end of its source `live_data.<name>`), the codes
    that it can raise, and a frozen dataclass `Config` with a default for every field.
    """

    name: ClassVar[str]
    codes: ClassVar[tuple[str, ...]]
    Config: ClassVar[type[Any]]

    def __init__(self, series: Series, config: Any) -> None:
        """Watch one series with the thresholds of `config`, an instance of `Config`."""
        self.series = series
        self.config = config

    @abstractmethod
    def on_candle(self, candle: Candle, now: datetime) -> Iterable[Finding]:
        """What a completed candle that arrived at `now` gives rise to."""

    def on_tick(self, now: datetime) -> Iterable[Finding]:  # noqa: ARG002 - most guards need no clock
        """What the mere passing of time gives rise to."""
        return ()


class CrossGuard(Lasting):
    """Watches all price series together, for what no series shows by itself; constant time per candle.

    It has a name (its table under `[live_data]` and the end of its source `live_data.<name>`), the codes that
    it can raise, and a frozen dataclass `Config` with a default for every field. One watches all series.
    """

    name: ClassVar[str]
    codes: ClassVar[tuple[str, ...]]
    Config: ClassVar[type[Any]]

    def __init__(self, config: Any) -> None:
        """Watch with the thresholds of `config`, an instance of `Config`."""
        self.config = config

    @abstractmethod
    def on_candle(self, series: Series, candle: Candle, now: datetime) -> Iterable[Finding]:
        """What a completed candle of a series that arrived at `now` gives rise to."""

    def on_tick(self, now: datetime) -> Iterable[Finding]:  # noqa: ARG002 - not all need a clock
        """What the passing of time gives rise to, or all candles of an instant together."""
        return ()


class FeedState(NamedTuple):
    """What a guard knows of the feed of its series.

    Attributes:
        newest: Opening instant of the newest bar; None when none has come.
        complete: Instant at which that bar was complete.
        is_late: Whether bars that were due are missing, though not yet enough of them to be told.
        stale: What is to be said of a feed that is silent; None while it is not.
    """

    newest: datetime | None
    complete: datetime | None
    is_late: bool
    stale: Finding | None


class FeedGuard(CandleGuard):
    """A guard that finds, as time passes, that a feed is silent, and finds nothing else by that.

    What it finds of several series of one venue at once is told as one.
    """

    @abstractmethod
    def feed(self, now: datetime) -> FeedState:
        """What it knows of the feed, right after `on_tick`."""


@dataclass(frozen=True, slots=True)
class NoKeys:
    """The configuration of what has nothing to set."""


@dataclass(frozen=True, slots=True)
class PositiveKeys:
    """A configuration every number of which is above zero.

    Raises:
        ValueError: one is not.
    """

    def __post_init__(self) -> None:
        wrong = [
            f"{one.name} is {getattr(self, one.name)}; it must be above 0"
            for one in fields(self)
            if isinstance(getattr(self, one.name), int | float) and not getattr(self, one.name) > 0
        ]
        if wrong:
            raise ValueError("; ".join(wrong))


class CandleKind(CandleGuard):
    """A kind of fault in candles: a function of one bar and of what the bars before have left.

    All kinds look at a series in one pass (`live.bars`), so none has to be told by another, and the same
    function serves bar by bar and, compiled, whole frames. A leaf says beside name, codes and `Config`, whose
    fields are numbers or switches:

    Attributes:
        stage: Which bars it looks at.
        level: How urgent it is.
        start: Its own numbers before the first bar.
        sensitivity: Which fields of `Config` are thresholds that it speaks from on: all of them times a
            factor above one, and it speaks less often. None where it knows no more or less.
        reads: Settings of other kinds that `look` is given after its own limits: `unit_error.tolerance_pct`.
        takes_back: Whether a bar that it calls false afterwards, at the next one, had no price to go on from:
            what was learnt from that bar is undone.
        skips_plain: Whether it never has anything to say of a bar whose prices and volume can be, and agree
            with each other (`live.bars.moves.is_plain`): then it is not asked about one.
    """

    Config: ClassVar[type[Any]] = NoKeys
    sensitivity: ClassVar[tuple[str, ...]] = ()
    reads: ClassVar[tuple[str, ...]] = ()
    stage: ClassVar[Stage]
    level: ClassVar[AlertLevel]
    start: ClassVar[tuple[float, ...]] = ()
    takes_back: ClassVar[bool] = False
    skips_plain: ClassVar[bool] = False

    @staticmethod
    @abstractmethod
    def look(
        bar: Bar, past: Past, move: Move, limits: tuple[float, ...], own: tuple[float, ...]
    ) -> tuple[tuple[float, ...], Said]:
        """Its own numbers after the bar, and what it has to say; only what compiles may stand in it.

        Args:
            bar: The bar.
            past: What sound bars before it have left.
            move: How it stands to them, where the stage is `PRICES`.
            limits: The fields of the configuration, as numbers, and what it `reads` of others.
            own: Its own numbers before the bar.
        """

    @abstractmethod
    def words(self, event: Event) -> str:
        """What is wrong, in a few words with both numbers."""

    def limits(self) -> tuple[float, ...]:
        """The numbers of its own configuration that `look` is given."""
        return tuple(float(getattr(self.config, one.name)) for one in fields(self.config))

    def on_candle(self, candle: Candle, now: datetime) -> Iterable[Finding]:  # noqa: ARG002 - as below
        """Nothing: kinds look together."""
        return ()


class Watcher(ABC):
    """Watches anything but candles: state in, finding out.

    A watcher has a name (its table under `[live_watchers]`, the end of its source `live_watch.<name>`), the
    codes that it can raise, a frozen dataclass `Sample` that it is fed with, and a frozen dataclass `Config`
    with a default for every field.
    """

    name: ClassVar[str]
    codes: ClassVar[tuple[str, ...]]
    Sample: ClassVar[type[Any]]
    Config: ClassVar[type[Any]]

    def __init__(self, config: Any) -> None:
        """Watch with the thresholds of `config`, an instance of `Config`."""
        self.config = config

    @abstractmethod
    def on_sample(self, sample: Any, now: datetime) -> Iterable[Finding]:
        """What a sample, an instance of `Sample`, gives rise to."""

    def on_tick(self, now: datetime) -> Iterable[Finding]:  # noqa: ARG002 - most watchers need no clock
        """What the mere passing of time gives rise to."""
        return ()


class OrderGate(Protocol):
    """Something that may refuse orders whatever their size, such as the trading breaker. It never raises."""

    def refusal(self, strategy: str | None, only_reduces: bool) -> str | None:  # noqa: FBT001 - both are needed, and there are only two
        """Why an order of a strategy may not go out, as one coded line; None when it may.

        Args:
            strategy: The strategy that asks; None when the order names none.
            only_reduces: Whether it can do nothing but reduce what is held.
        """


class PnlSource(Protocol):
    """Where the result of a day comes from, when neither events nor a registry say it.

    A source that raises, or says no number, makes the day unknown: entries are refused, exits pass.
    """

    @property
    def version(self) -> int | None:
        """Grows whenever an answer may have changed; None when that cannot be told. Asked in every check."""

    def of(self, day: date) -> DayPnl:
        """What a session day has brought, in the base currency; from memory, as an order waits for it."""


class AlertSink(Protocol):
    """Somewhere alerts go. It never raises, and holds the caller for its deadline per destination at most."""

    def send(self, event: AlertEvent) -> None:
        """Deliver one alert, best effort."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One POST. The URL is a secret: it is not part of the representation.

    Attributes:
        destination: What it is called in logs and histories: `slack_webhook`, `webhook#2`.
        url: Where it goes.
        body: What is sent, UTF-8 JSON unless the headers say otherwise.
        headers: Header names and values.
        secret: A part of the body that nobody may read; whoever shows the body takes it out. Empty for none.
    """

    destination: str
    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What came back.

    Attributes:
        status: HTTP status code.
        body: The first bytes of the answer, bounded.
        headers: Header names in lower case, and values.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class TransportError(Exception):
    """A request had no answer.

    Attributes:
        kind: Why, in one word and without the address: `timeout`, `dns`, `tls`, `refused`, `reset`,
            `unreachable`, `protocol` (the answer was no HTTP, or no SMTP), `auth`, `busy` or `internal`.
    """

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


class HttpTransport(Protocol):
    """The one door to the network; in drills an in-memory receiver on virtual time stands behind it."""

    def post(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """Send one request and wait for its answer, `deadline_s` seconds in all at most.

        Raises:
            TransportError: there was no answer in time, or none at all.
        """


class MailSecurity(StrEnum):
    """How a conversation with a mail server is protected. Nothing falls back to less than what is asked for.

    * TLS: encrypted from the first byte.
    * STARTTLS: encrypted before anything is said; a server that does not offer it gets no mail.
    * PLAIN: in the clear.
    """

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. The password is not part of the representation.

    Attributes:
        host: Name or address of the server; its certificate must be for it.
        port: TCP port.
        security: How the conversation is protected.
        user: Who logs in; empty when nobody does.
        password: What with; empty when nobody logs in.
    """

    host: str
    port: int
    security: MailSecurity = MailSecurity.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message on its way. Its content is not part of the representation.

    Attributes:
        destination: What it is called in logs and histories: `email`.
        server: Where it is handed in.
        sender: Address that it comes from.
        recipients: Addresses that it goes to.
        content: The whole message, headers and all, with CRLF at its line ends.
    """

    destination: str
    server: MailServer
    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MailReply:
    """What the server said in the end.

    Attributes:
        code: The code of SMTP: 2xx taken for everybody, 4xx not now, 5xx not at all. When only some of the
            recipients were refused the others get the message, and this is the mildest refusal.
    """

    code: int


class MailTransport(Protocol):
    """The one door for mail; in drills an in-memory receiver on virtual time stands behind it."""

    def send(self, mail: Mail, *, deadline_s: float) -> MailReply:
        """Hand in one message and wait for what becomes of it, `deadline_s` seconds in all at most.

        Raises:
            TransportError: the server said nothing in time, or nothing at all; `auth` when it does not accept
                user and password.
        """


@dataclass(frozen=True, slots=True)
class Notice:
    """A message for a service that Apprise knows. Neither URL nor content is part of the representation.

    Attributes:
        destination: What it is called in logs and histories: `apprise`, `apprise#2`.
        url: Where it goes.
        level: How loud it is: the name of an `AlertLevel`, or whatever the alert has in its place.
        title: One line.
        text: The message.
    """

    destination: str
    url: str = field(repr=False)
    level: str
    title: str = field(repr=False)
    text: str = field(repr=False)


class NoticeTransport(Protocol):
    """The one door to Apprise; in drills an in-memory receiver on virtual time stands behind it."""

    def notify(self, notice: Notice, *, deadline_s: float) -> bool:
        """Send one notice, and wait for what becomes of it `deadline_s` seconds in all at most.

        Returns:
            Whether the service took it; Apprise does not say why not.

        Raises:
            TransportError: `timeout` when that is not known in time; it may still arrive. `busy` when too
                many notices to this destination are still under way.
        """


class DeliveryState(StrEnum):
    """Where an alert ended at one destination."""

    DELIVERED = "delivered"
    COALESCED = "coalesced"
    SUPPRESSED = "suppressed"
    DEAD = "dead"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one alert at one destination: the evidence of the conservation law.

    Attributes:
        event: The alert.
        destination: Name of the destination: `log`, `webhook`, `webhook#2`, `email`, `stderr`.
        state: Delivered, suppressed by a named rule, or dead with a reason.
        reason: The rule or the reason; empty when delivered.
        held_s: How long the destination held the caller, in seconds.
        fallback: Whether it went there only because every remote destination had failed.
        remote: Whether the destination is on another machine, so that it can fail while this one is well.
    """

    event: AlertEvent
    destination: str
    state: DeliveryState
    reason: str = ""
    held_s: float = 0.0
    fallback: bool = False
    remote: bool = False


class DeliveryObserver(Protocol):
    """Told about every delivery, as it ends."""

    def __call__(self, delivery: Delivery, /) -> None:
        """Take note of one delivery."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to.

    Attributes:
        reason: Why the alert did not arrive, in one word; empty when it did.
        permanent: Whether trying again is of no use: the destination refuses, and somebody has to look.
        retry_after: What the destination says about when to come back: seconds, or an HTTP date.
    """

    reason: str = ""
    permanent: bool = False
    retry_after: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """One place that a sink delivers to.

    Attributes:
        name: What it is called in histories and drills: `log`, `webhook#2`.
        attempt: Tries once to deliver an alert; may raise, a `TransportError` when there was no answer.
        remote: Whether it is on another machine. When all of those fail, the alert falls back to stderr.
    """

    name: str
    attempt: Callable[[AlertEvent], Outcome]
    remote: bool = False


@dataclass(frozen=True, slots=True)
class Wiring:
    """What sinks are connected to; drills put their own things here.

    Attributes:
        transport: The way out for HTTP.
        clock: What the time that a destination takes is measured on.
        observer: Told about every delivery.
        stderr: Where the stderr sink and the fallback write; None for what `sys.stderr` is at that moment.
        logger: What the log sink writes to, a structlog or standard-library logger; None for the configured
            name.
        mail: The way out for mail; None for the network.
        notices: The way out for notices; None for Apprise itself.
    """

    transport: HttpTransport
    clock: Clock
    observer: DeliveryObserver
    stderr: TextIO | None = None
    logger: Any = None
    mail: MailTransport | None = None
    notices: NoticeTransport | None = None


class Sink(ABC):
    """A kind of place that alerts go to.

    A sink has a name (what `sinks = [...]` under `[live_alerts]` calls it) and a frozen dataclass `Config`
    whose fields are its keys in that table; a field without a default must be set when the sink is switched
    on. Two sinks that declare the same key share its value. Extend `LocalSink` (write) or `HttpSink` (render,
    classify) of `live.alerts.delivery` rather than this.
    """

    name: ClassVar[str]
    Config: ClassVar[type[Any]]
    min_interval_s: ClassVar[float] = 0.0
    """Seconds between two alerts that the place asks for; a dispatcher keeps to it."""
    hears_acknowledgements: ClassVar[bool] = False
    """Whether it is told when somebody takes an alert on: `context["status"]` is `acknowledged` then."""

    @classmethod
    @abstractmethod
    def from_config(cls, config: Any, min_level: AlertLevel, wiring: Wiring) -> Sink:
        """A sink as `config` says, an instance of `Config`."""

    @abstractmethod
    def send(self, event: AlertEvent) -> None:
        """Deliver one alert, best effort; never raises."""

    @abstractmethod
    def destinations(self) -> Sequence[Destination]:
        """The places that this sink delivers to, in order."""
