"""Calls to other systems, without what they hold, and more time given in schedules: to be read, and tried again."""

from __future__ import annotations

from collections.abc import Sequence

from flask import g
from flask_babel import lazy_gettext as _l

from admin.audited_view import AuditedView, related
from admin.cells import badge, day_cell, moment
from admin.chosen import Chosen
from admin.tried_again import TriedAgainView
from engine.cases.models import Case, ScheduleExtension
from engine.connectors import title_of
from engine.organisation.models import Person, Unit
from engine.outbox.calls import retry
from engine.outbox.models import ConnectorCall
from web.language import words
from web.transaction import db

STATES = {
    "waiting": (_l("Waiting"), "", "clock"),
    "done": (_l("Done"), "good", "check"),
    "failed": (_l("Failed"), "bad", "late"),
    "cancelled": (_l("Cancelled"), "", "pause"),
}


class CallsView(TriedAgainView):
    """Every call with its state and last fault; what it told stays with the case."""

    heading, send_again = _l("Calls"), staticmethod(retry)
    is_newest_first = True
    column_list = ("created_at", "connector", "case", "state", "attempts", "finished_at", "last_error", "again")
    column_labels = {
        "created_at": _l("Written"),
        "connector": _l("What or where to"),
        "case": _l("Case"),
        "state": _l("State"),
        "attempts": _l("Tries"),
        "finished_at": _l("Ended"),
        "last_error": _l("Last fault"),
        "again": "",
    }
    column_filters = (
        Chosen(ConnectorCall.state, _l("State"), lambda: [(key, shown[0]) for key, shown in STATES.items()]),
    )
    column_sortable_list = ()
    column_formatters = {
        "created_at": lambda view, context, row, name: moment(row.created_at),
        "finished_at": lambda view, context, row, name: moment(row.finished_at),
        "connector": lambda view, context, row, name: words(title_of(row.connector)),
        "case": lambda view, context, row, name: g.numbers.get(row.case_id, ""),
        "state": lambda view, context, row, name: badge(
            str(STATES[row.state][0]), STATES[row.state][1], STATES[row.state][2]
        ),
        "last_error": lambda view, context, row, name: (row.last_error or "")[:120],
        "again": lambda view, context, row, name: view.again(context, row),
    }

    def load_related(self, rows: Sequence[ConnectorCall]) -> None:
        cases = {row.case_id for row in rows}
        g.numbers = dict(db().query(Case.id, Case.number).filter(Case.id.in_(cases)).all()) if cases else {}


class ExtensionsView(AuditedView):
    """More time in a schedule for one unit: given by who a definition names, never here."""

    heading = _l("Extensions")
    is_newest_first = True
    column_list = ("granted_at", "case_type", "schedule", "unit", "until", "reason", "granted_by")
    column_labels = {
        "granted_at": _l("When"),
        "case_type": _l("Case type"),
        "schedule": _l("Schedule"),
        "unit": _l("Unit"),
        "until": _l("Last day"),
        "reason": _l("Reason"),
        "granted_by": _l("Who"),
    }
    column_sortable_list = ()
    column_formatters = {
        "granted_at": lambda view, context, row, name: moment(row.granted_at),
        "unit": lambda view, context, row, name: str(g.units.get(row.unit_id, "")),
        "granted_by": lambda view, context, row, name: str(g.people.get(row.granted_by, "")),
        "until": day_cell,
    }

    def load_related(self, rows: Sequence[ScheduleExtension]) -> None:
        g.units = related(Unit, [row.unit_id for row in rows])
        g.people = related(Person, [row.granted_by for row in rows])
