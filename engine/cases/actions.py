"""What a person can do here, and why not: the page's actions, ``flask case why``, and who could act now.

The same checks as the act itself answer, so a page never offers what would be refused for a reason it could know.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.cases.approvals import votes_of
from engine.cases.checks import Place, check
from engine.cases.handling import ACTS, may_handle, may_recall, open_tasks
from engine.cases.people import candidates as candidates_of
from engine.cases.people import held_by_other
from engine.cases.sent import editable_of
from engine.cases.step import Step
from engine.cases.vote_titles import vote_title
from engine.changes import ActionView, Refusal
from engine.definitions.model import Definition, Text
from engine.facts import CaseFacts, Command, OpenTask, PersonId, Seat

_HANDLING = {
    "claim": Text("Ambil tugas", "Take this task"),
    "release": Text("Lepas tugas", "Give this task back"),
    "recall": Text("Tarik kembali", "Take back"),
}


def actions_for(definition: Definition, facts: CaseFacts, person: PersonId) -> tuple[ActionView, ...]:
    """Every action that applies in the active states, possible for ``person`` or with the refusal they would get.

    Asked before anything is typed: a comment or file the act needs stands in ``needs``, not in a refusal. Claim,
    release and recall are there when they are possible.
    """
    step = Step(definition, facts, person)
    found = [view for place in _all_places(step) for view in _views(step, place, person)]
    return (*found, *_handling_views(step, person))


def why(
    definition: Definition, facts: CaseFacts, person: PersonId, action: str | None = None
) -> tuple[ActionView, ...]:  # fmt: skip
    """The same for one action, or for all; claim and release with their refusals when they are asked for."""
    views = actions_for(definition, facts, person)
    if action is None:
        return views
    found = tuple(view for view in views if view.action == action)
    if found or action not in ACTS:
        return found
    step = Step(definition, facts, person)
    if action == "recall":
        return (_handling_view(step, action, None, may_recall(step, person)),)
    tasks = open_tasks(step, None)
    return tuple(_handling_view(step, action, task, _refusal(may_handle(step, action, task, person))) for task in tasks)


def candidates(definition: Definition, facts: CaseFacts, state: str | None = None) -> tuple[tuple[PersonId, Seat], ...]:
    """Who could act now on an open task in ``state``, or in all states when it is not open or not named."""
    step = Step(definition, facts)
    tasks = open_tasks(step, state) if state is not None else []
    found: dict[PersonId, Seat] = {}
    for task in tasks or open_tasks(step, None):
        for seat in able_now(step, task):
            found.setdefault(seat.person, seat)
    return tuple(found.items())


def able_now(step: Step, task: OpenTask) -> Iterator[Seat]:
    """The candidates of a task who are not kept away by a claim, nor have decided already."""
    approval = step.chart.states[task.state].approval
    voted = set()
    if approval is not None and approval.same_person != "each":
        voted = {vote.person for vote in votes_of(step, task.state).values()}
    for seat in candidates_of(step, task):
        if seat.person not in voted and held_by_other(step, task, seat.person) is None:
            yield seat


def _all_places(step: Step) -> Iterator[Place]:
    seen: set[tuple[str, str, str | None]] = set()
    for leaf in step.chart.leaves(step.active):
        for action, known in step.chart.known(leaf).items():
            if (action, known.source, known.holder) not in seen:
                seen.add((action, known.source, known.holder))
                yield Place(leaf, known)
    for state in step.extras.get("late", ()):
        yield from (
            Place(state, known) for known in step.chart.known(state).values() if known.source == state and known.is_vote
        )


def _views(step: Step, place: Place, person: PersonId) -> Iterator[ActionView]:
    known = place.known
    if known.transition.by or known.is_vote or known.holder is None or step.chart.instances(known.holder) is None:
        if known.transition.by or known.holder is not None:
            yield _view(step, place, person, None)
        return
    for task in step.tasks_of(known.holder):
        yield _view(step, place, person, task)


def _view(step: Step, place: Place, person: PersonId, item: OpenTask | None) -> ActionView:
    known, transition = place.known, place.known.transition
    command = Command(known.action, person, state=place.leaf, item=None if item is None else item.item)
    answer = check(step, place, command, is_asking=True)
    refusal = _refusal(answer)
    task = item
    if not isinstance(answer, Refusal):
        task = task or answer.task
        if answer.ballot is not None:
            places = answer.ballot.places
            task = next((open_ for open_ in step.tasks_of(known.source) if open_.place in places), None)
    holder = known.holder if task is None or known.holder is not None else task.state
    form, edits = editable_of(step, holder, person)
    needs = list(transition.requires)
    if known.is_vote and not known.accepts and "comment" not in needs:
        needs.insert(0, "comment")
    leads = (transition.to,) if transition.to is not None else ()
    return ActionView(
        known.action, holder or place.leaf, None if task is None else task.number, None if item is None else item.item,
        vote_title(known.action) if known.is_vote else transition.title,
        transition.tone or _tone(known.is_vote, known.accepts), tuple(needs), tuple(sorted(edits)), form,
        transition.is_internal and not known.is_vote, leads, refusal,
    )  # fmt: skip


def _tone(is_vote: bool, accepts: bool) -> str | None:
    if not is_vote:
        return None
    return "primary" if accepts else "danger"


def _refusal(answer: object) -> Refusal | None:
    return answer if isinstance(answer, Refusal) else None


def _handling_views(step: Step, person: PersonId) -> Iterator[ActionView]:
    for task in open_tasks(step, None):
        if task.assignee == person and task.claimed_at is not None:
            yield _handling_view(step, "release", task, None)
        elif task.claimed_at is None and task.assignee != person and _is_able(step, task, person):
            yield _handling_view(step, "claim", task, None)
    if may_recall(step, person) is None:
        yield _handling_view(step, "recall", None, None)


def _is_able(step: Step, task: OpenTask, person: PersonId) -> bool:
    return any(seat.person == person for seat in able_now(step, task))


def _handling_view(step: Step, action: str, task: OpenTask | None, refusal: Refusal | None) -> ActionView:
    last = step.last_act
    state = task.state if task is not None else (last.state if last is not None else "")
    return ActionView(
        action, state, None if task is None else task.number, None if task is None else task.item,
        _HANDLING.get(action, Text(action, action)), None, (), (), None, False, (), refusal,
    )  # fmt: skip
