"""WF225 and WF226: what a criterion needs, and which sub-component limits which."""

from __future__ import annotations

from engine.definitions.model import Text
from engine.definitions.source import Entry, Node
from sakip.configuration.check.around import Around
from sakip.configuration.check.findings import Findings, Path
from sakip.configuration.check.look import entries, names, text
from sakip.configuration.check.sheet import Part, Question, parts_of

CRITERION, SUB_COMPONENT = Text("kriteria", "criterion"), Text("subkomponen", "sub-component")
MOST_SHOWN = 8


def check_needs(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """``needs`` names an active criterion of the same sub-component, never in a circle (WF225)."""
    parts = parts_of(root)
    elsewhere = {question.path: question for part in parts for question in part.questions}
    by_key = {question.key for question in elsewhere.values()}
    for part in parts:
        here = {question.key: question for question in part.questions}
        for question in part.questions:
            at = question.entry.value.get("needs")
            name = text(at)
            if at is None or name is None:
                continue
            if name in here:
                _check_active(question, here[name], at, found)
            elif name in elsewhere or name in by_key:
                because: list[Path] = [(*question.place, "needs"), (*part.place, "criteria", name)]
                found.add(
                    "WF225",
                    at,
                    f'"{name}" bukan kriteria "{part.path}"; syarat hanya boleh dari subkomponen yang sama.',
                    f'"{name}" is no criterion of "{part.path}"; what is needed has to be of the same sub-component.',
                    because,
                )
            else:
                found.known(at, CRITERION, here, (*part.place, "criteria"))
        _check_circles(part, here, found)


def _check_active(question: Question, needed: Question, at: Node, found: Findings) -> None:
    if question.is_active and not needed.is_active:
        found.add(
            "WF225",
            at,
            f'"{question.path}" memerlukan "{needed.key}", yang tidak aktif.',
            f'"{question.path}" needs "{needed.key}", which is not active.',
            [(*needed.place, "active"), (*question.place, "needs"), (*question.place, "active")],
        )


def _check_circles(part: Part, here: dict[str, Question], found: Findings) -> None:
    """One finding a circle, at the first of its criteria."""
    seen: set[str] = set()
    for question in part.questions:
        road: dict[str, None] = {}  # in the order it was gone
        name: str | None = question.key
        while name in here and name not in seen and name not in road:
            road[name] = None
            name = text(here[name].entry.value.get("needs"))
        seen.update(road)
        if name in road:
            gone = list(road)
            circle = set(gone[gone.index(name) :])
            _tell_circle([here[one.key] for one in part.questions if one.key in circle], found)


def _tell_circle(circle: list[Question], found: Findings) -> None:
    at = circle[0].entry.value.get("needs")
    if at is None or not all(question.is_active for question in circle):
        return
    road, by_key = [circle[0].key], {question.key: question for question in circle}
    while len(road) <= len(circle):
        road.append(str(text(by_key[road[-1]].entry.value.get("needs"))))
    shown = " → ".join(road if len(road) <= MOST_SHOWN else [*road[:MOST_SHOWN], "…"])
    found.add(
        "WF225",
        at,
        f"Syarat berputar: {shown}.",
        f"What is needed goes in a circle: {shown}.",
        [place for question in circle for place in ((*question.place, "needs"), (*question.place, "active"))],
    )


def check_framework(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """A rule limits one sub-component by earlier ones of its component; one rule each (WF226)."""
    parts = parts_of(root)
    places = {part.path: number for number, part in enumerate(parts)}
    first: dict[str, Entry] = {}
    for key, rule in entries(root, "logical_framework").items():
        inside: Path = ("logical_framework", key)
        at = rule.value.get("limits")
        limited = text(at)
        if not _is_part(at, places, found) or at is None or limited is None:
            limited = None
        elif limited in first:
            other = first[limited]
            found.add(
                "WF226",
                at,
                f'"{limited}" dibatasi oleh dua aturan, "{other.name}" dan "{key}".',
                f'"{limited}" is limited by two rules, "{other.name}" and "{key}".',
                [(*inside, "limits"), ("logical_framework", other.name, "limits")],
            )
        else:
            first[limited] = rule
        for by in names(rule.value.get("by")):
            if _is_part(by, places, found) and limited is not None:
                _check_by(by, limited, places, inside, found)


def _is_part(at: Node | None, places: dict[str, int], found: Findings) -> bool:
    component, _, sub = (text(at) or "").partition(".")
    return found.known(at, SUB_COMPONENT, places, None) if not sub else _is_known(at, places, component, sub, found)


def _is_known(at: Node | None, places: dict[str, int], component: str, sub: str, found: Findings) -> bool:
    if at is None or str(at.value) in places:
        return at is not None
    found.unknown(at, SUB_COMPONENT, places, [("components", component, "sub_components", sub)])
    return False


def _check_by(by: Node, limited: str, places: dict[str, int], inside: Path, found: Findings) -> None:
    name = str(by.value)
    because: list[Path] = [(*inside, "by"), (*inside, "limits")]
    if name.partition(".")[0] != limited.partition(".")[0]:
        found.add(
            "WF226",
            by,
            f'"{name}" bukan bagian dari komponen "{limited.partition(".")[0]}".',
            f'"{name}" is not part of the component "{limited.partition(".")[0]}".',
            because,
        )
    elif places[name] >= places[limited]:
        component = limited.partition(".")[0]
        inner = ("components", component, "sub_components")
        orders = [(*inner, one.rpartition(".")[2], "order") for one in (name, limited)]
        found.add(
            "WF226",
            by,
            f'"{name}" tidak berada sebelum "{limited}" dalam lembar kerja.',
            f'"{name}" does not come before "{limited}" in the worksheet.',
            [*because, *orders],
        )
