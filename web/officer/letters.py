"""A case on the page as the inspectorate's letters need it: who signed, whose paper it is, what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from delivery.documents.inspectorate import Letterhead, Matter, Member, Signer, day_words
from engine.cases.views import CasePage, HistoryLine
from engine.definitions.model import Definition
from engine.organisation.directory import StoreDirectory, snapshot
from engine.organisation.models import Region, Unit
from web.officer.shown import Reading, shown
from web.transaction import db

LEVEL = "inspectorate"  # of the unit whose paper it is
LANGUAGE = "id"  # letters are official


def matter_of(page: CasePage, field: str, *, is_draft: bool) -> Matter:
    """The case as the letter kept under ``field`` needs it."""
    region = db().query(Region).filter_by(key=page.region).one()
    directory = snapshot(db(), region.id, page.now)
    reading = Reading(page.form, LANGUAGE, directory)
    fields = page.definition.fields

    def say(name: str) -> str:
        return shown(fields[name], page.answers.get(name), page.answers, reading) if name in fields else ""

    def listed(name: str) -> list[str]:
        return [str(each) for each in page.answers.get(name) or ()]

    line, role = _signed(page, field)
    return Matter(
        page.number, say, listed, tuple(_team(page, directory)), letterhead_of(region),
        _signer(page, directory, line, role), _day(page, line), is_draft,
    )  # fmt: skip


def is_at_work(page: CasePage, field: str) -> bool:
    """Whether the reader works on the letter: where it is asked for, or, if it is signed there, where it is written.
    To others its draft says nothing yet."""
    mine = {task.state for task in page.tasks if task.is_mine or task.may_claim or task.assignee_id == page.reader}
    mine |= {view.state for view in page.actions if view.refusal is None and view.state is not None}
    states = page.definition.states
    asking = {state for state, _, _ in _steps(page.definition, field)}
    signing = {state for state in asking if states[state].approval is not None}
    writing = {key for key, state in states.items() if any(one.to in signing for one in state.transitions.values())}
    return not mine.isdisjoint(asking | writing)


def letterhead_of(region: Region) -> Letterhead:
    """The paper of a region's inspectorate."""
    settings = region.settings or {}
    own = db().query(Unit).filter_by(region_id=region.id, level=LEVEL).order_by(Unit.id).first()
    return Letterhead(
        str(settings.get("government") or f"Pemerintah {region.name}"), "Inspektorat" if own is None else own.name,
        str(settings.get("address") or ""), str(settings.get("seat") or region.name),
    )  # fmt: skip


def _team(page: CasePage, directory: StoreDirectory) -> Iterator[Member]:
    for key, people in page.facts.state.case_roles.items():
        for person in people:
            found = directory.person(person)
            yield Member(found.name or str(person), found.nip, page.definition.roles[key].title.id)


def _signed(page: CasePage, field: str) -> tuple[HistoryLine | None, str]:
    """The act by which the letter went out, the last one, and the role whose act it is."""
    for state, actions, role in _steps(page.definition, field):
        lines = [line for line in page.history if line.state == state and line.action in actions]
        if lines or role:
            return max(lines, key=lambda line: line.seq, default=None), page.definition.roles[role].title.id
    return None, ""


def _steps(definition: Definition, field: str) -> Iterator[tuple[str, frozenset[str], str]]:
    """The steps that ask for the document: state, the acts that may do so, whose they are."""
    for key, state in definition.states.items():
        for action, move in state.transitions.items():
            if not any(
                effect.options.get("field") == field and "template" in effect.options for effect in move.effects
            ):
                continue
            if state.approval is not None:
                yield key, frozenset({action, state.approval.accept}), state.approval.approvers[-1].candidates[0]
            elif state.task is not None:
                yield key, frozenset({action}), (move.by or state.task.candidates)[0]


def _signer(page: CasePage, directory: StoreDirectory, line: HistoryLine | None, role: str) -> Signer:
    if line is None or line.actor_id is None:
        return Signer(role, "…", "", "")
    person = directory.person(line.actor_id)
    kind = page.definition.substitution.get(line.kind or "")
    position = role if kind is None else f"{kind.title.id} {role}"
    local = line.at.astimezone(ZoneInfo(page.timezone))
    signed = f"Ditandatangani melalui Alur\n{day_words(local.date())}, {local:%H.%M} {local.tzname()}"
    return Signer(position, person.name or str(line.actor_name), person.nip, signed)


def _day(page: CasePage, line: HistoryLine | None) -> date | None:
    return None if line is None else line.at.astimezone(ZoneInfo(page.timezone)).date()
