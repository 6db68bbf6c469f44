"""Draws the sections of a form that somebody is filling in: questions, tables of rows, and what is wrong where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from engine.definitions.model import Field, Form, Placement, Section
from engine.field_types.table import MOST_ROWS, ROW_KEY
from web.fields import FILES, NOT_TYPED, NUMERIC, Box, Boxes, Choices
from web.form_layout import Layout, rows_named, sentences_naming
from web.form_view import Cell, Column, Group, RowView, TableView


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with what was typed into it: ``raw`` as typed, ``values`` as read, ``faults`` words by path.

    ``checks`` are what checks of the whole form say. ``editable`` may be answered, ``visible`` may be seen; ``out`` are
    fields not asked as things stand, ``conditions`` say when they are; ``note`` is what it was sent back with.
    """

    form: Form
    raw: Mapping[str, Any]
    values: Mapping[str, Any]
    faults: Mapping[str, str]
    checks: Mapping[str, tuple[str, ...]]
    editable: frozenset[str]
    visible: frozenset[str]
    out: frozenset[str] = frozenset()
    conditions: Mapping[str, str] = field(default_factory=dict)
    note: tuple[str, str] = ("", "")  # who and when, what


def identity(path: str) -> str:
    """The id an answer has on the page: ``goals.0.code`` → ``goals-0-code``."""
    return path.replace(".", "-")


class Painter:
    """Draws the sections of a filled form."""

    def __init__(self, filled: Filled, boxes: Boxes, language: str) -> None:
        self._filled = filled
        self._boxes = boxes
        self._language = language

    def groups(self, section: Section) -> tuple[Group, ...]:
        """What stands in a section, in its order."""
        groups: list[Group] = []
        for placement in section.placements:
            asked = self._filled.form.fields[placement.field]
            if asked.key not in self._filled.visible:
                continue
            if asked.type == "table" and asked.key in self._filled.editable:
                groups.append(Group(table=self._table(asked, asked.key, self._filled.raw, placement)))
                continue
            cell = self._question(asked, placement)
            if groups and groups[-1].table is None:
                groups[-1] = replace(groups[-1], cells=(*groups[-1].cells, cell))
            else:
                groups.append(Group(cells=(cell,)))
        return tuple(groups)

    def _question(self, asked: Field, placement: Placement) -> Cell:
        cell = self._cell(asked, asked.key, self._filled.raw.get(asked.key), None)
        condition = self._filled.conditions.get(asked.key, "")
        is_asked = asked.key in self._filled.editable
        parts = [f"{cell.id}-when" if condition else "", f"{cell.id}-hint" if cell.help else ""]
        parts.append(f"{cell.id}-error" if cell.error else "")
        shown = self._boxes.said(asked, self._filled.values.get(asked.key)) if cell.widget != "heading" else ""
        if is_asked and asked.type in FILES and cell.widget == "shown":
            shown = str(_("Files can be added once the case is open."))
        return replace(
            cell,
            widget=cell.widget if is_asked or cell.widget == "heading" else "shown",
            shown=shown,
            condition=condition if is_asked else "",
            is_optional=cell.is_optional and placement.required_when is None,
            is_out=asked.key in self._filled.out,
            changes="person" if asked.type == "person" else "",
            width="short" if placement.width == "short" or asked.type in NUMERIC | {"date", "year", "month"} else "",
            told_by=" ".join(part for part in parts if part),
        )

    def _cell(self, asked: Field, path: str, text: Any, row: Mapping[str, Any] | None) -> Cell:
        box = self._boxes.box(asked, row, text)
        error = self._filled.faults.get(path, "") or " ".join(self._filled.checks.get(path, ()))
        here = identity(path)
        files = _files(text) if asked.type in FILES else ()
        if asked.type in NOT_TYPED:
            text = ""
        texts = tuple(str(one) for one in text) if isinstance(text, list) else (str(text or ""),)
        help_words = asked.help.into(self._language) if asked.help and row is None else ""
        return Cell(
            name=path, id=here, title=asked.title.into(self._language), help=help_words, widget=box.widget,
            text=texts[0] if len(texts) == 1 else "\n".join(texts), texts=texts, choices=_with_empty(box, asked, texts),
            input_mode=box.input_mode, is_numeric=asked.type in NUMERIC, is_required=asked.is_required,
            is_optional=not asked.is_required and asked.default is None, error=error,
            told_by=f"{here}-error" if error else "", rows=1 if row is not None else 3,
            accept=box.accept, files=files,
        )  # fmt: skip

    # -- tables ----------------------------------------------------------------------------------------------------

    def _table(
        self, table: Field, path: str, around: Mapping[str, Any], placement: Placement | None = None, label: str = ""
    ) -> TableView:
        raw_rows = around.get(table.key) or []
        layout = Layout(table)
        most = min(int(table.options.get("max_rows") or MOST_ROWS), MOST_ROWS)
        thing = layout.thing(self._language)
        rows = tuple(self._row(table, layout, raw_rows, number, path) for number in range(len(raw_rows)))
        typed = [column for column in table.columns.values() if column.type not in ("table", "file", "files")]
        count = _("%(count)d of at most %(most)d", count=len(raw_rows), most=most) if most < MOST_ROWS else ""
        return TableView(
            name=path, id=identity(path), title=table.title.into(self._language),
            caption=f"{table.title.into(self._language)} {label}".strip(),
            help=table.help.into(self._language) if table.help else "", error=self._table_error(table, path, raw_rows),
            columns=tuple(Column(asked.title.into(self._language), layout.width(asked)) for asked in layout.beside),
            rows=rows, is_panels=layout.is_panels, may_add=len(raw_rows) < most,
            add_words=str(_("Add %(thing)s", thing=thing[:1].lower() + thing[1:])),
            count_words=str(count),
            paste_columns=", ".join(column.title.into(self._language) for column in typed), around=label,
            condition=self._filled.conditions.get(path, "") if placement else "", is_out=path in self._filled.out,
        )  # fmt: skip

    def _row(self, table: Field, layout: Layout, rows: list[Mapping[str, Any]], number: int, path: str) -> RowView:
        row, here = rows[number], f"{path}.{number}"
        label = f"{layout.thing(self._language)} {layout.code_of(row) or number + 1}"

        def draw(asked: Field) -> Cell:
            cell = self._cell(asked, f"{here}.{asked.key}", row.get(asked.key), row)
            is_source = any(other.options.get("unit_from") == asked.key for other in table.columns.values())
            widget = "select" if cell.widget == "radios" else cell.widget
            return replace(cell, widget=widget, place=layout.place(asked), changes="table" if is_source else "")

        lead_code = draw(layout.code) if layout.is_panels and layout.code else None
        lead_name = draw(layout.name) if layout.is_panels and layout.name else None
        more = tuple(self._detail(draw(asked), asked) for asked in layout.details)
        return RowView(
            id=identity(here), name_path=here, label=label, thing=layout.thing(self._language),
            remove_words=str(_("Remove %(row)s", row=label)),
            cells=() if layout.is_panels else tuple(draw(asked) for asked in layout.beside),
            more=more, more_words=self._summary(layout.details, row, more),
            tables=tuple(self._table(inner, f"{here}.{inner.key}", row, label=label) for inner in layout.nested),
            may_up=number > 0, may_down=number < len(rows) - 1, code=lead_code, name=lead_name,
            note=self._note(layout.code_of(row)),
            fault=self._row_fault(layout.code_of(row), path), proposed=str(row.get(ROW_KEY) or ""),
        )  # fmt: skip

    def _detail(self, cell: Cell, asked: Field) -> Cell:
        help_words = asked.help.into(self._language) if asked.help else ""
        told_by = " ".join(part for part in (f"{cell.id}-hint" if help_words else "", cell.told_by) if part)
        return replace(cell, help=help_words, told_by=told_by)

    def _summary(self, details: tuple[Field, ...], row: Mapping[str, Any], cells: tuple[Cell, ...]) -> str:
        """What the details hold, in a few words: ``Makin tinggi makin baik · Nilai akhir · Bobot 20``."""
        said = []
        for asked, cell in zip(details, cells, strict=True):
            text = str(row.get(asked.key) or "") if not isinstance(row.get(asked.key), list) else ""
            if asked.type == "yes_no":
                said.append(cell.title if text == "true" else "")
            elif asked.type == "choice":
                said.append(dict(cell.choices).get(text, "") if text else "")
            elif asked.type == "reference":
                said.append(f"{cell.title} {text.rpartition('|')[2]}" if text else "")
            elif text and len(text) <= 40:
                said.append(f"{cell.title} {text}")
        return " · ".join(words for words in said if words)

    def _table_error(self, table: Field, path: str, rows: Any) -> str:
        """What is wrong with a table as a whole; a check that names rows is told beside them."""
        said = [text for text in self._filled.checks.get(path, ()) if not any(rows_named(table, rows, path, text))]
        return " ".join([text for text in (self._filled.faults.get(path, ""),) if text] + said)

    def _row_fault(self, code: str, path: str) -> str:
        """What checks say of the row with this code."""
        told = self._filled.checks.get(path.partition(".")[0], ())
        return " ".join(text for text in told if sentences_naming(code, text))

    def _note(self, code: str) -> str:
        """The sentences of the reviewer's note that name this row."""
        who, note = self._filled.note
        told = sentences_naming(code, note)
        return f"{who}: {told}" if told else ""


def _files(held: Any) -> tuple[tuple[str, str], ...]:
    given = held if isinstance(held, list) else [held]
    return tuple((str(one.get("id")), str(one.get("name"))) for one in given if isinstance(one, Mapping))


def _with_empty(box: Box, asked: Field, texts: tuple[str, ...]) -> Choices:
    """A list begins with nothing chosen; a word it does not have (typed elsewhere, pasted) is kept to be seen."""
    if box.widget in ("radios", "checks", "many") or not (box.choices or box.widget == "select"):
        return box.choices
    known = {key for key, _words in box.choices}
    strange = tuple((text, text) for text in texts if text and text not in known)
    return (("", "–" if asked.is_required else ""), *box.choices, *strange)
