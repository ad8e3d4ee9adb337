"""`expect: {stderr: {contains: […], lacks: […]}}`: what the code under test wrote to stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drills.contracts import Expectation, Judgement, Verdict
from drills.judging.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from drills.contracts import Where
    from drills.history import History


class Stderr(Expectation):
    """Phrases that stand on stderr, and phrases that do not."""

    name = "stderr"
    Params = Texts

    def judge(self, history: History, expected: Texts, where: Sequence[Where]) -> Iterable[Judgement]:
        """Look for each phrase in everything that was written."""
        written = [record.data["text"] for record in history.of("stderr")]
        for wrong in expected.wrong(written, "text on stderr"):
            yield Judgement(Verdict.FAIL, "STDERR_MISMATCH", wrong, where[0])
