"""The project's own files agree with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))


def names_in(requirements: list[str]) -> set[str]:
    """Names of the distributions, as package indexes write them."""
    words = [re.split(r"[<>=!~; \[]", line, maxsplit=1)[0] for line in requirements]
    return {re.sub(r"[-_.]+", "-", word).lower() for word in words}


def pinned_in(path: Path) -> list[str]:
    """The pins of a requirements file, each with its marker and hashes on one line."""
    text = re.sub(r"^ *#.*$\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return re.sub(r" \\\n", " ", text).splitlines()


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes(path: Path) -> None:
    """What is installed today is what is installed tomorrow."""
    pins = pinned_in(path)
    assert pins
    assert [pin for pin in pins if not re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:", pin)] == []


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_requirements_hold_no_address(path: Path) -> None:
    """Where packages come from is the business of whoever installs them."""
    assert (
        re.findall(r".*(?:://|--index|--find-links|--trusted-host).*", path.read_text(encoding="utf-8")) == []
    )


def test_every_dependency_is_pinned() -> None:
    """A dependency that was added without `make lock` is named here."""
    run = names_in(PROJECT["project"]["dependencies"])
    apart = PROJECT["dependency-groups"]["bench"]
    groups = [*PROJECT["project"]["optional-dependencies"].values(), *PROJECT["dependency-groups"].values()]
    groups.remove(apart)
    everything = run.union(*(names_in([line for line in group if isinstance(line, str)]) for group in groups))
    assert run - names_in(pinned_in(ROOT / "requirements/run.txt")) == set()
    assert everything - names_in(pinned_in(ROOT / "requirements/dev.txt")) == set()
    assert names_in(apart) - names_in(pinned_in(ROOT / "requirements/bench.txt")) == set()


def test_runtime_and_development_pins_agree() -> None:
    """What the tests saw is what users get."""
    run, dev = (set(pinned_in(ROOT / f"requirements/{name}.txt")) for name in ("run", "dev"))
    assert run - dev == set()


def test_the_build_machine_covers_every_python_that_is_promised() -> None:
    """A classifier is a promise that is checked on every merge."""
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"]))
    workflow = (ROOT / ".github/workflows/check.yml").read_text(encoding="utf-8")
    assert f"python: {promised}".replace("'", '"') in workflow


def test_every_ignored_lint_rule_has_its_reason_beside_it() -> None:
    """An ignore without a reason cannot be judged by the next reader."""
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    ignores = [line for line in lines if re.match(r' +"[A-Z]+\d+",', line)]
    assert ignores
    assert [line for line in ignores if not re.search(r'", +# \w+', line)] == []


def test_every_inline_ignore_has_its_reason_beside_it() -> None:
    """The same holds in the code: `# noqa: CODE - reason` and `# type: ignore[code]  # reason`."""
    files = [
        path for folder in ("src", "tests", "benchmarks") for path in sorted((ROOT / folder).rglob("*.py"))
    ]
    bare = re.compile(r"# noqa(?!: [A-Z0-9, ]+ - \w)|# type: ignore(?!\[[a-z, -]+\] +# \w)")
    lines = [(path, line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    found = [f"{path.relative_to(ROOT)}: {line.strip()}" for path, line in lines if bare.search(line)]
    assert [line for line in found if "test_project.py" not in line] == []
