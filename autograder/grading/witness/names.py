"""Where the names in a check cell come from: the instructor's notebook, or the learner's.

A name that an answer cell of the source binds is the learner's, whatever else binds it.  A name
that one of the instructor's own cells binds is taken from there: the statement that binds it is
run here, with the statements that bind what it uses and those that go on to change it (`cases +=
…`, `exercise.play(…)`, a function decorated with `@exercise.check(…)`).  Nothing else of the
notebook is run, and nothing that needs the learner's work.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ("Given", "Needs", "bound", "needs", "used")

_BUILTINS = frozenset(dir(builtins)) | {"__name__", "get_ipython", "display"}
_WHOLE = (
    ast.Assign,
    ast.AnnAssign,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Import,
    ast.ImportFrom,
)
"""What binds a name whatever stood before; a loop or a condition may leave it as it was."""


@dataclass(frozen=True, slots=True)
class Given:
    """One code cell of the source before a check: its text, and whether learners fill it."""

    source: str
    answer: bool


@dataclass(frozen=True, slots=True)
class Needs:
    """What a check cell needs: statements to run first, and names to ask the jail for."""

    statements: tuple[str, ...]
    learners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Statement:
    """One top-level statement of the instructor's: the names it binds, reads and changes."""

    node: ast.stmt
    binds: frozenset[str]
    reads: tuple[str, ...]
    changes: frozenset[str]

    def replaces(self, name: str) -> bool:
        """Tell whether what the name was bound to before does not matter any more."""
        return isinstance(self.node, _WHOLE) and name not in _reads_at_once(self.node)


def needs(check: str, given: Sequence[Given]) -> Needs:
    """Return what the check cell needs of the cells before it."""
    own: list[_Statement] = []
    learners: set[str] = set()
    for cell, node in _statements(given):
        if cell.answer:
            learners |= bound(node)
        else:
            reads = tuple(used(ast.unparse(node)))
            own.append(_Statement(node, frozenset(bound(node)), reads, _changed(node)))
    try:
        wanted = list(used(check))
    except SyntaxError:
        wanted = []  # a magic, for example: whoever runs it says so
    chosen, asked = set[int](), dict[str, None]()
    seen: set[str] = set()
    while wanted:
        name = wanted.pop(0)
        if name in seen:
            continue
        seen.add(name)
        places = [] if name in learners else _making(name, own, learners)
        if not places and (name in learners or name not in _BUILTINS):
            asked[name] = None
        for place in places:
            if place not in chosen:
                chosen.add(place)
                wanted += own[place].reads
                wanted += sorted(own[place].changes)
    texts = tuple(ast.unparse(own[place].node) for place in sorted(chosen))
    return Needs(texts, tuple(asked))


def _making(name: str, own: Sequence[_Statement], learners: set[str]) -> list[int]:
    """Return the statements that make a name what it is, in the order in which they stand."""
    binding = [place for place, statement in enumerate(own) if name in statement.binds]
    if not binding:
        return []
    first = next((p for p in reversed(binding) if own[p].replaces(name)), binding[0])
    found = [place for place in binding if place >= first]
    if isinstance(own[first].node, ast.Import | ast.ImportFrom):
        return found  # a module is everybody's: what is done with it is done elsewhere, too
    return sorted(
        {
            *found,
            *(
                place
                for place, statement in enumerate(own)
                if place > first and name in statement.changes
                if not learners & {*statement.reads, *statement.changes}
            ),
        }
    )


def _statements(given: Iterable[Given]) -> Iterator[tuple[Given, ast.stmt]]:
    for cell in given:
        try:
            tree = ast.parse(_plain(cell.source))
        except SyntaxError:
            continue  # a cell magic, or shell commands: it binds nothing that a check needs
        for statement in tree.body:
            yield cell, statement


def _plain(source: str) -> str:
    """Return a cell without the lines that only IPython understands."""
    lines = source.splitlines()
    if lines and lines[0].startswith("%%"):
        return ""
    return "\n".join("pass" if line.lstrip().startswith(("%", "!")) else line for line in lines)


def bound(statement: ast.stmt) -> set[str]:
    """Return the global names that a statement binds."""
    table = _table(ast.parse(ast.unparse(statement)))
    return {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}


def _changed(statement: ast.stmt) -> frozenset[str]:
    """Return the names whose objects a statement changes, as far as its form shows it."""
    found: list[ast.expr] = []
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        found = [part for part in map(_called, statement.decorator_list) if part is not None]
    elif isinstance(statement, ast.Assign | ast.Delete):
        found = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        found = [statement.target]
    elif isinstance(statement, ast.Expr):
        called = _called(statement.value)
        found = [] if called is None else [called]
    return frozenset(_roots(found))


def _called(value: ast.expr) -> ast.expr | None:
    """Return the method in `x.method(…)`, perhaps awaited; a plain function changes nothing."""
    if isinstance(value, ast.Await):
        value = value.value
    while isinstance(value, ast.Call):
        value = value.func
    return value if isinstance(value, ast.Attribute) else None


def _roots(targets: Iterable[ast.expr]) -> Iterator[str]:
    """Yield `x` for each `x.y`, `x[y]` and `x.y[z].w` among the targets."""
    for target in targets:
        if isinstance(target, ast.Tuple | ast.List):
            yield from _roots(target.elts)
            continue
        root = target
        while isinstance(root, ast.Attribute | ast.Subscript | ast.Call):
            root = root.func if isinstance(root, ast.Call) else root.value
        if root is not target and isinstance(root, ast.Name):
            yield root.id


def _reads_at_once(statement: ast.stmt) -> set[str]:
    """Return the names that a statement reads when it runs, not when what it defines is called."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        parts: list[ast.AST] = [*statement.decorator_list, *statement.args.defaults]
    elif isinstance(statement, ast.ClassDef):
        parts = [*statement.decorator_list, *statement.bases]
    else:
        parts = [statement]
    names = [node for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)]
    return {node.id for node in names if isinstance(node.ctx, ast.Load)}


def _table(tree: ast.AST) -> symtable.SymbolTable:
    return symtable.symtable(ast.unparse(_Unawaited().visit(tree)), "<cell>", "exec")


class _Unawaited(ast.NodeTransformer):
    """Takes `await` and `async` away outside of functions, where symtable does not know them."""

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node

    def visit_Await(self, node: ast.Await) -> ast.AST:
        self.generic_visit(node)
        return node.value

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        self.generic_visit(node)
        return ast.For(node.target, node.iter, node.body, node.orelse, lineno=1)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        self.generic_visit(node)
        return ast.With(node.items, node.body, lineno=1)

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self.generic_visit(node)
        node.is_async = 0
        return node


def used(source: str) -> list[str]:
    """Return the global names that a text reads, in its functions too, as they come."""
    found: dict[str, None] = {}
    tables = [_table(ast.parse(source))]
    own = {s.get_name() for s in tables[0].get_symbols() if s.is_assigned() or s.is_imported()}
    while tables:
        table = tables.pop(0)
        for symbol in table.get_symbols():
            free = symbol.is_global() or table.get_type() == "module"
            if free and symbol.is_referenced() and symbol.get_name() not in own:
                found[symbol.get_name()] = None
        tables += table.get_children()
    return list(found)
