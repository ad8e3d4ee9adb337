"""Every example in the documents is executed."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from drills.registry import ALL
from tests.docs.blocks import DOCUMENTS, ROOT, blocks_of
from tests.docs.runners import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

SHIPPED = ("docs", "examples", "scenarios")


@pytest.fixture
def own_leaves(tmp_path: Path) -> Iterator[None]:
    """What one document adds to the registries does not reach the next."""
    before = [set(registry) for registry in ALL]
    yield
    for registry, known in zip(ALL, before, strict=True):
        registry.forget([name for name in registry if name not in known])
    written = [name for name, module in sys.modules.items() if _stands_in(tmp_path, module)]
    for name in written:
        del sys.modules[name]


def _stands_in(folder: Path, module: ModuleType) -> bool:
    return str(getattr(module, "__file__", None)).startswith(str(folder))


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_leaves: None) -> Reader:  # noqa: ARG001 - it cleans up
    """Somebody in a folder of their own, with copies of what we ship."""
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return Reader(tmp_path)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_example_of_a_document_does_what_it_shows(document: Path, reader: Reader) -> None:
    """A reader who follows the document from its top meets no surprise."""
    for block in blocks_of(document):
        reader.follow(block)
