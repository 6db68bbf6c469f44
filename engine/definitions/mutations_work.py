"""Changes of who works in a state and until when: exclusions, vetoes, completion, and every span of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.definitions import unseen
from engine.definitions.check.joins import most_items
from engine.definitions.compiling import DURATION_LIMITS
from engine.definitions.model import Approval, MultiInstance, Text
from engine.definitions.mutations import Mutation, Path, Subject, numbered
from engine.definitions.mutations_states import quorums
from engine.definitions.source import INTEGER, TEXT, Entry


def exclusions(subject: Subject) -> Iterator[Mutation]:
    """Each role, or performer, that a task or approval keeps out."""
    work = subject.state.approval or subject.state.task
    if work is None:
        return
    path = ("approval" if subject.state.approval is not None else "task", "excluded")
    identities = [unseen.excluded_identity(subject.definition, name) for name in work.excluded]
    for number, name in numbered(work.excluded):
        if identities.count(identities[number]) > 1:
            continue  # another entry keeps the same people out
        change = Text(
            f'"{subject.key}" tidak mengecualikan {name}', f'"{subject.key}" does not exclude {name}'
        )  # fmt: skip
        mark = f"excluded:{subject.key}.{name}"
        yield subject.without_item("excluded", path, number, change, name=name, mark=mark)


def vetoes(subject: Subject) -> Iterator[Mutation]:
    """Each veto of an approval that would go on without it."""
    approval = subject.state.approval
    if approval is None or not unseen.has_use_for_veto(approval):
        return
    for approver in approval.approvers:
        path = ("approval", "approvers", approver.key, "veto")
        found = subject.find(*path)
        if not approver.has_veto or found is None:
            continue
        change = Text(
            f'"{approver.key}" di "{subject.key}" tanpa veto', f'"{approver.key}" in "{subject.key}" has no veto'
        )
        yield subject.mutation("veto", path, None, found.value, change, action=approval.refuse, name=approver.key)


def completions(subject: Subject) -> Iterator[Mutation]:
    """How many decisions, or items, are enough: one fewer, one more; all for any, any for all, where that is
    written."""
    approval, instances = subject.state.approval, subject.state.multi_instance
    if approval is not None:
        yield from _completion(subject, "approval", approval, unseen.most_places(approval))
    if instances is not None:
        yield from _completion(subject, "multi_instance", instances, most_items(subject.definition, instances))


def _completion(
    subject: Subject, section: str, work: Approval | MultiInstance, most: int | None
) -> Iterator[Mutation]:  # fmt: skip
    quorum = subject.find(section, "completion", "quorum")
    if quorum is not None:
        yield from quorums(subject, (section, "completion", "quorum"), quorum.value, most)
        return
    written = subject.find(section, "completion")
    if written is None or written.value.kind != TEXT or most == 1:
        return
    other = "any" if work.completion == "all" else "all"
    change = Text(
        f'"{subject.key}" selesai dengan {other}, bukan {work.completion}',
        f'"{subject.key}" is complete with {other} instead of {work.completion}',
    )
    yield subject.mutation(
        "quorum", (section, "completion"), written.value.with_value(other), written.value, change,
        name=other, goal=work.completion,
    )  # fmt: skip


# -- spans of time ------------------------------------------------------------------------------------------------


def durations(subject: Subject) -> Iterator[Mutation]:
    """Each span of a state one longer: due, given back, timers and their repetition, extensions of promises."""
    state = subject.state
    if state.approval is None or unseen.is_due_seen(state.approval):
        yield from _longer(subject, ("approval", "due"))
    yield from _longer(subject, ("task", "due"))
    yield from _longer(subject, ("task", "auto_release"))
    for key, timer in state.timers.items():
        yield from _longer(subject, ("timers", key, "after"), key)
        if timer.repeat_at_most != 1:
            yield from _longer(subject, ("timers", key, "repeat", "every"), key)
    for section in ("transitions", "always", "timers"):
        for key, entry in subject.inside(section).items():
            yield from _extensions(subject, (section, key, "effects"), entry)


def _extensions(subject: Subject, path: Path, carrier: Entry) -> Iterator[Mutation]:
    effects = carrier.value.get("effects")
    for name, entry in effects.entries.items() if effects is not None else ():
        extension = entry.value.get("extend_sla", "sla")
        sla = None if extension is None else subject.definition.slas.get(str(extension.value))
        more = None if sla is None else unseen.seen_step(sla)
        if more is not None:
            yield from _longer(subject, (*path, name, "extend_sla", "by"), str(sla.key if sla else ""), more)


def _longer(subject: Subject, path: Path, name: str = "", more: int = 1) -> Iterator[Mutation]:
    found = subject.find(*path)
    unit = None if found is None else unit_of(found.value.entries)
    if found is None or unit is None:
        return
    amount = found.value.entries[unit].value
    if amount.kind != INTEGER:
        return
    longer = amount.value + more
    what = Text(".".join(path), ".".join(path))
    change = Text(
        f'{what.id} di "{subject.key}" {longer} {unit}, bukan {amount.value}',
        f'{what.en} in "{subject.key}" is {longer} {unit} instead of {amount.value}',
    )
    yield subject.mutation(
        "duration", (*path, unit), amount.with_value(longer), amount, change,
        action=path[1] if path[0] == "task" else path[0], name=name, goal=f"{unit}: {amount.value}",
    )  # fmt: skip


def unit_of(entries: Mapping[str, Entry]) -> str | None:
    """The unit a span is written in."""
    return next((unit for unit in DURATION_LIMITS if unit in entries), None)
