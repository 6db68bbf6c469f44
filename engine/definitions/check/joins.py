"""WF028: a join or quorum that can never be met."""

from __future__ import annotations

from engine.definitions.graph import Graph
from engine.definitions.model import Approval, Definition, MultiInstance, State
from engine.definitions.parse import CaseType
from engine.definitions.problems import Problems, closest, did_you_mean


def impossible_joins(case_type: CaseType, problems: Problems) -> None:
    """Joins of parallel states, completion of approvals and multi-instances."""
    graph = case_type.graph
    for key, state in graph.states.items():
        if state.join is not None and state.regions:
            _join(case_type, graph, state, problems)
        if state.approval is not None:
            _approval(case_type, key, state.approval, problems)
        if state.multi_instance is not None:
            _instances(case_type, key, state.multi_instance, problems)


def _add(case_type: CaseType, path: tuple[str, ...], problems: Problems, indonesian: str, english: str) -> None:
    entry = case_type.in_state(*path)
    at = entry.value if entry is not None else case_type.at(*path)
    problems.add("WF028", at, indonesian, english)


def _join(case_type: CaseType, graph: Graph, state: State, problems: Problems) -> None:
    join = state.join
    assert join is not None
    path = (state.key, "join")
    if join.quorum is not None:
        able = graph.able(state)
        if join.quorum > len(able):
            _add(
                case_type,
                path,
                problems,
                f"Gabungan menunggu {join.quorum} cabang, hanya {len(able)} yang bisa selesai.",
                f"The join waits for {join.quorum} regions, only {len(able)} can finish.",
            )
        return
    if not join.regions:
        _add(case_type, path, problems, "Gabungan tidak menyebut cabang.", "The join names no region.")
    for name in join.regions:
        if name not in state.regions:
            hint = did_you_mean(closest(name, state.regions))
            _add(
                case_type,
                path,
                problems,
                f'Tidak ada cabang "{name}".{hint.id}',
                f'There is no region "{name}".{hint.en}',
            )
        elif not graph.can_finish(state, name):
            _add(
                case_type,
                path,
                problems,
                f'Cabang "{name}" tidak pernah sampai langkah akhir.',
                f'Region "{name}" can never come to a final state.',
            )


def _approval(case_type: CaseType, key: str, approval: Approval, problems: Problems) -> None:
    if approval.quorum is None:
        return
    places: int | None = None
    entry = case_type.in_state(key, "approval", "approvers")
    if entry is not None:
        places = len(entry.value.entries)
    elif approval.along is not None:
        places = approval.along.at_most
    if places is not None and approval.quorum > places:
        _add(
            case_type,
            (key, "approval", "completion"),
            problems,
            f"Perlu {approval.quorum} persetujuan, hanya ada {places} tempat.",
            f"{approval.quorum} approvals are needed, there are only {places} places.",
        )


def _instances(case_type: CaseType, key: str, instances: MultiInstance, problems: Problems) -> None:
    most = most_items(case_type.definition, instances)
    if instances.quorum is not None and most is not None and instances.quorum > most:
        _add(
            case_type,
            (key, "multi_instance", "completion"),
            problems,
            f"Perlu {instances.quorum} butir, paling banyak ada {most}.",
            f"{instances.quorum} items are needed, there are at most {most}.",
        )


def most_items(definition: Definition, instances: MultiInstance) -> int | None:
    """How many items the list can have, where the form says so; otherwise None."""
    field = definition.fields.get(instances.collection.text.strip().removeprefix("case."))
    if field is None:
        return None
    limit = field.options.get("max_items", field.options.get("max_rows"))
    return limit if isinstance(limit, int) else None
