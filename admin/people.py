"""People and their accounts. Nobody is deleted: who leaves is deactivated, and what they held ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, request
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Query
from wtforms import BooleanField, DateField, Form, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from admin.audited_view import AuditedView, author, related, today
from admin.cells import NEEDED, badge
from admin.chosen import Chosen
from admin.fields import UnitField
from engine.errors import NotFound
from engine.organisation import accounts, passwords, people
from engine.organisation.models import Account, Person, Unit
from web.installation import here
from web.language import LANGUAGES
from web.transaction import db, now


class PersonForm(Form):
    name = StringField(_l("Name"), [InputRequired(NEEDED), Length(max=160)])
    nip = StringField(_l("NIP"), [Length(max=30)], description=_l("18 digits; empty for an elected official."))
    rank = StringField(_l("Rank"), [Length(max=80)])
    email = StringField(_l("E-mail"), [Length(max=200)])
    unit_id = UnitField(_l("Unit"), [InputRequired(NEEDED)])
    language = SelectField(
        _l("Language of mails and pages"), choices=[SelectChoice(key, words) for key, words in LANGUAGES.items()]
    )
    username = StringField(
        _l("Account name"), [Length(max=100)], description=_l("Empty for somebody who does not sign in.")
    )
    is_admin = BooleanField(_l("May use the administration"), description=_l("This opens no case."))


class LeaveForm(Form):
    on = DateField(_l("Last day"), [InputRequired(NEEDED)])


def _states() -> list[tuple[str, str]]:
    return [("1", _("Active")), ("0", _("Inactive"))]


class PeopleView(AuditedView):
    heading = _l("People")
    add_words = _l("Add a person")
    search_hint = _l("Name or NIP")
    can_create = can_edit = True
    edit_template = "admin_pages/person.html"
    sorted_by = "name"
    form = PersonForm
    column_list = ("name", "nip", "unit", "account", "is_active")
    column_labels = {
        "name": _l("Name"),
        "nip": _l("NIP"),
        "unit": _l("Unit"),
        "account": _l("Account"),
        "is_active": _l("State"),
    }
    column_searchable_list = ("name", "nip")
    column_filters = (Chosen(Person.is_active, _l("State"), _states, lambda text: text == "1"),)
    column_sortable_list = ()
    column_formatters = {
        "unit": lambda view, context, row, name: view.unit_name(row),
        "account": lambda view, context, row, name: view.account_name(row),
        "is_active": lambda view, context, row, name: (
            badge(_("Active"), "good", "check") if row.is_active else badge(_("Inactive"), "", "pause")
        ),
    }

    def load_related(self, rows: Sequence[Person]) -> None:
        g.units = related(Unit, [row.unit_id for row in rows])
        ids = [row.id for row in rows]
        g.accounts = {one.person_id: one for one in db().query(Account).filter(Account.person_id.in_(ids))}

    def unit_name(self, row: Person) -> str:
        unit = g.units.get(row.unit_id)
        return "" if unit is None else unit.name

    def account_name(self, row: Person) -> str:
        account = g.accounts.get(row.id)
        return "" if account is None else account.username

    def of_region(self, query: Query[Any], region_id: int) -> Query[Any]:
        return query.filter(Person.region_id == region_id)

    def edit_form(self, obj: Any = None) -> Form:
        form = super().edit_form(obj)
        account = db().get(Account, obj.id)
        if request.method == "GET":
            form.username.data = "" if account is None else account.username
            form.is_admin.data = account is not None and account.is_admin
        return form

    def add(self, form: PersonForm) -> Person:
        person = people.add_person(
            db(),
            g.person.region_id,
            name=form.name.data,
            nip=form.nip.data or None,
            rank=form.rank.data or None,
            email=form.email.data or None,
            unit_id=form.unit_id.row_id,
            language=form.language.data,
            author=author(),
        )
        db().flush()
        self._account(form, person)
        return person

    def alter(self, form: PersonForm, row: Person) -> Person:
        values = {
            "name": form.name.data,
            "nip": form.nip.data or None,
            "rank": form.rank.data or None,
            "email": form.email.data or None,
            "language": form.language.data,
        }
        people.change_person(db(), row.id, values, author=author())
        if form.unit_id.row_id != row.unit_id:
            people.move_person(db(), row.id, form.unit_id.row_id, author=author())
        self._account(form, row)
        return row

    def _account(self, form: PersonForm, person: Person) -> None:
        """A new account, or the right to administrate of the one there is. Its name stays: the record names it."""
        if db().get(Account, person.id) is not None:
            accounts.set_admin(db(), person.id, bool(form.is_admin.data), by=g.person.id, now=now())
            return
        if not form.username.data:
            return
        password = accounts.new_password()
        accounts.open_account(
            db(),
            person.id,
            form.username.data,
            passwords.hashed(password),
            by=g.person.id,
            now=now(),
            is_admin=bool(form.is_admin.data),
            must_change_password=True,
        )
        flash(
            _(
                "The first password of %(name)s is %(password)s. It has to be changed at once.",
                name=form.username.data,
                password=password,
            ),
            "warn",
        )

    @expose("/leave", methods=("POST",))
    def leave(self) -> Any:
        """The person's last day; what they hold ends with it."""
        row = self.get_one(request.form.get("id", ""))
        form = LeaveForm(request.form)
        if not form.validate():
            flash(_("Give the last day as a date."), "bad")
        elif row.id == g.person.id:
            flash(_("You cannot deactivate yourself."), "bad")
        else:
            people.leave(db(), row.id, on=form.on.data, author=author())
            flash(_("%(name)s is inactive; what they held ends that day.", name=row.name), "good")
        return redirect(self.get_url(".edit_view", id=row.id))

    @expose("/come-back", methods=("POST",))
    def come_back(self) -> Any:
        """The person is active again."""
        row = self.get_one(request.form.get("id", ""))
        people.come_back(db(), row.id, author=author())
        flash(_("%(name)s is active again. What they held stays ended.", name=row.name), "good")
        return redirect(self.get_url(".edit_view", id=row.id))

    @expose("/password", methods=("POST",))
    def password(self) -> Any:
        """A new password to tell the person, shown once."""
        row = self.get_one(request.form.get("id", ""))
        if db().get(Account, row.id) is None:
            raise NotFound("There is no such account.")
        db().rollback()  # the password is hashed and written in a transaction of its own
        told = accounts.reset_password(here().database, row.id, by=g.person.id, now=now())
        flash(
            _("The new password is %(password)s. Tell it in person; it has to be changed at once.", password=told),
            "warn",
        )
        return redirect(self.get_url(".edit_view", id=row.id))

    def _form(self, form: Form, row: Any) -> str:
        account = None if row is None else db().get(Account, row.id)
        self._template_args.update(account=account, last_day=today().isoformat())
        return super()._form(form, row)
