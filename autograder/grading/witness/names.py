"""Where the names in a check cell come from: the instructor's notebook, or the learner's.

A name that an answer cell of the source binds is the learner's, whatever else binds it.  A name
that one of the instructor's own cells binds is taken from there: the statement that binds it is
run here, with the statements that bind what it uses, and nothing else of the notebook is.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

__all__ = ("Given", "Needs", "bound", "needs", "used")

_BUILTINS = frozenset(dir(builtins)) | {"__name__", "get_ipython", "display"}


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
class _Binding:
    place: int
    statement: ast.stmt | None  # `None`: an answer cell


def needs(check: str, given: Sequence[Given]) -> Needs:
    """Return what the check cell needs of the cells before it."""
    bindings: dict[str, _Binding] = {}
    for place, (cell, statement) in enumerate(_statements(given)):
        for name in bound(statement):
            known = bindings.get(name)
            if known is None or known.statement is not None or cell.answer:
                bindings[name] = _Binding(place, None if cell.answer else statement)
    wanted = list(used(check))
    statements: dict[int, ast.stmt] = {}
    learners: list[str] = []
    seen: set[str] = set()
    while wanted:
        name = wanted.pop(0)
        if name in seen:
            continue
        seen.add(name)
        binding = bindings.get(name)
        if binding is None or binding.statement is None:
            if binding is not None or name not in _BUILTINS:
                learners.append(name)
        elif binding.place not in statements:
            statements[binding.place] = binding.statement
            wanted += used(ast.unparse(binding.statement))
    texts = tuple(ast.unparse(statements[place]) for place in sorted(statements))
    return Needs(texts, tuple(learners))


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
