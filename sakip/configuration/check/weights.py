"""WF220, WF221, WF222, WF224: sums of a worksheet that do not add up, sub-components with nothing to ask."""

from __future__ import annotations

from fractions import Fraction

from engine.definitions.source import Node
from sakip.configuration.check.around import Around
from sakip.configuration.check.findings import ANY, Findings, Path
from sakip.configuration.check.look import entries, entry_at, number, shown
from sakip.configuration.check.sheet import Part, Question, components_of, parts_of, subjects_of
from sakip.configuration.evaluation import POINTS

WEIGHT = "weight"
_SUBJECT = {"region": ("daerah", "a region"), "unit": ("perangkat daerah", "a unit")}


def check_sums(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """Sub-components add up to their component (WF221), components to the predicate's maximum (WF220)."""
    uneven = [key for key, _ in components_of(root) if _is_uneven(root, key, found)]
    components = components_of(root)
    maximum = number(root.get("predicate", "maximum"))
    weights = [number(entry.value.get(WEIGHT)) for _, entry in components]
    if maximum is None or None in weights:
        return
    total = sum((weight for weight in weights if weight is not None), Fraction(0))
    if total == maximum:
        return
    because: list[Path] = [("components", ANY, WEIGHT), ("predicate", "maximum")]
    # told at a component that does not fit its own parts either, else at the first: nobody can know which is wrong
    suspect = next((entry for key, entry in components if key in uneven), components[0][1] if components else None)
    whole = entry_at(root, "components")
    at = suspect.value.entries[WEIGHT].value if suspect is not None else None if whole is None else whole.key
    if at is not None:
        found.add(
            "WF220",
            at,
            f"Bobot semua komponen berjumlah {shown(total)}, padahal nilai tertinggi predikat {shown(maximum)}.",
            f"The components' weights add up to {shown(total)}, but the predicate's maximum is {shown(maximum)}.",
            because,
        )


def _is_uneven(root: Node, component: str, found: Findings) -> bool:
    at = entry_at(root, "components", component, WEIGHT)
    weight = number(None if at is None else at.value)
    parts = entries(root, "components", component, "sub_components")
    weights = [number(part.value.get(WEIGHT)) for part in parts.values()]
    if at is None or weight is None or None in weights:
        return False
    total = sum((each for each in weights if each is not None), Fraction(0))
    if total == weight:
        return False
    inside: Path = ("components", component)
    found.add(
        "WF221",
        at.key,
        f'Bobot subkomponen "{component}" berjumlah {shown(total)}, padahal bobot komponennya {shown(weight)}.',
        f'The sub-components of "{component}" add up to {shown(total)}, but its weight is {shown(weight)}.',
        [(*inside, WEIGHT), (*inside, "sub_components", ANY, WEIGHT)],
    )
    return True


def check_questions(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """A weight nobody can earn (error), questions that earn nothing (warning): WF222."""
    for part in parts_of(root):
        weight = number(part.entry.value.get(WEIGHT))
        if weight is None:
            continue
        asked = {subject for question in part.active() for subject in question.subjects}
        idle = [subject for subject in subjects_of(root) if subject not in asked]
        criteria: Path = (*part.place, "criteria")
        because = [(*criteria, ANY, "active"), (*criteria, ANY, "subjects"), (*part.place, WEIGHT), ("subjects",)]
        if weight > 0 and idle:
            whom = [_SUBJECT[subject] for subject in idle]
            found.add(
                "WF222",
                part.entry.key,
                f'"{part.path}" berbobot {shown(weight)} tetapi tidak punya kriteria aktif '
                f"untuk {' dan '.join(one[0] for one in whom)}.",
                f'"{part.path}" has the weight {shown(weight)} but no active criterion '
                f"for {' or '.join(one[1] for one in whom)}.",
                because,
            )
        elif weight == 0 and part.active():
            number_of = len(part.active())
            found.add(
                "WF222",
                part.entry.key,
                f'"{part.path}" tidak berbobot, tetapi {number_of} kriterianya aktif: jawabannya tidak dihitung.',
                f'"{part.path}" has no weight, but {number_of} of its criteria are active: their answers do not count.',
                because,
                told_as="warning",
            )


def check_points(root: Node, around: Around, found: Findings) -> None:
    """Every criterion that is asked has points where its scoring needs them, and under ``points`` they add up to the
    weight (WF224)."""
    for part in parts_of(root):
        scoring = around.kinds.scorings.get(part.scoring or "")
        if scoring is None or not scoring.needs_points:
            continue
        because = [(*part.place, "criteria", ANY, "points"), (*part.place, "criteria", ANY, "active")]
        missing = [question for question in part.active() if "points" not in entries(question.entry.value)]
        for question in missing:
            found.add(
                "WF224",
                question.entry.key,
                f'Kriteria "{question.path}" belum punya "points".',
                f'The criterion "{question.path}" has no "points".',
                [(*question.place, "points"), (*question.place, "active"), (*part.place, "scoring")],
            )
        if not missing:
            _check_total(part, [*because, (*part.place, WEIGHT), (*part.place, "scoring")], subjects_of(root), found)


def _check_total(part: Part, because: list[Path], subjects: tuple[str, ...], found: Findings) -> None:
    weight, criteria = number(part.entry.value.get(WEIGHT)), part.entry.value.entries.get("criteria")
    total = _points(part.active())
    if weight is None or total is None or criteria is None or not part.active():
        return
    by_subject = {_points([one for one in part.active() if subject in one.subjects]) for subject in subjects}
    if part.scoring == POINTS and weight not in (total, *(by_subject if len(by_subject) == 1 else ())):
        found.add(
            "WF224",
            criteria.key,
            f'Poin kriteria aktif "{part.path}" berjumlah {shown(total)}, padahal bobotnya {shown(weight)}.',
            f'The points of the active criteria of "{part.path}" add up to {shown(total)}, but its weight is '
            f"{shown(weight)}.",
            because,
        )
    elif total == 0 and weight > 0:
        found.add(
            "WF224",
            criteria.key,
            f'Poin kriteria aktif "{part.path}" berjumlah 0: tidak ada yang dapat dihitung.',
            f'The points of the active criteria of "{part.path}" add up to 0: nothing can be counted.',
            because,
        )


def _points(questions: list[Question]) -> Fraction | None:
    points = [number(question.entry.value.get("points")) for question in questions]
    return None if None in points else sum((each for each in points if each is not None), Fraction(0))
