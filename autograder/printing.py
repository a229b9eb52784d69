"""What commands print: tables that fit a terminal and a log, and JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

LOG_WIDTH = 160  # characters, where no terminal says how wide it is

Column = tuple[str, Literal["left", "right"]]


def console() -> Console:
    """Standard output, as wide as the terminal, or wide enough for a table in a log."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else LOG_WIDTH)


def table(*columns: Column, title: str | None = None, **looks: Any) -> Table:
    """An empty table of columns (head, side). looks: what rich's Table is told besides."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, title=title, pad_edge=False, **looks)
    for head, side in columns:
        made.add_column(head, justify=side)
    return made


def print_json(body: Any) -> None:
    """JSON alone, on standard output."""
    json.dump(body, sys.stdout, indent=1)
    print()
