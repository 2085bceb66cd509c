"""Small, wrong changes to a solution: what a check has to notice.

A mutant's description is made of the code it changes, not of line numbers, so that it stays the
same while the rest of the solution changes.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ("Mutant", "mutants")

Change = tuple[str, ast.AST | list[ast.stmt]]
"""What is done, and what stands there instead of the node."""

_LONGEST = 90
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_OTHER: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_TWINS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_WRAPPERS = ("sorted", "reversed", "list", "tuple", "set", "dict", "str", "repr", "int", "float")


@dataclass(frozen=True)
class Mutant:
    """A changed solution."""

    description: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of a cell, each with a description of its own."""
    tree = ast.parse(source)
    found, times = [], Counter[str]()
    original = ast.unparse(tree)
    for path, node in _walk(tree):
        for what, instead in _changes(node):
            changed = _replaced(tree, path, instead)
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text == original:
                continue
            description = f"{what}: {_short(node)}"
            times[description] += 1
            if times[description] > 1:
                description += f" #{times[description]}"
            found.append(Mutant(description, text))
    return found


Path = tuple[tuple[str, int | None], ...]


def _walk(node: ast.AST, path: Path = ()) -> Iterator[tuple[Path, ast.AST]]:
    """Yield every node that may be changed, with the way to it from the top."""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns", "decorator_list", "type_comment"}:
            continue
        if isinstance(node, ast.JoinedStr | ast.FormattedValue) and field == "format_spec":
            continue
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(child, ast.AST) or _is_docstring(node, field, index):
                continue
            here = (*path, (field, index))
            if not (isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)):
                yield here, child
            yield from _walk(child, here)


def _is_docstring(node: ast.AST, field: str, index: int | None) -> bool:
    return (
        field == "body"
        and index == 0
        and isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and ast.get_docstring(node) is not None
    )


def _replaced(tree: ast.Module, path: Path, instead: ast.AST | list[ast.stmt]) -> ast.Module:
    """Return a copy of `tree` with something else at `path`."""
    tree = copy.deepcopy(tree)
    node: ast.AST = tree
    for field, index in path[:-1]:
        value = getattr(node, field)
        node = value if index is None else value[index]
    field, index = path[-1]
    if index is None:
        setattr(node, field, instead)
    elif isinstance(instead, list):
        getattr(node, field)[index : index + 1] = instead
    else:
        getattr(node, field)[index] = instead
    return tree


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _changes(node: ast.AST) -> Iterator[Change]:
    for kinds, changes in _OPERATORS:
        if isinstance(node, kinds):
            yield from changes(node)


def _statement(_node: ast.stmt) -> Iterator[Change]:
    yield "drop statement", [ast.Pass()]


def _return(node: ast.Return) -> Iterator[Change]:
    if node.value is not None:
        yield "return None", ast.Return(ast.Constant(None))


def _branch(node: ast.If) -> Iterator[Change]:
    yield "flip condition", _but(node, test=_not(node.test))
    yield "always", list(node.body)
    yield "never", list(node.orelse) or [ast.Pass()]


def _choice(node: ast.IfExp) -> Iterator[Change]:
    yield "always", node.body
    yield "never", node.orelse


def _while(node: ast.While) -> Iterator[Change]:
    yield "flip condition", _but(node, test=_not(node.test))
    yield "never", [ast.Pass()]


def _for(node: ast.For | ast.AsyncFor) -> Iterator[Change]:
    yield "no rounds", [ast.Pass()]
    yield "one round", _but(node, body=[*node.body, ast.Break()])


def _with(node: ast.With | ast.AsyncWith) -> Iterator[Change]:
    if all(item.optional_vars is None for item in node.items):
        yield "without", list(node.body)


def _try(node: ast.Try | ast.TryStar) -> Iterator[Change]:
    yield "without try", [*node.body, *node.orelse, *node.finalbody]
    if node.finalbody and node.handlers:
        yield "without finally", _but(node, finalbody=[])
    elif node.finalbody:
        yield "without finally", list(node.body)
    for index, handler in enumerate(node.handlers):
        name = f"except {_short(handler.type)}" if handler.type else "except"
        others = node.handlers[:index] + node.handlers[index + 1 :]
        if others:
            yield f"without {name}", _but(node, handlers=others)
        swapped = [*node.handlers]
        swapped[index] = _but(handler, body=[ast.Pass()])
        yield f"swallow in {name}", _but(node, handlers=swapped)
        swapped[index] = _but(handler, body=[ast.Raise()])
        yield f"raise again in {name}", _but(node, handlers=swapped)
        if _short(handler.type) == "Exception" if handler.type else False:
            swapped[index] = _but(handler, type=ast.Name("BaseException", ast.Load()))
            yield f"catch everything in {name}", _but(node, handlers=swapped)


def _await(node: ast.Await) -> Iterator[Change]:
    yield "drop await", node.value
    call = node.value
    if isinstance(call, ast.Call) and ast.unparse(call.func) in {"asyncio.gather", "gather"}:
        serial = _serial(call)
        if serial is not None:
            yield "one after another", serial
    if isinstance(call, ast.Call) and ast.unparse(call.func) == "asyncio.to_thread":
        yield "not in a thread", ast.Call(call.args[0], call.args[1:], call.keywords)


def _serial(call: ast.Call) -> ast.expr | None:
    if len(call.args) == 1 and isinstance(call.args[0], ast.Starred):
        return _parsed(f"[await one for one in {ast.unparse(call.args[0].value)}]")
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    return ast.List([ast.Await(argument) for argument in call.args], ast.Load())


def _call(node: ast.Call) -> Iterator[Change]:
    name = ast.unparse(node.func)
    plain = not any(isinstance(argument, ast.Starred) for argument in node.args)
    if plain and len(node.args) > 1:
        for i in range(len(node.args) - 1):
            swapped = [*node.args]
            swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
            if ast.dump(swapped[i]) != ast.dump(swapped[i + 1]):
                yield f"swap arguments {i + 1} and {i + 2}", _but(node, args=swapped)
    for index, keyword in enumerate(node.keywords):
        others = node.keywords[:index] + node.keywords[index + 1 :]
        shown = f"{keyword.arg}=" if keyword.arg else "**"
        yield f"drop {shown}", _but(node, keywords=others)
    if name in {"asyncio.gather", "gather"} and not node.keywords:
        flag = ast.keyword("return_exceptions", ast.Constant(value=True))
        yield "return_exceptions=True", _but(node, keywords=[flag])
    if name in _TWINS:
        yield f"{_TWINS[name]} instead", _but(node, func=ast.Name(_TWINS[name], ast.Load()))
    if name in _WRAPPERS and plain and len(node.args) == 1 and not node.keywords:
        yield f"without {name}()", node.args[0]
    if name in {"asyncio.wait_for", "asyncio.shield"}:
        yield f"without {name}", node.args[0]
    if isinstance(node.func, ast.Attribute) and node.func.attr == "run" and len(node.args) > 1:
        yield "called directly", ast.Call(node.args[0], node.args[1:], node.keywords)


def _compare(node: ast.Compare) -> Iterator[Change]:
    for index, operator in enumerate(node.ops):
        ops = [*node.ops]
        ops[index] = _OPPOSITE[type(operator)]()
        yield f"other comparison {index + 1}", _but(node, ops=ops)
        if isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            ops = [*node.ops]
            ops[index] = ast.GtE() if isinstance(operator, ast.Lt | ast.LtE) else ast.LtE()
            yield f"turn comparison {index + 1}", _but(node, ops=ops)


def _bool(node: ast.BoolOp) -> Iterator[Change]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield "and/or", _but(node, op=other)
    for index in range(len(node.values)):
        rest = node.values[:index] + node.values[index + 1 :]
        yield f"without part {index + 1}", rest[0] if len(rest) == 1 else _but(node, values=rest)


def _unary(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield "drop sign", node.operand


def _binary(node: ast.BinOp) -> Iterator[Change]:
    if type(node.op) in _OTHER:
        yield "other operator", _but(node, op=_OTHER[type(node.op)]())


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield f"{not value} instead", ast.Constant(not value)
    elif isinstance(value, int):
        yield "one more", ast.Constant(value + 1)
        yield "one less", ast.Constant(value - 1)
    elif isinstance(value, float):
        yield "twice as much", ast.Constant(value * 2 or 1.0)
    elif isinstance(value, str) and value:
        yield "empty text", ast.Constant("")


def _joined(_node: ast.JoinedStr) -> Iterator[Change]:
    yield "empty text", ast.Constant("")


def _formatted(_node: ast.FormattedValue) -> Iterator[Change]:
    yield "left out of the text", ast.Constant("")


def _comprehension(node: ast.comprehension) -> Iterator[Change]:
    for index in range(len(node.ifs)):
        yield (
            f"without filter {index + 1}",
            _but(node, ifs=node.ifs[:index] + node.ifs[index + 1 :]),
        )


def _slice(node: ast.Subscript) -> Iterator[Change]:
    if isinstance(node.slice, ast.Slice) and isinstance(node.ctx, ast.Load):
        yield "without slice", node.value


def _dict(node: ast.Dict) -> Iterator[Change]:
    for index, key in enumerate(node.keys):
        yield (
            f"without {_short(key) if key else '**'}",
            ast.Dict(
                node.keys[:index] + node.keys[index + 1 :],
                node.values[:index] + node.values[index + 1 :],
            ),
        )


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _but(node: ast.AST, **fields: object) -> ast.AST:
    """Return a copy of one node with some fields changed."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


_Operator = tuple[type | tuple[type, ...], Callable[..., Iterator[Change]]]
_OPERATORS: tuple[_Operator, ...] = (
    (
        (
            ast.Expr,
            ast.Assign,
            ast.AnnAssign,
            ast.AugAssign,
            ast.Raise,
            ast.Delete,
            ast.Break,
            ast.Continue,
            ast.Assert,
        ),
        _statement,
    ),
    (ast.Return, _return),
    (ast.If, _branch),
    (ast.IfExp, _choice),
    (ast.While, _while),
    ((ast.For, ast.AsyncFor), _for),
    ((ast.With, ast.AsyncWith), _with),
    ((ast.Try, ast.TryStar), _try),
    (ast.Await, _await),
    (ast.Call, _call),
    (ast.Compare, _compare),
    (ast.BoolOp, _bool),
    (ast.UnaryOp, _unary),
    (ast.BinOp, _binary),
    (ast.Constant, _constant),
    (ast.JoinedStr, _joined),
    (ast.FormattedValue, _formatted),
    (ast.comprehension, _comprehension),
    (ast.Subscript, _slice),
    (ast.Dict, _dict),
)
