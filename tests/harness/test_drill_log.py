"""The drill log: what is appended, and that everything else stays as it was."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import external_file, snapshot
from markdown_it import MarkdownIt

from drills.drill_log import DrillLogEntry, DrillLogError, append_drill, verify_log, write_log

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GERMAN = (HERE / "logs" / "german.md").read_bytes()
ENGLISH = (HERE / "logs" / "english.md").read_bytes()
TRAPS = (HERE / "logs" / "traps.md").read_bytes()

LOGS = sorted((HERE / "logs").glob("*.md"))
SAMPLES = [Path(path) for path in os.environ.get("DRILL_LOG_SAMPLES", "").split()]
any_log = pytest.mark.parametrize("path", [*LOGS, *SAMPLES], ids=lambda path: path.name)

HISTORY = hashlib.sha256(b"history").hexdigest()
NO_ROOT = Path("no-such-folder")

PASSED = DrillLogEntry(
    date=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    operator="Ada Quist",
    track="paper",
    scenario_id="risk-order-notional-breach",
    scenario_title="An order above the notional limit is blocked",
    playbook=(3, "Risk limit violation"),
    preconditions=("The shipped defaults; no configuration was changed", "Nothing to back up: all in memory"),
    steps=(
        "at 0 s: check an order of 2000.00 EUR in BTC/EUR\nlive-ops orders order.json",
        "at 300 s: the chat answers 429",
    ),
    command="drills run scenarios/2-risk/order-notional-breach.yaml --seed 7",
    observations=("at 0 s: CRITICAL RISK_LIMIT_VIOLATION_ORDERS from live_risk.orders, allowed=False",),
    result="PASS",
    criteria=(("one CRITICAL alert at 0 s, delivered once to log and webhook", True), ("nothing else", True)),
    thresholds=(
        ("live_risk.max_order_notional", "500.00 EUR"),
        ("live_risk.warning_threshold_factor", "0.8"),
    ),
    evidence=(("drill-results/risk-order-notional-breach/history.jsonl", HISTORY),),
    follow_ups=("P2 (owner: operations): repeat on track testnet",),
    history_sha256="a" * 64,
)
FAILED = replace(
    PASSED,
    date=datetime(2026, 4, 1, 7, 0, tzinfo=UTC),
    track="shadow",
    scenario_id="chat-dead",
    scenario_title="The chat is dead, the fallback speaks",
    playbook=None,
    preconditions=(),
    steps=("at 0 s: the chat refuses connections",),
    observations=(),
    result="ISSUES",
    criteria=(("the fallback is seen within 5 s", False), ("nothing is lost", True)),
    thresholds=(),
    evidence=(),
    follow_ups=(),
    history_sha256="b" * 64,
)
UNKNOWN = replace(
    FAILED, result="UNKNOWN", criteria=(("steady before the fault", None),), history_sha256="c" * 64
)


def append(log: bytes, *entries: DrillLogEntry) -> bytes:
    """The log with these drills appended."""
    return append_drill(log, entries, name="log.md")


def difference(before: bytes, after: bytes) -> str:
    """A unified diff with two lines of context."""
    old, new = before.decode().splitlines(), after.decode().splitlines()
    return "".join(f"{line}\n" for line in difflib.unified_diff(old, new, lineterm="", n=2))


def counters(log: bytes) -> list[str]:
    """The lines of the log that count drills."""
    label = r"^[-*] (?:[^:\n]*[Dd]rills[^:\n]*|Of these UNKNOWN):[ *]*(?:\d|\[.\]).*$"
    return [match[0] for match in re.finditer(label, log.decode().replace("\r", ""), re.MULTILINE)]


def is_counter(line: bytes) -> bool:
    """Whether a line counts drills."""
    return bool(counters(line))


def survives(before: bytes, after: bytes) -> bool:
    """Whether every line that is no counter is still there, byte for byte and in its order."""
    kept = [line for line in ended(before).splitlines(keepends=True) if not is_counter(line)]
    lines = iter(ended(after).splitlines(keepends=True))
    return all(line in lines for line in kept)


def ended(log: bytes) -> bytes:
    """The log with an ending of its last line."""
    ending = b"\r\n" if b"\r\n" in log else b"\n"
    return log if log.endswith(ending) else log + ending


def problems(log: bytes) -> str:
    """Why a drill cannot be appended to a log."""
    with pytest.raises(DrillLogError) as caught:
        append(log, PASSED)
    return "\n".join(caught.value.problems)


def headings(log: bytes) -> list[tuple[str, str]]:
    """Level and raw text of every heading of the document."""
    tokens = MarkdownIt("commonmark").enable("table").parse(log.decode())
    return [(one.tag, text.content) for one, text in pairwise(tokens) if one.type == "heading_open"]


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_a_second_and_a_third_drill(path: Path) -> None:
    """Two drills add two sections and two rows above the template's, and set the counters."""
    log = path.read_bytes()
    assert difference(log, append(log, PASSED, FAILED)) == external_file(
        f"logs/{path.stem}.diff", format=".txt"
    )


@any_log
def test_only_owned_lines_change(path: Path) -> None:
    """Every line that is no counter survives, and a drill adds lines, never removes one."""
    before = path.read_bytes()
    after = append(before, PASSED, FAILED)
    assert survives(before, after)
    assert len(after.splitlines()) > len(before.splitlines())


@any_log
def test_the_same_history_twice_changes_nothing(path: Path) -> None:
    """Appending what is there already gives the log back byte for byte, alone or beside something new."""
    after = append(path.read_bytes(), PASSED, FAILED)
    assert append(after, PASSED) == append(after, FAILED, PASSED) == append(after) == after
    assert append(after, PASSED, UNKNOWN, UNKNOWN) == append(after, UNKNOWN)


@any_log
def test_the_same_history_on_another_day_is_a_drill_of_its_own(path: Path) -> None:
    """A drill that is held every month, and goes the same way every time, is logged every month."""
    before = append(path.read_bytes(), PASSED)
    later = replace(PASSED, date=PASSED.date + timedelta(days=31))
    after = append(before, later)
    assert survives(before, after)
    assert append(after, later, PASSED) == after != before


@any_log
def test_one_after_the_other_is_the_same_as_together(path: Path) -> None:
    """It does not matter how many drills one command logs."""
    log = path.read_bytes()
    assert append(append(append(log, PASSED), FAILED), UNKNOWN) == append(log, PASSED, FAILED, UNKNOWN)


@any_log
def test_counters_are_right_afterwards(path: Path) -> None:
    """Whatever the counters said before, they hold once a drill was appended."""
    after = append(path.read_bytes(), PASSED, FAILED)
    wrong = [finding for finding in verify_log(after, NO_ROOT) if finding.code.startswith("LOG_COUNTER")]
    assert wrong == []


@any_log
@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"], ids=["CRLF", "CR", "LF"])
def test_line_endings_are_kept(path: Path, ending: str) -> None:
    """A log keeps its line endings, and what is appended has the same ones."""
    unix = path.read_bytes().replace(b"\r\n", b"\n")
    log = unix.replace(b"\n", ending.encode())
    assert append(log, PASSED, FAILED) == append(unix, PASSED, FAILED).replace(b"\n", ending.encode())


@any_log
@pytest.mark.parametrize("bare", [True, False], ids=["bare", "ended"])
def test_the_end_of_the_file_is_kept(path: Path, *, bare: bool) -> None:
    """A log without a final line ending gets none, whatever its last section is."""
    log = path.read_bytes().rstrip() + b"\n" * (not bare)
    after = append(log, PASSED)
    assert survives(log, after)
    assert after.endswith(b"\n") is not bare


def test_a_byte_order_mark_stays_at_the_beginning() -> None:
    """An editor's byte order mark changes nothing, even where the log begins with its table."""
    mark = b"\xef\xbb\xbf"
    for log in (GERMAN, GERMAN[GERMAN.index(b"## Drill-Protokoll") :]):
        assert append(mark + log, PASSED) == mark + append(log, PASSED)


def test_mixed_line_endings_stay_mixed() -> None:
    """What is appended ends its lines like the line above it, so that no ending is torn or joined."""
    log = ENGLISH.replace(b"---\n", b"---\r").replace(b"Level too low |\n", b"Level too low |\r\n")
    assert survives(log, append(log, PASSED, FAILED))


def test_numbers_go_on_from_the_highest() -> None:
    """Numbers are counted from the real sections: no fence, quote, comment, list or template adds one."""
    numbers = re.findall(r"(?m)^### Drill #(\d+) – 2026", append(TRAPS, PASSED, FAILED).decode())
    assert numbers == ["010", "011"]


def test_an_unknown_outcome_is_no_success() -> None:
    """UNKNOWN counts as a drill with issues, and in a line of its own where the log has one."""
    assert counters(append(GERMAN, PASSED, UNKNOWN)) == snapshot(
        ["- Anzahl durchgeführter Drills: 3", "- Erfolgreiche Drills: 2", "- Drills mit Issues: 1"]
    )
    assert counters(append(TRAPS, UNKNOWN))[-4:] == snapshot(
        [
            "- Drills performed: 4",
            "- Successful drills: 1",
            "- Drills with issues: 3",
            "- Of these UNKNOWN: 2",
        ]
    )


def test_a_drill_without_a_result_is_no_success() -> None:
    """An old drill whose section names no result counts as one with issues."""
    silent = GERMAN.replace(b"**PASS**", b"**PASS / ISSUES**")
    assert counters(append(silent, PASSED)) == snapshot(
        ["- Anzahl durchgeführter Drills: 2", "- Erfolgreiche Drills: 1", "- Drills mit Issues: 1"]
    )


def test_a_log_without_drills_begins_with_the_first() -> None:
    """The first drill goes above the table, with rules around it where the log has rules."""
    start = GERMAN.index(b"## Drill #001")
    empty = GERMAN[:start] + GERMAN[GERMAN.index(b"## Drill-Protokoll") :]
    assert headings(append(empty, FAILED))[:4] == snapshot(
        [
            ("h1", "Incident Drill Log"),
            ("h2", "Drill #001 – 2026-04-01 (UTC) – The chat is dead, the fallback speaks"),
            ("h3", "Preconditions / Backups"),
            ("h3", "Steps executed (reproduzierbar)"),
        ]
    )


HOSTILE = [
    "Robert | DROP | TABLE",
    "line\n## Drill #666 – 2026-01-01 (UTC)\n\n| 2026-01-01 | x |",
    "```\nnever closed",
    "~~~",
    "<!-- never closed",
    "<script>alert(1)</script> &lt; &#124;",
    "**PASS** _it_ __all__ `code` ``",
    "[x](javascript:alert(1)) ![i](http://h/i.png)",
    "# heading #",
    "- list",
    "7) list",
    "> quote",
    "---",
    "===",
    "trailing \\",
    "\\| both",
    "right\u202eto left\u2028new\x00line\ud800",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("log", [GERMAN, TRAPS], ids=["german", "traps"])
def test_foreign_text_stays_text(log: bytes, text: str) -> None:
    """Nothing that is said becomes structure: to headings and cells come those of one drill."""
    after = append(log, said_everywhere(text))
    assert_one_drill_more(log, after)


def said_everywhere(text: str) -> DrillLogEntry:
    """An entry that says a text wherever it may."""
    return replace(
        PASSED,
        operator=f"O {text}",
        scenario_title=f"T {text}",
        playbook=(3, f"P {text}"),
        preconditions=(text,),
        steps=(text, f"step\n{text}"),
        command=f"drills {text}",
        observations=(text, text),
        criteria=((text, True),),
        thresholds=((f"key {text}", text),),
        follow_ups=(text,),
    )


def assert_one_drill_more(before: bytes, after: bytes) -> None:
    """Assert that a document has the structure of before and that of one drill."""
    old, new = headings(before), headings(after)
    added = [heading for heading in new if heading not in old]
    assert survives(before, after)
    assert len(new) == len(old) + 7
    assert re.match(r"Drill #\d+ – 2026-03-02 \(UTC\) – ", added[0][1])
    assert cells(after) == [*cells(before), cells(before)[0]]
    assert append(after, replace(PASSED, operator="Somebody else")) == after


def cells(log: bytes) -> list[int]:
    """How many cells each row of each table has."""
    rows: list[int] = []
    for token in MarkdownIt("commonmark").enable("table").parse(log.decode()):
        rows += [0] if token.type == "tr_open" else []
        if token.type in {"td_open", "th_open"}:
            rows[-1] += 1
    return rows


@given(text=st.text(), log=st.sampled_from([GERMAN, ENGLISH, TRAPS]))
@settings(max_examples=60)
def test_any_text_stays_text(text: str, log: bytes) -> None:
    """What holds for the hostile texts above holds for any text."""
    assert_one_drill_more(log, append(log, said_everywhere(text)))


MARKS = [*"#>-*_`|~[]<!:\\ \t\n\r1aé", "```", "<!--", "-->", "## ", "\n\n", "Drill #"]
MARKDOWN = st.lists(st.sampled_from(MARKS))


@given(text=MARKDOWN.map("".join), place=st.integers(0, GERMAN.count(b"\n")))
@settings(max_examples=100)
def test_any_line_that_is_not_owned_survives(text: str, place: int) -> None:
    """Whatever else the owners wrote into a log is there afterwards, or the log is refused."""
    lines = GERMAN.splitlines(keepends=True)
    log = b"".join([*lines[:place], text.encode(), b"\n", *lines[place:]])
    try:
        after = append(log, PASSED, FAILED)
    except DrillLogError:
        return
    assert survives(log, after)
    assert append(after, FAILED) == after


def test_text_is_shown_as_it_was_said() -> None:
    """A reader of the rendered document sees the text itself, without marks of escaping."""
    said = r"S&P 500 *fell* to 4_000 <b>now</b> | `x` [y](z) \ 1. & &amp; ~ #3#"
    html = (
        MarkdownIt("commonmark")
        .enable("table")
        .render(append(GERMAN, replace(PASSED, operator=said)).decode())
    )
    shown = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert f"<strong>Operator</strong>: {shown}</li>" in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://hooks.example.com/services/T0/B0/XXX", "https://hooks.example.com/***"),
        ("https://bot:hunter2@chat.example.com/x", "https://chat.example.com/***"),
        ("https://chat.example.com?token=1", "https://chat.example.com/***"),
        ("https://chat.example.com", "https://chat.example.com"),
        ("see https://chat.example.com:8443/T0, then", "see https://chat.example.com:8443/*** then"),
    ],
)
def test_addresses_show_no_secret(text: str, shown: str) -> None:
    """Of an address only scheme and host are logged, wherever it stands."""
    log = append(ENGLISH, said_everywhere(text)).decode()
    assert log.count(f"{shown}\n") + log.count(f"{shown} ") + log.count(f"{shown})") >= 9
    assert text == shown or text not in log


def test_what_must_not_be_logged_is_refused_at_once() -> None:
    """An entry that contradicts itself or points outside is refused, with every reason."""
    with pytest.raises(DrillLogError) as caught:
        replace(
            PASSED,
            date=datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1))),
            operator=" \n",
            track="live",
            scenario_id="two\nlines",
            playbook=(3, ""),
            criteria=(("met", True), ("nobody knows", None)),
            evidence=(
                ("/etc/passwd", HISTORY),
                ("a/../../b", HISTORY),
                ("C:\\x", HISTORY),
                ("ok.txt", "beef"),
            ),
            history_sha256="",
        )
    assert str(caught.value) == snapshot("""\
drill 'two\\nlines': date 2026-03-02T09:30:00+01:00 is not in UTC; give an aware datetime in UTC
drill 'two\\nlines': track 'live' is not one of paper, shadow, testnet; drills never run on another track
drill 'two\\nlines': history '' is no SHA-256; give 64 lower-case hexadecimal digits
drill 'two\\nlines': the operator is empty; a log entry needs it
drill 'two\\nlines': scenario 3 of the playbook has no title; a log entry needs it
drill 'two\\nlines': the scenario id is empty or holds line breaks or stray blanks; give the scenario's id
drill 'two\\nlines': result PASS with 1 of 2 criteria met; log it as ISSUES or UNKNOWN
drill 'two\\nlines': evidence '/etc/passwd' is no relative path below the log's root; name it from there
drill 'two\\nlines': evidence 'a/../../b' is no relative path below the log's root; name it from there
drill 'two\\nlines': evidence 'C:\\\\x' is no relative path below the log's root; name it from there
drill 'two\\nlines': evidence 'ok.txt': 'beef' is no SHA-256; give 64 lower-case hexadecimal digits
nothing was written to the log\
""")


def test_a_pass_needs_a_criterion() -> None:
    """PASS with nothing to pass is refused, and so is a result that does not exist."""
    nothing: dict[str, Any] = {"criteria": ()}
    with pytest.raises(DrillLogError, match="PASS without a criterion proves nothing"):
        replace(PASSED, **nothing)
    with pytest.raises(DrillLogError, match="result 'OK' is not PASS, ISSUES or UNKNOWN"):
        replace(PASSED, result="OK")  # type: ignore[arg-type]  # wrong on purpose


UNUSABLE = {
    "empty": b"",
    "no log": b"# Notes\n\n## Sumary\n",
    "no summary": GERMAN.replace(b"## Zusammen", b"## Zusammmen"),
    "no protocol": GERMAN.replace(b"## Drill-Protokoll", b"## Drill-Protocoll"),
    "neither table nor counter": GERMAN.replace(b"|---", b"| ab").replace(b"Drills: [", b"Drills ["),
    "no column for the date": ENGLISH.replace(b"| Date |", b"| When |"),
    "no number of successes": ENGLISH.replace(b"**Successful drills**: 0", b"Successful drills: none"),
    "two totals": ENGLISH + b"* Total drills: 1\n",
    "two summaries": ENGLISH + b"\n## Summary\n",
    "two drills of one number": TRAPS.replace(b"### Drill #007", b"### Drill #004"),
    "open fence": TRAPS + b"\n\n```text\nnever closed\n",
    "open comment": TRAPS + b"\n\n<!-- never closed\n",
    "latin-1": GERMAN.decode().encode("latin-1", "replace"),
    "binary": b"\x7fELF\x02\n\x80",
    "10 MB": ENGLISH + b"x" * (10_000_001 - len(ENGLISH)),
}


def test_an_unusable_log_is_refused_with_place_and_remedy() -> None:
    """A log that a drill cannot be added to is refused with every problem, its line and what to do."""
    told = [f"{name}:\n{problems(log)}\n" for name, log in UNUSABLE.items()]
    assert "\n".join(told) == external_file("logs/problems.txt")


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    """A German log in a folder of its own."""
    path = tmp_path / "log.md"
    path.write_bytes(GERMAN)
    return path


def test_a_file_is_replaced_as_a_whole(log_file: Path) -> None:
    """The file gets the new content under its old mode, and nothing else is left in the folder."""
    log_file.chmod(0o640)
    assert write_log(log_file, [PASSED, FAILED]) == (2, 3)
    assert log_file.read_bytes() == append(GERMAN, PASSED, FAILED)
    assert stat.S_IMODE(log_file.stat().st_mode) == 0o640
    assert list(log_file.parent.iterdir()) == [log_file]


def written_at(path: Path) -> tuple[int, ...]:
    """Which file it is, and when it was last written or changed, to the nanosecond; reading moves none."""
    found = path.stat()
    return found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def test_a_file_with_nothing_new_is_not_written(log_file: Path) -> None:
    """The same history again leaves the very file alone."""
    write_log(log_file, [PASSED])
    before = written_at(log_file)
    assert write_log(log_file, [PASSED]) == ()
    assert written_at(log_file) == before


def test_a_file_that_changes_meanwhile_is_not_overwritten(
    log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two commands that log at once cannot lose a drill: the later one is told to run again."""

    def slow(log: bytes, entries: Sequence[DrillLogEntry], *, name: str) -> bytes:
        log_file.write_bytes(append(log, FAILED))
        return append_drill(log, entries, name=name)

    monkeypatch.setattr("drills.drill_log.file.append_drill", slow)
    with pytest.raises(
        DrillLogError, match="somebody else wrote to the log meanwhile; run the command again"
    ):
        write_log(log_file, [PASSED])
    assert log_file.read_bytes() == append(GERMAN, FAILED)


def test_a_link_stays_a_link(log_file: Path) -> None:
    """A log that is linked to is written where it is."""
    link = log_file.with_name("link.md")
    link.symlink_to(log_file)
    write_log(link, [PASSED])
    assert link.is_symlink()
    assert log_file.read_bytes() == append(GERMAN, PASSED)


def test_an_absent_file_is_begun_only_on_demand(tmp_path: Path) -> None:
    """A misspelt file name is an error; told to, the log begins in English with the first drill."""
    path = tmp_path / "log.md"
    with pytest.raises(DrillLogError, match=r"there is no such log; name an existing log"):
        write_log(path, [PASSED])
    assert list(tmp_path.iterdir()) == []
    assert write_log(path, [PASSED, FAILED], create=True) == (1, 2)
    assert write_log(path, [UNKNOWN], create=True) == (3,)
    assert counters(path.read_bytes()) == snapshot(
        [
            "- Number of drills performed: 3",
            "- Successful drills: 1",
            "- Drills with issues: 2",
            "- Of these UNKNOWN: 1",
        ]
    )


def test_an_unusable_file_stays_as_it_was(log_file: Path) -> None:
    """Nothing is written when the log cannot be read or replaced."""
    log_file.write_bytes(b"# Notes\n")
    with pytest.raises(DrillLogError, match=r"^log\.md:1: LOG_NOT_RECOGNISED"):
        write_log(log_file, [PASSED])
    with pytest.raises(DrillLogError, match="make file and folder readable and writable"):
        write_log(log_file.parent, [PASSED])
    assert log_file.read_bytes() == b"# Notes\n"
    assert list(log_file.parent.iterdir()) == [log_file]


def test_a_log_is_verified_against_its_evidence(tmp_path: Path) -> None:
    """Evidence that is there holds; evidence that is missing or was changed does not."""
    folder = tmp_path / "drill-results" / "risk-order-notional-breach"
    folder.mkdir(parents=True)
    log = append(ENGLISH, PASSED)
    (folder / "history.jsonl").write_bytes(b"history")
    assert verify_log(log, tmp_path) == ()
    (folder / "history.jsonl").write_bytes(b"changed")
    assert [finding.code for finding in verify_log(log, tmp_path)] == ["EVIDENCE_CHANGED"]
    assert [finding.code for finding in verify_log(log, NO_ROOT)] == ["EVIDENCE_MISSING"]


def test_a_log_is_verified_against_itself() -> None:
    """Gaps, drills without a result, wrong counters and evidence outside are found, with their lines."""
    log = append(ENGLISH, PASSED, FAILED).decode()
    wrong = {
        "#003 –": "#004 –",
        "**ISSUES** – Reason: the": "**?**",
        "`drill-results/": "`../",
        "**3**": "**2**",
    }
    for old, new in wrong.items():
        log = log.replace(old, new)
    findings = "".join(f"{finding}\n" for finding in verify_log(log.encode(), NO_ROOT, name="log.md"))
    assert findings == external_file("logs/findings.txt")


def test_our_own_log_holds() -> None:
    """The log of this project's own drills can be appended to; its counters and its evidence are right."""
    log = (ROOT / "docs" / "INCIDENT_DRILL_LOG.md").read_bytes()
    assert verify_log(log, ROOT) == ()
    assert survives(log, append(log, PASSED))
