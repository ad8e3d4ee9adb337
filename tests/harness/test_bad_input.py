"""Scenario files that cannot be used are refused with the place, what is wrong, and what to write instead.

Every file in `bad_input/` has its whole message beside it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from drills import yaml_source
from drills.cli import main
from drills.headings import list_scenarios
from drills.scenario import ScenarioErrors, load_scenarios

BAD_INPUT = Path(__file__).parent / "bad_input"
FILES = sorted(BAD_INPUT.glob("*.yaml"))
GOOD = """\
drill: good
title: Nothing is wrong with this one
playbook: 3
track: paper
start: 2026-01-27T00:00:00Z
steps: []
expect: {silence: true}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def message_of(*paths: Path | str) -> str:
    """What is said of scenario files that cannot be loaded."""
    with pytest.raises(ScenarioErrors) as caught:
        load_scenarios([Path(path) for path in paths])
    return str(caught.value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_that_cannot_be_used_is_told_with_place_and_remedy(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message beside each file is what its author reads."""
    monkeypatch.chdir(BAD_INPUT)
    assert message_of(path.name) + "\n" == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_error_has_place_code_and_remedy(path: Path) -> None:
    """No error leaves its reader without a line to go to and something to do."""
    with pytest.raises(ScenarioErrors) as caught:
        load_scenarios([path])
    for error in caught.value.errors:
        assert error.where.line >= 1
        assert error.code.isupper()
        assert error.message
        assert error.remedy


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_parser_in_pure_python_refuses_the_same_files(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where PyYAML has no C library, the same files are refused at the same lines."""
    with pytest.raises(ScenarioErrors) as usual:
        load_scenarios([path])
    monkeypatch.setattr(yaml_source, "_LOADER", yaml.SafeLoader)
    with pytest.raises(ScenarioErrors) as pure:
        load_scenarios([path])
    assert [error.code for error in pure.value.errors] == [error.code for error in usual.value.errors]
    assert [error.where.line for error in pure.value.errors] == [
        error.where.line for error in usual.value.errors
    ]


def test_all_errors_of_all_files_are_told_at_once(here: Path) -> None:
    """Nobody mends one file only to learn of the next; the good file beside them is not run either."""
    (here / "a.yaml").write_text(GOOD.replace("paper", "live"), encoding="utf-8")
    (here / "b.yaml").write_text(GOOD, encoding="utf-8")
    (here / "c.yaml").write_text(
        GOOD.replace("drill: good", "drill: bad").replace("3", "-3"), encoding="utf-8"
    )
    first_lines = [line for line in message_of(".").splitlines() if not line.startswith(" ")]
    assert first_lines == [
        "a.yaml:4:8: LIVE_TRACK: a drill never runs on the live track; rehearse on paper, shadow or testnet",
        "c.yaml:3:11: BAD_VALUE: playbook is -3; it must be greater than 0",
    ]


def test_sections_that_the_documents_here_do_not_have_are_refused(here: Path) -> None:
    """Whoever holds the drill reads the section that it names: a misspelt one would lead nowhere."""
    (here / "docs").mkdir()
    (here / "docs" / "RUNBOOKS_AND_INCIDENT_HANDLING.md").write_text(
        '## When *nothing* arrives\n### DATA_GAP\n<a id="own-place"></a>\n', encoding="utf-8"
    )
    (here / "docs" / "INCIDENT_SIMULATION_AND_DRILLS.md").write_text(
        "## Scenario 3 – Risk-limit violation\n## Scenario 12 – Of our own\n", encoding="utf-8"
    )
    sound = ("when-nothing-arrives", "data_gap", "own-place", "")
    for number, anchor in enumerate(sound):
        text = GOOD.replace("good", f"good-{number}").replace("track", f"runbook: {anchor!r}\ntrack")
        (here / f"{number}.yaml").write_text(text, encoding="utf-8")
    assert len(load_scenarios([here])) == len(sound)
    wrong = GOOD.replace("playbook: 3", "playbook: 4\nrunbook: data_gaps")
    (here / "wrong.yaml").write_text(wrong, encoding="utf-8")
    chapter, section = [line for line in message_of("wrong.yaml").splitlines() if line.startswith("wrong")]
    assert chapter == (
        "wrong.yaml:3:11: UNKNOWN_CHAPTER: docs/INCIDENT_SIMULATION_AND_DRILLS.md has no scenario 4; "
        "write its chapter, or name one of 3, 12"
    )
    assert section == (
        "wrong.yaml:4:10: UNKNOWN_SECTION: docs/RUNBOOKS_AND_INCIDENT_HANDLING.md has no section "
        "'data_gaps'; did you mean 'data_gap'?"
    )


def test_sections_of_documents_that_are_kept_elsewhere_are_taken_as_they_are(here: Path) -> None:
    """Runbooks may stand in a wiki; what cannot be looked up is not refused."""
    own = GOOD.replace("playbook: 3", "playbook: 99\nrunbook: our-own")
    (here / "own.yaml").write_text(own, encoding="utf-8")
    assert [(one.playbook, one.runbook) for one in load_scenarios([here])] == [(99, "our-own")]


def test_ten_megabytes_are_refused_unread(here: Path) -> None:
    """The size is looked at before the content."""
    (here / "large.yaml").write_bytes(b"- " * 5_000_000)
    assert message_of("large.yaml") == (
        "large.yaml:1:1: TOO_LARGE: 10,000,000 bytes, but a scenario has 1,000,000 at most; "
        "move candles to a data file, under given.candles.SYMBOL.file"
    )


def test_a_hundred_thousand_brackets_do_not_end_the_interpreter(here: Path) -> None:
    """Depth is limited while the file is read, not by the stack."""
    (here / "deep.yaml").write_text("[" * 100_000, encoding="utf-8")
    assert "deep.yaml:1:33: TOO_DEEP: nested deeper than 32" in message_of("deep.yaml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"drill: a\ntitle: \xff\xfe\n", "2:8: NOT_TEXT: byte 0xff is not UTF-8"),
        (b"drill: a\ntitle: \x00\n", "2:8: NOT_TEXT: control character '\\x00'"),
        ("drill: a".encode("utf-16"), "1:1: NOT_TEXT: byte 0xff is not UTF-8"),
        (bytes(range(256)), "2:118: NOT_TEXT: byte 0x80 is not UTF-8"),
        (b"", "1:1: EMPTY_FILE: there is nothing in this file"),
    ],
)
def test_what_is_no_text_is_refused(here: Path, content: bytes, message: str) -> None:
    """Binary files are told from scenarios before they are parsed."""
    (here / "x.yaml").write_bytes(content)
    assert message_of("x.yaml").startswith(f"x.yaml:{message}; ")


def test_a_byte_order_mark_does_no_harm(here: Path) -> None:
    """Some editors write one."""
    (here / "x.yaml").write_text(GOOD, encoding="utf-8-sig")
    assert load_scenarios([Path("x.yaml")])[0].drill == "good"


def test_paths_without_scenarios_are_errors(here: Path) -> None:
    """Nothing that was run must not look like something that passed."""
    (here / "data").mkdir()
    assert message_of("data", "scenariso") == (
        "data:1:1: NO_SCENARIO: no *.yaml in this folder; nothing was run; name another folder\n"
        "scenariso:1:1: MISSING_FILE: there is no such file or folder; nothing was run; check the path"
    )


def test_a_broken_data_file_is_known_before_anything_runs(here: Path) -> None:
    """Not in the middle of the drill that plays it."""
    given = "given: {candles: {EUR/USD: {timeframe: 1h, file: prices.csv}}}\n"
    (here / "x.yaml").write_text(GOOD + given, encoding="utf-8")
    (here / "prices.csv").write_text("when,price\n1,2\n", encoding="utf-8")
    assert message_of("x.yaml").startswith("x.yaml:8:50: BAD_SERIES: EUR/USD: prices.csv:1: has no column ")


def test_a_series_that_lies_outside_the_drill_is_an_error(here: Path) -> None:
    """A drill whose candles never arrive proves nothing."""
    given = "given: {candles: {EUR/USD: {timeframe: 1h, file: prices.csv}}}\n"
    (here / "x.yaml").write_text(GOOD + given, encoding="utf-8")
    rows = "ts,open,high,low,close\n2017-01-02T00:00:00Z,1,1,1,1\n"
    (here / "prices.csv").write_text(rows, encoding="utf-8")
    assert message_of("x.yaml").splitlines()[0] == (
        "x.yaml:8:19: NO_CANDLES: no candle of EUR/USD falls into the drill, which starts at "
        "2026-01-27T00:00:00+00:00; move start or until, or choose other candles"
    )


def test_two_files_cannot_hold_the_same_drill(here: Path) -> None:
    """Its id is the name of its evidence."""
    for name in ("a.yaml", "b.yaml"):
        (here / name).write_text(GOOD, encoding="utf-8")
    assert message_of(".") == (
        "b.yaml:1:8: DUPLICATE_DRILL: 'good' is the id of the drill in a.yaml:1 already; "
        "give it an id of its own\n"
        "    drill: good\n"
        "           ^^^^"
    )


def test_a_heading_that_cannot_be_read_is_an_error(here: Path) -> None:
    """`drills list` leaves no file out."""
    (here / "a.yaml").write_text("title: [\n", encoding="utf-8")
    (here / "b.yaml").write_text("drill: b\ntitle: B\ntrack: paper\n", encoding="utf-8")
    (here / "c.yaml").write_text("- a list\n", encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        list_scenarios([here])
    assert [(error.where.file, error.code, error.message) for error in caught.value.errors] == [
        ("a.yaml", "YAML_SYNTAX", "what begins here never ends"),
        ("b.yaml", "MISSING_KEY", "playbook is missing"),
        ("c.yaml", "WRONG_TYPE", "a scenario is keys and values"),
    ]


def test_the_command_ends_with_status_2_and_nothing_is_run(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither verdicts nor evidence come of input that cannot be used."""
    (here / "a.yaml").write_text(GOOD, encoding="utf-8")
    (here / "b.yaml").write_text(GOOD.replace("paper", "live"), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["drills", "run", "."])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert "LIVE_TRACK" in capsys.readouterr().err
    assert sorted(path.name for path in here.iterdir()) == ["a.yaml", "b.yaml"]


def test_addresses_are_not_shown(here: Path) -> None:
    """An excerpt of a file that holds a webhook's address must not spread it."""
    config = "config: {live_alerts: {sinks: [webhook], webhook_url: 'https://hooks.example/T0/SECRET'}}\n"
    (here / "x.yaml").write_text(GOOD + config, encoding="utf-8")
    message = message_of("x.yaml")
    assert "webhook_url: 'https://***" in message
    assert "SECRET" not in message


def test_a_name_that_cannot_be_printed_is_refused(here: Path) -> None:
    """Evidence, log and terminal all show it."""
    (here / "a\nb.yaml").write_text(GOOD)
    assert message_of(here / "a\nb.yaml").endswith(
        r"a\nb.yaml:1:1: BAD_NAME: this name holds what cannot be printed; rename the file"
    )


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no endless file")
def test_a_file_without_end_is_too_large() -> None:
    """A device says that it has no bytes, and gives as many as are read."""
    assert "TOO_LARGE: 1,000,001 bytes" in message_of("/dev/zero")


def test_an_empty_title_reads_as_a_sentence(here: Path) -> None:
    """What the validator says is told in our words."""
    (here / "a.yaml").write_text(GOOD.replace("Nothing is wrong with this one", "''"))
    assert "title is ''; it must have at least 1 character" in message_of("a.yaml")


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("config: {live_risk: {max_batch_orders: 3}}", "7:22: UNKNOWN_KEY"),
        ("config: {live_alerts: {sinks: [teams]}}", "7:32: UNKNOWN_SINK"),
        ("steps: [{at: 0s, flash_crash: true}]", "7:18: UNKNOWN_KEY"),
        ("expect: {phone_rings: 1}", "7:10: UNKNOWN_KEY"),
        ("expect: {alerts: [{at: 0s, code: PUMP_AND_DUMP}]}", "7:34: UNKNOWN_CODE"),
        ("expect: {checks: [{at: 0s, breached: [max_batch_orders]}]}", "7:39: UNKNOWN_LIMIT"),
    ],
)
def test_a_name_that_may_be_a_plugins_is_refused_with_the_way_to_name_its_module(
    here: Path, line: str, place: str
) -> None:
    """The nearest name of ours would lead whoever has written a rule of his own astray."""
    key = line.partition(":")[0]
    head, rest = GOOD.splitlines()[:5], [each for each in GOOD.splitlines()[5:] if not each.startswith(key)]
    (here / "own.yaml").write_text("\n".join([*head, "seed: 1", line, *rest]), encoding="utf-8")
    first = message_of("own.yaml").splitlines()[0]
    assert first.startswith(f"own.yaml:{place}: ")
    assert first.endswith("; a name of your own is known with its module: --plugin MODULE, or config.plugins")


def test_a_slip_of_the_pen_is_refused_with_the_nearest_name_alone(here: Path) -> None:
    """No plugin is meant where a letter is missing, nor where no leaf can stand."""
    text = GOOD.replace(
        "steps: []", "steps: [{at: 0s, check_orders: [{symbl: A, side: BUY}], sedt_portfolio: given}]"
    )
    text += "config: {live_risk: {max_order_notionl: 3}}\nowner: me\n"
    (here / "slip.yaml").write_text(text, encoding="utf-8")
    told = message_of("slip.yaml")
    assert told.count("UNKNOWN_KEY") == 4
    assert "--plugin" not in told
