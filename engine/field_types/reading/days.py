"""Days and months as people write them: 2026-05-12, 12/05/2026 (the day always first), 12 Mei 2026, 12 May 2026."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from engine.definitions.model import Text
from engine.field_types.question import Unfit

EARLIEST_YEAR = 1900
LATEST_YEAR = 2200

_MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb", "pebruari", "peb"),
    ("maret", "march", "mar"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agu", "agt", "ags", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov", "nopember", "nop"),
    ("desember", "december", "des", "dec"),
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}

_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NUMERIC_DAY = re.compile(r"([0-9]{1,2})([/.\-])([0-9]{1,2})\2([0-9]{4})")
_WORDED_DAY = re.compile(r"([0-9]{1,2})[ \-]([A-Za-z]{3,9})\.?[ \-]([0-9]{4})")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_NUMERIC_MONTH = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{4})")
_WORDED_MONTH = re.compile(r"([A-Za-z]{3,9})\.?[ \-]([0-9]{4})")

NOT_A_DAY = Text("Tulis tanggal seperti 5 Mei 2026 atau 05/05/2026.", "Write a date like 5 May 2026 or 05/05/2026.")
NO_SUCH_DAY = Text(
    "Tanggal itu tidak ada. Urutannya hari, bulan, tahun.", "There is no such date. The order is day, month, year."
)
NOT_A_MONTH = Text("Tulis bulan seperti Mei 2026 atau 05/2026.", "Write a month like May 2026 or 05/2026.")
NOT_A_YEAR = Text("Tulis tahun dengan empat angka.", "Write the year with four digits.")


def day(raw: Any) -> date:
    """The day meant; raises Unfit."""
    if isinstance(raw, datetime):
        raise Unfit(NOT_A_DAY)
    if isinstance(raw, date):
        return _checked(raw.year, raw.month, raw.day)
    text = _text(raw, NOT_A_DAY)
    if found := _ISO_DAY.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC_DAY.fullmatch(text):
        return _checked(int(found[4]), int(found[3]), int(found[1]))
    if (found := _WORDED_DAY.fullmatch(text)) and found[2].lower() in _MONTH_OF:
        return _checked(int(found[3]), _MONTH_OF[found[2].lower()], int(found[1]))
    raise Unfit(NOT_A_DAY)


def month(raw: Any) -> str:
    """The month meant, as YYYY-MM; raises Unfit."""
    text = _text(raw, NOT_A_MONTH)
    if found := _ISO_MONTH.fullmatch(text):
        parts = int(found[1]), int(found[2])
    elif found := _NUMERIC_MONTH.fullmatch(text):
        parts = int(found[2]), int(found[1])
    elif (found := _WORDED_MONTH.fullmatch(text)) and found[1].lower() in _MONTH_OF:
        parts = int(found[2]), _MONTH_OF[found[1].lower()]
    else:
        raise Unfit(NOT_A_MONTH)
    first = _checked(parts[0], parts[1], 1)
    return f"{first.year:04}-{first.month:02}"


def year(raw: Any) -> int:
    """The year meant; raises Unfit."""
    if isinstance(raw, str) and re.fullmatch(r" *[0-9]{4} *", raw):
        raw = int(raw)
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise Unfit(NOT_A_YEAR)
    return _checked(raw, 1, 1).year


def _text(raw: Any, otherwise: Text) -> str:
    if not isinstance(raw, str) or len(raw) > 40:
        raise Unfit(otherwise)
    return re.sub(r"\s+", " ", raw).strip()


def _checked(year_: int, month_: int, day_: int) -> date:
    if not EARLIEST_YEAR <= year_ <= LATEST_YEAR:
        raise Unfit(
            Text(
                f"Tahunnya harus antara {EARLIEST_YEAR} dan {LATEST_YEAR}.",
                f"The year must be between {EARLIEST_YEAR} and {LATEST_YEAR}.",
            )
        )
    try:
        return date(year_, month_, day_)
    except ValueError:
        raise Unfit(NO_SUCH_DAY) from None
