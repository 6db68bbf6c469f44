"""Changes of what holds in the whole case type: powers of stand-ins, separation of duties, targets of promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.definitions import unseen
from engine.definitions.model import Text
from engine.definitions.mutations import Mutation, numbered, without
from engine.definitions.mutations_work import unit_of
from engine.definitions.source import INTEGER

if TYPE_CHECKING:
    from engine.definitions.parse import CaseType


def powers(case_type: CaseType) -> Iterator[Mutation]:
    """Each action a kind of stand-in may take; a name no case ever offers gives no power."""
    known = unseen.actions_of(case_type.definition)
    for kind in case_type.definition.substitution:
        may = case_type.entry("substitution", kind, "may")
        if may is None:
            continue
        for number, action in numbered(tuple(str(item.value) for item in may.value.items)):
            if action not in known:
                continue
            change = Text(f'{kind} tidak boleh "{action}"', f'{kind} may not "{action}"')
            yield Mutation(
                "power", "substitution", "", (kind, "may"), without(may.value, number), may.value.items[number],
                change, action=action, name=kind,
            )  # fmt: skip


def separations(case_type: CaseType) -> Iterator[Mutation]:
    """Each separation of duties, as far as somebody acts in a role it holds for."""
    working = unseen.working_roles(case_type.definition)
    for key, rule in case_type.definition.separation_of_duties.items():
        entry = case_type.entry("separation_of_duties", key)
        if entry is None or unseen.is_literally(rule.exclude_when, False) or working.isdisjoint(rule.applies_to):
            continue
        change = Text(f'pemisahan tugas "{key}" tidak ada', f'there is no separation of duties "{key}"')
        yield Mutation(
            "separation", "separation_of_duties", "", (key,), None, entry.key, change, name=key, mark=f"duty:{key}"
        )


def targets(case_type: CaseType) -> Iterator[Mutation]:
    """The target of each promise longer, by so much that its warning surely comes later."""
    for key, sla in case_type.definition.slas.items():
        target, more = case_type.entry("slas", key, "target"), unseen.seen_step(sla)
        unit = None if target is None else unit_of(target.value.entries)
        if target is None or unit is None or more is None:
            continue
        amount = target.value.entries[unit].value
        if amount.kind != INTEGER:
            continue
        longer = amount.value + more
        change = Text(
            f'target "{key}" {longer} {unit}, bukan {amount.value}',
            f'the target of "{key}" is {longer} {unit} instead of {amount.value}',
        )
        yield Mutation(
            "duration", "slas", "", (key, "target", unit), amount.with_value(longer), amount, change,
            action="target", name=key, goal=f"{unit}: {amount.value}",
        )  # fmt: skip
