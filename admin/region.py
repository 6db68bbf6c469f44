"""The region itself: its name, what its documents say on top, and when mails that are not urgent wait."""

from __future__ import annotations

from typing import Any

from flask import g, request
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Query
from wtforms import Form, SelectChoice, SelectField, StringField, TimeField
from wtforms.validators import DataRequired, Length, Optional

from admin.audited_view import AuditedView, author
from admin.cells import NEEDED
from admin.forms import AdminForm
from engine.organisation import regions
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Region
from web.transaction import db

ZONES = (
    ("Asia/Jakarta", _l("Western Indonesia (WIB)")),
    ("Asia/Makassar", _l("Central Indonesia (WITA)")),
    ("Asia/Jayapura", _l("Eastern Indonesia (WIT)")),
)
WRITTEN = ("government", "address", "seat")


def _zones() -> list[SelectChoice]:
    """Indonesia's zones, and the one the region has."""
    own = g.person.timezone
    known = [SelectChoice(key, shown) for key, shown in ZONES]
    return known if own in dict(ZONES) else [*known, SelectChoice(own, own)]


class RegionForm(AdminForm):
    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=160)])
    timezone = SelectField(_l("Time zone"), choices=_zones)
    government = StringField(
        _l("Government"), [Length(max=200)], description=_l("First line of documents, such as Pemerintah Kabupaten …")
    )
    address = StringField(_l("Address"), [Length(max=300)], description=_l("Below it."))
    seat = StringField(
        _l("Seat of government"), [Length(max=120)], description=_l("Where documents are signed, before the date.")
    )
    quiet_from = TimeField(_l("Quiet hours from"), [Optional()], description=_l("Mails that are not urgent wait."))
    quiet_to = TimeField(_l("Quiet hours to"), [Optional()])


class RegionView(AuditedView):
    heading = _l("Region")
    can_edit = True
    form = RegionForm
    column_list = ("name", "key", "timezone", "government", "seat", "quiet_hours")
    column_labels = {
        "name": _l("Name"),
        "key": _l("Code"),
        "timezone": _l("Time zone"),
        "government": _l("Government"),
        "seat": _l("Seat of government"),
        "quiet_hours": _l("Quiet hours"),
    }
    column_sortable_list = ()
    column_formatters = {
        "timezone": lambda view, context, row, name: str(dict(ZONES).get(row.timezone, row.timezone)),
        "government": lambda view, context, row, name: row.settings.get("government", ""),
        "seat": lambda view, context, row, name: row.settings.get("seat", ""),
        "quiet_hours": lambda view, context, row, name: _hours(row),
    }

    def of_region(self, query: Query[Any], region_id: int) -> Query[Any]:
        return query.filter(Region.id == region_id)

    def edit_form(self, obj: Any = None) -> Form:
        form = super().edit_form(obj)
        if request.method == "GET":
            quiet = obj.settings.get("quiet_hours") or {}
            for name in WRITTEN:
                form[name].data = obj.settings.get(name, "")
            for name, key in (("quiet_from", "from"), ("quiet_to", "to")):
                form[name].process_formdata([quiet[key]] if quiet.get(key) else [])
        return form

    def alter(self, form: RegionForm, row: Region) -> Region:
        starts, ends = form.quiet_from.data, form.quiet_to.data
        if (starts is None) != (ends is None):
            missing = "quiet_from" if starts is None else "quiet_to"
            raise Unacceptable("Jam tenang memerlukan awal dan akhir.", "Quiet hours need a start and an end.", missing)
        regions.change_region(db(), row.id, name=form.name.data, timezone=form.timezone.data, author=author())
        settings: dict[str, Any] = {name: (form[name].data or "").strip() for name in WRITTEN}
        settings["quiet_hours"] = {} if starts is None else {"from": f"{starts:%H:%M}", "to": f"{ends:%H:%M}"}
        kept = {name: value for name, value in settings.items() if value or name in (row.settings or {})}
        return regions.set_letterhead(db(), row.id, kept, author=author())


def _hours(row: Region) -> str:
    quiet = row.settings.get("quiet_hours") or {}
    return f"{quiet['from']}–{quiet['to']}" if quiet else ""
