"""The command's detector: what it finds, what it leaves open, and how it measures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder import detection
from autograder.errors import CourseError
from autograder.release.course import here
from tests.benchmarks.detection import measure

SAMPLE = Path(__file__).with_name("sample.jsonl")
BY = detection.detector(here().source("11-dependency-detection"))


def _record(*calls: tuple[Any, ...], tools: list[dict[str, Any]] | None = None) -> bytes:
    made = [{"id": i, "name": name, "arguments": given} for i, name, given in calls]
    return json.dumps({"id": "r", "calls": made, "tools": tools or []}).encode()


def _tool(name: str, *arguments: str, **effects: list[str]) -> dict[str, Any]:
    return {"name": name, "parameters": {"properties": {key: {} for key in arguments}}, **effects}


def _found(line: bytes, *, strict: bool = False) -> detection.Found:
    return detection.detect(detection.record(line), BY, strict=strict)


def _command(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "autograder", "detect", *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=False)


# -- measured ---------------------------------------------------------------------------------


def test_measured_values_on_the_sample():
    """Precision and recall on the sample are known for each kind of truth."""
    scores = measure([SAMPLE])
    shares = {truth: (s.precision, s.recall) for (_, truth), s in scores.items()}
    assert shares == {
        "declared-refs": (1.0, 1.0),
        "annotated-links": (1.0, 1.0),
        "parallel-set": (None, None),  # nothing to find, and nothing was claimed
        "executed": (5 / 7, 1.0),  # declared tables cannot tell whose row is written
    }
    named = {truth: (s.named_right, s.named) for (_, truth), s in scores.items()}
    assert named["executed"] == (3, 3)
    assert named["declared-refs"] == (11, 11)
    assert {truth: score.true for (_, truth), score in measure([SAMPLE], pseudo=False).items()} == {
        "declared-refs": 7,
        "annotated-links": 4,
        "parallel-set": 0,
        "executed": 6,
    }


def test_sample_expects_what_is_reported():
    """What the malformed records of the sample expect is what the detector says of them."""
    for line in SAMPLE.read_bytes().splitlines():
        expect = json.loads(line).get("expect")
        if expect is None:
            continue
        if expect["duplicate_ids"]:
            with pytest.raises(detection.MalformedError, match=expect["duplicate_ids"][0]):
                detection.record(line)
        else:
            assert [list(one) for one in _found(line).dangling] == expect["dangling"]


# -- edges ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "$c1",
        "$c1.x$",
        "${c1}",
        "{{ c1.x[0] }}",
        "#c1",
        "<c1>",
        "<output-of-c1>",
        "<GENERATED>-c1",
        "<output-of-Get-It>",
        "<output-of-get it>",
        "c1.x$",
    ],
)
def test_every_spelling_of_a_reference(text: str):
    """A reference is found in each spelling, by a tool's name and without its opening mark too."""
    line = _record(("c2", "use", {"x": [f"see {text}!"]}), ("c1", "Get It", {}))
    found = _found(line)
    assert found.edges == [("c1", "c2")]
    assert found.waves == [["c1"], ["c2"]]


def test_declared_classes_are_narrowed_by_arguments():
    """Calls on two orders are free; a call that names none touches all of them."""
    tools = [
        _tool("ship", "order_id", reads=[], writes=["orders"]),
        _tool("list", reads=["orders"], writes=[]),
    ]
    calls = ("a", "ship", {"order_id": 1}), ("b", "ship", {"order_id": 12}), ("c", "list", {})
    found = _found(_record(*calls, tools=tools))
    assert found.edges == found.conflicts == [("a", "c"), ("b", "c")]
    assert found.broad == found.edges
    assert found.reasons["a", "c"] == ["read after write"]
    assert found.waves == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    ("resource", "argument", "one", "other", "meet"),
    [
        ("entries", "entry_id", 1, 2, False),
        ("entries", "entry_id", 1, "1", True),
        ("shop/orders", "order_ids", ["a", "b"], ["b"], True),
        ("shop/orders", "order_ids", ["a", "b"], ["c"], False),
        ("accounts", "from_account_id", "x", "y", False),
        ("accounts", "account_name", "x", "y", True),  # a name may be another key of the same row
        ("orders", "reorder_id", "x", "y", True),
    ],
)
def test_what_narrows_a_class(resource: str, argument: str, one: Any, other: Any, *, meet: bool):
    """An argument that ends in a class's singular and `_id` names a row; others do not."""
    tools = [_tool("set", argument, reads=[], writes=[resource])]
    calls = ("a", "set", {argument: one}), ("b", "set", {argument: other})
    assert bool(_found(_record(*calls, tools=tools)).conflicts) is meet


def test_reference_as_json_writes_it():
    """An object with nothing but `$ref` refers to the call it names."""
    calls = ("a", "get", {}), ("b", "use", {"x": [{"$ref": "#/a"}], "y": {"$ref": "z", "n": 1}})
    assert _found(_record(*calls)).edges == [("a", "b")]


def test_unknown_beside_declared_is_a_conflict():
    """A tool that declares nothing waits for all others, if they declare theirs."""
    tools = [_tool("look", reads=["web"], writes=[])]
    found = _found(_record(("1", "look", {}), ("2", "look", {}), ("3", "join", {}), tools=tools))
    assert found.edges == found.conflicts == [("1", "3"), ("2", "3")]
    assert not found.undecided


def test_unknown_that_names_its_inputs_keeps_its_place_without_an_edge():
    """An undeclared call with references has those edges; its other conflicts are in the waves."""
    tools = [_tool("look", reads=["web"], writes=[])]
    calls = ("1", "look", {}), ("2", "look", {}), ("3", "tell", {"text": "$2"})
    found = _found(_record(*calls, tools=tools))
    assert found.edges == [("2", "3")]
    assert found.conflicts == [("1", "3"), ("2", "3")]
    assert found.waves == [["1", "2"], ["3"]]


def test_nobody_declares_anything():
    """Where no tool declares, references decide; the rest is undecided, or strictly a conflict."""
    line = _record(("a", "set", {}), ("b", "set", {}), ("c", "use", {"of": "$b"}))
    found = _found(line)
    assert found.edges == [("b", "c")]
    assert (found.conflicts, found.undecided) == ([], [("a", "b"), ("a", "c")])
    strict = _found(line, strict=True)
    assert strict.edges == strict.conflicts == [("a", "b"), ("a", "c"), ("b", "c")]
    assert strict.waves == [["a"], ["b"], ["c"]]


def test_references_to_later_calls_turn_conflicts():
    """A conflict follows emission order unless references demand the other one."""
    tools = [_tool("touch", "x", reads=["it"], writes=["it"])]
    calls = ("a", "touch", {"x": "$c"}), ("b", "touch", {}), ("c", "touch", {})
    found = _found(_record(*calls, tools=tools))
    assert found.waves == [["b"], ["c"], ["a"]]
    assert found.edges == [("b", "a"), ("b", "c"), ("c", "a")]
    assert not found.cycles


_batches = st.lists(
    st.tuples(st.sampled_from("rwx"), st.sets(st.integers(0, 7), max_size=2)), max_size=8
)


@given(_batches)
def test_waves_and_cycles_agree_with_networkx(batch: list[tuple[str, set[int]]]):
    """Waves keep every edge and conflict; who is left out is on a cycle or behind one."""
    tools = [
        _tool("r", reads=["it"], writes=[]),
        _tool("w", reads=[], writes=["it"]),
        _tool("x", reads=[], writes=[]),
    ]
    size = len(batch)
    calls = [
        (f"c{n}", name, {"of": [f"${{c{one}}}" for one in sorted(others) if one < size]})
        for n, (name, others) in enumerate(batch)
    ]
    found = _found(_record(*calls, tools=tools))
    data = nx.DiGraph(
        [(f"c{one}", f"c{n}") for n, (_, o) in enumerate(batch) for one in o if one < size]
    )
    data.add_nodes_from(call[0] for call in calls)
    rings = [part for part in nx.strongly_connected_components(data) if len(part) > 1]
    rings += [{one} for one in nx.nodes_with_selfloops(data)]
    on_ring = set().union(*rings)
    behind = on_ring.union(*(nx.descendants(data, one) for one in on_ring))
    assert set(found.stuck) == behind
    assert all(any(set(cycle) <= ring for ring in rings) for cycle in found.cycles)
    assert all(any(ring & set(cycle) for cycle in found.cycles) for ring in rings)
    for cycle in found.cycles:
        assert nx.is_path(data, cycle)
        assert cycle[0] == cycle[-1]
    place = {call: n for n, wave in enumerate(found.waves) for call in wave}
    assert place.keys() == set(data) - behind
    assert set(data.edges) <= set(found.edges)
    for one, other in {*found.edges, *found.conflicts}:
        if {one, other} <= place.keys():
            assert place[one] < place[other]


def test_broad_edges_rest_on_whole_classes():
    """An edge is broad if no reference, named resource or ignorance speaks for it."""
    tools = [
        _tool("ship", "order_id", reads=[], writes=["orders"]),
        _tool("close", reads=["orders"], writes=["books"]),
        _tool("sum", "of", reads=["books"], writes=[]),
    ]
    calls = ("a", "ship", {"order_id": 1}), ("b", "ship", {"order_id": 1}), ("c", "close", {})
    calls = *calls, ("d", "sum", {"of": "$c"}), ("e", "odd", {})
    found = _found(_record(*calls, tools=tools))
    assert found.broad == [("a", "c"), ("b", "c")]
    assert {("a", "b"), ("c", "d"), ("a", "e"), ("d", "e")} < set(found.edges)


# -- lines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{", "it is not JSON"),
        (b"\xff", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (b"[]", "it is not a JSON object"),
        (b'{"id": 1}', "no id of type str"),
        (b'{"id": "r", "tools": []}', "no calls of type list"),
        (b'{"id": "r", "calls": [{"id": "a", "name": "b"}], "tools": []}', "no arguments of type"),
        (b'{"id": "r", "calls": [7], "tools": []}', "a call is not a JSON object"),
        (b'{"id": "r", "calls": [], "tools": [{"name": "t", "reads": "x"}]}', "no reads of type"),
        (b'{"id": "r", "calls": [], "tools": [{"name": "t", "writes": [1]}]}', "is no text"),
    ],
)
def test_malformed_lines_say_what_is_wrong(line: bytes, said: str):
    """A line that is no record is refused with the reason."""
    with pytest.raises(detection.MalformedError, match=said):
        detection.record(line)


def test_deep_arguments_are_reported():
    """A record nested deeper than anything can walk is skipped by its number."""
    deep = "[" * 900 + "]" * 900
    line = f'{{"id":"r","tools":[],"calls":[{{"id":"a","name":"t","arguments":{{"x":{deep}}}}}]}}'
    (told,) = detection.told([line.encode()], BY)
    assert told == ("line 1: skipped: its arguments are nested too deep.", True)


def test_a_course_without_the_notebook(tmp_path: Path):
    """Without the solution notebook there is no detector, and the error says so."""
    with pytest.raises(CourseError, match="does not hold the detector"):
        detection.detector(tmp_path / "11.ipynb")


# -- the command ------------------------------------------------------------------------------


def test_command_prints_json_lines(tmp_path: Path):
    """Each good line gives an object with the promised keys; bad ones are numbered on stderr."""
    path = tmp_path / "some.jsonl"
    path.write_bytes(b"\n".join([*SAMPLE.read_bytes().splitlines()[:2], b"", b"no", b"{}"]))
    done = _command(str(path), "--json")
    assert done.returncode == 1
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in told] == ["plans/1", "plans/2"]
    assert all({"id", "edges", "waves", "cycles", "conflicts"} <= one.keys() for one in told)
    assert told[0]["waves"] == [["var1", "var2"], ["var3"], ["var_result"]]
    numbers = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert numbers == ["line 4", "line 5"]


def test_command_tells_readers(tmp_path: Path):
    """The text names edges with reasons, waves, cycles and conflicts; the status is 0."""
    path = tmp_path / "one.jsonl"
    path.write_bytes(SAMPLE.read_bytes().splitlines()[2])
    done = _command(str(path))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "plans/3\n"
        "  edges: E1 → E2 (reference), E1 → E10 (reference), E2 → E10 (reference)\n"
        "  waves: 1: E1 | 2: E2 | 3: E10\n"
        "  cycles: none\n"
        "  conflicts: none\n"
    )


def test_command_fails_where_a_call_can_never_run(tmp_path: Path):
    """A cycle is printed on stdout, told on stderr by line, and fails the command."""
    path = tmp_path / "ring.jsonl"
    path.write_bytes(SAMPLE.read_bytes().splitlines()[-1])
    done = _command(str(path))
    assert done.returncode == 1
    assert "  cycles: c1 → c2 → c1, c5 → c5\n" in done.stdout
    assert "  never run: c1, c2, c3, c5" in done.stdout
    assert done.stderr.startswith("line 1: broken/3 has a cycle: c1 → c2 → c1.")
