"""The kinds of value an option of a field type can have, and what is wrong with one that does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.definitions.model import Text
from engine.definitions.vocabulary_protocol import Option

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_ANY_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]*")
_PATH = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_SIZE = re.compile(r"([1-9][0-9]{0,5}) ?(k|m)b", re.IGNORECASE)
_LONGEST_PATTERN = 200


def option_fault(option: Option, value: Any) -> Text | None:
    """What is wrong with ``value`` (a plain value as read from YAML) for this option; None when it fits."""
    return KINDS[option.kind](option, value)


def _integer(option: Option, value: Any) -> Text | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return Text("Harus bilangan bulat.", "Must be an integer.")
    if option.minimum is not None and value < option.minimum:
        return Text(f"Paling sedikit {option.minimum}.", f"At least {option.minimum}.")
    if option.maximum is not None and value > option.maximum:
        return Text(f"Paling banyak {option.maximum}.", f"At most {option.maximum}.")
    return None


def _number(_: Option, value: Any) -> Text | None:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return None if is_number else Text("Harus bilangan.", "Must be a number.")


def _text(_: Option, value: Any) -> Text | None:
    return None if isinstance(value, str) and value else Text("Harus teks.", "Must be text.")


def _boolean(_: Option, value: Any) -> Text | None:
    return None if isinstance(value, bool) else Text("Harus true atau false.", "Must be true or false.")


def _one_of(option: Option, value: Any) -> Text | None:
    listed = ", ".join(option.choices)
    return None if value in option.choices else Text(f"Salah satu dari: {listed}.", f"One of: {listed}.")


def _key(_: Option, value: Any) -> Text | None:
    return None if isinstance(value, str) and _KEY.fullmatch(value) else Text("Harus sebuah nama.", "Must be a name.")


def _source(_: Option, value: Any) -> Text | None:
    return None if isinstance(value, str) and _PATH.fullmatch(value) else Text("Harus sebuah nama.", "Must be a name.")


def _texts(_: Option, value: Any) -> Text | None:
    if isinstance(value, list | tuple) and value and all(isinstance(each, str) and each for each in value):
        return None
    return Text("Harus daftar teks.", "Must be a list of texts.")


def _pattern(_: Option, value: Any) -> Text | None:
    if not isinstance(value, str) or len(value) > _LONGEST_PATTERN:
        return Text("Harus pola teks yang pendek.", "Must be a short pattern.")
    if pattern_is_risky(value):
        return Text("Pola ini dapat berjalan sangat lama.", "This pattern could run for very long.")
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError):
        return Text("Pola ini tidak dapat dibaca.", "This pattern cannot be read.")
    return None


def pattern_is_risky(pattern: str) -> bool:
    """Whether matching could take very long: a repeated group whose parts can be divided in several ways, more than
    three repetitions without end, a back reference or look-around."""
    plain = pattern.replace("(?:", "(")
    plain = re.sub(r"\\[^0-9]|\[(?:\\.|[^\]\\])*\]", "x", _SEPARATED.sub(_without_group, plain))
    if re.search(r"\\[0-9]|\(\?", plain):
        return True
    depth: list[bool] = []
    for position, character in enumerate(plain):
        if character == "(":
            depth.append(False)
        elif depth and (character in "*+|?" or re.match(r"\{[0-9]*,", plain[position:])):
            depth[-1] = True
        elif character == ")" and depth:
            can_vary = depth.pop()
            if can_vary and plain[position + 1 : position + 2] in ("*", "+", "{"):
                return True
            if depth:
                depth[-1] = depth[-1] or can_vary
    return len(re.findall(r"[*+]|\{[0-9]*,", plain)) > 3


# (\.[0-9]+)*: a separator before each part leaves one way to divide a text.
_SEPARATED = re.compile(r"\((\\?[.\-/, ])(\[[0-9A-Za-z\-]+\]|\\d)(?:[+*]|\{[0-9,]+\})?\)([*+])")


def _without_group(found: re.Match[str]) -> str:
    separator = found[1][-1]
    is_apart = found[1] != "." and not (separator == "-" and found[2].strip("[]").endswith("-"))
    return f"x{found[3]}" if is_apart else found[0]


def _day(_: Option, value: Any) -> Text | None:
    if value == "today" or isinstance(value, date):
        return None
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return Text("Harus tanggal seperti 2026-01-31, atau today.", "Must be a date like 2026-01-31, or today.")
    return None


def _month(_: Option, value: Any) -> Text | None:
    if value == "today" or (isinstance(value, str) and re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", value)):
        return None
    return Text("Harus bulan seperti 2026-01, atau today.", "Must be a month like 2026-01, or today.")


def _year(_: Option, value: Any) -> Text | None:
    if value == "today" or (isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999):
        return None
    return Text("Harus tahun seperti 2026, atau today.", "Must be a year like 2026, or today.")


def _choices(_: Option, value: Any) -> Text | None:
    if not isinstance(value, Mapping) or not value:
        return Text("Harus peta {kunci: {title}}.", "Must be a map {key: {title}}.")
    for key, entry in value.items():
        if not isinstance(key, str) or not _ANY_KEY.fullmatch(key):
            return Text(f"Kunci pilihan {key!r} tidak sah.", f"{key!r} is no key for a choice.")
        if entry is not None and not (isinstance(entry, Mapping) and set(entry) <= {"title"}):
            return Text(f"Pilihan {key!r} hanya boleh memuat title.", f"The choice {key!r} may hold a title only.")
    return None


def _within(_: Option, value: Any) -> Text | None:
    if isinstance(value, str) and value:
        return None
    if isinstance(value, Mapping) and len(value) == 1 and _all_texts(value):
        return None
    return Text("Harus nama, atau misalnya {group: nama}.", "Must be a name, or for example {group: name}.")


def _rows(_: Option, value: Any) -> Text | None:
    if isinstance(value, Mapping) and "source" in value:  # keys it does not know are told at each of them
        given = value.get("with") or {}
        if isinstance(given, Mapping) and _all_texts(given) and _source(_, value["source"]) is None:
            return None
    return Text("Harus {source, with: {nama: ekspresi}}.", "Must be {source, with: {name: expression}}.")


def _all_texts(value: Mapping[Any, Any]) -> bool:
    return all(isinstance(key, str) and isinstance(each, str) and each for key, each in value.items())


def _size(_: Option, value: Any) -> Text | None:
    if bytes_of(value) is None:
        return Text("Harus ukuran seperti 500 kB atau 10 MB.", "Must be a size like 500 kB or 10 MB.")
    return None


def bytes_of(value: Any) -> int | None:
    """A size as bytes: text like ``10 MB``, or an integer (below 1,000 of megabytes); None when it is neither."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 10**9:
        return value * 1_000_000 if value < 1000 else value
    found = _SIZE.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) * (1000 if found[2].lower() == "k" else 1_000_000) if found else None


def _anything(_: Option, __: Any) -> Text | None:
    return None


# ``columns`` is read by the parser itself: a map of fields.
KINDS: Mapping[str, Callable[[Option, Any], Text | None]] = {
    "integer": _integer,
    "number": _number,
    "text": _text,
    "boolean": _boolean,
    "one_of": _one_of,
    "key": _key,
    "source": _source,
    "texts": _texts,
    "pattern": _pattern,
    "day": _day,
    "month": _month,
    "year": _year,
    "choices": _choices,
    "within": _within,
    "rows": _rows,
    "size": _size,
    "columns": _anything,
}
