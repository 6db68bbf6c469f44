"""Units and positions: closed when their time is over, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Form, IntegerField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from admin.audited_view import AuditedView, author, related, today
from admin.cells import NEEDED, day_cell, pointed
from admin.chosen import Chosen
from admin.fields import PositionField, UnitField, unit_choices
from admin.forms import AdminForm
from engine.organisation import positions, units
from engine.organisation.models import Position, Unit
from web.transaction import db


class UnitForm(AdminForm):
    key = StringField(_l("Code"), [DataRequired(NEEDED), Length(max=60)], description=_l("Stays; numbers use it."))
    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=200)])
    level = StringField(
        _l("Level"),
        [DataRequired(NEEDED), Length(max=40)],
        description=_l("As definitions call it: agency, division …"),
    )
    parent_id = UnitField(_l("Below"))
    valid_to = DateField(_l("Last day"), [Optional()], description=_l("Closes the unit with its positions."))


class UnitsView(AuditedView):
    heading, add_words, search_hint = _l("Units"), _l("Add a unit"), _l("Name or code")
    can_create = can_edit = True
    sorted_by = "path"
    form = UnitForm
    column_list = ("name", "key", "level", "parent", "valid_to")
    column_labels = {
        "name": _l("Name"),
        "key": _l("Code"),
        "level": _l("Level"),
        "parent": _l("Below"),
        "valid_to": _l("Last day"),
    }
    column_searchable_list = ("name", "key")
    column_sortable_list = ()
    column_formatters = {"parent": pointed("parent_id", "parents"), "valid_to": day_cell}

    def load_related(self, rows: Sequence[Unit]) -> None:
        g.parents = related(Unit, [row.parent_id for row in rows])

    def add(self, form: UnitForm) -> Unit:
        return units.add_unit(
            db(),
            g.person.region_id,
            key=form.key.data.strip(),
            name=form.name.data,
            level=form.level.data.strip(),
            parent_id=form.parent_id.row_id,
            valid_from=today(),
            author=author(),
        )

    def edit_form(self, obj: Any = None) -> Form:
        form = super().edit_form(obj)
        del form.key, form.level  # numbers and definitions rest on them
        return form

    def alter(self, form: UnitForm, row: Unit) -> Unit:
        units.rename_unit(db(), row.id, form.name.data, on=today(), author=author())
        if form.parent_id.row_id != row.parent_id:
            units.move_unit(db(), row.id, form.parent_id.row_id, on=today(), author=author())
        if form.valid_to.data is not None and form.valid_to.data != row.valid_to:
            units.close_unit(db(), row.id, on=form.valid_to.data, author=author())
        return row


LARGEST_LIMIT = 10**15  # rupiah; more than the nation's budget


class PositionForm(AdminForm):
    unit_id = UnitField(_l("Unit"), [DataRequired(NEEDED)])
    title = StringField(_l("Title"), [DataRequired(NEEDED), Length(max=200)])
    kind = StringField(
        _l("Kind"), [DataRequired(NEEDED), Length(max=40)], description=_l("As definitions call it: head, secretary …")
    )
    superior_position_id = PositionField(_l("Direct superior"))
    is_structural = BooleanField(_l("One holder at a time"), default=True)
    decision_limit = IntegerField(_l("May decide up to (Rp)"), [Optional(), NumberRange(min=0, max=LARGEST_LIMIT)])
    valid_to = DateField(_l("Last day"), [Optional()])


class PositionsView(AuditedView):
    heading, add_words, search_hint = _l("Positions"), _l("Add a position"), _l("Title")
    can_create = can_edit = True
    sorted_by = "title"
    form = PositionForm
    column_list = ("title", "kind", "unit", "superior", "valid_to")
    column_labels = {
        "title": _l("Title"),
        "kind": _l("Kind"),
        "unit": _l("Unit"),
        "superior": _l("Direct superior"),
        "valid_to": _l("Last day"),
    }
    column_searchable_list = ("title",)
    column_filters = (Chosen(Position.unit_id, _l("Unit"), unit_choices, int),)
    column_sortable_list = ()
    column_formatters = {
        "unit": pointed("unit_id", "units"),
        "superior": pointed("superior_position_id", "superiors"),
        "valid_to": day_cell,
    }

    def load_related(self, rows: Sequence[Position]) -> None:
        g.units = related(Unit, [row.unit_id for row in rows])
        g.superiors = related(Position, [row.superior_position_id for row in rows])

    def add(self, form: PositionForm) -> Position:
        return positions.add_position(
            db(),
            form.unit_id.row_id or 0,
            kind=form.kind.data.strip(),
            title=form.title.data,
            superior_id=form.superior_position_id.row_id,
            decision_limit=form.decision_limit.data,
            is_structural=bool(form.is_structural.data),
            valid_from=today(),
            author=author(),
        )

    def edit_form(self, obj: Any = None) -> Form:
        form = super().edit_form(obj)
        del form.unit_id, form.kind, form.is_structural
        return form

    def alter(self, form: PositionForm, row: Position) -> Position:
        values = {
            "title": form.title.data.strip(),
            "superior_position_id": form.superior_position_id.row_id,
            "decision_limit": form.decision_limit.data,
        }
        positions.change_position(db(), row.id, values, author=author())
        if form.valid_to.data is not None and form.valid_to.data != row.valid_to:
            positions.close_position(db(), row.id, on=form.valid_to.data, author=author())
        return row
