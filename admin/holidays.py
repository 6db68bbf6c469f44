"""The region's own calendar, which wins over the national one."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Form, StringField
from wtforms.validators import InputRequired, Length

from admin.audited_view import AuditedView, author
from admin.cells import NEEDED, day_cell
from engine.organisation import regions
from engine.organisation.models import Holiday
from web.transaction import db


class HolidayForm(Form):
    on_date = DateField(_l("Day"), [InputRequired(NEEDED)])
    title = StringField(_l("Title"), [InputRequired(NEEDED), Length(max=160)])
    is_off = BooleanField(_l("Nobody works"), default=True, description=_l("Off: a national holiday is worked here."))


class HolidaysView(AuditedView):
    heading, add_words = _l("Own calendar"), _l("Set a day")
    can_create = True
    sorted_by = "on_date"
    form = HolidayForm
    column_list = ("on_date", "title", "is_off")
    column_labels = {"on_date": _l("Day"), "title": _l("Title"), "is_off": _l("Nobody works")}
    column_sortable_list = ()
    column_formatters = {
        "on_date": day_cell,
        "is_off": lambda view, context, row, name: _("Off") if row.is_off else _("Worked"),
    }

    def add(self, form: HolidayForm) -> Holiday:
        return regions.set_holiday(
            db(), g.person.region_id, form.on_date.data, form.title.data, is_off=bool(form.is_off.data), author=author()
        )
