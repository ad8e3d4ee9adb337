"""An alert as a mail, and what the mail sink is told."""

from __future__ import annotations

import copy
import json
import pickle
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live.alerts import AlertLevel, EmailAlertSink, LiveAlertsConfig, build_alert_sink_from_config
from live.alerts.mail_address import MailAddresses
from live.alerts.mail_message import mail_of
from live.alerts.secret_text import SecretText
from live.config_errors import ConfigError
from live.contracts import HttpResponse, MailSecurity, MailServer
from live.events import with_key
from tests.unit.alerts.helpers import Bench, alert, hardly_alerts

if TYPE_CHECKING:
    from email.message import EmailMessage

    from live.events import AlertEvent

FROM, DESK, BOSS = "alerts@example.com", "desk@example.com", "boss@example.com"
KEYS: dict[str, Any] = {
    "sinks": ["email"],
    "email_host": "smtp.example.com",
    "email_from": FROM,
    "email_to": [DESK, BOSS],
    "email_user": "alerts",
    "email_password": "hush",
}
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID"),
    *("Auto-Submitted", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
]


def read(event: AlertEvent) -> EmailMessage:
    """The mail of an alert, as a mail program reads it."""
    message: EmailMessage = message_from_bytes(mail_of(event, FROM, [DESK, BOSS]), policy=default)
    return message


def sent(bench: Bench, event: AlertEvent | None = None, **values: Any) -> None:
    """Send one alert through a sink from configuration, connected to a bench."""
    sink = build_alert_sink_from_config(
        {**KEYS, **values}, mail=bench, clock=bench, observer=bench.deliveries.append, stderr=bench.stderr
    )
    assert sink is not None
    sink.send(event or alert())


def test_one_mail_goes_to_everybody_within_one_deadline() -> None:
    """The server is asked once, however many get the alert."""
    bench = Bench({"email": HttpResponse(250)})
    sent(bench, email_timeout_seconds=1.5)
    (mail,) = bench.mails
    assert (mail.sender, mail.recipients, bench.deadlines) == (FROM, (DESK, BOSS), [1.5])
    assert bench.told == [("email", "delivered", "")]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (HttpResponse(421), "smtp_421"),
        (HttpResponse(451), "smtp_451"),
        (HttpResponse(550), "smtp_550"),
        (HttpResponse(354), "smtp_354"),
        *((kind, kind) for kind in ("timeout", "dns", "tls", "refused", "reset", "auth", "protocol")),
    ],
)
def test_a_mail_that_was_not_taken_is_dead_with_its_reason(answer: HttpResponse | str, reason: str) -> None:
    """The code tells what may be tried again from what may not; and the alert is on stderr."""
    bench = Bench({"email": answer})
    sent(bench)
    assert bench.told == [("email", "dead", reason), ("stderr (fallback)", "delivered", "")]


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        (HttpResponse(451), False),
        (HttpResponse(550), True),
        (HttpResponse(354), False),
        ("auth", True),
        ("timeout", False),
        ("tls", False),
    ],
)
def test_what_is_of_no_use_to_try_again_is_told(answer: HttpResponse | str, permanent: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A refusal for good and a wrong password; everything else may pass."""
    bench = Bench({"email": answer})
    config = LiveAlertsConfig.from_dict(KEYS)
    sink = EmailAlertSink.from_config(config.settings["email"], AlertLevel.INFO, bench.wiring)
    (destination,) = sink.destinations()
    assert destination.attempt(alert()).permanent is permanent


def test_the_headers_are_these_and_no_others() -> None:
    """Nothing in them comes from the alert but its title, its instant, and what it is known by."""
    mail = read(alert())
    assert mail.keys() == HEADERS
    assert mail["Subject"] == "CRITICAL RISK_LIMIT_VIOLATION_ORDERS: limit 500.00 EUR, order 2000.00 EUR"
    assert (mail["From"], mail["To"]) == (FROM, f"{DESK}, {BOSS}")
    assert mail["Date"] == "Tue, 27 Jan 2026 00:00:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    "message",
    [
        "over\r\nBcc: all@elsewhere.example",
        "over\nBcc: all@elsewhere.example\n\nSell.",
        "over\rBcc: all@elsewhere.example",
        "over\u2028Bcc: all@elsewhere.example",
        "over\x00\x0b\x0c\x1c\x85Bcc: all@elsewhere.example",
        "=?utf-8?q?over=0D=0ABcc:_all@elsewhere.example?=",
        "=?utf-8?b?b3ZlcgpCY2M6IGFsbEBlbHNld2hlcmUuZXhhbXBsZQ==?= €",
        "€ " * 60 + "\nBcc: all@elsewhere.example",
    ],
)
def test_nothing_can_be_slipped_into_the_headers(message: str) -> None:
    """Line ends of all kinds, also encoded ones, stay text of the subject."""
    mail = read(alert(message=message))
    assert mail.keys() == HEADERS
    assert mail["Subject"].isprintable()
    assert mail["Subject"].startswith("CRITICAL RISK_LIMIT_VIOLATION_ORDERS: ")


@given(st.text(), st.text(max_size=20))
def test_whatever_the_alert_says_the_mail_has_its_headers_and_its_text(message: str, code: str) -> None:
    """No text, however hostile, changes the form of a mail."""
    mail = read(alert(message=message, code=code))
    assert mail.keys() == HEADERS
    assert mail["Subject"].isprintable()
    lines = str(mail.get_content()).splitlines()
    assert [line.partition(":")[0] for line in lines[2:7]] == ["level", "code", "source", "ts", "runbook"]


def test_the_text_has_every_field_and_the_context_as_strict_json() -> None:
    """A person reads it, and a machine can."""
    text = str(read(alert(context={"worst": float("nan"), "limit": 500.0, "id": "a\nb"})).get_content())
    head, _, context = text.replace("\r\n", "\n").partition("\ncontext:\n")
    assert head.splitlines() == [
        "limit 500.00 EUR, order 2000.00 EUR",
        "",
        "level:   CRITICAL",
        "code:    RISK_LIMIT_VIOLATION_ORDERS",
        "source:  live_risk.orders",
        "ts:      2026-01-27T00:00:00+00:00",
        "runbook: docs/RUNBOOKS_AND_INCIDENT_HANDLING.md#risk_limit_violation_orders",
    ]
    assert json.loads(context) == {"worst": "NaN", "limit": 500.0, "id": "a\nb"}


def test_what_is_too_long_is_cut_visibly() -> None:
    """A mail has a bearable size, whatever the alert holds."""
    context = {f"\x01symbol_{n}": "\x02" * 100 for n in range(10_000)}
    event = alert(message="x" * 100_000, context=context)
    mail = read(event)
    assert len(mail["Subject"]) == 200
    assert mail["Subject"].endswith(" characters)")
    assert "x…(100000 characters)" in str(mail.get_content())
    assert len(str(mail.get_content())) < 70_000
    assert max(map(len, mail_of(event, FROM, [DESK]).split(b"\r\n"))) < 998


def test_urls_show_their_host_only() -> None:
    """As in every other sink: an address in an alert may be a password."""
    event = alert(
        message="POST https://hooks.example/hush", context={"url": "https://me:hush@hooks.example/hush"}
    )
    mail = read(event)
    assert "https://hooks.example/***" in mail["Subject"]
    assert "hush" not in str(mail)


def test_an_alert_is_known_by_its_message_id() -> None:
    """Every copy of an alert has the same one, in every run; another alert has another one."""
    assert mail_of(alert(), FROM, [DESK]) == mail_of(alert(), FROM, [DESK])
    assert read(alert())["Message-ID"] == "<2d728d8d217afed3e3a54d575de2fb35@example.com>"
    keyed = [with_key(alert(context={"n": n}), "key-7") for n in range(2)]
    assert len({str(read(event)["Message-ID"]) for event in keyed}) == 1
    assert "id:      key-7" in str(read(keyed[0]).get_content())
    others = {str(read(alert(context={"n": n}))["Message-ID"]) for n in range(5)}
    assert len(others) == 5


@pytest.mark.parametrize("broken", hardly_alerts())
def test_what_is_hardly_an_alert_is_sent_as_far_as_it_goes(broken: Any) -> None:
    """An alert that is half wrong is still an alert."""
    bench = Bench()
    sent(bench, broken, min_level="INFO")
    assert [state for _, state, _ in bench.told] == ["delivered"]


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465)])
def test_the_port_is_the_usual_one_unless_it_is_given(security: str, port: int) -> None:
    """Each kind of protection has a port of its own."""
    usual = LiveAlertsConfig.from_dict({**KEYS, "email_security": security}).settings["email"].server
    assert usual == MailServer("smtp.example.com", port, MailSecurity(security), "alerts", "hush")
    given_port = LiveAlertsConfig.from_dict({**KEYS, "email_port": 2525}).settings["email"].server
    assert given_port.port == 2525


def test_in_the_clear_only_when_that_is_meant() -> None:
    """Two keys say so, and no password goes along."""
    plain = {
        **KEYS,
        "email_security": "plain",
        "email_allow_plaintext": True,
        "email_user": "",
        "email_password": "",
    }
    server = LiveAlertsConfig.from_dict(plain).settings["email"].server
    assert (server.security, server.port) == (MailSecurity.PLAIN, 25)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"email_host": "smtp://hush"}, "email_host: is no host; expected smtp.example.com"),
        ({"email_host": "hush:25 "}, "email_host: is no host"),
        ({"email_host": ""}, "email_host: is no host"),
        ({"email_from": "The Desk <hush@example.com>"}, "email_from: is no mail address"),
        ({"email_from": "hush@example.com\r\nBcc: x@y"}, "email_from: is no mail address"),
        ({"email_from": "hush@example.com\n"}, "email_from: is no mail address"),
        ({"email_from": "a" * 300 + "@example.com"}, "email_from: is no mail address"),
        ({"email_to": [DESK, "hush", 7]}, "email_to: address 2: is no mail address"),
        ({"email_to": {"hush": 1}}, "email_to: expected a mail address or a list of them"),
        ({"email_to": []}, "email_to: is missing; the sink 'email' needs it"),
        ({"email_port": 70_000}, "email_port is 70000; expected 1 to 65535"),
        (
            {"email_security": "ssl"},
            "email_security: got 'ssl'; Input should be 'starttls', 'tls' or 'plain'",
        ),
        ({"email_password": ["hush"]}, "email_password: expected text, got list"),
        ({"email_password": "hush\r\n"}, "email_password: holds control characters"),
        ({"email_password": "hushé"}, "email_password: holds control characters or letters beyond ASCII"),
        ({"email_password": ""}, "email_user and email_password belong together"),
        ({"email_user": ""}, "email_user and email_password belong together"),
        ({"email_security": "plain"}, "email_security is 'plain', which everybody on the way can read"),
        (
            {"email_security": "plain", "email_allow_plaintext": True},
            "email_password is never sent in the clear",
        ),
        ({"email_timeout_seconds": 0}, "email_timeout_seconds: expected seconds above 0 and finite, got 0"),
        ({"email_pasword": "hush"}, "email_pasword: unknown key; did you mean 'email_password'?"),
    ],
)
def test_a_mistake_is_an_error_that_names_the_remedy(values: dict[str, Any], expected: str) -> None:
    """Nothing misspelt becomes a default, and nothing secret is quoted."""
    with pytest.raises(ConfigError) as refused:
        LiveAlertsConfig.from_dict({**KEYS, **values})
    assert str(refused.value).startswith(expected)
    assert "hush" not in str(refused.value)


def test_the_password_shows_itself_to_nobody() -> None:
    """Neither in a configuration, nor in a sink, a server or a mail."""
    bench = Bench()
    config = LiveAlertsConfig.from_dict(KEYS)
    sink = EmailAlertSink.from_config(config.settings["email"], AlertLevel.INFO, bench.wiring)
    sink.send(alert())
    shown = repr([config, vars(sink), bench.mails, bench.deliveries]) + str(config.settings["email"])
    assert "smtp.example.com" in shown
    assert "hush" not in shown


@pytest.mark.parametrize("carry_off", [pickle.dumps, copy.deepcopy])
def test_a_password_is_not_written_down(carry_off: Any) -> None:
    """A pickle would hold it in the clear."""
    secret = SecretText("hush")
    assert secret == SecretText("hush")
    assert [str(secret), repr(secret), f"{secret}"] == ["SecretText('***')"] * 3
    with pytest.raises(TypeError, match="cannot be pickled"):
        carry_off(secret)


def test_nobody_gets_a_mail_twice() -> None:
    """A name that is listed twice is one recipient."""
    assert MailAddresses.of([DESK, BOSS, DESK]) == (DESK, BOSS)
    assert MailAddresses.of(DESK) == (DESK,)
