"""People and their accounts. Nobody is deleted: who leaves is deactivated, and what they held ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import flash, g, redirect, request
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from wtforms import BooleanField, DateField, Form, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from admin.audited_view import AuditedView, author, related, today
from admin.cells import NEEDED, badge, moment, pointed
from admin.chosen import Chosen
from admin.fields import UnitField, unit_choices
from admin.forms import AdminForm
from engine.disclosure import leaving
from engine.errors import NotFound
from engine.organisation import accounts, passwords, people, second_factor
from engine.organisation.faults import Unacceptable
from engine.organisation.models import Account, Holder, Person, Position, Unit
from web.installation import here
from web.language import LANGUAGES
from web.transaction import db, now


class PersonForm(AdminForm):
    name = StringField(_l("Name"), [DataRequired(NEEDED), Length(max=160)])
    nip = StringField(_l("NIP"), [Length(max=30)], description=_l("18 digits; empty for an elected official."))
    rank = StringField(_l("Rank"), [Length(max=80)])
    email = StringField(_l("E-mail"), [Length(max=200)])
    unit_id = UnitField(_l("Unit"), [DataRequired(NEEDED)])
    language = SelectField(
        _l("Language of mails and pages"), choices=[SelectChoice(key, words) for key, words in LANGUAGES.items()]
    )
    username = StringField(
        _l("Account name"), [Length(max=100)], description=_l("Empty for somebody who does not sign in.")
    )
    is_admin = BooleanField(_l("May use the administration"), description=_l("This opens no case."))


class LeaveForm(AdminForm):
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
    column_list = ("name", "nip", "positions", "unit", "account", "last_sign_in", "is_active")
    column_labels = {
        "name": _l("Name"),
        "nip": _l("NIP"),
        "positions": _l("Position"),
        "unit": _l("Unit"),
        "account": _l("Account"),
        "last_sign_in": _l("Last sign-in"),
        "is_active": _l("State"),
    }
    column_searchable_list = ("name", "nip")
    column_filters = (
        Chosen(Person.is_active, _l("State"), _states, lambda text: text == "1"),
        Chosen(Person.unit_id, _l("Unit"), unit_choices, int),
    )
    column_sortable_list = ()
    column_formatters = {
        "positions": lambda view, context, row, name: "; ".join(g.seats.get(row.id, ())),
        "unit": pointed("unit_id", "units"),
        "account": lambda view, context, row, name: str(g.accounts.get(row.id, "")),
        "last_sign_in": lambda view, context, row, name: view.last_sign_in(row),
        "is_active": lambda view, context, row, name: (
            badge(_("Active"), "good", "check") if row.is_active else badge(_("Inactive"), "", "pause")
        ),
    }

    def load_related(self, rows: Sequence[Person]) -> None:
        g.units = related(Unit, [row.unit_id for row in rows])
        ids = [row.id for row in rows]
        g.accounts = {one.person_id: one for one in db().scalars(select(Account).where(Account.person_id.in_(ids)))}
        g.seats = _held_today(ids)

    def last_sign_in(self, row: Person) -> str:
        """When the person signed in last; empty without an account."""
        account = g.accounts.get(row.id)
        if account is None:
            return ""
        return moment(account.last_sign_in_at) or _("Never")

    def edit_form(self, obj: Any = None) -> Form:
        form = super().edit_form(obj)
        account = db().get(Account, obj.id)
        if account is not None:
            del form.username  # its name stays: the record names it
            if request.method == "GET":
                form.is_admin.data = account.is_admin
        return form

    def add(self, form: PersonForm) -> Person:
        first = _first_password(form)
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
        self._account(form, person, first)
        return person

    def alter(self, form: PersonForm, row: Person) -> Person:
        first = _first_password(form)
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
        self._account(form, row, first)
        return row

    def _account(self, form: PersonForm, person: Person, first: tuple[str, str] | None) -> None:
        """A new account, or the right to administrate of the one there is."""
        is_admin = bool(form.is_admin.data)
        if db().get(Account, person.id) is not None:
            if person.id == g.person.id and not is_admin:
                raise Unacceptable(
                    "Hak Anda sendiri dicabut oleh administrator lain.",
                    "Another administrator takes your own right away.",
                    "is_admin",
                )
            accounts.set_admin(db(), person.id, is_admin, by=g.person.id, now=now())
            db().flush()
            accounts.require_an_administrator(db(), g.person.region_id)
        elif first is not None:
            password, password_hash = first
            account = accounts.open_account(
                db(),
                person.id,
                form.username.data,
                password_hash,
                by=g.person.id,
                now=now(),
                is_admin=is_admin,
                must_change_password=True,
            )
            g.told = (account.username, password)
        elif is_admin:
            raise Unacceptable("Hak ini memerlukan akun.", "This right needs an account.", "username")

    def after_saving(self) -> Any:
        """A first password is told on the answer itself, so that it is kept nowhere."""
        return self._told(*g.told) if "told" in g else super().after_saving()

    def _told(self, username: str, password: str) -> str:
        return self.render("admin_pages/told.html", username=username, password=password)

    @expose("/leave", methods=("POST",))
    def leave(self) -> Any:
        """The person's last day; what they hold ends with it."""
        row = self.get_one(request.form.get("id", ""))
        form = LeaveForm(request.form)
        if not form.validate() or not self._done(form, lambda: _let_go(row, form.on.data)):
            row = self.get_one(request.form.get("id", ""))
            faults = [*form.on.errors, *form.form_errors]
            self._template_args.update(leave_fault=faults[0], leave_on=request.form.get("on", ""))
            return self._form(self._edit_form_class(obj=row), row)
        flash(_("%(name)s is inactive; what they held ends that day.", name=row.name), "good")
        return redirect(self.get_url(".edit_view", id=row.id), 303)

    @expose("/come-back", methods=("POST",))
    def come_back(self) -> Any:
        """The person is active again."""
        row = self.get_one(request.form.get("id", ""))
        people.come_back(db(), row.id, author=author())
        flash(_("%(name)s is active again. What they held stays ended.", name=row.name), "good")
        return redirect(self.get_url(".edit_view", id=row.id), 303)

    @expose("/password", methods=("POST",))
    def password(self) -> Any:
        """A new password to tell the person, shown once."""
        row = self.get_one(request.form.get("id", ""))
        account = db().get(Account, row.id)
        if account is None:
            raise NotFound("There is no such account.")
        row_id, username = row.id, account.username
        db().rollback()  # the password is hashed and written in a transaction of its own
        return self._told(username, accounts.reset_password(here().database, row_id, by=g.person.id, now=now()))

    @expose("/second-factor", methods=("POST",))
    def take_away_second_factor(self) -> Any:
        """Two-step verification taken away from somebody who lost telephone and recovery codes."""
        row = self.get_one(request.form.get("id", ""))
        if row.id == g.person.id:
            flash(_("Your own you turn off in your settings, with a code."), "warn")
        else:
            second_factor.reset(db(), row.id, by=g.person.id, now=now())
            flash(_("%(name)s signs in by the password alone again.", name=row.name), "good")
        return redirect(self.get_url(".edit_view", id=row.id), 303)

    def _form(self, form: Form, row: Any) -> str:
        account = None if row is None else db().get(Account, row.id)
        standing = None if account is None else second_factor.standing(db(), row.id)
        self._template_args.update(account=account, standing=standing, last_day=today().isoformat())
        return super()._form(form, row)


def _first_password(form: PersonForm) -> tuple[str, str] | None:
    """A password and its hash when the form asks for an account; nothing waits in the database for the hashing."""
    if "username" not in form or not form.username.data:
        return None
    db().rollback()
    password = accounts.new_password()
    return password, passwords.hashed(password)


def _let_go(row: Person, on: date) -> None:
    if row.id == g.person.id:
        raise Unacceptable("Anda tidak dapat menonaktifkan diri sendiri.", "You cannot deactivate yourself.", "on")
    gone = leaving.leave(db(), row.id, on=on, author=author())  # with the key of sealed cases, if there is one
    db().flush()
    accounts.require_an_administrator(db(), g.person.region_id)
    if gone.kept:
        flash(_("Their key alone opens sealed cases. The custodians have to hand these over."), "warn")


def _held_today(people_ids: Sequence[int]) -> dict[int, list[str]]:
    """The titles people hold today, a substitute's with its kind."""
    day = today()
    query = (
        select(Holder.person_id, Holder.kind, Position.title)
        .join(Position, Position.id == Holder.position_id)
        .where(Holder.person_id.in_(people_ids))
        .where(or_(Holder.starts_on.is_(None), Holder.starts_on <= day))
        .where(or_(Holder.ends_on.is_(None), Holder.ends_on >= day))
        .order_by(Holder.id)
    )
    seats: dict[int, list[str]] = {}
    for person_id, kind, title in db().execute(query):
        shown = title if kind == "definitif" else f"{kind.capitalize()}. {title}"
        seats.setdefault(person_id, []).append(shown)
    return seats
