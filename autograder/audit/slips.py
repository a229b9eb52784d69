"""What a slip of the pen makes of one node of a syntax tree: a sign, a factor, a forgotten line,
two names exchanged.

Libraries for mutation testing were looked at first. mutmut rewrites whole modules and leaves out
decorated functions and code outside of functions (some answers are nothing else);
cosmic-ray mutates strings of code, but knows no dropped statement, no exchanged arguments or names,
and changes numbers by one only. Both bring a session database.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Surroundings = tuple[ast.AST, ...]


@dataclass(frozen=True)
class Slip:
    """A change: its kind, and a function that makes the new node (or statements, or None for
    nothing) of the old, which is of the kind that it was made for."""

    kind: str
    make: Callable[[Any], ast.AST | list[ast.stmt] | None]


OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
}
COMPARISONS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
NOT_COMMUTING = (ast.Sub, ast.Div, ast.MatMult, ast.Pow)
PAIRS = (
    ("sum", "mean"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("argmax", "argmin"),
    ("sin", "cos"),
    ("zeros", "ones"),
    ("arccos", "arcsin"),
    ("acos", "asin"),
    ("floor", "ceil"),
    ("mse_loss", "l1_loss"),
    ("MSELoss", "L1Loss"),
    ("zeros_", "ones_"),
    ("eigh", "eig"),
    ("xavier_normal_", "xavier_uniform_"),
    ("SGD", "Adam"),
    ("solve", "lstsq"),
    ("row_stack", "column_stack"),
    ("vstack", "hstack"),
    ("mul_", "div_"),
    ("add_", "sub_"),
)
RELATED = {a: b for pair in PAIRS for a, b in (pair, pair[::-1])}
DROPPED = (ast.Expr, ast.Assign, ast.AugAssign, ast.For, ast.While, ast.Break, ast.Continue)


def slips(node: ast.AST, inside: Surroundings) -> Iterator[Slip]:
    """The changes that can be made to `node`, which is part of the nodes `inside` (the outermost
    first)."""
    for maker in MAKERS:
        yield from maker(node, inside)


def _field(kind: str, name: str, value: Any) -> Slip:
    """Set one field of the node."""

    def make(node: ast.AST) -> ast.AST:
        setattr(node, name, value(node) if callable(value) else value)
        return node

    return Slip(kind, make)


def operators(node: ast.AST, inside: Surroundings) -> Iterator[Slip]:
    if isinstance(node, ast.BinOp):
        for other in OPERATORS.get(type(node.op), ()):
            yield _field("operator", "op", other())
        yield Slip("operand dropped", lambda n: n.left)
        yield Slip("operand dropped", lambda n: n.right)
        if isinstance(node.op, NOT_COMMUTING):
            yield Slip("operands exchanged", lambda n: ast.BinOp(n.right, n.op, n.left))
    elif isinstance(node, ast.AugAssign):
        for other in OPERATORS.get(type(node.op), ()):
            yield _field("operator", "op", other())
        yield Slip("operator", lambda n: ast.Assign([n.target], n.value))
    elif isinstance(node, ast.UnaryOp):
        yield Slip("sign", lambda n: n.operand)
    elif isinstance(node, ast.BoolOp):
        yield _field("operator", "op", ast.And() if isinstance(node.op, ast.Or) else ast.Or())


def comparisons(node: ast.AST, inside: Surroundings) -> Iterator[Slip]:
    if isinstance(node, ast.Compare):
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield _field("comparison", "ops", lambda n, other=other: [other(), *n.ops[1:]])


def constants(node: ast.AST, inside: Surroundings) -> Iterator[Slip]:
    if not isinstance(node, ast.Constant) or isinstance(node.value, str | bytes | None | type(...)):
        return
    value: Any = node.value
    others: set[Any]
    if isinstance(value, bool):
        others = {not value}
    elif isinstance(value, int):
        others = {value + 1, value - 1, 2 * value, 0, value // 2 if value > 3 else value}
    else:
        others = {2 * value, value / 2, value + 1, -value, 0.0}
    for other in sorted(others - {value}):
        yield _field("constant", "value", other)


def statements(node: ast.AST, inside: Surroundings) -> Iterator[Slip]:
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, DROPPED) and not docstring:
        yield Slip("statement dropped", lambda n: None)
    if isinstance(node, ast.Return) and node.value is not None:
        yield _field("statement dropped", "value", None)
    if isinstance(node, ast.If):
        yield Slip("condition dropped", lambda n: n.body)
        yield Slip("condition dropped", lambda n: n.orelse or None)
    if isinstance(node, ast.With):
        yield Slip("with dropped", lambda n: n.body)
    if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.decorator_list:
        yield _field("decorator dropped", "decorator_list", lambda n: [])
    if isinstance(node, ast.IfExp):
        yield Slip("condition dropped", lambda n: n.body)
        yield Slip("condition dropped", lambda n: n.orelse)


def calls(node: ast.AST, inside: Surroundings) -> Iterator[Slip]:
    if not isinstance(node, ast.Call):
        return
    for i in range(len(node.args) - 1):
        yield _field("arguments exchanged", "args", lambda n, i=i: _exchanged(n.args, i))
    if len(node.args) > 1:
        yield _field("argument dropped", "args", lambda n: n.args[:-1])
    for i in range(len(node.keywords)):
        yield _field(
            "argument dropped", "keywords", lambda n, i=i: n.keywords[:i] + n.keywords[i + 1 :]
        )
    if len(node.args) == 1 and not node.keywords:
        yield Slip("call dropped", lambda n: n.args[0])
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        yield Slip("call dropped", lambda n: n.func.value)
    if isinstance(node.func, ast.Name) and node.func.id == "range" and len(node.args) == 1:
        yield _field("range", "args", lambda n: [ast.BinOp(n.args[0], ast.Sub(), ast.Constant(1))])
        yield _field("range", "args", lambda n: [ast.BinOp(n.args[0], ast.Add(), ast.Constant(1))])
        yield _field("range", "args", lambda n: [ast.Constant(1), n.args[0]])


def _exchanged(items: list, i: int) -> list:
    return [*items[:i], items[i + 1], items[i], *items[i + 2 :]]


def _is_module(node: ast.AST) -> bool:
    """np, torch.linalg, nn.init …: what stands before the dot is no value."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in {
        "np",
        "numpy",
        "torch",
        "nn",
        "F",
        "optim",
        "math",
    }


def names(node: ast.AST, inside: Surroundings) -> Iterator[Slip]:
    if isinstance(node, ast.Attribute):
        if node.attr in RELATED:
            yield _field("related function", "attr", RELATED[node.attr])
        if node.attr in ("T", "mT"):
            yield Slip("transposition dropped", lambda n: n.value)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        if (
            node.id in RELATED
            and inside
            and isinstance(inside[-1], ast.Call)
            and inside[-1].func is node
        ):
            yield _field("related function", "id", RELATED[node.id])
        function = next((n for n in reversed(inside) if isinstance(n, ast.FunctionDef)), None)
        parameters = [a.arg for a in function.args.args if a.arg != "self"] if function else []
        if node.id in parameters and len(parameters) > 1:
            after = parameters[(parameters.index(node.id) + 1) % len(parameters)]
            yield _field("parameters exchanged", "id", after)


def subscripts(node: ast.AST, inside: Surroundings) -> Iterator[Slip]:
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield Slip("index dropped", lambda n: n.value)
        if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
            yield _field(
                "index", "slice", lambda n: ast.Tuple(copy.copy(n.slice.elts[::-1]), ast.Load())
            )


MAKERS = (operators, comparisons, constants, statements, calls, names, subscripts)
