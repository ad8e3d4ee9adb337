"""The results for a build machine: `junit.xml`, a test case per drill."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from drills.contracts import Report, Verdict
from drills.judging.outcomes import conservation
from drills.timeline import explain
from drills.verdict import first_divergence
from drills.words import instant, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drills.run import DrillResult

TAGS = {Verdict.FAIL: "failure", Verdict.UNKNOWN: "error"}


class Junit(Report):
    """FAIL is a failure, UNKNOWN an error; both carry the story of the drill."""

    name = "junit"
    filename = "junit.xml"

    def render(self, results: Sequence[DrillResult]) -> str:
        """One test suite."""
        verdicts = [result.verdict for result in results]
        counts = {"tests": len(results), "failures": verdicts.count(Verdict.FAIL)}
        counts["errors"] = verdicts.count(Verdict.UNKNOWN)
        texts = {key: str(count) for key, count in counts.items()}
        suites = ET.Element("testsuites", texts)
        suite = ET.SubElement(suites, "testsuite", {"name": "drills", **texts})
        for result in results:
            _add_case(suite, result)
        ET.indent(suites)
        return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(suites, encoding="unicode")}\n'


def _add_case(suite: ET.Element, result: DrillResult) -> None:
    scenario = result.scenario
    name = {
        "classname": scenario.track,
        "name": printable(scenario.id),
        "file": printable(scenario.where(()).file),
    }
    case = ET.SubElement(suite, "testcase", name)
    finding = first_divergence(result.judgements)
    if finding is not None:
        tag = ET.SubElement(case, TAGS[result.verdict], type=finding.code, message=printable(finding.message))
        tag.text = explain(result)
    end = "".join(f"; ended at {instant(record.at_s)}" for record in result.history.of("end"))
    ET.SubElement(case, "system-out").text = f"{conservation(result.history)}{end}"
