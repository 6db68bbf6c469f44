"""WF071: a sealed step shows a class without the right. WF080: bands. WF100: no legal basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.definitions.model import Bands, Definition, Field, State
from engine.definitions.parse import CaseType
from engine.definitions.problems import Placed, Problems
from engine.definitions.reading import first_line
from engine.definitions.source import MAP, Entry


def legal_basis(case_type: CaseType, problems: Problems) -> None:
    """Report a case type that names no regulation."""
    entry = case_type.root.entries.get("legal_basis")
    if entry is None or (entry.value.kind == "list" and not any(str(item.value).strip() for item in entry.value.items)):
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
    if work is None:
        return
    roles = _shown_to(state, section)
    _sealed_items(case_type, state, roles, problems)
    form = definition.forms.get(work.form or "")
    for name, field in form.fields.items() if form is not None else ():
        if work.fields.get(name) == "hidden":
            continue
        refused = _refused(definition, field, roles)
        if refused is not None:
            entry = case_type.in_state(state.key, section, "fields", name)
            at = entry.key if entry is not None else _value(case_type.in_state(state.key, section, "form"))
            _report(field, refused, at, problems)


def _sealed_items(case_type: CaseType, state: State, roles: Sequence[str], problems: Problems) -> None:
    """An item of a list is read by whoever is to do it, whatever its form hides."""
    definition = case_type.definition
    if state.multi_instance is None:
        return
    at = _value(case_type.in_state(state.key, "multi_instance", "collection"))
    for name in sorted(state.multi_instance.collection.names):
        refused = _refused(definition, definition.fields[name], roles) if name in definition.fields else None
        if refused is not None:
            _report(definition.fields[name], refused, at, problems)


def _refused(definition: Definition, field: Field, roles: Sequence[str]) -> tuple[str, str] | None:
    """The class of a field that somebody sees without the right, and who."""
    classes: Mapping[str, Mapping[str, tuple[str, ...]]] = definition.visibility.get("classes", {})
    for secrecy in _classes(field) if field.columns else (field.classification,):
        readers = classes.get(secrecy, {}).get("readers")
        if readers is None and secrecy == "ordinary":
            continue
        for role in roles:
            if role not in (readers or ()):
                return secrecy, role
    return None


def _report(field: Field, refused: tuple[str, str], at: Placed | None, problems: Problems) -> None:
    secrecy, role = refused
    if at is not None:
        problems.add(
            "WF071",
            at,
            f'"{field.key}" ({secrecy}) terlihat oleh "{role}" yang tidak berhak.',
            f'"{field.key}" ({secrecy}) is shown to "{role}", who has no right to it.',
        )


def _classes(field: Field) -> list[str]:
    """The classes of a field and, if it is a table, of its columns."""
    return list(
        dict.fromkeys([field.classification, *(each for column in field.columns.values() for each in _classes(column))])
    )


def _shown_to(state: State, section: str) -> list[str]:
    """Who sees a step: its candidates, and those an escalation in it adds."""
    roles = state.task.candidates if state.task is not None and section == "task" else _approver_roles(state)
    carriers = [
        *(timer.effects for timer in state.timers.values()),
        *(each.effects for each in state.transitions.values()),
    ]
    added = [call.options.get("role") for effects in carriers for call in effects if call.kind == "add_candidate"]
    return list(dict.fromkeys([*roles, *(str(role) for role in added if role is not None)]))


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
    written = len(rows.value.entries) if rows is not None else 0  # a row that cannot be read is told already
    if rows is not None and rows.value.kind == MAP and found.minimum not in first and len(found.rows) == written:
        problems.add(
            "WF080",
            rows.key,
            f"Tidak ada baris yang mulai pada {found.minimum}.",
            f"No row starts at the minimum, {found.minimum}.",
        )
