"""Everything the page of one case needs, for one reader, read in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases.access import Reader, may_see, reader_of, require_visible
from engine.cases.answer_changes import answer_changes
from engine.cases.answer_store import from_store
from engine.cases.attachments import attachments_of, may_attach
from engine.cases.key_copies import holders_of, people_among
from engine.cases.models import Case, Comment, Document, Follow, History, Link
from engine.cases.plan import actions_for
from engine.cases.reading_rights import rights_of
from engine.cases.road import state_views, task_views
from engine.cases.sealed_history import opened_history, opened_remark
from engine.cases.sealed_view import sealed_view
from engine.cases.step import Step
from engine.cases.stored import StoredCase, read_case
from engine.cases.telling import history_line, principal_name
from engine.cases.veiled_history import veiled
from engine.cases.versions_then import versions_then
from engine.cases.views import (
    CasePage,
    CommentView,
    DocumentView,
    LinkView,
    MessageView,
    ReturnView,
    TaskView,
)
from engine.cases.wording import leaves, states_title
from engine.changes import ActionView
from engine.definitions.model import Definition, Form, Text
from engine.errors import KeyNeeded
from engine.facts import Audience
from engine.organisation.models import Region
from engine.outbox.models import Message

MOST_MESSAGES = 200


def case_page(session: Session, person_id: int, case_id: int, now: datetime) -> CasePage:
    """The page of a case. Raises NotFound when it does not exist or ``person_id`` may not see it: one answer; KeyNeeded
    when it is sealed and their key is not at hand."""
    reader = reader_of(session, person_id, now)
    require_visible(session, reader, case_id)
    stored = read_case(session, case_id, now)
    if stored.definition.is_sealed and stored.seal is None:
        raise KeyNeeded
    case, facts, definition, directory = stored.row, stored.facts, stored.definition, stored.directory
    kept = session.scalars(select(History).where(History.case_id == case_id).order_by(History.seq)).all()
    rights = rights_of(Step(stored.definition, stored.facts), person_id)
    rows = [
        row if rights.reads_officers or row.actor_id == person_id else veiled(row)
        for row in opened_history(stored, kept)
    ]
    actions = actions_for(definition, facts, person_id)
    tasks = task_views(definition, facts, actions, person_id)
    region = session.get_one(Region, case.region_id)
    unit = directory.unit(case.unit_id) if case.unit_id is not None else None
    due = min((task.due_at for task in tasks if task.due_at is not None), default=None)
    return CasePage(
        case_id=case.id,
        number=case.number,
        title=facts.title,
        case_type=facts.case_type,
        type_title=definition.title,
        region=facts.region,
        region_name=region.name,
        timezone=region.timezone,
        unit_name=None if unit is None else unit.name,
        initiator_id=case.initiator_id,
        initiator_name=None if case.initiator_id is None else directory.person(case.initiator_id).name,
        opened_at=facts.opened_at,
        closed_at=stored.closed_at,
        is_suspended=facts.is_suspended,
        suspended_note=stored.suspended_note if rights.reads_officers else None,
        revision=case.revision,
        returned_count=case.returned_count,
        reader=person_id,
        now=now,
        definition=definition,
        facts=facts,
        answers=facts.answers,
        form=_form(definition, facts.state.active, actions),
        fields=_fields(definition, tasks, rights.hidden),
        state_title=states_title(definition, list(facts.state.active)),
        states=state_views(definition, facts, tasks, rows),
        tasks=tasks,
        actions=actions,
        history=tuple(
            history_line(then, directory, row)
            for then, row in zip(versions_then(session, stored, rows), rows, strict=True)
        ),
        changed_since_return=_since_return(stored, rows) if rights.reads_officers else None,
        attachments=attachments_of(session, stored, person_id, rights),
        messages=_messages(session, stored),
        documents=_documents(session, stored),
        links=_links(session, reader, case_id),
        comments=_comments(session, stored) if rights.reads_officers else (),
        is_following=session.get(Follow, (person_id, case_id)) is not None,
        may_attach=may_attach(session, reader, stored),
        due_at=due,
        due_on=None if due is None else directory.day(due),
        may_pause=reader.is_supervisor and not facts.state.is_ended,
        sealed=sealed_view(session, stored, person_id, rights, people_among(holders_of(session, case_id))),
    )


def _form(definition: Definition, active: Mapping[str, int], actions: Sequence[ActionView]) -> Form | None:
    """The form the reader is asked with, otherwise that of where the case stands, otherwise the first one."""
    asked = [action.form for action in actions if action.refusal is None and action.form]
    here = []
    for key in leaves(definition, list(active)):
        work = definition.states[key].task or definition.states[key].approval
        if work is not None and work.form:
            here.append(work.form)
    for key in (*asked, *here, *definition.forms):
        if key in definition.forms:
            return definition.forms[key]
    return None


def _fields(definition: Definition, tasks: Sequence[TaskView], unreadable: frozenset[str]) -> Mapping[str, str]:
    """Field -> edit, read or hidden, for the tasks that are the reader's; what is not named is read."""
    modes = dict.fromkeys(unreadable, "hidden")
    for task in tasks:
        if not (task.is_mine or task.may_claim):
            continue
        work = definition.states[task.state].task or definition.states[task.state].approval
        for field, mode in (work.fields if work is not None else {}).items():
            if modes.get(field) != "edit":
                modes[field] = mode
    return modes


def _since_return(stored: StoredCase, rows: Sequence[History]) -> ReturnView | None:
    seq = stored.row.returned_seq
    back = next((row for row in rows if row.seq == seq), None) if seq is not None else None
    if back is None:
        return None
    later = [row for row in rows if row.seq > back.seq and row.answers_changed]
    old: dict[str, Any] = {}
    for row in later:
        for field, pair in (row.answers_changed or {}).items():
            old.setdefault(field, pair[0])
    fields = stored.definition.fields
    was = from_store(fields, {name: value for name, value in old.items() if value is not None})
    answers = {name: stored.facts.answers.get(name) for name in old}
    return ReturnView(
        note=back.comment,
        by=None if back.actor_id is None else stored.directory.person(back.actor_id).name,
        principal_name=principal_name(stored.definition, stored.directory, back.principal),
        at=back.at,
        seq=back.seq,
        since=later[-1].at if later else None,
        changes=tuple(answer_changes(fields, was, answers)),
    )


def _messages(session: Session, stored: StoredCase) -> tuple[MessageView, ...]:
    rows = session.scalars(
        select(Message)
        .where(Message.case_id == stored.row.id, Message.state != "expanded")
        .order_by(Message.id.desc())
        .limit(MOST_MESSAGES)
    )
    return tuple(
        MessageView(
            id=row.id,
            reason=row.reason,
            notification=row.notification,
            to=stored.directory.title(Audience(*row.audience.split(":", 1)), "id"),
            state=row.state,
            created_at=row.created_at,
            sent_at=row.sent_at,
            last_error=row.last_error,
        )
        for row in rows
    )


def _documents(session: Session, stored: StoredCase) -> tuple[DocumentView, ...]:
    rows = session.scalars(select(Document).where(Document.case_id == stored.row.id).order_by(Document.revision))
    newest = {row.field: row for row in rows}
    fields = stored.definition.fields
    return tuple(
        DocumentView(
            field=row.field,
            title=fields[row.field].title if row.field in fields else Text(row.field, row.field),
            template=row.template,
            revision=row.revision,
            requested_at=row.requested_at,
        )
        for row in newest.values()
    )


def _links(session: Session, reader: Reader, case_id: int) -> tuple[LinkView, ...]:
    from_here = select(Link.name, Case).join(Case, Case.id == Link.other_case_id).where(Link.case_id == case_id)
    to_here = select(Link.name, Case).join(Case, Case.id == Link.case_id).where(Link.other_case_id == case_id)
    found = [*session.execute(from_here), *session.execute(to_here)]
    return tuple(
        LinkView(name, case.id, case.number, case.title) for name, case in found if may_see(session, reader, case.id)
    )


def _comments(session: Session, stored: StoredCase) -> tuple[CommentView, ...]:
    rows = session.scalars(select(Comment).where(Comment.case_id == stored.row.id).order_by(Comment.id))
    return tuple(
        CommentView(stored.directory.person(row.person_id).name, row.said_at, opened_remark(stored, row))
        for row in rows
    )
