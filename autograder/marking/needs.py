"""Which demonstration cells have to run for the answers' sake: those whose work a student's cell,
or another cell that runs, may come upon. In doubt a cell runs."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping, Sequence

from nbformat import NotebookNode

from ..assignment.exam import ExamCell, Kind
from .syntax import Facts, facts

_BUILTINS = frozenset(dir(builtins))


def left_out(notebook: NotebookNode, known: Mapping[str, ExamCell]) -> frozenset[str]:
    """The ids of the demonstration cells of a rebuilt notebook that nothing else needs. `known`:
    the master's cells by their ids; a cell that is not among them is the student's own."""
    return _Needs(notebook, known).left_out()


def may_set(sources: Sequence[str], error: str) -> bool:
    """Whether one of these cells may set the name that a NameError speaks of; in doubt they may."""
    found = re.search(r"name '(\w+)' is not defined", error)
    return any(
        found is None or f.opaque or found[1] in f.sets for f in map(facts, sources) if f != Facts()
    )


class _Needs:
    def __init__(self, notebook: NotebookNode, known: Mapping[str, ExamCell]):
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        self.ids = [cell.id for cell in cells]
        self.kinds = [known[cell.id].kind if cell.id in known else None for cell in cells]
        self.facts = [_facts(cell, known.get(cell.id)) for cell in cells]
        self.last = max(
            (i for i, kind in enumerate(self.kinds) if kind is not Kind.DEMONSTRATION), default=-1
        )
        self.imports = frozenset().union(*(f.imports for f in self.facts))
        defined = frozenset().union(*(f.defines for f in self.facts))
        # objects that somebody may have made and somebody else may change
        self.objects = (
            frozenset().union(
                *(
                    f.sets
                    for f, kind in zip(self.facts, self.kinds, strict=True)
                    if kind is not Kind.SETUP
                )
            )
            - defined
        )

    def left_out(self) -> frozenset[str]:
        students = [f for f, kind in zip(self.facts, self.kinds, strict=True) if _students(kind)]
        if any(f.opaque for f in students):
            return frozenset()
        waiting = [
            i
            for i, kind in enumerate(self.kinds)
            if kind is Kind.DEMONSTRATION and not self._reaches_far(i)
        ]
        while True:
            needed = [i for i in waiting if self._wanted(i, waiting)]
            if not needed:
                return frozenset(self.ids[i] for i in waiting)
            waiting = [i for i in waiting if i not in needed]

    def _wanted(self, i: int, waiting: list[int]) -> bool:
        """Whether a cell that runs may read what cell i sets or changes."""
        running = [j for j in range(len(self.facts)) if j not in waiting]
        if any(self.facts[j].opaque for j in running if j > i and j <= self.last):
            return True
        reads = frozenset().union(*(self.facts[j].reads for j in running if j > i))
        later = frozenset().union(*(self.facts[j].later for j in running))
        return bool((reads | later) & (self.facts[i].sets | self._changes(self.facts[i])))

    def _changes(self, f: Facts) -> frozenset[str]:
        """The names whose objects a cell may change: in so many words, or by a call that is made
        for its effect or goes to a function of this notebook's own. An imported function is taken
        to leave its arguments alone, and what the setup made to be changed in so many words only.
        """
        methods = f.methods - self.imports
        alters = bool(f.stores or methods or f.calls - self.imports - _BUILTINS)
        return f.stores | methods | (f.reads & self.objects if alters else frozenset())

    def _reaches_far(self, i: int) -> bool:
        """Whether demonstration i has effects beyond names, and somebody is there to meet them."""
        f = self.facts[i]
        after = [
            j
            for j in range(i + 1, self.last + 1)
            if _students(self.kinds[j]) or self.kinds[j] in (Kind.CHECKPOINT, Kind.TEST)
        ]
        if not after:
            return False
        if f.opaque or f.writes or f.defaults & self.imports or f.stores & self.imports:
            return True
        called = self._called(f)
        if any(g.writes or g.defaults & self.imports for g in called):
            return True
        if not any(g.seeding & self.imports for g in [f, *called]):
            return False
        return any(
            self.facts[j].acts and not self._seeded_between(i, j)
            for j in after
            if _students(self.kinds[j])
        )

    def _seeded_between(self, i: int, j: int) -> bool:
        return any(
            self.kinds[k] is Kind.SETUP and self.facts[k].seeding & self.imports
            for k in range(i + 1, j)
        )

    def _called(self, f: Facts) -> list[Facts]:
        """The cells that define the functions which a cell calls, and what those call in turn."""
        found: list[Facts] = []
        names = f.calls
        while more := [g for g in self.facts if g not in found and names & g.defines - g.imports]:
            found += more
            names = frozenset().union(names, *(g.calls for g in more))
        return found


def _facts(cell: NotebookNode, master: ExamCell | None) -> Facts:
    """A check is not the notebook's code; an ordinary test is, in plain Python."""
    if master is None or master.kind is not Kind.TEST:
        return facts(cell.source)
    return facts(master.test.source) if master.test else Facts()


def _students(kind: Kind | None) -> bool:
    return kind is None or kind in (Kind.SOLUTION, Kind.MANUAL)
