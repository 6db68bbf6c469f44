"""Groups and their members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Query
from wtforms import DateField, Form, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from admin.audited_view import AuditedView, author, related
from admin.cells import NEEDED, day_cell, pointed
from admin.chosen import Chosen
from admin.fields import GroupField, PersonField
from admin.forms import AdminForm
from engine.organisation import groups
from engine.organisation.models import Group, GroupMember, Person
from web.transaction import db


class GroupForm(AdminForm):
    key = StringField(_l("Code"), [DataRequired(NEEDED), Length(max=60)], description=_l("As definitions name it."))
    title = StringField(_l("Title"), [DataRequired(NEEDED), Length(max=160)])


class GroupsView(AuditedView):
    heading, add_words, search_hint = _l("Groups"), _l("Add a group"), _l("Title or code")
    can_create = can_edit = True
    sorted_by = "title"
    form = GroupForm
    column_list = ("title", "key")
    column_labels = {"title": _l("Title"), "key": _l("Code")}
    column_searchable_list = ("title", "key")
    column_sortable_list = ()

    def add(self, form: GroupForm) -> Group:
        return groups.add_group(db(), g.person.region_id, key=form.key.data, title=form.title.data, author=author())

    def edit_form(self, obj: Any = None) -> Form:
        form = super().edit_form(obj)
        del form.key
        return form

    def alter(self, form: GroupForm, row: Group) -> Group:
        return groups.rename_group(db(), row.id, form.title.data, author=author())


class MemberForm(AdminForm):
    group_id = GroupField(_l("Group"))
    person_id = PersonField(_l("Person"), [DataRequired(NEEDED)])
    starts_on = DateField(_l("From"), [Optional()])
    ends_on = DateField(_l("Until"), [Optional()])


class MembersView(AuditedView):
    heading, add_words = _l("Members of groups"), _l("Add a member")
    can_create = can_edit = True
    is_newest_first = True
    form = MemberForm
    column_list = ("person", "group", "starts_on", "ends_on")
    column_labels = {"person": _l("Person"), "group": _l("Group"), "starts_on": _l("From"), "ends_on": _l("Until")}
    column_sortable_list = ()
    column_filters = (Chosen(GroupMember.group_id, _l("Group"), lambda: _group_options(), int),)
    column_formatters = {
        "person": pointed("person_id", "people"),
        "group": pointed("group_id", "groups"),
        "starts_on": day_cell,
        "ends_on": day_cell,
    }

    def of_region(self, query: Query[Any], region_id: int) -> Query[Any]:
        return query.filter(GroupMember.group_id.in_(db().query(Group.id).filter(Group.region_id == region_id)))

    def load_related(self, rows: Sequence[GroupMember]) -> None:
        g.people = related(Person, [row.person_id for row in rows])
        g.groups = related(Group, [row.group_id for row in rows])

    def about(self, row: GroupMember) -> str:
        return f"{g.people.get(row.person_id, '')}, {g.groups.get(row.group_id, '')}"

    def add(self, form: MemberForm) -> GroupMember:
        return groups.add_member(
            db(),
            form.group_id.data,
            form.person_id.row_id or 0,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
            author=author(),
        )

    def edit_form(self, obj: Any = None) -> Form:
        form = super().edit_form(obj)
        del form.group_id, form.person_id, form.starts_on
        form.ends_on.validators = [InputRequired(NEEDED)]
        return form

    def alter(self, form: MemberForm, row: GroupMember) -> GroupMember:
        return groups.end_membership(db(), row.id, on=form.ends_on.data, author=author())


def _group_options() -> list[tuple[int, str]]:
    rows = db().query(Group).filter(Group.region_id == g.person.region_id).order_by(Group.title)
    return [(row.id, row.title) for row in rows]
