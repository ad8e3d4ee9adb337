"""Of an address only the scheme and the host are shown."""

from __future__ import annotations

import copy
import pickle

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from live.alerts.redact import redact_text, redact_url, redact_urls, redact_value
from live.alerts.secret_url import SecretUrl, SecretUrls
from live.contracts import HttpRequest

ADDRESS = "https://hooks.slack.com/services/T0/B0/hush"
SHOWN = "https://hooks.slack.com/***"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ADDRESS, SHOWN),
        ("http://user:hush@intranet:8080/?token=hush", "http://intranet:8080/***"),
        ("https://host", "https://host"),
        ("https://host#hush", "https://host/***"),
        ("http://[::1]:8080/hush", "http://[::1]:8080/***"),
        ("https://me:hush/hush@host/hush", "https://***/***"),
        ("https://me:hush", "https://***"),
        ("postgres://me:hush@db/books", "postgres://db/***"),
        ("tgram://hush/42", "tgram://***/***"),
        ("pover://me@hush", "pover://***"),
        (f"for url '{ADDRESS}' and <{ADDRESS}|here>", f"for url '{SHOWN}' and <{SHOWN}|here>"),
        (f'POST {ADDRESS} "HTTP/1.1 200 OK"', f'POST {SHOWN} "HTTP/1.1 200 OK"'),
        ("HTTPS://HOST/hush", "HTTPS://HOST/***"),
        (f"地址{ADDRESS}", f"地址{SHOWN}"),
        (f"url_{ADDRESS} 2{ADDRESS}", f"url_{SHOWN} 2{SHOWN}"),
        ("BTC/EUR at 1:2, a://", "BTC/EUR at 1:2, a://"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_a_text_loses_what_stands_behind_a_host(text: str, expected: str) -> None:
    """Paths, queries, fragments, user names and passwords go; the rest of the text stays."""
    assert redact_text(text) == expected


def test_what_is_no_url_is_not_shown_as_one() -> None:
    """A secret that is mistyped is a secret all the same."""
    assert redact_url("hush") == "***"


def test_json_is_redacted_through_and_through() -> None:
    """Keys are texts too."""
    value = {"at": [ADDRESS, 1, None], ADDRESS: (ADDRESS,)}
    assert redact_value(value) == {"at": [SHOWN, 1, None], SHOWN: [SHOWN]}


def test_the_processor_redacts_what_an_application_logs() -> None:
    """It can be put into any structlog configuration."""
    with structlog.testing.capture_logs(processors=[redact_urls]) as logged:
        structlog.get_logger().info("posted", to=ADDRESS, tried=[ADDRESS])
    assert logged == [{"event": "posted", "log_level": "info", "to": SHOWN, "tried": [SHOWN]}]


@given(
    st.text(
        st.characters(exclude_characters=" \t\"'<>\\^`{|}", min_codepoint=33, max_codepoint=126), min_size=1
    )
)
def test_no_path_survives(path: str) -> None:
    """Whatever stands behind the host is gone."""
    host = "***" if "@" in path else "host.example"
    assert redact_text(f"see https://host.example/{path}") == f"see https://{host}/***"


def test_a_secret_url_shows_itself_to_nobody() -> None:
    """It can be printed, formatted, compared and copied into messages without harm."""
    url = SecretUrl(ADDRESS)
    assert [str(url), f"{url}", repr(url)] == [SHOWN, SHOWN, f"SecretUrl('{SHOWN}')"]
    assert url == SecretUrl(ADDRESS)
    assert len({url, SecretUrl(ADDRESS), SecretUrl("https://other/hush")}) == 2
    assert url.reveal() == ADDRESS


@pytest.mark.parametrize("carry_off", [pickle.dumps, copy.deepcopy])
def test_a_secret_url_is_not_written_down(carry_off: object) -> None:
    """A pickle would hold it in the clear."""
    assert callable(carry_off)
    with pytest.raises(TypeError, match="cannot be pickled"):
        carry_off(SecretUrl(ADDRESS))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "URL 1: is empty"),
        ("  ", "URL 1: is empty"),
        ([], "holds no URL"),
        ({"hush": 1}, "expected a URL or a list of URLs, got dict"),
        ([7], "URL 1: expected text, got int"),
        ("ftp://hush/", "no scheme http or https"),
        ("hooks.slack.com/hush", "no scheme http or https"),
        ("https:///hush", "has no host"),
        ("https://me:hush@host/", "https://host/*** carries a user name or password"),
        ("https://host:99999/hush", "is no URL"),
        ("https://[hush/", "is no URL"),
        ("https://host/hush\n", "white space or control characters"),
        ("https://host/hu sh", "white space or control characters"),
        (["https://fine/hush", "", "nope:hush"], "URL 2: is empty; URL 3: has no scheme"),
    ],
)
def test_an_unusable_url_is_refused_without_being_quoted(given: object, expected: str) -> None:
    """The message says which one and what to do, and keeps the secret."""
    with pytest.raises(ValueError, match=r".") as refused:
        SecretUrls.of(given)
    assert expected in str(refused.value)
    assert "hush" not in str(refused.value)


def test_urls_may_be_one_or_several_and_plain_or_secret() -> None:
    """A lone string counts as a list of one."""
    assert SecretUrls.of(ADDRESS) == SecretUrls.of([SecretUrl(ADDRESS)]) == (SecretUrl(ADDRESS),)


def test_a_request_shows_where_it_goes_by_name_only() -> None:
    """Neither address nor content is part of a request's representation."""
    request = HttpRequest("webhook#2", ADDRESS, b"content", {"Authorization": "hush"})
    assert repr(request) == "HttpRequest(destination='webhook#2')"
