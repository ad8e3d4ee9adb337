"""Finds leaves: by their folder, by entry point, and in modules that the user names.

A leaf is a public member of a module that fulfils the contract of its kind: an instance (`RiskRule`) or a
subclass (`CandleGuard`). Nothing is registered by hand. A leaf that is not ours is tried when it comes in,
where its kind has laws.
"""

from __future__ import annotations

import inspect
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from live.contracts import CandleGuard, CrossGuard, RiskRule, Sink, Watcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from importlib.metadata import EntryPoints
    from types import ModuleType

T = TypeVar("T")


class RegistryError(Exception):
    """Two leaves of one name, a name that no leaf has, a plugin that cannot be imported or breaks a law.

    The message has a line for each problem.
    """


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that names the known name most like `name`, or all of them: "; did you mean 'gap'?"."""
    import difflib

    names = sorted(known)
    alike = {each.casefold(): each for each in reversed(names)}
    close = difflib.get_close_matches(name.casefold(), alike, n=1, cutoff=0.5)
    return f"did you mean {alike[close[0]]!r}?" if close else f"known: {', '.join(names) or 'none'}"


class Registry(Generic[T]):
    """All leaves of one kind, by name, in the order of their names."""

    def __init__(self, kind: str, package: str, contract: type, group: str, laws: str = "") -> None:
        """Know where leaves of a kind stand.

        Args:
            kind: What a leaf is called in messages: `risk rule`.
            package: The folder that is searched, as a package: `live.risk_limits.rules`.
            contract: What a leaf is an instance or a subclass of.
            group: Entry-point group in which other distributions offer modules: `live_drills.rules`.
            laws: Module whose function `violations` tells what a leaf does not keep; it is imported when a
                leaf comes in that is not ours. Empty where a kind has no laws.
        """
        self.kind = kind
        self._package = package
        self._contract = contract
        self._group = group
        self._laws = laws
        self._leaves: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> T:
        """The leaf of that name.

        Raises:
            RegistryError: there is none; the message names the nearest one.
        """
        try:
            leaf: T = self._found()[name]
        except KeyError:
            text = f"unknown {self.kind} {name!r}; {nearest(name, self._found())}"
            raise RegistryError(text) from None
        return leaf

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __contains__(self, name: object) -> bool:
        return name in self._found()

    def __len__(self) -> int:
        return len(self._found())

    def values(self) -> list[T]:
        """Every leaf, in the order of the names."""
        return list(self._found().values())

    def file_of(self, name: str) -> str:
        """The file that a leaf stands in."""
        return _file_of(self._found()[name])

    def take_from(self, module: ModuleType) -> list[str]:
        """Add the leaves of a module, all or none; the same leaf twice is one leaf.

        Returns:
            The names of the leaves that stand in it.

        Raises:
            RegistryError: another leaf has that name already; the message names both files. Or a new leaf
                breaks a law; the message names file, line, law, example and remedy.
        """
        known = self._found()
        found = dict(known)
        names = self._add_all(found, module)
        self._try([found[name] for name in names if name not in known])
        self._leaves = dict(sorted(found.items()))
        return names

    @contextmanager
    def on_trial(self, leaf: Any) -> Iterator[None]:
        """Know a leaf for as long as it is tried."""
        before = self._found()
        self._leaves = dict(sorted({**before, leaf.name: leaf}.items()))
        try:
            yield
        finally:
            self._leaves = before

    def forget(self, names: Iterable[str]) -> None:
        """Drop leaves again, so that one test's plugin does not reach the next."""
        for name in names:
            self._found().pop(name, None)

    def _found(self) -> dict[str, Any]:
        """Every leaf. None is shown before all are found, so that no limit is off by chance."""
        if self._leaves is None:
            found: dict[str, Any] = {}
            for module in self._own():
                self._add_all(found, module)
            self._leaves = dict(sorted(found.items()))  # what is offered is tried beside ours
            try:
                for module in self._offered():
                    self.take_from(module)
            except BaseException:
                self._leaves = None
                raise
        return self._leaves

    def _own(self) -> Iterator[ModuleType]:
        folder = import_module(self._package)
        for info in sorted(iter_modules(folder.__path__), key=lambda info: info.name):
            yield import_module(f"{self._package}.{info.name}")

    def _offered(self) -> Iterator[ModuleType]:
        for point in sorted(_entry_points().select(group=self._group), key=lambda point: point.name):
            yield import_module(point.module)

    def _leaves_in(self, module: ModuleType) -> list[Any]:
        members = [member for name, member in sorted(vars(module).items()) if not name.startswith("_")]
        return [member for member in members if self._is_leaf(member, module)]

    def _is_leaf(self, member: object, module: ModuleType) -> bool:
        if isinstance(member, type):
            own = issubclass(member, self._contract) and member.__module__ == module.__name__
            return own and not inspect.isabstract(member)
        return isinstance(member, self._contract)

    def _add_all(self, found: dict[str, Any], module: ModuleType) -> list[str]:
        return [self._add(found, leaf) for leaf in self._leaves_in(module)]

    def _add(self, found: dict[str, Any], leaf: Any) -> str:
        known = found.get(leaf.name)
        if known is not None and known is not leaf:
            both = f"{_file_of(known)} and {_file_of(leaf)}"
            raise RegistryError(f"two leaves named {leaf.name!r} ({self.kind}): {both}; rename one")
        found[leaf.name] = leaf
        return str(leaf.name)

    def _try(self, leaves: Sequence[Any]) -> None:
        """Hold leaves that are not ours against the laws of their kind."""
        if not (self._laws and leaves):
            return
        violations = import_module(self._laws).violations
        wrong = [f"{_place_of(leaf)}: {one}" for leaf in leaves for one in violations(leaf)]
        if wrong:
            raise RegistryError("\n".join(wrong))


@cache
def _entry_points() -> EntryPoints:
    """What every installed distribution offers; read once, because reading looks into all of them."""
    from importlib.metadata import entry_points

    return cast("EntryPoints", entry_points())  # Python 3.11 has another class here that selects alike


def _file_of(leaf: Any) -> str:
    return inspect.getsourcefile(leaf if isinstance(leaf, type) else leaf.measure) or "<unknown file>"


def _place_of(rule: RiskRule) -> str:
    line = getattr(inspect.unwrap(rule.measure), "__code__", None)
    return _file_of(rule) if line is None else f"{_file_of(rule)}:{line.co_firstlineno}"


RULES: Registry[RiskRule] = Registry(
    "risk rule", "live.risk_limits.rules", RiskRule, "live_drills.rules", laws="live.risk_limits.conformance"
)
GUARDS: Registry[type[CandleGuard]] = Registry(
    "candle guard", "live.data_quality", CandleGuard, "live_drills.guards"
)
CROSS_GUARDS: Registry[type[CrossGuard]] = Registry(
    "guard across series", "live.data_quality", CrossGuard, "live_drills.guards"
)
WATCHERS: Registry[type[Watcher]] = Registry("watcher", "live.watchers", Watcher, "live_drills.watchers")
SINKS: Registry[type[Sink]] = Registry("alert sink", "live.alerts.sinks", Sink, "live_drills.sinks")


ALL: tuple[Registry[Any], ...] = (RULES, GUARDS, CROSS_GUARDS, WATCHERS, SINKS)


def load_plugin(name: str, registries: Sequence[Registry[Any]] = ALL) -> None:
    """Import a module by name and add every leaf in it to the registry of its kind.

    Raises:
        RegistryError: the module cannot be imported, holds no leaf of any kind, or one that breaks a law.
    """
    try:
        module = import_module(name)
    except Exception as error:
        text = (
            f"plugin {name!r} cannot be imported: {type(error).__name__}: {error}; is it on the Python path?"
        )
        raise RegistryError(text) from error
    if not [leaf for registry in registries for leaf in registry.take_from(module)]:
        kinds = ", ".join(registry.kind for registry in registries)
        raise RegistryError(f"plugin {name!r} holds no leaf of any kind: {kinds}")
