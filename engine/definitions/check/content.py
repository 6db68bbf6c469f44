"""WF071: a sealed step shows a class without the right. WF080: bands. WF100: no legal basis."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.model import Bands, State
from engine.definitions.parse import CaseType
from engine.definitions.problems import Placed, Problems
from engine.definitions.reading import first_line
from engine.definitions.source import Entry


def legal_basis(case_type: CaseType, problems: Problems) -> None:
    """Report a case type that names no regulation."""
    entry = case_type.root.entries.get("legal_basis")
    if entry is None or (entry.value.kind == "list" and not entry.value.items):
        at = first_line(case_type.root).key if entry is None else entry.key
        problems.add("WF100", at, "Dasar hukum belum diisi.", "There is no legal basis.")


def sealed_fields(case_type: CaseType, problems: Problems) -> None:
    """In a sealed case type, what a step shows must be of classes its people may read (reference §14)."""
    if not case_type.definition.is_sealed:
        return
    for state in case_type.definition.states.values():
        for section in ("task", "approval"):
            _sealed_step(case_type, state, section, problems)


def _sealed_step(case_type: CaseType, state: State, section: str, problems: Problems) -> None:
    definition = case_type.definition
    work = state.task if section == "task" else state.approval
    form = definition.forms.get(work.form or "") if work is not None else None
    if work is None or form is None:
        return
    roles = state.task.candidates if state.task is not None and section == "task" else _approver_roles(state)
    classes: Mapping[str, Mapping[str, tuple[str, ...]]] = definition.visibility.get("classes", {})
    for name, field in form.fields.items():
        readers = classes.get(field.classification, {}).get("readers")
        if readers is None and field.classification == "ordinary":
            continue
        refused = [role for role in roles if role not in (readers or ())]
        if work.fields.get(name) == "hidden" or not refused:
            continue
        entry = case_type.in_state(state.key, section, "fields", name)
        at = entry.key if entry is not None else _value(case_type.in_state(state.key, section, "form"))
        if at is not None:
            problems.add(
                "WF071",
                at,
                f'"{name}" ({field.classification}) terlihat oleh "{refused[0]}" yang tidak berhak.',
                f'"{name}" ({field.classification}) is shown to "{refused[0]}", who has no right to it.',
            )


def _value(entry: Entry | None) -> Placed | None:
    return entry.value if entry is not None else None


def _approver_roles(state: State) -> tuple[str, ...]:
    if state.approval is None:
        return ()
    return tuple(dict.fromkeys(role for approver in state.approval.approvers for role in approver.candidates))


def bands(case_type: CaseType, problems: Problems) -> None:
    """Bands: one row at the minimum, no two at one value, none outside the limits."""
    for key, found in case_type.definition.bands.items():
        path = ("bands", key) if case_type.entry("bands", key, "rows") is not None else ("bands",)
        _band(case_type, path, found, problems)


def _band(case_type: CaseType, path: tuple[str, ...], found: Bands, problems: Problems) -> None:
    first: dict[object, str] = {}
    for row in found.rows:
        entry = case_type.entry(*path, "rows", row.key, "from")
        if entry is None:
            continue
        if not found.minimum <= row.starts <= found.maximum:
            problems.add(
                "WF080",
                entry.value,
                f'"{row.key}" mulai di luar batas {found.minimum} sampai {found.maximum}.',
                f'"{row.key}" starts outside the limits {found.minimum} to {found.maximum}.',
            )
        elif row.starts in first:
            problems.add(
                "WF080",
                entry.value,
                f'"{row.key}" dan "{first[row.starts]}" mulai pada nilai yang sama.',
                f'"{row.key}" and "{first[row.starts]}" start at one value.',
            )
        first.setdefault(row.starts, row.key)
    rows = case_type.entry(*path, "rows")
    if rows is not None and rows.value.entries and found.minimum not in first:
        problems.add(
            "WF080",
            rows.key,
            f"Tidak ada baris yang mulai pada {found.minimum}.",
            f"No row starts at the minimum, {found.minimum}.",
        )
