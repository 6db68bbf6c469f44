"""Who holds a position, and who stands in for whom: periods that end, never vanish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Query
from wtforms import DateField, Form, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from admin.audited_view import AuditedView, author, related
from admin.cells import IN_WORDS, NEEDED, day_cell, kind_cell, pointed
from admin.chosen import Chosen
from admin.fields import PersonField, PositionField
from admin.forms import AdminForm
from engine.organisation import mandates, positions
from engine.organisation.models import HOLDER_KINDS, Delegation, Holder, Person, Position
from web.transaction import db


class HolderForm(AdminForm):
    position_id = PositionField(_l("Position"), [DataRequired(NEEDED)])
    person_id = PersonField(_l("Person"), [DataRequired(NEEDED)])
    kind = SelectField(_l("As"), choices=[SelectChoice(key, IN_WORDS[key]) for key in HOLDER_KINDS])
    decree_number = StringField(_l("Decree number"), [Length(max=120)])
    decree_on = DateField(_l("Date of the decree"), [Optional()])
    starts_on = DateField(_l("From"), [InputRequired(NEEDED)])
    ends_on = DateField(_l("Until"), [Optional()], description=_l("Plt. and Plh. need a last day."))


def _holder_kinds() -> list[tuple[str, str]]:
    return [(key, str(IN_WORDS[key])) for key in HOLDER_KINDS]


class HoldersView(AuditedView):
    heading, add_words = _l("Holders of positions"), _l("Appoint somebody")
    can_create = can_edit = True
    is_newest_first = True
    form = HolderForm
    column_list = ("position", "person", "kind", "decree_number", "starts_on", "ends_on")
    column_labels = {
        "position": _l("Position"),
        "person": _l("Person"),
        "kind": _l("As"),
        "decree_number": _l("Decree number"),
        "starts_on": _l("From"),
        "ends_on": _l("Until"),
    }
    column_filters = (Chosen(Holder.kind, _l("As"), _holder_kinds),)
    column_sortable_list = ()
    column_formatters = {
        "position": pointed("position_id", "positions"),
        "person": pointed("person_id", "people"),
        "kind": kind_cell,
        "starts_on": day_cell,
        "ends_on": day_cell,
    }

    def of_region(self, query: Query[Any], region_id: int) -> Query[Any]:
        return query.filter(Holder.position_id.in_(db().query(Position.id).filter(Position.region_id == region_id)))

    def load_related(self, rows: Sequence[Holder]) -> None:
        g.positions = related(Position, [row.position_id for row in rows])
        g.people = related(Person, [row.person_id for row in rows])

    def about(self, row: Holder) -> str:
        return f"{g.positions.get(row.position_id, '')}, {g.people.get(row.person_id, '')}"

    def add(self, form: HolderForm) -> Holder:
        return positions.appoint(
            db(),
            form.position_id.row_id or 0,
            form.person_id.row_id or 0,
            form.kind.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            decree_number=form.decree_number.data or None,
            decree_on=form.decree_on.data,
            author=author(),
        )

    def edit_form(self, obj: Any = None) -> Form:
        form = super().edit_form(obj)
        del form.position_id, form.person_id, form.kind, form.decree_number, form.decree_on, form.starts_on
        return form

    def alter(self, form: HolderForm, row: Holder) -> Holder | None:
        return positions.end_holding(db(), row.id, on=form.ends_on.data, author=author())


class MandateForm(AdminForm):
    principal_id = PersonField(_l("Acts for"), [DataRequired(NEEDED)])
    delegate_id = PersonField(_l("Person who acts"), [DataRequired(NEEDED)])
    kind = SelectField(_l("Kind"), choices=[SelectChoice(key, IN_WORDS[key]) for key in mandates.KINDS])
    starts_on = DateField(_l("From"), [InputRequired(NEEDED)])
    ends_on = DateField(_l("Until"), [InputRequired(NEEDED)])
    reason = StringField(_l("Reason"), [DataRequired(NEEDED), Length(max=300)])
    decree_number = StringField(_l("Decree number"), [Length(max=120)])


class MandatesView(AuditedView):
    heading, add_words = _l("Mandates"), _l("Give a mandate")
    can_create = can_edit = True
    is_newest_first = True
    form = MandateForm
    column_list = ("principal", "delegate", "kind", "reason", "starts_on", "ends_on")
    column_labels = {
        "principal": _l("Acts for"),
        "delegate": _l("Person who acts"),
        "kind": _l("Kind"),
        "reason": _l("Reason"),
        "starts_on": _l("From"),
        "ends_on": _l("Until"),
    }
    column_sortable_list = ()
    column_formatters = {
        "principal": pointed("principal_id", "people"),
        "delegate": pointed("delegate_id", "people"),
        "kind": kind_cell,
        "starts_on": day_cell,
        "ends_on": day_cell,
    }

    def load_related(self, rows: Sequence[Delegation]) -> None:
        g.people = related(Person, [each for row in rows for each in (row.principal_id, row.delegate_id)])

    def about(self, row: Delegation) -> str:
        return f"{g.people.get(row.principal_id, '')}, {g.people.get(row.delegate_id, '')}"

    def add(self, form: MandateForm) -> Delegation:
        return mandates.give_mandate(
            db(),
            form.principal_id.row_id or 0,
            form.delegate_id.row_id or 0,
            form.kind.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            reason=form.reason.data,
            decree_number=form.decree_number.data or None,
            author=author(),
        )

    def edit_form(self, obj: Any = None) -> Form:
        form = super().edit_form(obj)
        del form.principal_id, form.delegate_id, form.kind, form.starts_on, form.reason, form.decree_number
        return form

    def alter(self, form: MandateForm, row: Delegation) -> Delegation | None:
        return mandates.end_mandate(db(), row.id, on=form.ends_on.data, author=author())
