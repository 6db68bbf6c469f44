"""What every administration page shares: one region, lists by key, and changes by the engine's own functions.

Flask-Admin gives lists, search, filters and forms. What it would do by itself (write rows, commit, delete) is switched
off: a change is one call of ``engine/organisation``, which writes the audit entry, and one commit of the request.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import after_this_request, flash, g, redirect, request
from flask_admin import expose
from flask_admin.contrib.sqla import ModelView
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Query
from wtforms import Form

from admin.request_session import database
from engine.errors import NotFound
from engine.organisation.faults import Unacceptable
from engine.organisation.passwords import TooBusy
from engine.organisation.recorded import Author
from web.language import words
from web.officer.listing import Address, Chip, FilterField, FilterForm, SearchBox, csv_file, whole_number
from web.protection import ADMINISTRATOR
from web.transaction import db, now

PAGE = 50
MOST_ROWS = 10_000  # of one CSV file
LARGEST_ID = 2**63 - 1


def author() -> Author:
    """Who changes something in this request, and when."""
    return Author(g.person.id, now())


def today() -> date:
    """The region's local day."""
    return now().astimezone(ZoneInfo(g.person.timezone)).date()


class AuditedView(ModelView):
    """A list of one region's rows, and a form where they may change. Subclasses say what adding and changing mean."""

    list_template = "admin_pages/list.html"
    create_template = "admin_pages/form.html"
    edit_template = "admin_pages/form.html"
    can_delete = False
    can_create = False
    can_edit = False
    column_display_actions = False
    action_disallowed_list = ("delete",)
    page_size = PAGE
    can_set_page_size = False
    may_use = ADMINISTRATOR
    heading: Any = ""
    add_words: Any = ""
    search_hint: Any = ""
    sorted_by = "id"
    is_newest_first = False

    # Flask-Admin's other roads to a change or a row; None takes their addresses away.
    details_view = delete_view = action_view = export = ajax_lookup = ajax_update = None  # type: ignore[assignment]

    def __init__(self, model: type, key: str, **options: Any) -> None:
        super().__init__(model, database, name=str(key), endpoint=f"admin_{key}", url=f"/admin/{key}", **options)

    # -- what subclasses say ------------------------------------------------------------------------------------------

    def of_region(self, query: Query[Any], region_id: int) -> Query[Any]:
        """``query`` narrowed to rows of the region; the default needs a column ``region_id``."""
        return query.filter(self.model.region_id == region_id)

    def add(self, form: Form) -> Any:  # noqa: ARG002
        """Add what the form says; one engine call."""
        raise NotFound("Nothing can be added here.")

    def alter(self, form: Form, row: Any) -> Any:  # noqa: ARG002
        """Change ``row`` as the form says; engine calls only."""
        raise NotFound("Nothing can be changed here.")

    def about(self, row: Any) -> str:
        """What a screen reader hears after the words of a row's link."""
        return str(row)

    def load_related(self, rows: Sequence[Any]) -> None:
        """Read what the rows point to in few statements, before the cells ask one by one."""

    # -- lists --------------------------------------------------------------------------------------------------------

    def get_query(self) -> Query[Any]:
        return self.of_region(super().get_query(), g.person.region_id)

    def get_one(self, id: Any) -> Any:
        key = self.model.__mapper__.primary_key[0]
        number = int(id) if str(id).isdecimal() and len(str(id)) < 20 else 0
        found = self.get_query().filter(key == number).one_or_none() if number <= LARGEST_ID else None
        if found is None:
            raise NotFound("There is no such row.")
        return found

    def get_list(  # type: ignore[override]
        self,
        page: int | None,  # noqa: ARG002  pages go by key
        sort_column: Any,  # noqa: ARG002
        sort_desc: bool,  # noqa: ARG002
        search: str | None,
        filters: Any,
        execute: bool = True,  # noqa: ARG002
        page_size: int | None = None,  # noqa: ARG002
    ) -> tuple[int | None, list[Any]]:
        rows = self._rows(search, filters, _read_key(request.args.get("after")), PAGE + 1)
        g.admin_next = self._key_of(rows[PAGE - 1]) if len(rows) > PAGE else None
        self.load_related(rows[:PAGE])
        return None, rows[:PAGE]

    def _rows(self, search: str | None, filters: Any, after: list[Any] | None, limit: int) -> list[Any]:
        query = self.get_query()
        if search and self._search_supported:
            query = self._apply_search(query, None, {}, {}, search)[0]
        if filters:
            query = self._apply_filters(query, None, {}, {}, filters)[0]
        column = getattr(self.model, self.sorted_by)
        key = self.model.__mapper__.primary_key[-1]
        if after is not None:
            query = query.filter(self._beyond(column, key, after))
        order = (column.desc(), key.desc()) if self.is_newest_first else (column, key)
        return list(query.order_by(*order).limit(limit))

    def _beyond(self, column: Any, key: Any, after: list[Any]) -> Any:
        last, last_key = _typed(column, after[0]), _typed(key, after[1])
        if self.is_newest_first:
            return or_(column < last, and_(column == last, key < last_key))
        return or_(column > last, and_(column == last, key > last_key))

    def _key_of(self, row: Any) -> str:
        key = str(self.model.__mapper__.primary_key[-1].key)
        return json.dumps([getattr(row, self.sorted_by), getattr(row, key)], default=lambda value: value.isoformat())

    def _get_list_filter_args(self) -> Any:
        given = super()._get_list_filter_args()
        return [each for each in given if each[2] != ""] if given else given

    def _get_list_extra_args(self) -> Any:
        return super()._get_list_extra_args().clone(search=request.args.get("q", "")[:200].replace("\0", ""))

    def render(self, template: str, **values: Any) -> str:
        """Flask-Admin's page with what our own list needs beside it."""
        if template == self.list_template:
            values |= self._list_words()
        return super().render(template, **values)

    def _list_words(self) -> dict[str, Any]:
        address = Address(self.get_url(".index_view"), {k: v for k, v in request.args.items() if v and k != "url"})
        fields = tuple(self._filter_field(place, one) for place, one in enumerate(self._filters or ()))
        chosen = tuple(
            Chip(f"{one.title}: {one.chosen_words}", address.href(**{one.name: None})) for one in fields if one.chosen
        )
        text = request.args.get("q", "")
        page = whole_number(request.args.get("n"), 1)
        following = g.get("admin_next")
        return {
            "search_box": SearchBox(
                address.path, text, str(self.search_hint), str(self.search_hint), address.kept("q")
            ),
            "filter_form": FilterForm(fields, address.kept(*(one.name for one in fields))) if fields else None,
            "filter_chips": chosen,
            "clear_href": address.path,
            "csv_href": Address(self.get_url(".csv"), address.values).href(after=None, n=None),
            "first_href": address.href(after=None, n=None),
            "next_href": address.href(after=following, n=page + 1) if following else "",
            "page_number": page,
        }

    def _filter_field(self, place: int, one: Any) -> FilterField:
        name = f"flt0_{self.get_filter_arg(place, one)}"
        options = tuple((str(value), str(shown)) for value, shown in one.choices())
        title = str(one.column_title)
        return FilterField(name, title, (("", _("All")), *options), request.args.get(name, ""))

    @expose("/list.csv")
    def csv(self) -> Any:
        """The list with its search and filters, for a spreadsheet."""
        given = self._get_list_extra_args()
        rows = self._rows(given.search, given.filters, None, MOST_ROWS + 1)
        shown = rows[:MOST_ROWS]
        self.load_related(shown)
        columns = [(key, title) for key, title in self.get_list_columns() if title]
        cells = [[self._cell(row, key) for key, _title in columns] for row in shown]
        if len(rows) > MOST_ROWS:
            cells.append([_("Only the first %(count)s rows: narrow the list.", count=MOST_ROWS)])
        return csv_file(self.endpoint.removeprefix("admin_"), [str(title) for _key, title in columns], cells)

    def _cell(self, row: Any, key: str) -> str:
        shown = self.get_list_value(None, row, key)
        return shown.striptags() if isinstance(shown, Markup) else "" if shown is None else str(shown)

    # -- changes ------------------------------------------------------------------------------------------------------

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """The form for a new row."""
        if not self.can_create:
            raise NotFound("Nothing can be added here.")
        form = self.create_form()
        if self.validate_form(form) and self._done(form, lambda: self.add(form)):
            return self.after_saving()
        return self._form(form, None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        """The form of one row."""
        if not self.can_edit:
            raise NotFound("Nothing can be changed here.")
        row = self.get_one(request.args.get("id", ""))
        form = self.edit_form(obj=row)
        if self.validate_form(form) and self._done(form, lambda: self.alter(form, row)):
            return self.after_saving()
        return self._form(form, self.get_one(request.args.get("id", "")))

    def after_saving(self) -> Any:
        """Back to the list, which says that it was done."""
        flash(_("Saved."), "good")
        return redirect(self.get_url(".index_view"), 303)

    def _form(self, form: Form, row: Any) -> str:
        if request.method == "POST":
            _answer_with(422)
        if row is not None:
            self.load_related([row])
        return self.render(self.edit_template if row is not None else self.create_template, form=form, row=row)

    def _done(self, form: Form, work: Callable[[], Any]) -> bool:
        """Whether ``work`` was done; what is wrong stands at its field (or above the form) and nothing is kept."""
        try:
            work()
            db().flush()
        except Unacceptable as fault:
            db().rollback()
            field = form._fields.get(fault.field or "")
            (field.errors if field is not None else form.form_errors).append(words(fault.text))
            return False
        except TooBusy:
            db().rollback()
            form.form_errors.append(_("Too many passwords are being made at this moment. Try again in a moment."))
            return False
        except IntegrityError:
            db().rollback()
            form.form_errors.append(_("This collides with a row that is already there."))
            return False
        return True


def related(model: type, ids: Sequence[int | None]) -> dict[int, Any]:
    """Rows of ``model`` by id, in one statement."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {row.id: row for row in db().scalars(select(model).where(model.id.in_(wanted)))}  # type: ignore[attr-defined]


def _answer_with(status: int) -> None:
    @after_this_request
    def _set(response: Any) -> Any:
        response.status_code = status
        return response


def _read_key(text: str | None) -> list[Any] | None:
    try:
        read = json.loads(text) if text and len(text) < 1000 else None
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, list) and len(read) == 2 else None


def _typed(column: Any, value: Any) -> Any:
    """A key's value as its column wants it. Raises NotFound for an address nobody was given."""
    wanted = column.type.python_type
    try:
        read = wanted.fromisoformat(value) if wanted in (date, datetime) else wanted(value)
        if (isinstance(read, int) and abs(read) > LARGEST_ID) or (isinstance(read, str) and "\0" in read):
            raise ValueError(value)
        return read
    except (TypeError, ValueError, OverflowError):
        raise NotFound("There is no such page.") from None
