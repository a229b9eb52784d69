"""Which of the files that came is which notebook: told by the cells they share with the masters;
names decide only among equals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..assignment.exam import Exam, ExamNotebook
from ..text import one_line
from .answers import answer_cells
from .candidates import Candidate, candidates_in
from .entries import MAX_SENTENCES, Entries
from .names import imports_of


@dataclass
class Choice:
    """What counts as one notebook: a file's bytes or None, with sentences on it; `review` are those
    that a person must look at."""

    data: bytes | None = None
    file: str = ""
    incidents: list[str] = field(default_factory=list)
    review: list[str] = field(default_factory=list)

    def doubt(self, sentence: str) -> None:
        self.incidents.append(sentence)
        self.review.append(sentence)


def choose(
    exam: Exam, entries: Entries, take: Mapping[str, str] | None = None
) -> tuple[dict[str, Choice], list[str]]:
    """{notebook: what counts as it}, and sentences on what belongs to none. `take`: {notebook:
    file} that an instructor has named."""
    candidates, strange = candidates_in(exam, entries)
    shown = {entry.name: entry.shown for entry in entries.files}
    closed = {name: why for name, why in entries.closed.items() if name != "timestamp.txt"}
    unused = [f"{shown[name]} ({why})" for name, why in strange.items()]
    unused += [f"{one_line(name, 120)} ({why})" for name, why in closed.items()]
    if not candidates:
        unused += [f"{name} (a picture)" for name in entries.pictures]
    choices = {}
    for notebook in exam.notebooks:
        named_file = (take or {}).get(notebook.name)
        if named_file is not None:
            choices[notebook.name] = _taken(notebook, named_file, entries, candidates)
        else:
            own = [c for c in candidates if notebook.name in c.answers]
            choices[notebook.name] = _best(notebook, own, unused)
            _own_files(own, entries, choices[notebook.name])
    used = {choice.file for choice in choices.values()}
    left = [f"{shown[n]} was not used: {why}." for n, why in strange.items() if n not in used]
    return choices, _some([*left, *entries.sentences()])


def _or(files: list[str]) -> str:
    return ", or ".join(files[:3]) + (", or in one of the others" if len(files) > 3 else "")


def _some(sentences: list[str]) -> list[str]:
    more = len(sentences) - MAX_SENTENCES
    return sentences[:MAX_SENTENCES] + ([f"{more} more were left out."] if more > 0 else [])


def _best(notebook: ExamNotebook, own: list[Candidate], unexplained: list[str]) -> Choice:
    choice = Choice()
    if not own:
        choice.incidents.append("The notebook is missing: it counts as empty.")
        if unexplained:
            choice.incidents.clear()
            choice.doubt(f"The notebook did not come. It may be in {_or(unexplained)}.")
        return choice
    answers = {id(c): c.answers[notebook.name] for c in own}
    plain = f"{notebook.name}.ipynb"

    def worth(c: Candidate) -> tuple:
        found = answers[id(c)]
        whole = not c.submission.review and not c.incidents
        return len(found) > 0, not c.shadow, len(found), whole, c.entry.name == plain, c.entry.time

    best = max(own, key=worth)
    choice.data, choice.file = best.data, best.entry.name
    if best.entry.name != plain:
        choice.incidents.append(
            f"{best.entry.shown} was taken for {plain} (if that is wrong: `ntk settle … --take`)."
        )
    choice.incidents += best.incidents
    for sentence in best.doubts:
        choice.doubt(sentence)
    for other in own:
        if other is not best:
            _compare(notebook, best, other, choice)
    open_ = [place for place in answer_cells(notebook) if place not in answers[id(best)]]
    if unexplained and open_:
        choice.doubt(f"Not answered: {', '.join(open_)}. It may be in {_or(unexplained)}.")
    return choice


def _own_files(own: list[Candidate], entries: Entries, choice: Choice) -> None:
    """Answers that lie in other files of the student's, which are not there when they run."""
    others = [e for e in entries.files if e.name != choice.file]
    modules = {
        part for e in others if e.path.suffix == ".py" for part in e.path.with_suffix("").parts
    }
    cells = next((c.submission.cells for c in own if c.entry.name == choice.file), [])
    code = [cell.source for cell in cells if cell.type == "code"]
    used = {name for source in code for name in imports_of(source)} & modules
    used |= {
        e.path.name for e in others if len(e.path.name) > 3 and any(e.path.name in x for x in code)
    }
    for name in sorted(used):
        choice.doubt(
            f"It uses {one_line(name, 80)}, a file of the student's own: only notebooks run."
        )


def _compare(notebook: ExamNotebook, best: Candidate, other: Candidate, choice: Choice) -> None:
    """What the file that was not taken holds besides."""
    ours, theirs = best.answers[notebook.name], other.answers[notebook.name]
    more = sorted(set(theirs) - set(ours))
    differs = sorted(key for key in set(theirs) & set(ours) if theirs[key] != ours[key])
    if more or (differs and not other.shadow):
        what = [f"also answers {', '.join(more)}"] if more else []
        what += [f"answers {', '.join(differs)} otherwise"] if differs else []
        choice.doubt(f"{other.entry.shown} was left out, but {' and '.join(what)}.")
    elif not other.shadow:
        choice.incidents.append(f"{other.entry.shown} adds nothing to it: it was left out.")


def _taken(
    notebook: ExamNotebook, name: str, entries: Entries, candidates: list[Candidate]
) -> Choice:
    """The file that an instructor has named, whatever it holds."""
    for candidate in candidates:
        if candidate.entry.name == name:
            return Choice(candidate.data, name, [f"{candidate.entry.shown} was taken, as settled."])
    for entry in entries.files:
        if entry.name == name:
            return Choice(entry.data, name, [f"{entry.shown} was taken, as settled."])
    return Choice(None, "", [f"The file that was settled on for {notebook.name} is gone."])
