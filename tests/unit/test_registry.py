"""Leaves are found by their folder, and a name can neither clash nor be misspelt in silence."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from live.contracts import CandleGuard, RiskRule, Unit, risk_rule
from live.registry import GUARDS, RULES, Registry, RegistryError, load_plugin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from live.contracts import Observation
    from live.risk_limits.book import Book


@risk_rule(key="max_margin_used", unit=Unit.MONEY)
def max_margin_used(book: Book) -> Iterable[Observation]:
    """Margin in use."""
    del book
    return ()


@pytest.fixture
def plugin() -> Iterator[ModuleType]:
    """A module of a user with one rule in it."""
    module = ModuleType("margin_rules")
    vars(module)["max_margin_used"] = max_margin_used
    sys.modules[module.__name__] = module
    yield module
    RULES.forget(["max_margin_used"])
    del sys.modules[module.__name__]


def test_finds_the_leaves_of_its_folder() -> None:
    """Every shipped rule and guard is there, by name and in order."""
    assert list(RULES) == sorted(RULES)
    assert "max_order_notional" in RULES
    assert {"bad_print", "gap", "stale"} <= set(GUARDS)
    assert all(issubclass(guard, CandleGuard) for guard in GUARDS.values())


def test_a_leaf_that_cannot_be_imported_is_an_error_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks again does not get the half that was found before the failure."""
    folder = tmp_path / "half_broken"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "a_sound.py").write_text("from tests.unit.test_registry import max_margin_used\n")
    (folder / "b_broken.py").write_text("raise ZeroDivisionError\n")
    monkeypatch.syspath_prepend(tmp_path)
    registry: Registry[RiskRule] = Registry("risk rule", "half_broken", RiskRule, "live_drills.none")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            list(registry)


def test_a_misspelt_name_is_an_error_with_the_nearest_one() -> None:
    """Never a default."""
    with pytest.raises(
        RegistryError, match="unknown risk rule 'max_order_notionl'; did you mean 'max_order_notional'"
    ):
        RULES["max_order_notionl"]


def test_a_name_that_resembles_nothing_shows_what_there_is() -> None:
    """The reader can choose."""
    with pytest.raises(RegistryError, match="known: bad_print, divergence, "):
        GUARDS["zzz"]


def test_takes_leaves_from_a_module_of_the_user(plugin: ModuleType) -> None:
    """A foreign rule stands beside ours, and knows its file."""
    load_plugin(plugin.__name__)
    assert RULES["max_margin_used"].doc == "Margin in use."
    assert RULES.file_of("max_margin_used").endswith("test_registry.py")


def test_the_same_leaf_twice_is_one_leaf(plugin: ModuleType) -> None:
    """A module that imports a rule of another does not clash with it."""
    assert RULES.take_from(plugin) == RULES.take_from(plugin) == ["max_margin_used"]


def test_a_name_clash_names_both_files(plugin: ModuleType) -> None:
    """So that one of the two can be renamed."""
    RULES.take_from(plugin)
    other = ModuleType("other_rules")
    vars(other)["rule"] = risk_rule(key="x", unit=Unit.COUNT)(_named("max_margin_used"))
    with pytest.raises(
        RegistryError, match=r"two leaves named 'max_margin_used' .*test_registry.py and .*rename one"
    ):
        RULES.take_from(other)


def test_a_plugin_that_cannot_be_imported_says_why() -> None:
    """With the error and what to look at."""
    with pytest.raises(
        RegistryError, match="plugin 'no_such_module' cannot be imported: ModuleNotFoundError"
    ):
        load_plugin("no_such_module")


def test_a_plugin_without_a_leaf_is_an_error() -> None:
    """It was named for a reason; silence would hide a misspelt class."""
    with pytest.raises(RegistryError, match="plugin 'json' holds no leaf"):
        load_plugin("json")


def test_abstract_classes_are_no_leaves() -> None:
    """A base class in a leaf's file is not mistaken for one."""
    registry: Registry[type[CandleGuard]] = Registry(
        "candle guard", "live.data_quality", CandleGuard, "nothing"
    )
    assert registry.take_from(sys.modules["live.contracts"]) == []


def _named(name: str) -> Callable[[Book], Iterable[Observation]]:
    def measure(book: Book) -> Iterable[Observation]:
        del book
        return ()

    measure.__name__ = name
    return measure
