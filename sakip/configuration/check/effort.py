"""WF202, WF240, WF241: what a what-if names, efforts that are no whole number from 1, criteria without one."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.definitions.model import Text
from engine.definitions.source import DECIMAL, INTEGER, MAP, NULL, TEXT, Entry, Node
from sakip.configuration.check.around import Around
from sakip.configuration.check.findings import ANY, BELOW, Cause, Findings, Path
from sakip.configuration.check.framework import CRITERION, SUB_COMPONENT
from sakip.configuration.check.look import entries, entry_at, names, text
from sakip.configuration.check.sheet import Part, parts_of
from sakip.configuration.check.tiers import TIER
from sakip.configuration.heads import EVALUATION
from sakip.configuration.patterns import ANY_TEXT, pattern_of

RUBRIC, PREDICATE = Text("evaluasi", "evaluation"), Text("predikat", "predicate")
PATH = Text("kriteria atau subkomponen", "criterion or sub-component")
NEXT = "next"
MOST_NAMED = 5
PRICED = ("default", "evidence_item")


def check_goal(root: Node, around: Around, found: Findings) -> None:
    """The rubric, the tiers and the predicate that are named."""
    at = root.get("evaluation")
    found.known(at, RUBRIC, around.evaluations)
    rubric = _rubric(root, around)
    if rubric is None:
        return
    for name in ("tier", "fallback"):
        found.known(root.get("start", name), TIER, entries(rubric, "tiers"), Cause(("tiers",), EVALUATION))
    goal = root.get("goal")
    if text(goal) != NEXT:
        rows = entries(rubric, "predicate", "rows")
        found.known(goal, PREDICATE, [*rows, NEXT], Cause(("predicate", "rows"), EVALUATION))


def _rubric(root: Node, around: Around) -> Node | None:
    """The evaluation a what-if is about; one that names none is about the only one there is."""
    named = root.get("evaluation")
    if named is None or named.kind == NULL:
        return next(iter(around.evaluations.values())) if len(around.evaluations) == 1 else None
    return around.evaluations.get(text(named) or "")


def check_prices(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """A step costs a whole number from 1, and so does the factor of the last one (WF240)."""
    for place, effort in _efforts(root):
        _check_whole(effort.value.entries.get("step"), (*place, "step"), found)
    _check_whole(entry_at(root, "effort", "last_step"), ("effort", "last_step"), found)


def _efforts(root: Node) -> Iterator[tuple[Path, Entry]]:
    given = entries(root, "effort")
    for name in PRICED:
        if name in given:
            yield ("effort", name), given[name]
    for name in ("sub_components", "criteria"):
        for key, entry in entries(root, "effort", name).items():
            yield ("effort", name, key), entry


def _check_whole(entry: Entry | None, place: Path, found: Findings) -> None:
    if entry is None or (entry.value.kind == INTEGER and entry.value.value >= 1) or entry.value.value is None:
        return
    written = f' "{entry.value.value}"' if entry.value.kind in (INTEGER, DECIMAL, TEXT) else ""
    found.add(
        "WF240",
        entry.value,
        f"Upaya harus bilangan bulat mulai dari 1, bukan{written or ' ini'}.",
        f"An effort is a whole number from 1, not{written or ' this'}.",
        [place],
    )


def check_paths(root: Node, around: Around, found: Findings) -> None:
    """Paths of the rubric that efforts and ``fixed`` name, where a part stands for all that is in it and ``*``
    for any text (WF240)."""
    rubric = _rubric(root, around)
    if rubric is None:
        return
    parts = parts_of(rubric)
    subs, criteria = [part.path for part in parts], [one.path for part in parts for one in part.questions]
    for what, section, known in ((SUB_COMPONENT, "sub_components", subs), (CRITERION, "criteria", criteria)):
        for entry in entries(root, "effort", section).values():
            _check_path(entry.key, what, known, ("effort", section, entry.name), found)
    wholes = list(dict.fromkeys(part.component for part in parts))
    every = [*criteria, *subs, *wholes]
    for at in names(root.get("fixed")):
        path = str(at.value)
        if ANY_TEXT not in path or not any(map(pattern_of(path).fullmatch, every)):
            _check_path(at, CRITERION, every, ("fixed",), found)


def _check_path(at: Node, what: Text, known: Collection[str], place: Path, found: Findings) -> None:
    if str(at.value) in known:
        return
    parts = str(at.value).split(".")
    removed: list[Path] = [("components", *parts[:1])]
    if len(parts) > 1:
        removed.append((*removed[0], "sub_components", parts[1]))
    if len(parts) > 2:
        removed.append((*removed[1], "criteria", parts[2]))
    causes = [Cause(path, EVALUATION) for path in removed]
    found.unknown(at, what, known, [place, *causes, Cause(("evaluation",))], code="WF240")


def _has_one_grade(part: Part, around: Around) -> bool:
    scoring = around.kinds.scorings.get(part.scoring or "")
    return scoring is not None and scoring.has_one_grade


def check_defaults(root: Node, around: Around, found: Findings) -> None:
    """Criteria that are asked and cost what ``default`` says (WF241); one finding names them."""
    rubric = _rubric(root, around)
    at = entry_at(root, "effort", "default")
    if rubric is None or at is None or at.value.kind != MAP:
        return
    priced = {*entries(root, "effort", "sub_components"), *entries(root, "effort", "criteria")}
    left: list[str] = []
    causes: list[Path | Cause] = [("effort", "sub_components", ANY), ("effort", "criteria", ANY)]
    for part in parts_of(rubric):
        if part.path in priced:
            continue
        if _has_one_grade(part, around):
            asked = [part.path] if part.active() else []
        else:
            asked = [one.path for one in part.active() if not one.is_answered_by_evidence and one.path not in priced]
        if asked:
            left += asked
            causes.append(Cause((*part.place, BELOW), EVALUATION))
    if not left:
        return
    shown, more = ", ".join(left[:MOST_NAMED]), len(left) - MOST_NAMED
    found.add(
        "WF241",
        at.key,
        f"Hanya upaya bawaan yang berlaku untuk {shown}{f' dan {more} lagi' if more > 0 else ''}.",
        f"Only the default effort counts for {shown}{f' and {more} more' if more > 0 else ''}.",
        causes,
    )
