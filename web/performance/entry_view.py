"""The words of a quarter's entry: values and results as people read them, what can be chosen, faults at their rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from engine.changes import Refusal
from engine.definitions.model import Text
from engine.field_types.table import ROW_KEY
from sakip.bands import Band
from sakip.configuration.measurement import GRADE, MILESTONES, NUMBER, PERCENT, YES_NO
from sakip.due_indicators import value_cell
from sakip.entry_desk import Earlier, EntryDesk, EntryItem
from sakip.facts.due_programmes import FIELD as PROGRAMMES
from sakip.facts.reports import said_beside
from sakip.judged import Achievement
from sakip.reasons import Reason
from sakip.shown_values import NO, YES
from sakip.tree.values import DEFAULT_UNIT
from sakip.values import NOT_ISSUED, Target
from web.deadlines import Deadline, deadline
from web.language import words
from web.officer.working_days import working_day_test
from web.performance.cells import UNBROKEN, number, on_page
from web.performance.entry_posted import NONE_DONE
from web.performance.entry_work import ROWS, Report
from web.performance.result_blocks import SIGNS, points

NOT_ISSUED_WORDS = Text("belum terbit", "not issued yet")
NONE_DONE_WORDS = Text("Belum ada yang selesai", "None is done yet")
DONE, NOT_DONE = "ya", "tidak"  # as they are typed
MONEY = "Rp"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be chosen, and its words."""

    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """How a value is asked: ``widget`` is text, list, radios or boxes; ``suffix`` stands behind a text."""

    widget: str
    choices: tuple[Choice, ...] = ()
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a row comes to: a printed number with the words, tone and sign of its band, or a sentence and what to do."""

    shown: str
    words: str
    tone: str
    sign: str
    beside: str


@dataclass(frozen=True, slots=True)
class Back:
    """The period before as ``words``, a small line and all of them in words."""

    words: str
    value: str
    points: Sequence[tuple[int, int]]
    told: str


def field_of(item: EntryItem) -> Field:
    """A list for grades, a choice for yes and no, boxes for milestones, a text for everything else."""
    kind, typed = (item.unit.kind if item.unit is not None else NUMBER), item.typed.value
    if kind == GRADE and item.grades:
        chosen = {one.casefold(): one for one in item.grades}.get(typed.casefold(), typed)
        other = () if chosen in ("", *item.grades) else (chosen,)  # stays to be seen until another is chosen
        return Field("list", tuple(Choice(one, one, one == chosen) for one in (*item.grades, *other)))
    if kind == YES_NO:
        said = {"yes": DONE, "no": NOT_DONE}.get(typed.casefold(), typed.casefold())
        return Field("radios", tuple(
            Choice(value, words(text).capitalize(), value == said) for value, text in ((DONE, YES), (NOT_DONE, NO))
        ))  # fmt: skip
    if kind == MILESTONES and item.steps:
        done = [one.strip() for one in re.split("[,;]", typed) if one.strip()]
        boxes = [
            Choice(one, one, one in done) for one in (*item.steps, *(one for one in done if one not in item.steps))
        ]
        return Field("boxes", (*boxes, Choice(NONE_DONE, words(NONE_DONE_WORDS), bool(typed) and not done)))
    unit = words(item.unit.title) if item.unit is not None else ""
    return Field("text", suffix="%" if kind == PERCENT else unit)


def value_words(item: EntryItem) -> str:
    """What stands in a row, for who only reads."""
    if item.typed.is_not_issued:
        return words(NOT_ISSUED_WORDS)
    field = field_of(item)
    if field.widget == "text":
        shown = number(item.value) if isinstance(item.value, Fraction) else item.typed.value  # as the reader writes it
        return _with_unit(item, shown)
    return ", ".join(one.words for one in field.choices if one.is_chosen)


def _with_unit(item: EntryItem, shown: str) -> str:
    """A number with its unit on the same line; a word as it is."""
    field = field_of(item)
    sign = "" if item.unit is not None and item.unit.key == DEFAULT_UNIT else field.suffix  # "8", not "8 Angka"
    return f"{shown}{UNBROKEN}{sign}" if shown and sign and field.widget == "text" else shown


def target_words(item: EntryItem, target: Target | None) -> str:
    """A target of the row as people read it, with its unit; "" for none."""
    return "" if target is None else _with_unit(item, on_page(value_cell(target)))


def how_words(item: EntryItem) -> str:
    """Direction and consolidation as a line of its own: "Makin tinggi makin baik; nilai terakhir"."""
    told = words(item.how)
    return f"{told[:1].upper()}{told[1:]}"


def result_of(item: EntryItem) -> Said | None:
    """What a row comes to; None while it is empty or its text is no value."""
    result = item.result
    if result is None:
        return None
    if isinstance(result, Reason):
        return Said("", words(said_beside(result)), "", "", words(result.remedy))
    assert isinstance(result, Achievement)
    beside = "" if result.limited is None else f"{words(_BEFORE)} {on_page(result.raw)} %"
    return Said(f"{number(result.shown)} %", band_words(result.band), result.tone, SIGNS.get(result.tone, ""), beside)


def band_words(band: Band) -> str:
    """A band as the reader's language calls it."""
    return words(band.title) if band.title is not None else band.key


def problem_words(item: EntryItem) -> str:
    """Why the text of a row is no value; "" when it is one."""
    return "" if item.problem is None else words(said_beside(item.problem))


def back_of(item: EntryItem, desk: EntryDesk) -> Back | None:
    """What was reached before; None for the first time."""
    if not item.earlier:
        return None
    last = item.earlier[-1]
    line = [one.point for one in item.earlier if one.point is not None]
    told = "; ".join(f"{_when(one, desk)}: {_reached(one)}" for one in item.earlier)
    reached = _reached(last) if last.value is NOT_ISSUED else _with_unit(item, _reached(last))
    return Back(_when(last, desk), reached, points(line), told)


def _when(one: Earlier, desk: EntryDesk) -> str:
    return words(one.period) if one.year == desk.due.year else f"{words(one.period)} {one.year}"


def _reached(one: Earlier) -> str:
    return words(NOT_ISSUED_WORDS) if one.value is NOT_ISSUED else on_page(value_cell(one.value))


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme: its budget and what was spent in words, and what is typed of it."""

    key: str
    title: str
    budget: str
    spent: str
    typed: str


def programmes_of(report: Report) -> list[Programme]:
    """The programmes of a report, in their order."""
    stored = {str(row.get(ROW_KEY)): row for row in report.page.answers.get(PROGRAMMES) or ()}
    return [
        Programme(
            key, str(row.get("programme") or key), _rupiah(stored.get(key, {}).get("budget")),
            _rupiah(stored.get(key, {}).get("absorbed")), str(row.get("absorbed") or ""),
        )
        for key, row in report.programmes.items()
    ]  # fmt: skip


def _rupiah(amount: Any) -> str:
    return "" if amount is None else f"{MONEY}{number(Fraction(str(amount)))}"


def due_of(report: Report) -> Deadline | None:
    """Until when it is to be filled in; None for a case that has nothing open."""
    page = report.page
    if page.due_at is None or page.closed_at is not None:
        return None
    return deadline(page.due_at, page.now, working_day_test())


def anchor(key: str) -> str:
    """The place of a row on the page."""
    return "row-" + re.sub("[^A-Za-z0-9]", "-", key)


@dataclass(frozen=True, slots=True)
class Faults:
    """A refusal as the page shows it: lines on top with where they lead, and by row what is wrong with which field."""

    lines: tuple[tuple[str, str], ...]
    rows: dict[str, dict[str, str]]


def faults_of(report: Report, view: EntryDesk, refusal: Refusal | None) -> Faults:
    """The refusal of an act, each fault at its row; without a refusal what was typed and is no value."""
    at: dict[str, dict[str, str]] = {item.key: {"value": problem_words(item)} for item in view.items if item.problem}
    told: list[tuple[str, str]] = []
    if refusal is not None and not refusal.faults:
        told.append(("", words(refusal.sentence)))
    known = {item.key for item in view.items}
    for fault in refusal.faults if refusal is not None else ():
        table, _dot, rest = fault.path.partition(".")
        place, _dot, column = rest.partition(".")
        key = _key_at(report, table, place)
        if table == ROWS and key in known:
            at.setdefault(key, {}).setdefault(column, words(fault.message))
        elif table == PROGRAMMES and key:
            at.setdefault(f"{PROGRAMMES}.{key}", {}).setdefault("absorbed", words(fault.message))
        else:
            told.append(("", words(fault.message)))
    for item in view.items:
        told += _lines(report, item, at.get(item.key, {}))
    for one in programmes_of(report):
        for message in at.get(f"{PROGRAMMES}.{one.key}", {}).values():
            told.append((f"{anchor(PROGRAMMES + one.key)}-absorbed", f"{one.title}: {message}"))
    return Faults(tuple(told), at)


def _key_at(report: Report, table: str, place: str) -> str:
    """The key of the row at a place of a table as it was sent; "" where there is none."""
    keys = list({ROWS: report.rows, PROGRAMMES: report.programmes}.get(table, ()))
    return keys[int(place)] if place.isdecimal() and int(place) < len(keys) else ""


def _lines(report: Report, item: EntryItem, wrong: dict[str, str]) -> list[tuple[str, str]]:
    """One line a sentence, however many fields it is said of."""
    columns = report.desk.form.fields[ROWS].columns if report.desk is not None else {}
    by_words: dict[str, list[str]] = {}
    for column, said in wrong.items():
        at = by_words.setdefault(said, [])
        if column != "evidence":  # its sentence says what it is about; numbers of the register are nobody's business
            at.append(words(columns[column].title) if column in columns else column)
    return [
        (f"{anchor(item.key)}-{next(name for name, told in wrong.items() if told == said)}",
         f"{', '.join((item.name, *titles))}: {said}")
        for said, titles in by_words.items()
    ]  # fmt: skip


_BEFORE = Text("sebelum dibatasi", "before the limit")
