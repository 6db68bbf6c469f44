"""A list as an address: filters, page by key, and the addresses that change one thing of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so
NUMBER = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)*")  # and takes this for what it is


@dataclass(frozen=True, slots=True)
class Address:
    """Where a list stands: its path and everything that narrows it. Empty values leave the address."""

    path: str
    values: Mapping[str, str]

    def href(self, **changes: str | int | None) -> str:
        """This address with some values changed; a changed filter starts again at the first page."""
        values = {**self.values, **{name: "" if value is None else str(value) for name, value in changes.items()}}
        if "after" not in changes:
            values.pop("after", None)
            values.pop("page", None)
        kept = {name: value for name, value in values.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def kept(self, *without: str) -> tuple[tuple[str, str], ...]:
        """Values a form carries along as hidden fields, without those it asks itself, and without the page."""
        left_out = {*without, "after", "page"}
        return tuple((name, value) for name, value in self.values.items() if value and name not in left_out)


@dataclass(frozen=True, slots=True)
class SearchBox:
    """The search field of a list; ``kept`` is carried along."""

    action: str
    text: str
    label: str
    hint: str
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FilterField:
    """One question of the filter form: values with their words, the empty value first."""

    name: str
    title: str
    choices: tuple[tuple[str, str], ...]
    chosen: str

    @property
    def chosen_words(self) -> str:
        """The words of the chosen value, for the chip above the list; nothing for one that is not on offer."""
        return next((words for value, words in self.choices if value == self.chosen), "")


@dataclass(frozen=True, slots=True)
class FilterForm:
    fields: tuple[FilterField, ...]
    kept: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    words: str
    href: str


def chips(address: Address, fields: Iterable[FilterField]) -> tuple[Chip, ...]:
    """One chip a filter in force."""
    return tuple(
        Chip(
            f"{field.title}: {field.chosen_words}" if field.chosen_words else field.title,
            address.href(**{field.name: None}),
        )
        for field in fields
        if field.chosen
    )


def whole_number(text: str | None, otherwise: int) -> int:
    """A number from an address, between 1 and 100,000; anything else is ``otherwise``."""
    return int(text) if text and text.isdecimal() and len(text) <= 5 and int(text) else otherwise


def csv_file(name: str, head: Iterable[str], rows: Iterable[Iterable[object]]) -> Response:
    """A download for spreadsheets: UTF-8 with a mark, semicolons, and no cell that could be a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    answer = Response("﻿" + text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _harmless(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) and not NUMBER.fullmatch(text) else text
