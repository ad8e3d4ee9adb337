"""The results for a build machine: `junit.xml`, a test case per drill."""

from __future__ import annotations

from itertools import groupby
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
    from drills.scenario_errors import ScenarioError

TAGS = {Verdict.FAIL: "failure", Verdict.UNKNOWN: "error"}


class Junit(Report):
    """FAIL is a failure, UNKNOWN an error; both carry the story of the drill."""

    name = "junit"
    filename = "junit.xml"

    def render(self, results: Sequence[DrillResult]) -> str:
        """One test suite."""
        verdicts = [result.verdict for result in results]
        suites, suite = _suite(len(results), verdicts.count(Verdict.FAIL), verdicts.count(Verdict.UNKNOWN))
        for result in results:
            _add_case(suite, result)
        return _text(suites)

    def refused(self, errors: Sequence[ScenarioError]) -> str:
        """A test case per scenario file that cannot be used, with all that is wrong with it."""
        by_file = {file: list(those) for file, those in groupby(errors, key=lambda error: error.where.file)}
        suites, suite = _suite(len(by_file), 0, len(by_file))
        for file, (first, *others) in by_file.items():
            name = {"classname": "scenario", "name": printable(file), "file": printable(file)}
            case = ET.SubElement(suite, "testcase", name)
            error = ET.SubElement(case, "error", type=first.code, message=printable(first.message))
            lines = (line for one in (first, *others) for line in str(one).splitlines())
            error.text = "\n".join(map(printable, lines))
        return _text(suites)


def _suite(tests: int, failures: int, errors: int) -> tuple[ET.Element, ET.Element]:
    """The root, and the one suite in it."""
    counts = {"tests": str(tests), "failures": str(failures), "errors": str(errors)}
    suites = ET.Element("testsuites", counts)
    return suites, ET.SubElement(suites, "testsuite", {"name": "drills", **counts})


def _text(suites: ET.Element) -> str:
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
