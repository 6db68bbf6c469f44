"""The region's own calendar, which wins over the national one."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, g, redirect, request
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Form, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from admin.audited_view import AuditedView, author
from admin.cells import NEEDED, day, day_cell
from admin.forms import AdminForm
from engine.errors import NotFound
from engine.organisation import regions
from engine.organisation.models import Holiday
from web.transaction import db


class HolidayForm(AdminForm):
    on_date = DateField(_l("Day"), [InputRequired(NEEDED)])
    title = StringField(_l("Title"), [DataRequired(NEEDED), Length(max=160)])
    is_off = BooleanField(_l("Nobody works"), default=True, description=_l("Off: a national holiday is worked here."))


class HolidaysView(AuditedView):
    heading, add_words = _l("Own calendar"), _l("Set a day")
    can_create = can_edit = True
    edit_template = "admin_pages/holiday.html"
    sorted_by = "on_date"
    is_newest_first = True
    form = HolidayForm
    column_list = ("on_date", "title", "is_off")
    column_labels = {"on_date": _l("Day"), "title": _l("Title"), "is_off": _l("Nobody works")}
    column_sortable_list = ()
    column_formatters = {
        "on_date": day_cell,
        "is_off": lambda view, context, row, name: _("Off") if row.is_off else _("Worked"),
    }

    def get_pk_value(self, model: Holiday) -> str:
        return model.on_date.isoformat()

    def get_one(self, id: Any) -> Holiday:
        """The day's row, by its date."""
        try:
            on_date = date.fromisoformat(str(id))
        except ValueError:
            raise NotFound("There is no such day.") from None
        row = db().get(Holiday, (g.person.region_id, on_date))
        if row is None:
            raise NotFound("There is no such day.")
        return row

    def about(self, row: Holiday) -> str:
        return f"{day(row.on_date)}, {row.title}"

    def edit_form(self, obj: Any = None) -> Form:
        form = super().edit_form(obj)
        del form.on_date
        return form

    def add(self, form: HolidayForm) -> Holiday:
        return self._set(form.on_date.data, form)

    def alter(self, form: HolidayForm, row: Holiday) -> Holiday:
        return self._set(row.on_date, form)

    def _set(self, on_date: date, form: HolidayForm) -> Holiday:
        is_off = bool(form.is_off.data)
        return regions.set_holiday(db(), g.person.region_id, on_date, form.title.data, is_off=is_off, author=author())

    @expose("/as-the-nation", methods=("POST",))
    def as_the_nation(self) -> Any:
        """The day is again what the national calendar says; the record keeps what it was."""
        row = self.get_one(request.form.get("id", ""))
        shown = self.about(row)
        regions.remove_holiday(db(), g.person.region_id, row.on_date, author=author())
        flash(_("%(day)s follows the national calendar again.", day=shown), "good")
        return redirect(self.get_url(".index_view"), 303)
