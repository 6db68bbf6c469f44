"""What may only be read here: cases without their content, the outbox (with another try), the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import Query

from admin.audited_view import AuditedView, related
from admin.cells import badge, moment
from admin.chosen import Chosen
from admin.recorded_words import EVENTS, changed, event_words, pointed_ids, subject_words
from admin.tried_again import TriedAgainView
from engine.audit.models import AuditEntry
from engine.cases.models import Case
from engine.cases.sealed_mail import NO_CASE, NOTIFICATION
from engine.definitions.model import Text
from engine.organisation.models import Group, Person, Position, Unit
from engine.outbox.messages import FAILED, retry
from engine.outbox.models import Message
from engine.publishing.models import DefinitionVersion
from web.language import words
from web.transaction import db

SEALED_SUBJECTS = ("case:", "intake:")  # an ordinary case has its record in its own history
STATES = {
    "waiting": (_l("Waiting"), "", "clock"),
    "expanded": (_l("Passed on"), "", "check"),
    "sent": (_l("Sent"), "good", "check"),
    "failed": (_l("Failed"), "bad", "late"),
    "cancelled": (_l("Cancelled"), "", "pause"),
}
REASONS = {
    "assigned": _l("A task is open"),
    "reminder": _l("A task is about to fall due"),
    "escalated": _l("A task was not done in time"),
    "returned": _l("A case was sent back"),
    "outcome": _l("A case was decided"),
    "stand_in": _l("A stand-in takes care of a task"),
    "incident": _l("Something needs a supervisor"),
    "followed": _l("Somebody follows the case"),
    "monthly": _l("Figures somebody asked for every month"),
    "sealed": _l("The constant mail of sealed cases"),
    "steady": _l("The constant mail of sealed cases"),
}
OF_THE_CASE_TYPE = _l("The recipient takes part in this case.")  # a notification of the case type's own


class CasesView(AuditedView):
    """Numbers, types and dates only: the right to administrate opens no case, and titles can name a person."""

    heading, search_hint = _l("Cases"), _l("Number")
    is_newest_first = True
    column_list = ("number", "case_type", "unit", "opened_at", "closed_at", "revision")
    column_labels = {
        "number": _l("Number"),
        "case_type": _l("Case type"),
        "unit": _l("Unit"),
        "opened_at": _l("Opened"),
        "closed_at": _l("Closed"),
        "revision": _l("Revision"),
    }
    column_searchable_list = ("number",)
    column_sortable_list = ()
    column_formatters = {
        "case_type": lambda view, context, row, name: g.titles.get(row.digest, row.case_type),
        "unit": lambda view, context, row, name: str(g.units.get(row.unit_id, "")),
        "opened_at": lambda view, context, row, name: moment(row.opened_at),
        "closed_at": lambda view, context, row, name: moment(row.closed_at),
    }

    def of_region(self, query: Query[Any], region_id: int) -> Query[Any]:
        return super().of_region(query, region_id).filter(~Case.is_sealed)  # those not even by number

    def load_related(self, rows: Sequence[Case]) -> None:
        g.units = related(Unit, [row.unit_id for row in rows])
        digests = {row.digest for row in rows}
        versions = select(DefinitionVersion).where(DefinitionVersion.digest.in_(digests))
        g.titles = {one.digest: words(Text(one.title["id"], one.title["en"])) for one in db().scalars(versions)}


class OutboxView(TriedAgainView):
    """Every message with its reason and where it is; one that failed may be tried again."""

    heading, send_again = _l("Outbox"), staticmethod(retry)
    is_newest_first = True
    column_list = ("created_at", "reason", "to", "case", "state", "sent_at", "last_error", "again")
    column_labels = {
        "created_at": _l("Written"),
        "reason": _l("Reason"),
        "to": _l("To"),
        "case": _l("Case"),
        "state": _l("State"),
        "sent_at": _l("Sent at"),
        "last_error": _l("Last fault"),
        "again": "",
    }
    column_filters = (Chosen(Message.state, _l("State"), lambda: [(key, shown[0]) for key, shown in STATES.items()]),)
    column_sortable_list = ()
    column_formatters = {
        "created_at": lambda view, context, row, name: moment(row.created_at),
        "reason": lambda view, context, row, name: str(REASONS.get(row.reason, OF_THE_CASE_TYPE)),
        "sent_at": lambda view, context, row, name: moment(row.sent_at),
        "to": lambda view, context, row, name: row.recipient or view.meant(row),
        "case": lambda view, context, row, name: g.numbers.get(row.case_id, ""),
        "state": lambda view, context, row, name: badge(
            str(STATES[row.state][0]), STATES[row.state][1], STATES[row.state][2]
        ),
        "last_error": lambda view, context, row, name: (row.last_error or "")[:120],
        "again": lambda view, context, row, name: view.again(context, row),
    }

    def of_region(self, query: Query[Any], region_id: int) -> Query[Any]:
        """Of the constant mails of sealed cases those that failed: when who was written to would tell of a case."""
        is_open = or_(Message.case_id != NO_CASE, Message.notification != NOTIFICATION, Message.state == FAILED)
        return super().of_region(query, region_id).filter(is_open)

    def load_related(self, rows: Sequence[Message]) -> None:
        meant = [row.audience.partition(":") for row in rows]
        ids = {kind: [int(key) for one, _colon, key in meant if one == kind] for kind in ("person", "position")}
        of_region = select(Group).where(Group.region_id == g.person.region_id)
        g.people = related(Person, [*ids["person"], *(row.person_id for row in rows)])
        g.positions = related(Position, ids["position"])
        g.groups = {group.key: group for group in db().scalars(of_region)}
        cases = {row.case_id for row in rows}
        g.numbers = dict(db().query(Case.id, Case.number).filter(Case.id.in_(cases)).all()) if cases else {}

    def meant(self, row: Message) -> str:
        """Who it is for: a person, or the position or group whose people get it when it leaves."""
        kind, _colon, key = row.audience.partition(":")
        if kind == "group":
            return str(g.groups.get(key, key))
        return str((g.positions if kind == "position" else g.people).get(int(key), row.audience))


class AuditView(AuditedView):
    """The administration's own history: who changed what, from which value to which."""

    heading, search_hint = _l("Audit"), _l("What it is about, such as people:12")
    is_newest_first = True
    sorted_by = "seq"
    column_list = ("at", "actor", "event", "subject", "changed")
    column_labels = {
        "at": _l("When"),
        "actor": _l("Who"),
        "event": _l("What happened"),
        "subject": _l("About"),
        "changed": _l("Old and new value"),
    }
    column_searchable_list = ("subject",)
    column_filters = (
        Chosen(AuditEntry.event, _l("What happened"), lambda: sorted(EVENTS.items(), key=lambda one: str(one[1]))),
    )
    column_sortable_list = ()
    column_formatters = {
        "at": lambda view, context, row, name: moment(row.at),
        "actor": lambda view, context, row, name: (
            str(g.named["people"].get(row.actor_id, "")) if row.actor_id else _("Command line")
        ),
        "event": lambda view, context, row, name: event_words(row.event),
        "subject": lambda view, context, row, name: subject_words(row.subject),
        "changed": lambda view, context, row, name: changed(row.old, row.new),
    }

    def of_region(self, query: Query[Any], region_id: int) -> Query[Any]:
        """Without what is on record of sealed cases: that somebody read one would say that there is one."""
        about_sealed = or_(*(AuditEntry.subject.startswith(place) for place in SEALED_SUBJECTS))
        return super().of_region(query, region_id).filter(~about_sealed)

    def load_related(self, rows: Sequence[AuditEntry]) -> None:
        tables = {"people": Person, "units": Unit, "positions": Position, "groups": Group}
        ids = {name: pointed_ids(list(rows), name) for name in tables}
        ids["people"] += [row.actor_id for row in rows if row.actor_id]
        g.named = {name: related(model, ids[name]) for name, model in tables.items()}
