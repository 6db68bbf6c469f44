"""A scale: its answers from best to worst, and what the best is worth (reference §7.2)."""

from __future__ import annotations

from fractions import Fraction

from engine.definitions.source import Entry
from sakip.configuration.evaluation import Answer, Scale
from sakip.configuration.reading import FieldReader


def parse_scale(key: str, entry: Entry, reader: FieldReader) -> Scale:
    """Answers from best to worst. ``full`` that is not given, or not above zero, is the value of the best one."""
    given = reader.given(entry, ("full", "title", "answers"), ("full", "answers"))
    answers = [_answer(name, each, reader) for name, each in reader.named(given.get("answers")).items()]
    answers.sort(key=lambda each: -each.value)
    full = reader.fraction(given.get("full"))
    if full is not None and full <= 0:
        reader.wrong(given["full"].value, "Di sini harus angka di atas nol.", "This must be a number above zero.")
        full = None
    if full is None:
        full = answers[0].value if answers and answers[0].value > 0 else Fraction(1)
    return Scale(key, full, reader.optional_title(given.get("title")), {one.key: one for one in answers})


def _answer(key: str, entry: Entry, reader: FieldReader) -> Answer:
    given = reader.given(entry, ("value", "title"), ("value",))
    value = reader.fraction(given.get("value"), 0)
    return Answer(key, Fraction(0) if value is None else value, reader.optional_title(given.get("title")))
