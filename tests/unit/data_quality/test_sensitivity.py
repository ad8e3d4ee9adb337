"""Kinds name the thresholds that whoever seeks a setting may scale."""

from __future__ import annotations

from dataclasses import fields

import pytest

from live.contracts import CandleKind
from live.registry import GUARDS

KINDS = [leaf for name in GUARDS if issubclass(leaf := GUARDS[name], CandleKind)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_a_kind_names_is_a_number_of_its_configuration(kind: type[CandleKind]) -> None:
    """No name is left behind when a setting is renamed."""
    config = kind.Config()
    assert set(kind.sensitivity) <= {one.name for one in fields(config)}
    assert all(isinstance(getattr(config, name), int | float) for name in kind.sensitivity)


def test_bad_prints_volumes_and_fast_markets_can_be_scaled() -> None:
    """They are what heavy tails set off."""
    assert {"bad_print", "volume", "velocity"} <= {kind.name for kind in KINDS if kind.sensitivity}
