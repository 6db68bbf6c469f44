"""The open tasks of a case: who holds each, and to whom its holder may hand it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from engine.cases.views import CasePage, TaskView
from engine.definitions.model import Text
from web.language import clock, day, short_moment, words
from web.officer.region_lists import StoreLists
from web.transaction import db

Names = tuple[tuple[int | str, str], ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A task in the box: ``holder`` is a sentence; ``people`` may take it over, ``delegates`` may stand in for it."""

    number: int
    state: str
    item: str
    title: str
    holder: str
    is_mine: bool
    may_claim: bool
    may_release: bool
    waits_for: str
    instructions: str
    people: Names
    delegates: Names
    needs_until: bool  # the case type wants a last day of a delegation
    capacity: str  # in whose name the reader would act, "" in their own right


def held(page: CasePage, task: TaskView) -> Held:
    """The task as its reader sees it."""
    is_mine = task.is_mine or task.assignee_id == page.reader
    may_hand, stand_in = is_mine or task.may_claim, page.definition.substitution.get("delegate")
    return Held(
        number=task.number,
        state=task.state,
        item=task.item or "",
        title=_title(task),
        holder=_holder(page, task, is_mine),
        is_mine=is_mine,
        may_claim=task.may_claim,
        may_release=task.may_release,
        waits_for=", ".join(task.candidates) or _titles(task.waits_for),
        instructions=words(task.instructions),
        people=_people(page, task) if may_hand else (),
        delegates=_delegates(page) if may_hand and stand_in is not None else (),
        needs_until=stand_in is not None and "until" in stand_in.requires,
        capacity=_capacity(page, task),
    )


def _capacity(page: CasePage, task: TaskView) -> str:
    """In whose name the reader would act here, and until when."""
    if task.seat is None:
        return ""
    powers = page.definition.substitution.get(task.seat.kind or "")
    values = {"kind": words(powers.title) if powers is not None else task.seat.kind, "name": words(task.in_name_of)}
    if task.seat.until is None:
        return str(_("Here you act as %(kind)s for %(name)s.", **values))
    return str(_("Here you act as %(kind)s for %(name)s, until %(day)s.", day=day(task.seat.until), **values))


def _title(task: TaskView) -> str:
    title = words(task.place_title or task.title)
    return f"{title}: {task.item}" if task.item else title


def _holder(page: CasePage, task: TaskView, is_mine: bool) -> str:
    name, time = task.assignee_name or "", _since(page, task)
    if is_mine:
        return str(_("You hold this task since %(time)s.", time=time) if time else _("This task is yours."))
    if name and time:
        return str(_("%(name)s holds this task since %(time)s.", name=name, time=time))
    return str(_("%(name)s holds this task.", name=name) if name else _("Nobody has taken this task yet."))


def _since(page: CasePage, task: TaskView) -> str:
    if task.claimed_at is None:
        return ""
    is_today = (page.now - task.claimed_at).total_seconds() < 12 * 3600
    return clock(task.claimed_at) if is_today else short_moment(task.claimed_at)


def _people(page: CasePage, task: TaskView) -> Names:
    """Everybody else who may act on the task now, by name."""
    directory, open_task = page.facts.directory, page.facts.state.tasks.get(task.number)
    if open_task is None:
        return ()
    ids = {seat.person for audience in open_task.audiences for seat in directory.seats(audience, page.now)}
    ids -= {task.assignee_id, page.reader}
    return tuple(sorted(((i, directory.person(i).name) for i in ids), key=lambda pair: pair[1]))


def _delegates(page: CasePage) -> Names:
    """The reader's colleagues in their own unit; the engine says who of them may not."""
    directory = page.facts.directory
    unit_id = directory.person(page.reader).unit
    unit = directory.unit(unit_id) if unit_id is not None else None  # type: ignore[attr-defined]
    if unit is None:
        return ()
    found = StoreLists(db(), directory.region_id, int(page.reader)).of("person", unit.key)  # type: ignore[attr-defined]
    return tuple((person, name) for person, name in found if person != str(page.reader))


def _titles(titles: tuple[Text, ...]) -> str:
    return ", ".join(words(title) for title in titles)
