"""`expect: {log: {contains: […], lacks: […]}}`: what the code under test logged, as lines of JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from drills.contracts import Expectation, Judgement, Verdict
from drills.judging.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from drills.contracts import Where
    from drills.history import History, Record


class Log(Expectation):
    """Phrases that stand in log lines, and phrases that do not."""

    name = "log"
    Params = Texts

    def judge(self, history: History, expected: Texts, where: Sequence[Where]) -> Iterable[Judgement]:
        """Look for each phrase in every line."""
        for wrong in expected.wrong([_line(record) for record in history.of("log")], "log line"):
            yield Judgement(Verdict.FAIL, "LOG_MISMATCH", wrong, where[0])


def _line(record: Record) -> str:
    """A log record as a person would read it; the phrases are looked for in this text."""
    return json.dumps(dict(record.data), ensure_ascii=False)
