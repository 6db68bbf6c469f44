"""Many tasks decided at once, where the definition allows it: first looked at, then done one by one.

Each case is decided in a savepoint of its own, so that one that refuses leaves the others as they are; the caller
commits once, so that a process that dies midway has decided nothing. Cases go in the order of their ids: two people
deciding the same cases wait for each other instead of holding each other up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases.access import Reader, may_see, reader_of
from engine.cases.bulk_rules import bulk_actions
from engine.cases.fire import Fired, fire
from engine.cases.plan import plan_act
from engine.cases.stored import StoredCase, read_case
from engine.cases.wording import states_title
from engine.changes import Refusal
from engine.definitions.model import Text, Transition
from engine.errors import InvalidInput
from engine.facts import Command

MOST = 100  # lines at once
ONE_BY_ONE = frozenset({"attachment", "second_factor"})  # what each case needs for itself

_OTHER_ACTION = Text("Langkah ini tidak mengenal tindakan itu.", "This step does not know that act.")
_NOT_BULK = Text("Langkah ini diputus satu per satu.", "This step is decided one by one.")
_FAILED = Text("Tindakan ini gagal; pengawas sudah tahu.", "The act failed; the supervisors know.")
_NEEDS_MORE = Text(
    "Tindakan ini memerlukan berkas atau kode sendiri pada tiap kasus.", "This act needs a file or code for each case."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One task meant: its case, state and item, and the case's revision that was seen (None: any)."""

    case_id: int
    state: str
    item: str | None = None
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """One line as it would go: ``next`` is where the case would stand, ``reason`` why it is left out instead."""

    line: Line
    number: str
    title: str
    next: Text | None
    reason: Text | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One act that may be done to several lines. ``ready`` would be done, ``left_out`` not, each with its reason."""

    action: str
    title: Text
    tone: str | None
    needs_comment: bool
    ready: tuple[Looked, ...]
    left_out: tuple[Looked, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line: ``stands`` after it was done, or the refusal."""

    line: Line
    number: str
    title: str
    stands: Text | None
    refusal: Refusal | None


def review(session: Session, person_id: int, lines: Sequence[Line], now: datetime) -> tuple[Choice, ...]:
    """What could be done to ``lines`` at once, by each act that one of them allows. Decides, and writes nothing.

    Lines of cases the person may not see are left out without a word. Raises InvalidInput for too many lines.
    """
    seen = list(_seen(session, reader_of(session, person_id, now), lines, now))
    choices: dict[tuple[str, str], Transition] = {}
    for line, stored in seen:
        for action, transition in bulk_actions(stored.definition, line.state).items():
            choices.setdefault((action, transition.title.id), transition)
    found = []
    for (action, _title), transition in choices.items():
        looked = [_look(line, stored, action, transition.title, person_id) for line, stored in seen]
        ready = tuple(each for each in looked if each.reason is None)
        left_out = tuple(each for each in looked if each.reason is not None)
        needs = "comment" in transition.requires
        found.append(Choice(action, transition.title, transition.tone, needs, ready, left_out))
    return tuple(sorted(found, key=lambda choice: (choice.tone == "danger", choice.tone != "primary")))


def fire_many(
    session: Session, person_id: int, lines: Sequence[Line], action: str, title: str, comment: str, *, now: datetime
) -> tuple[Outcome, ...]:
    """Do one act to each line, all with the same comment; an outcome a line, in the order of the cases.

    ``title`` is the act's Indonesian title: a line whose step means something else by the same action is left out.
    The caller commits. Raises InvalidInput for too many lines.
    """
    found = []
    ours: dict[tuple[int, int | None], int] = {}  # a case and the revision seen -> the revision our own acts led to
    for line, stored in _seen(session, reader_of(session, person_id, now), lines, now):
        refusal = _barred(stored, line, action, title)
        if refusal is not None:
            found.append(Outcome(line, stored.row.number, stored.facts.title, None, refusal))
            continue
        seen = (line.case_id, line.revision)
        revision = ours.get(seen, line.revision)
        command = Command(action, person_id, line.state, line.item, comment, revision=revision)
        done = _one(session, line.case_id, command, now)
        if isinstance(done, Fired):
            ours[seen] = done.revision
        found.append(_outcome(stored, line, done))
    return tuple(found)


def _one(session: Session, case_id: int, command: Command, now: datetime) -> Fired | Refusal:
    with session.begin_nested() as savepoint:
        done = fire(session, case_id, command, now=now)
        if isinstance(done, Refusal):
            savepoint.rollback()
    return done


def _outcome(stored: StoredCase, line: Line, done: Fired | Refusal) -> Outcome:
    number, title = stored.row.number, stored.facts.title
    if isinstance(done, Refusal):
        return Outcome(line, number, title, None, done)
    if done.incident is not None:
        return Outcome(line, number, title, None, Refusal(done.incident, _FAILED))
    return Outcome(line, number, title, states_title(stored.definition, list(done.states)), None)


def _seen(
    session: Session, reader: Reader, lines: Sequence[Line], now: datetime
) -> Iterator[tuple[Line, StoredCase]]:  # fmt: skip
    if len(lines) > MOST:
        raise InvalidInput(f"At most {MOST} tasks can be decided at once.")
    for line in sorted(dict.fromkeys(lines), key=lambda each: (each.case_id, each.state, each.item or "")):
        if may_see(session, reader, line.case_id):
            stored = read_case(session, line.case_id, now)
            if not _is_outside(reader, stored, line):
                yield line, stored


def _is_outside(reader: Reader, stored: StoredCase, line: Line) -> bool:
    """Whether the reader is asked as somebody from outside, who decides what they got a link for and no more (§3)."""
    own = {audience for audience, _ in reader.audiences}
    tasks = [
        task for task in stored.facts.state.tasks.values() if (task.state, task.item) == (line.state, line.item)
    ]  # fmt: skip
    asked = [(task, audience) for task in tasks for audience in task.audiences if str(audience) in own]
    return bool(asked) and all(audience in task.outside for task, audience in asked)


def _look(line: Line, stored: StoredCase, action: str, title: Text, person_id: int) -> Looked:
    refusal = _barred(stored, line, action, title.id)
    after: Text | None = None
    if refusal is None:
        # What the note will say is not known yet; one that is required will be asked for before anything is done.
        command = Command(action, person_id, line.state, line.item, "…")
        plan = plan_act(stored.definition, stored.facts, command)
        if isinstance(plan, Refusal):
            refusal = plan
        else:
            after = states_title(stored.definition, list(plan.after.active))
    seen = Line(line.case_id, line.state, line.item, stored.row.revision)
    reason = None if refusal is None else refusal.sentence
    return Looked(seen, stored.row.number, stored.facts.title, after, reason)


def _barred(stored: StoredCase, line: Line, action: str, title: str) -> Refusal | None:
    """Why an act may not be done to this line together with others, whoever does it."""
    allowed = bulk_actions(stored.definition, line.state)
    transition = allowed.get(action)
    if transition is None or transition.title.id != title:
        return Refusal("unknown_event", _OTHER_ACTION if allowed else _NOT_BULK)
    if not ONE_BY_ONE.isdisjoint(transition.requires):
        return Refusal("unknown_event", _NEEDS_MORE)
    return None
