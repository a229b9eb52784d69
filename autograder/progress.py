"""Long work says how far it is: a bar in a terminal, in a log a line now and then."""

from __future__ import annotations

from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

LINE_SECONDS = 20.0  # between two lines where there is no terminal


class Telling:
    """Progress of one or several stages, one after the other. Use it as a context.

    threads: False keeps rich from starting one; a process that forks must have none.
    """

    def __init__(self, console: Console, *, threads: bool = True):
        self.console = console
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[remark]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            auto_refresh=threads,
        )
        self.task: TaskID | None = None
        self.stage, self.said, self.began = "", 0.0, 0.0

    def __enter__(self) -> Telling:
        if self.console.is_terminal:
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.console.is_terminal:
            self.bar.stop()

    def progress(self, stage: str, done: int, total: int, remark: str = "") -> None:
        """`done` of `total` of this stage (0: nobody knows how much there is)."""
        now, fresh = monotonic(), stage != self.stage
        if fresh:
            self.stage, self.began = stage, now
        if self.console.is_terminal:
            if fresh or self.task is None:
                self.task = self.bar.add_task(stage, total=total or None, remark=remark)
            self.bar.update(self.task, completed=done, total=total or None, remark=remark)
            self.bar.refresh()
        elif fresh or done == total or now - self.said > LINE_SECONDS:
            self.said = now
            self.console.print(self._line(done, total, remark, now), markup=False, highlight=False)

    def _line(self, done: int, total: int, remark: str, now: float) -> str:
        if not total:
            return f"{self.stage} …"
        left = (now - self.began) / done * (total - done) if done else 0.0
        rest = [remark] if remark else []
        rest += [f"about {left:.0f} s left"] if left else []
        return f"{self.stage}: {done} of {total}" + (f" ({', '.join(rest)})" if rest else "")
