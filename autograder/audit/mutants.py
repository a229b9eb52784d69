"""Mutants of an answer: the same syntax tree with one thing changed, as a slip of the pen would
change it."""

from __future__ import annotations

import ast
import copy
import difflib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from .slips import Slip, slips

Made = ast.AST | list[ast.stmt] | None


@dataclass(frozen=True)
class Mutant:
    """One mutant. kind: what was changed ("constant", "operator" …); change: its diff, lines with -
    and +."""

    answer: str
    kind: str
    change: str
    source: str

    @property
    def rank(self) -> str:
        """Orders mutants as if drawn at random, and always in the same way: samples stay when
        answers are added."""
        return hashlib.sha256(f"{self.answer}\0{self.change}".encode()).hexdigest()


def mutants(answer: str, source: str) -> list[Mutant]:
    """Every mutant of an answer's source that differs from it and from the others. Raises
    SyntaxError."""
    tree = ast.parse(source)
    before = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for index, slip in _everywhere(tree):
        after = ast.unparse(ast.fix_missing_locations(_changed(tree, index, slip)))
        if after != before and after not in found and _compiles(after):
            found[after] = Mutant(answer, slip.kind, diff(before, after), after)
    return list(found.values())


def sample(made: list[Mutant], most: int | None) -> list[Mutant]:
    """At most `most` of the mutants (None: all), drawn by their rank."""
    drawn = sorted(made, key=lambda mutant: mutant.rank)
    return drawn if most is None else drawn[:most]


def diff(before: str, after: str) -> str:
    """The lines that differ, with - and + before them."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return "\n".join(line for line in list(lines)[2:] if not line.startswith("@@"))


def _everywhere(tree: ast.Module) -> Iterator[tuple[int, Slip]]:
    for index, (node, surroundings) in enumerate(_nodes(tree)):
        for slip in slips(node, surroundings):
            yield index, slip


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """Each node with those that it is part of, the outermost first. A copy of the tree gives the
    same order."""

    def visit(
        node: ast.AST, inside: tuple[ast.AST, ...]
    ) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
        yield node, inside
        for child in ast.iter_child_nodes(node):
            yield from visit(child, (*inside, node))

    return visit(tree, ())


def _changed(tree: ast.Module, index: int, slip: Slip) -> ast.Module:
    fresh = copy.deepcopy(tree)
    target = next(node for i, (node, _) in enumerate(_nodes(fresh)) if i == index)
    _Replace(target, slip.make(target)).visit(fresh)
    return fresh


class _Replace(ast.NodeTransformer):
    """Puts something else in one node's place. A body that becomes empty gets a `pass`."""

    def __init__(self, target: ast.AST, new: Made):
        self.target, self.new = target, new

    def visit(self, node: ast.AST) -> Made:
        if node is self.target:
            return self.new
        node = self.generic_visit(node)
        if isinstance(node, ast.stmt) and getattr(node, "body", True) == []:
            setattr(node, "body", [ast.Pass()])  # noqa: B010  (only some statements have one)
        return node


def _compiles(source: str) -> bool:
    try:
        compile(source, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return False
    return True
