"""Results for other programs: JSON, CSV and JUnit.  Same results, same bytes."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from io import StringIO
from xml.etree import ElementTree as ET

import msgspec

from autograder.grading.results import SCHEMA, ExerciseResult, NotebookResult
from autograder.grading.scores import Change
from autograder.plain import plain
from autograder.report.scores import Marks, is_judged, score, total

__all__ = ("to_csv", "to_json", "to_junit")

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = (*"=+-@", *"\uff1d\uff0b\uff0d\uff20")
_FIELDS = (
    "student",
    "assignment",
    "notebook",
    "state",
    "grade_id",
    "outcome",
    "earned",
    "possible",
    "reason",
    "jail",
    "mark",
)


def to_json(
    results: Iterable[NotebookResult],
    changes: Iterable[Change] = (),
    penalties: Mapping[tuple[str, str], float] | None = None,
    passed_over: Iterable[str] = (),
    marks: Mapping[tuple[str, str], Marks] | None = None,
) -> str:
    """Return one JSON document, without the executed cells and the pages' HTML.

    By learner and assignment: `penalties` are the points lost for being late, `marks` is what
    people gave.  `earned` is what the checks gave; `score` is what the gradebook says, null
    where nothing was judged.
    """
    plain = []
    for result in results:
        data = msgspec.to_builtins(result)
        data.pop("cells")
        key = (result.student, result.assignment)
        given = (marks or {}).get(key, {})
        for exercise in data["exercises"]:
            exercise.pop("html")
            mark = given.get(exercise["grade_id"])
            exercise["mark"] = None if mark is None else asdict(mark)
        data["earned"], data["possible"] = result.earned, result.possible
        taken = data["late_penalty"] = (penalties or {}).get(key, 0.0)
        judged = is_judged(result, given)
        data["score"] = max(total(result, given) - taken, 0.0) if judged else None
        plain.append(data)
    document = {
        "schema": SCHEMA,
        "submissions": plain,
        "changes": [asdict(change) for change in changes],
        "passed_over": list(passed_over),
    }
    return msgspec.json.format(msgspec.json.encode(document)).decode()


def to_csv(
    results: Iterable[NotebookResult], marks: Mapping[tuple[str, str], Marks] | None = None
) -> str:
    """Return one row for each graded cell; a submission that failed has a row without a cell.

    `earned` is what the checks gave; `mark`, by learner and assignment, what a person gave
    instead, extra credit included.
    """
    out = StringIO()
    writer = csv.DictWriter(out, _FIELDS, lineterminator="\n")
    writer.writeheader()
    for result in results:
        base = {
            "student": _inert(result.student),
            "assignment": result.assignment,
            "notebook": result.notebook,
            "state": result.state,
            "jail": _inert(result.jail),
        }
        given = (marks or {}).get((result.student, result.assignment), {})
        if not result.exercises:
            writer.writerow(base | {"reason": _inert(result.reason)})
        for exercise in result.exercises:
            writer.writerow(
                base
                | {
                    "grade_id": exercise.grade_id,
                    "outcome": exercise.outcome,
                    "earned": "" if exercise.earned is None else f"{exercise.earned:g}",
                    "possible": f"{exercise.possible:g}",
                    "reason": _inert(exercise.reason or result.reason),
                    "mark": _marked(exercise, given),
                }
            )
    return out.getvalue()


def _marked(exercise: ExerciseResult, marks: Marks) -> str:
    mark = marks.get(exercise.grade_id)
    if mark is None or (mark.score is None and not mark.extra):
        return ""
    return f"{score(exercise, marks):g}"


def _inert(text: str) -> str:
    text = plain(text).replace("\t", " ")
    # A spreadsheet takes a text that begins like this for a formula; some, with wide signs, too.
    return f"'{text}" if text.lstrip()[:1] in _FORMULA else text


def to_junit(results: Iterable[NotebookResult]) -> str:
    """Return a JUnit document: a suite for each submission, a case for each check.

    A failed check is a failure; one that could not be judged is an error; not attempted and
    not yet marked are skipped.
    """
    root = ET.Element("testsuites", name="autograder")
    for result in results:
        suite = ET.SubElement(root, "testsuite", name=_xml(f"{result.student}.{result.notebook}"))
        cases = [
            _case(suite, name, outcome, text)
            for exercise in result.exercises
            for name, outcome, text in _cases(exercise)
        ]
        if not cases:
            outcome = "not attempted" if result.state == "missing" else "could not judge"
            cases = [_case(suite, result.notebook, outcome, result.reason or result.state)]
        properties = ET.Element("properties")
        ET.SubElement(properties, "property", name="jail", value=_xml(result.jail or "not run"))
        suite.insert(0, properties)
        suite.set("tests", str(len(cases)))
        for kind, attribute in (("failure", "failures"), ("error", "errors"), ("skipped",) * 2):
            suite.set(attribute, str(cases.count(kind)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _cases(exercise: ExerciseResult) -> Iterable[tuple[str, str, str]]:
    if not exercise.checks:
        yield exercise.grade_id, exercise.outcome, exercise.reason
    for check in exercise.checks:
        told = f"saw: {check.saw}\nexpected: {check.expected}\nhint: {check.hint}"
        yield f"{exercise.grade_id}: {check.check}", check.outcome, told


_KINDS = {
    "failed": "failure",
    "could not judge": "error",
    "not attempted": "skipped",
    "to be marked": "skipped",
}


def _case(suite: ET.Element, name: str, outcome: str, text: str) -> str:
    """Add a test case and return what kind of element it got; an empty text for a pass."""
    case = ET.SubElement(suite, "testcase", name=_xml(name), classname=suite.get("name", ""))
    kind = _KINDS.get(outcome, "")
    if kind:
        ET.SubElement(case, kind, message=_xml(outcome)).text = _xml(text)
    return kind


def _xml(text: str) -> str:
    """Replace what XML cannot hold; it may come from a learner's code."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", plain(text))
