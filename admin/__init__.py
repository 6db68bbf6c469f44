"""The administration: Flask-Admin's lists and forms in the look of every other page, for technical administrators.

Administrators configure; they do not thereby see cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, redirect, url_for
from flask_admin import Admin, AdminIndexView, expose
from flask_admin.theme import Bootstrap4Theme
from flask_babel import lazy_gettext as _l

from admin import request_session
from admin.audited_view import AuditedView
from admin.groups import GroupsView, MembersView
from admin.holders import HoldersView, MandatesView
from admin.holidays import HolidaysView
from admin.people import PeopleView
from admin.records import AuditView, CasesView, OutboxView
from admin.region import RegionView
from admin.sent_outside import CallsView, ExtensionsView
from admin.units import PositionsView, UnitsView
from engine.audit.models import AuditEntry
from engine.cases.models import Case, ScheduleExtension
from engine.organisation.models import Delegation, Group, GroupMember, Holder, Holiday, Person, Position, Region, Unit
from engine.outbox.models import ConnectorCall, Message
from web import protection


@dataclass(frozen=True, slots=True)
class Tab:
    """One list of the administration in the row of tabs."""

    key: str
    words: Any


PAGES: tuple[tuple[type[AuditedView], type, str], ...] = (
    (PeopleView, Person, "people"),
    (UnitsView, Unit, "units"),
    (PositionsView, Position, "positions"),
    (HoldersView, Holder, "holders"),
    (MandatesView, Delegation, "mandates"),
    (GroupsView, Group, "groups"),
    (MembersView, GroupMember, "members"),
    (HolidaysView, Holiday, "holidays"),
    (RegionView, Region, "region"),
    (CasesView, Case, "cases"),
    (OutboxView, Message, "outbox"),
    (CallsView, ConnectorCall, "calls"),
    (ExtensionsView, ScheduleExtension, "extensions"),
    (AuditView, AuditEntry, "audit"),
)
TABS = tuple(Tab(key, view.heading) for view, _model, key in PAGES)


class Home(AdminIndexView):
    """The administration begins at its first list."""

    @expose("/")
    def index(self) -> Any:
        return redirect(url_for("admin_people.index_view"))

    def create_blueprint(self, admin: Admin) -> Any:
        """Without Flask-Admin's own stylesheets and scripts: nothing here uses them."""
        blueprint = super().create_blueprint(admin)
        blueprint.static_folder = None
        return blueprint


def install(app: Flask) -> None:
    """Add the administration to the application; every page of it needs an administrator."""
    request_session.install(app)
    app.register_blueprint(Blueprint("admin_pages", __name__, template_folder="templates"))
    pages = Admin(app, name="Alur", index_view=Home(name=_l("Administration")), theme=Bootstrap4Theme())
    for view, model, key in PAGES:
        pages.add_view(view(model, key))
    protection.declare(app, "admin", protection.ADMINISTRATOR)
    app.jinja_env.globals["admin_tabs"] = TABS
