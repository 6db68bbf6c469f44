"""A report as its reporter sees it: status in plain words, dates, messages, what was told, what can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.actions import actions_for
from engine.cases.answers import from_store, shown, to_store
from engine.cases.chart import chart_of
from engine.cases.handling import ACTS
from engine.cases.promised import owed
from engine.cases.sealed_values import Promise
from engine.cases.stored import StoredCase, read_case
from engine.changes import ActionView
from engine.channel.keys import CaseRef, hold_receipt
from engine.channel.model import Channel, LinkedReport, StatusWords, is_askable
from engine.channel.travelled import PassedStatus, way_of
from engine.definitions.model import Field, Text
from engine.disclosure import conversation, sealed_files
from engine.disclosure.declared import Declared
from engine.disclosure.models import IdentityRelease, SealedCase
from engine.disclosure.sealed_files import FileView, Owner
from engine.facts import REPORTER
from engine.field_types.question import is_blank

_HANDLED = Text("Sedang ditangani", "Being handled")
_NO_WORDS = StatusWords(
    Text("Laporan Anda sedang dikerjakan.", "Your report is being worked on."),
    Text("Kami menulis di halaman ini bila ada perkembangan.", "We write on this page when there is something new."),
)
_RELEASES = {
    "asked": Text(
        "Petugas meminta agar identitas Anda dibuka. Belum diputuskan.",
        "An officer asked that your identity be opened. It is not decided yet.",
    ),
    "released": Text(
        "Identitas Anda dibuka untuk seorang petugas, setelah dua orang menyetujuinya.",
        "Your identity was opened to an officer, after two people agreed.",
    ),
    "refused": Text(
        "Permintaan agar identitas Anda dibuka ditolak.", "A request that your identity be opened was refused."
    ),
}


@dataclass(frozen=True, slots=True)
class MessageView:
    """``side`` is reporter or office; messages the reporter removed are not among them."""

    id: str
    side: str
    text: str
    on: date


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer as people read it; ``field`` for its title."""

    field: Field
    shown: Text


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """That the reporter's identity was asked for, opened or refused, and when."""

    state: str  # asked, released, refused
    sentence: Text
    on: date


@dataclass(frozen=True, slots=True)
class ReportPage:
    """``way_gone`` ends with where it stands. Messages are oldest first. ``actions`` are the reporter's own,
    ``current`` the answers (stored form) of the fields they may change; ``told`` is what was first reported;
    ``outcome`` what the office answers once it is the reporter's turn or the case has ended; ``expires_on`` the day the
    report is destroyed, once it is closed."""

    number: str
    kind: str
    way: str
    status: Text
    meaning: Text
    next: Text
    reported_on: date
    way_gone: tuple[PassedStatus, ...]
    dates: tuple[Promise, ...]
    messages: tuple[MessageView, ...] = field(repr=False)
    told: tuple[AnswerView, ...] = field(repr=False)
    outcome: tuple[AnswerView, ...] = field(repr=False)
    actions: tuple[ActionView, ...]
    current: Mapping[str, Any] = field(repr=False)
    files: tuple[FileView, ...] = field(repr=False)
    releases: tuple[ReleaseView, ...]
    linked: tuple[LinkedReport, ...]  # what may be reported on top of it
    closed_on: date | None
    expires_on: date | None
    may_write: bool


def report_page(session: Session, ref: CaseRef, channel: Channel, now: datetime) -> ReportPage:
    """The page. Raises NotFound when the report is gone or the receipt was replaced."""
    seal = hold_receipt(session, ref, now)
    stored = read_case(session, ref.case_id, now)
    row = session.get_one(SealedCase, ref.case_id)
    declared = Declared.from_text(seal.unlock("declared", row.declared))
    status, words = status_of(stored, channel)
    actions = own_actions(stored)
    editable = {key for action in actions for key in action.edits}
    said = conversation.messages(session, seal, ref.case_id, conversation.REPORTER)
    return ReportPage(
        number=stored.row.number,
        kind=declared.kind,
        way=declared.way,
        status=status,
        meaning=words.meaning,
        next=words.next,
        reported_on=row.opened_on,
        way_gone=way_of(session, stored),
        dates=owed(stored),
        messages=tuple(MessageView(each.id, each.side, each.text, each.on) for each in said),
        told=_told(stored, channel.of(declared.kind), declared.told),
        outcome=tuple(_answers(stored, channel.settings.shown_at_the_end)) if _is_shown_outcome(stored) else (),
        actions=actions,
        current={key: value for key, value in _stored(stored).items() if key in editable},
        # The receipt opens the case's key, and so all of its files; but those of officers are the inquiry's own.
        files=sealed_files.listed(
            session, seal, Owner(channel.region_id, case_id=ref.case_id), side=conversation.REPORTER
        ),
        releases=_releases(session, stored, ref.case_id),
        linked=tuple(channel.settings.linked.values()),
        closed_on=row.ended_on,
        expires_on=row.keep_until,
        may_write=True,
    )


def own_actions(stored: StoredCase) -> tuple[ActionView, ...]:
    """What the reporter can do now; what would be refused is not offered. Files come with messages, not with acts."""
    fields = stored.definition.fields
    return tuple(
        replace(view, edits=tuple(key for key in view.edits if key in fields and is_askable(fields[key])))
        for view in actions_for(stored.definition, stored.facts, REPORTER)
        if view.refusal is None and not view.is_internal and view.action not in ACTS
    )


def status_of(stored: StoredCase, channel: Channel) -> tuple[Text, StatusWords]:
    """The public title of where the case stands, of the innermost state that has one, and its words."""
    chart = chart_of(stored.definition)
    for leaf in chart.leaves(stored.facts.state.active):
        for state in chart.path[leaf]:  # from the inside out
            title = stored.definition.states[state].public_title
            if title is not None:
                return title, channel.settings.statuses.get(title.id, _NO_WORDS)
    return _HANDLED, _NO_WORDS


def _is_shown_outcome(stored: StoredCase) -> bool:
    """Once the case has ended, or a step of its own waits for the reporter or lets them answer back."""
    if stored.facts.state.is_ended:
        return True
    outside = {key for key, role in stored.definition.roles.items() if role.is_external}
    states = stored.definition.states
    return any(
        (states[leaf].task is not None and outside & set(states[leaf].task.candidates))  # type: ignore[union-attr]
        or any(outside & set(one.by) for one in states[leaf].transitions.values())
        for leaf in chart_of(stored.definition).leaves(stored.facts.state.active)
    )


def _told(stored: StoredCase, channel: Channel, told: Mapping[str, Any]) -> tuple[AnswerView, ...]:
    asked = [key for question in channel.questions for key in question.fields]
    order = dict.fromkeys((*asked, *told))
    typed = from_store(stored.definition.fields, told)
    return tuple(_shown(stored, {key: typed.get(key) for key in order}))


def _answers(stored: StoredCase, keys: Iterable[str]) -> Iterator[AnswerView]:
    return _shown(stored, {key: stored.facts.answers.get(key) for key in keys})


def _shown(stored: StoredCase, typed: Mapping[str, Any]) -> Iterator[AnswerView]:
    definition, directory = stored.definition, stored.directory
    for key, value in typed.items():
        one = definition.fields.get(key)
        if one is None or is_blank(value):
            continue
        if one.type == "unit":
            unit = directory.unit(value)
            name = "" if unit is None else unit.name
            yield AnswerView(one, Text(name, name))
        else:
            yield AnswerView(one, Text(shown(definition, key, value, "id"), shown(definition, key, value, "en")))


def _stored(stored: StoredCase) -> Mapping[str, Any]:
    return to_store(stored.definition.fields, stored.facts.answers)


def _releases(session: Session, stored: StoredCase, case_id: int) -> tuple[ReleaseView, ...]:
    query = select(IdentityRelease).where(IdentityRelease.case_id == case_id).order_by(IdentityRelease.id)
    return tuple(_release(stored, row) for row in session.scalars(query))


def _release(stored: StoredCase, row: IdentityRelease) -> ReleaseView:
    state = "asked" if row.is_approved is None else "released" if row.is_approved else "refused"
    return ReleaseView(state, _RELEASES[state], stored.directory.day(row.decided_at or row.asked_at))
