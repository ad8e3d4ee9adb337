"""Whose lease is worth nothing: of a process that is gone, where that can be known."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from live.alerts.dispatch import owner

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def of_process(pid: int) -> str:
    """The name of a dispatcher of a process on this machine."""
    machine, _, number = owner.new_owner().split("/")
    return f"{machine}/{pid}/{number}"


def test_who_lives_is_not_gone() -> None:
    """Here or in another process of this machine."""
    assert not owner.is_gone(owner.new_owner())
    assert not owner.is_gone(of_process(os.getppid()))


def test_who_has_ended_is_gone() -> None:
    """A process, or a dispatcher of this one."""
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    assert owner.is_gone(of_process(ended.pid))
    name = owner.new_owner()
    owner.forget_owner(name)
    assert owner.is_gone(name)


def test_of_another_container_nothing_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have our host name, and our number of a process: every container has a process 1."""
    here = owner.new_owner()
    (tmp_path / "pid").symlink_to("pid:[1]")
    monkeypatch.setattr(owner, "_PROCESSES", tmp_path / "pid")
    monkeypatch.setattr(owner, "_alive", set())
    assert not owner.is_gone(here)
