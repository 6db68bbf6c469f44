"""A section of a form as plain values: what the macros draw."""

from __future__ import annotations

from dataclasses import dataclass

from web.fields import Choices


@dataclass(frozen=True, slots=True)
class Cell:
    """One question. ``text`` (or ``texts``) is the answer as typed, ``shown`` what is read where it is not asked."""

    name: str
    id: str
    title: str
    help: str
    widget: str
    text: str
    texts: tuple[str, ...]
    choices: Choices
    input_mode: str
    is_numeric: bool
    is_required: bool
    is_optional: bool
    error: str
    told_by: str
    shown: str = ""
    condition: str = ""  # when it is asked, in words
    is_out: bool = False  # not asked as things stand
    width: str = ""
    place: str = ""
    changes: str = ""  # the kind of table whose boxes depend on this answer
    rows: int = 3
    accept: str = ""
    files: tuple[tuple[str, str], ...] = ()  # (id, name) of those given


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row: ``cells`` beside each other, ``more`` in its details; ``code`` and ``name`` lead a panel."""

    id: str
    name_path: str
    label: str
    thing: str
    remove_words: str
    cells: tuple[Cell, ...]
    more: tuple[Cell, ...]
    more_words: str
    tables: tuple[TableView, ...]
    may_up: bool
    may_down: bool
    code: Cell | None = None
    name: Cell | None = None
    note: str = ""
    fault: str = ""  # of a check that names this row
    proposed: str = ""  # which row of its source it is

    @property
    def faulty(self) -> tuple[Cell, ...]:
        """The cells in sight that are wrong."""
        return tuple(cell for cell in (self.code, self.name, *self.cells) if cell is not None and cell.error)

    @property
    def is_open(self) -> bool:
        """Whether the details must be seen."""
        return any(cell.error for cell in self.more)


@dataclass(frozen=True, slots=True)
class TableView:
    name: str
    id: str
    title: str
    caption: str
    help: str
    error: str
    columns: tuple[Column, ...]
    rows: tuple[RowView, ...]
    is_panels: bool
    may_add: bool
    add_words: str
    count_words: str
    paste_columns: str
    around: str = ""
    condition: str = ""
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that stand in one panel, or one table."""

    cells: tuple[Cell, ...] = ()
    table: TableView | None = None
