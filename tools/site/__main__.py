"""Make the course's pages: `python -m tools.site`, which `make site` calls.

Nothing is run and nothing is loaded from a network. What is shown comes from `release/`, the
outputs of given cells from `source/`; the site is put in its place when it is whole.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

from .addresses import check
from .bundle import ROOT
from .errors import BuildError
from .source import assemble

# what each has to be told
AUDIENCES = {
    "students": "",
    "instructors": "These pages give answers away: `make site` makes the students' in their place.",
}
MARK = ".ntk-site"  # so that no other folder is ever replaced


def build(out: Path, audience: str, addresses: Path) -> None:
    """Make the site in `out`, which is replaced if it is an earlier one. Raises BuildError."""
    try:
        _build(out.resolve(), audience, addresses)
    except OSError as error:
        raise BuildError(f"{error.filename or out}: {error.strerror or error}.") from None


def _build(out: Path, audience: str, addresses: Path) -> None:
    if out.exists() and not (out / MARK).is_file() and any(out.iterdir()):
        raise BuildError(f"{out} holds something else than a site: name an empty folder.")
    check(addresses)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".site-") as name:
        work = Path(name)
        assemble(work / "source", audience)
        _sphinx(work, audience, addresses)
        (work / "html" / MARK).touch()
        if out.exists():
            out.rename(work / "before")
        (work / "html").rename(out)


def _sphinx(work: Path, audience: str, addresses: Path) -> None:
    options = ["-q", "-W", "--keep-going", "-b", "html", "-t", audience]
    options += ["-d", str(work / "doctrees")]
    options += ["-D", f"addresses={addresses.resolve()}"]
    command = [sys.executable, "-m", "sphinx", *options, str(work / "source"), str(work / "html")]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if run.returncode != 0:
        print(run.stderr.replace(f"{work}/", ""), file=sys.stderr)
        raise BuildError("Sphinx has warnings, which stand above: mend the pages that it names.")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.site", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--audience", default="students", help="students (default) or instructors")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "build" / "site", help="where to (default: build/site)"
    )
    parser.add_argument(
        "--addresses",
        type=Path,
        default=ROOT / "site" / "addresses.toml",
        help="where notebooks can be opened (default: site/addresses.toml)",
    )
    options = parser.parse_args(argv)
    began = monotonic()
    try:
        if options.audience not in AUDIENCES:
            choices = " or ".join(AUDIENCES)
            raise BuildError(f"No audience is called {options.audience!r}: choose {choices}.")
        build(options.out, options.audience, options.addresses)
    except BuildError as error:
        print(f"site: {error}", file=sys.stderr)
        return 1
    print(f"{options.out / 'index.html'}, for {options.audience}, in {monotonic() - began:.0f} s")
    if AUDIENCES[options.audience]:
        print(AUDIENCES[options.audience])
    return 0


if __name__ == "__main__":
    sys.exit(main())
