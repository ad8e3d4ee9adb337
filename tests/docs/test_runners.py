"""The examples of the documents can fail: each kind of wrong block is refused with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.blocks import Block, BlockError, blocks_of
from tests.docs.commands import ours_in
from tests.docs.runners import Reader

if TYPE_CHECKING:
    from pathlib import Path


def follow(tmp_path: Path, text: str) -> Reader:
    """Follow a document of that text from its top."""
    document = tmp_path / "page.md"
    document.write_text(text, encoding="utf-8")
    reader = Reader(tmp_path)
    for block in blocks_of(document):
        reader.follow(block)
    return reader


def test_a_block_knows_its_line_language_and_options(tmp_path: Path) -> None:
    """A failure can point at the line, and a title names the file."""
    document = tmp_path / "page.md"
    document.write_text('# A page\n\n- item\n\n  ```python title="a b"\n  x = 1\n  ```\n', encoding="utf-8")
    assert blocks_of(document) == [Block(document, 5, "python", "x = 1\n", {"title": "a b"})]


@pytest.mark.parametrize("language", ["", "pyhton", "sh"])
def test_a_language_that_nobody_runs_is_refused(tmp_path: Path, language: str) -> None:
    """A misspelt language cannot hide an example from the tests."""
    with pytest.raises(BlockError, match=rf"^page\.md:1: language '{language}' is none of bash, console"):
        follow(tmp_path, f"```{language}\nx\n```\n")


def test_python_blocks_share_one_namespace_per_document(tmp_path: Path) -> None:
    """A page can build up its example."""
    reader = follow(tmp_path, "```python\nx = 20\n```\n\n```python\ny = x + 1\n```\n")
    assert reader.names["y"] == 21


def test_a_failing_python_block_names_its_place_and_error(tmp_path: Path) -> None:
    """An assertion in an example is a test."""
    with pytest.raises(BlockError, match=r"^page\.md:3: AssertionError: two$"):
        follow(tmp_path, "# A page\n\n```python\nassert 1 == 2, 'two'\n```\n")


def test_a_title_writes_the_block_to_a_file_that_commands_find(tmp_path: Path) -> None:
    """A page can show a file and then use it."""
    follow(tmp_path, '```json title="data/a.json"\n{}\n```\n\n```console\n$ cat data/a.json\n{}\n```\n')


def test_a_console_block_compares_what_is_printed(tmp_path: Path) -> None:
    """Three dots stand for anything, and nothing else does."""
    follow(tmp_path, "```console\n$ echo one; echo two; echo three\none\n...\nthree\n```\n")
    with pytest.raises(BlockError, match=r"the document shows:\nfour\n\nit prints:\nthree\n"):
        follow(tmp_path, "```console\n$ echo three\nfour\n```\n")


def test_a_console_block_without_a_command_is_refused(tmp_path: Path) -> None:
    """Output alone proves nothing."""
    with pytest.raises(BlockError, match="begins with"):
        follow(tmp_path, "```console\none\n```\n")


def test_an_exit_status_must_be_the_one_that_is_stated(tmp_path: Path) -> None:
    """A command that fails by intent says so, and then it must fail."""
    follow(tmp_path, "```console exit=3\n$ exit 3\n```\n")
    with pytest.raises(BlockError, match="exit status 1"):
        follow(tmp_path, "```bash\nfalse\necho unreached\n```\n")
    with pytest.raises(BlockError, match="exit status 0, not 3"):
        follow(tmp_path, "```console exit=3\n$ true\n```\n")
    with pytest.raises(BlockError, match="exit status 1, not 0"):
        follow(tmp_path, "```console\n$ false\n$ true\n```\n")


def test_of_several_commands_of_ours_the_first_that_fails_is_the_last(tmp_path: Path) -> None:
    """As a shell does it, where no shell is needed."""
    with pytest.raises(BlockError, match="exit status 2"):
        follow(tmp_path, "```bash\ndrills new one\ndrills plan none.yaml\ndrills new two\n```\n")
    assert [path.name for path in tmp_path.rglob("*.yaml")] == ["one.yaml"]


def test_a_command_of_ours_needs_no_shell() -> None:
    """Lines that go on, and words with blanks, are read as a shell reads them."""
    assert ours_in("drills list\nlive-ops health \\\n  --config 'a b.toml'") == [
        ["drills", "list"],
        ["live-ops", "health", "--config", "a b.toml"],
    ]


@pytest.mark.parametrize(
    "script",
    [
        "drills list | head -1",
        "drills list > drills.txt",
        "PYTHONHASHSEED=1 drills list",
        "drills list; drills list",
        "drills list\ngrep one drills.txt",
    ],
)
def test_what_only_a_shell_understands_is_left_to_it(script: str) -> None:
    """A word that a shell would read in its own way is never handed on as it stands."""
    assert ours_in(script) == []


def test_a_long_command_goes_on_after_a_backslash(tmp_path: Path) -> None:
    """As it does in a shell."""
    follow(tmp_path, "```console\n$ echo one \\\n    two\none two\n```\n")


def test_a_make_target_must_exist_and_is_not_made(tmp_path: Path) -> None:
    """A page names only targets that there are."""
    follow(tmp_path, "```bash\nmake clean\n```\n")
    with pytest.raises(BlockError, match="no-such-target"):
        follow(tmp_path, "```bash\nmake no-such-target\n```\n")


@pytest.mark.parametrize("block", ["```json\n{\n```\n", "```mermaid\nflwchart LR\n```\n", "```text\n```\n"])
def test_data_that_cannot_be_read_is_refused(tmp_path: Path, block: str) -> None:
    """JSON is JSON, a diagram has a kind, and a text shows something."""
    with pytest.raises(BlockError):
        follow(tmp_path, block)


SCENARIO = """\
drill: one-order
title: An order above the limit is blocked
playbook: 3
track: paper
start: 2026-01-27T00:00:00Z
config: {live_risk: {max_order_notional: 500}}
steps: [{at: 0s, check_orders: [{symbol: BTC/EUR, side: BUY, notional: 2000}]}]
expect: {checks: [{at: 0s, allowed: false}], alerts: [{at: 0s, code: RISK_LIMIT_VIOLATION_ORDERS}]}
"""


def test_a_whole_scenario_is_run_and_gets_the_verdict_that_is_stated(tmp_path: Path) -> None:
    """A page that shows a drill shows one that passes, or says that it fails."""
    follow(tmp_path, f"```yaml\n{SCENARIO}```\n")
    wrong = SCENARIO.replace("allowed: false", "allowed: true")
    follow(tmp_path, f"```yaml verdict=FAIL\n{wrong}```\n")
    with pytest.raises(BlockError, match=r"^page\.md:1: one-order is FAIL"):
        follow(tmp_path, f"```yaml\n{wrong}```\n")


def test_a_part_of_a_scenario_must_load(tmp_path: Path) -> None:
    """A key that does not exist cannot be shown."""
    follow(tmp_path, "```yaml\nconfig: {live_risk: {max_open_positions: 5}}\n```\n")
    with pytest.raises(BlockError, match=r"did you mean 'max_open_positions'"):
        follow(tmp_path, "```yaml\nconfig: {live_risk: {max_open_position: 5}}\n```\n")


def test_a_scenario_that_is_shown_leaves_no_file_unless_it_has_a_title(tmp_path: Path) -> None:
    """What a page only shows does not get into what its commands run."""
    follow(tmp_path, f"```yaml\n{SCENARIO}```\n\n```yaml title=mine/one.yaml\n{SCENARIO}```\n")
    assert [path.name for path in tmp_path.rglob("*.yaml")] == ["one.yaml"]


def test_yaml_that_is_neither_scenario_nor_workflow_is_refused(tmp_path: Path) -> None:
    """There is no block of YAML that nobody checks."""
    for text in ("- a\n- b\n", "a: [\n", "colour: blue\n", "jobs: {check: {}}\n"):
        with pytest.raises(BlockError):
            follow(tmp_path, f"```yaml\n{text}```\n")


def test_a_configuration_must_load(tmp_path: Path) -> None:
    """A misspelt key in an example would be copied by everybody."""
    follow(tmp_path, "```toml\n[live_risk]\nmax_open_positions = 5\n```\n")
    with pytest.raises(BlockError, match="max_open_position"):
        follow(tmp_path, "```toml\n[live_risk]\nmax_open_position = 5\n```\n")
