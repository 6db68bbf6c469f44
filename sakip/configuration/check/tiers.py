"""WF227 and WF228: tiers that the case type does not know or that overlap backwards, results nobody can give."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from engine.definitions.model import Text
from engine.definitions.source import LIST, MAP, Entry, Node
from sakip.configuration.check.around import Around, CaseTypeLike
from sakip.configuration.check.findings import Findings, Path
from sakip.configuration.check.look import entries, in_order, names, number, text

TIER, COMPONENT = Text("tahap", "tier"), Text("komponen", "component")
STATE, ROLE = Text("langkah", "state"), Text("peran", "role")
EVIDENCE = "evidence"


def check_tiers(root: Node, around: Around, found: Findings) -> None:
    """Every tier by itself, against those before it, and against the case type's states, roles and fields."""
    tiers = in_order(entries(root, "tiers"))
    keys = [key for key, _ in tiers]
    named = text(root.get("case_type"))
    case_type = None if around.case_types is None else around.case_types.get(named or "")
    for place, (key, tier) in enumerate(tiers):
        _check_start(key, tier, keys, place, found)
        _check_window(key, tier, found)
        for component in entries(tier.value, "by_component").values():
            found.known(component.key, COMPONENT, entries(root, "components"), ("components",))
        if case_type is not None:
            _check_case(key, tier, case_type, found)


def _check_start(key: str, tier: Entry, keys: list[str], place: int, found: Findings) -> None:
    at = tier.value.get("starts_from")
    if not found.known(at, TIER, keys, ("tiers",)) or at is None or keys.index(str(at.value)) < place:
        return
    found.add(
        "WF227",
        at,
        f'Tahap "{key}" tidak dapat mulai dari "{at.value}", yang tidak mendahuluinya.',
        f'The tier "{key}" cannot start from "{at.value}", which does not come before it.',
        [("tiers", key, "starts_from"), ("tiers", key, "order"), ("tiers", str(at.value), "order")],
    )


def _check_window(key: str, tier: Entry, found: Findings) -> None:
    opens, closes = (_day(tier.value.get("window", side)) for side in ("from", "to"))
    at = tier.value.get("window", "to")
    if opens is None or closes is None or at is None or opens <= closes:
        return
    found.add(
        "WF227",
        at,
        f'Jendela tahap "{key}" berakhir {closes} sebelum mulai {opens}.',
        f'The window of the tier "{key}" ends on {closes}, before it begins on {opens}.',
        [("tiers", key, "window", "to"), ("tiers", key, "window", "from")],
    )


def _day(node: Node | None) -> date | None:
    try:
        return date.fromisoformat(text(node) or "")
    except ValueError:
        return None


def _check_case(key: str, tier: Entry, case_type: CaseTypeLike, found: Findings) -> None:
    state = tier.value.get("state")
    is_there = _is_named(state, STATE, case_type.states, found)
    if is_there and state is not None and not case_type.has_task(str(state.value)):
        found.add(
            "WF227",
            state,
            f'Pada langkah "{state.value}" tidak ada tugas untuk siapa pun.',
            f'In the state "{state.value}" nobody has a task.',
            [("tiers", key, "state")],
        )
    for role in entries(tier.value, "by_component").values():
        _is_named(role.value, ROLE, case_type.roles, found)
    until = tier.value.get("hidden_until")
    if not _is_named(until, STATE, [*case_type.states, *case_type.milestones], found) or until is None:
        return
    open_states = {str(until.value), *case_type.milestones.get(str(until.value), ())}
    seen_in = case_type.showing(key, open_states, text(state) or "")
    if seen_in is not None:
        found.add(
            "WF227",
            until,
            f'Tahap "{key}" tersembunyi sampai "{until.value}", tetapi tugas pada langkah "{seen_in}" '
            f'memperlihatkan isian "{key}".',
            f'The tier "{key}" is hidden until "{until.value}", but the task of the state "{seen_in}" shows the field '
            f'"{key}".',
            [("tiers", key, "hidden_until"), ("tiers", key, "state")],
        )


def _is_named(at: Node | None, what: Text, known: Collection[str], found: Findings) -> bool:
    if at is None or text(at) is None:
        return False
    if text(at) in known:
        return True
    found.unknown(at, what, known, code="WF227")
    return False


def check_result(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """The result is made of tiers that answer criteria, with weights above zero (WF228)."""
    tiers = entries(root, "tiers")
    by = text(root.get("result", "by"))
    chosen: list[tuple[Node, Path]] = []
    one = root.get("result", "tier")
    if one is not None and by == "tier":
        chosen.append((one, ("result", "tier")))
    if by == "mean":
        chosen += [(item, ("result", "tiers")) for item in names(root.get("result", "tiers"))]
    if by == "weighted":
        for key, weight in entries(root, "result", "weights").items():
            chosen.append((weight.key, ("result", "weights", key)))
            _check_weight(key, weight, found)
    named = {"mean": "tiers", "weighted": "weights"}.get(by or "")
    empty = None if named is None or chosen else root.get("result", named)
    if empty is not None and empty.kind in (LIST, MAP):
        found.add("WF228", empty, "Tidak ada tahap yang dipakai.", "No tier is named.", [("result", str(named))])
    for at, place in chosen:
        if not found.known(at, TIER, tiers, ("tiers",)):
            continue
        if text(tiers[str(at.value)].value.get("answers")) == EVIDENCE:
            found.add(
                "WF228",
                at,
                f'Tahap "{at.value}" tidak menjawab kriteria, hanya memeriksa bukti.',
                f'The tier "{at.value}" answers no criteria, it only looks at evidence.',
                [place, ("tiers", str(at.value), "answers"), ("result", "by")],
            )


def _check_weight(key: str, weight: Entry, found: Findings) -> None:
    value = number(weight.value)
    if value is not None and value <= 0:
        found.add(
            "WF228",
            weight.value,
            f'Bobot tahap "{key}" harus di atas nol.',
            f'The weight of the tier "{key}" has to be above zero.',
            [("result", "weights", key)],
        )
