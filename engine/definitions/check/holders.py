"""With an organisation: roles nobody holds, and where (WF030)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from engine.definitions.model import Text
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problem, Problems

NAMED = 3  # units a finding names; the rest is counted


class OrganisationView(Protocol):
    """What the check asks of a region's organisation, as it is on one day."""

    def vacant_units(self, position: str, level: str | None) -> tuple[Sequence[str], int]:
        """The names of units where nobody holds that position, and how many units were looked at: those of that
        level, or without one all in which somebody works."""
        ...

    def has_members(self, group: str) -> bool:
        """Whether anybody at work belongs to a group."""
        ...


def check_holders(case_type: CaseType, organisation: OrganisationView, problems: Problems) -> None:
    """WF030 at the key of each role that nobody holds in some units, with their number and the first of them."""
    for key, role in case_type.definition.roles.items():
        entry = case_type.entry("roles", key)
        if entry is None or role.is_external:
            continue
        group = role.options.get("group")
        if role.resolve == "position":
            told = _vacant(key, role.options["position"], role.options.get("level"), organisation)
        elif group is not None and not organisation.has_members(str(group)):
            told = Text(
                f'Peran "{key}" tidak dipegang siapa pun: kelompok "{group}" kosong.',
                f'Nobody holds the role "{key}": the group "{group}" is empty.',
            )
        else:
            continue
        if told is not None:
            problems.add("WF030", entry.key, told.id, told.en)


def _vacant(key: str, position: str, level: str | None, organisation: OrganisationView) -> Text | None:
    units, looked_at = organisation.vacant_units(position, level)
    if not looked_at:
        return Text(
            f'Peran "{key}" tidak dipegang siapa pun: tidak ada unit setingkat "{level}".',
            f'Nobody holds the role "{key}": there is no unit of level "{level}".',
        )
    if not units:
        return None
    count, named = len(units), ", ".join(units[:NAMED])
    more = Text(f" dan {count - NAMED} lagi", f" and {count - NAMED} more") if count > NAMED else Text("", "")
    return Text(
        f'Peran "{key}" tidak dipegang siapa pun di {count} unit: {named}{more.id}.',
        f'Nobody holds the role "{key}" in {count} unit{"s" if count > 1 else ""}: {named}{more.en}.',
    )


def holder_findings(case_types: Iterable[CaseType], region: str, organisation: OrganisationView) -> list[Problem]:
    """WF030 of every case type as this region has it: with its overlay where it has one, else as everybody has it."""
    chosen: dict[str, CaseType] = {}
    for case_type in case_types:
        if case_type.definition.region == region or (
            case_type.definition.region is None and case_type.key not in chosen
        ):
            chosen[case_type.key] = case_type
    problems = Problems()
    for case_type in chosen.values():
        check_holders(case_type, organisation, problems)
    return problems.sorted()
