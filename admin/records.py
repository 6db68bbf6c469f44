"""What may only be read here: cases without their content, the outbox (with another try), the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, request
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Query

from admin.audited_view import AuditedView, related
from admin.cells import badge, changed, moment
from admin.chosen import Chosen
from engine.audit.models import AuditEntry
from engine.cases.models import Case
from engine.organisation.models import Person, Unit
from engine.outbox.messages import retry
from engine.outbox.models import Message
from web.transaction import db, now

STATES = {
    "waiting": (_l("Waiting"), "", "clock"),
    "expanded": (_l("Passed on"), "", "check"),
    "sent": (_l("Sent"), "good", "check"),
    "failed": (_l("Failed"), "bad", "late"),
    "cancelled": (_l("Cancelled"), "", "pause"),
}


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
        "unit": lambda view, context, row, name: str(g.units.get(row.unit_id, "")),
        "opened_at": lambda view, context, row, name: moment(row.opened_at),
        "closed_at": lambda view, context, row, name: moment(row.closed_at),
    }

    def load_related(self, rows: Sequence[Case]) -> None:
        g.units = related(Unit, [row.unit_id for row in rows])


class OutboxView(AuditedView):
    """Every message with its reason and where it is; one that failed may be tried again."""

    heading = _l("Outbox")
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
        "sent_at": lambda view, context, row, name: moment(row.sent_at),
        "to": lambda view, context, row, name: row.recipient or str(g.people.get(row.person_id, "")),
        "case": lambda view, context, row, name: g.numbers.get(row.case_id, ""),
        "state": lambda view, context, row, name: badge(
            str(STATES[row.state][0]), STATES[row.state][1], STATES[row.state][2]
        ),
        "last_error": lambda view, context, row, name: (row.last_error or "")[:120],
        "again": lambda view, context, row, name: view.again(context, row),
    }

    def load_related(self, rows: Sequence[Message]) -> None:
        g.people = related(Person, [row.person_id for row in rows])
        ids = {row.case_id for row in rows}
        g.numbers = dict(db().query(Case.id, Case.number).filter(Case.id.in_(ids)).all()) if ids else {}

    def again(self, context: Any, row: Message) -> Any:
        """The button for one that failed; nothing for the others."""
        return context.vars["again_button"](row.id) if row.state == "failed" else ""

    @expose("/again", methods=("POST",))
    def try_again(self) -> Any:
        """One more try for a message that failed."""
        row = self.get_one(request.form.get("id", ""))
        retry(db(), row.id, now())
        flash(_("It is tried again in a moment."), "good")
        return redirect(self.get_url(".index_view"))


class AuditView(AuditedView):
    """The administration's own history: who changed what, from which value to which."""

    heading, search_hint = _l("Audit"), _l("What it is about, such as person:12")
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
    column_searchable_list = ("subject", "event")
    column_sortable_list = ()
    column_formatters = {
        "at": lambda view, context, row, name: moment(row.at),
        "actor": lambda view, context, row, name: (
            str(g.people.get(row.actor_id, "")) if row.actor_id else _("Command line")
        ),
        "changed": lambda view, context, row, name: changed(row.old, row.new),
    }

    def of_region(self, query: Query[Any], region_id: int) -> Query[Any]:
        return query.filter(AuditEntry.region_id == region_id)

    def load_related(self, rows: Sequence[AuditEntry]) -> None:
        g.people = related(Person, [row.actor_id for row in rows])
