"""Texts with variables in single braces: numbers, mails, messages; an unknown variable is WF061."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from engine.definitions.problems import Placed, did_you_mean, shorten
from engine.definitions.reading import Reader

NUMBER_VARIABLES = frozenset(("year", "month", "day", "unit.code", "unit.name", "region", "region.code", "seq"))
MAIL_VARIABLES = frozenset(
    ("case.number", "case.title", "task.title", "task.due", "actor.name", "comment", "url"),
)
_VARIABLE = re.compile(r"\{(\{[^{}]*\}|[^{}]*)\}")
_WIDTH = re.compile(r":0?[1-9][0-9]?\Z")


def variables(text: str) -> Iterator[str]:
    """What stands in braces; of double ones with the inner braces, which make it the name of nothing."""
    for match in _VARIABLE.finditer(text):
        yield match.group(1)


def check_variables(
    at: Placed, text: str, known: Collection[str], reader: Reader, width: re.Pattern[str] | None = None
) -> None:
    """Report the first unknown variable of a text; what matches ``width`` may stand at its end."""
    for name in variables(text):
        if (name if width is None else width.sub("", name)) not in known:
            near = reader.problems.nearest(name, known)
            hint = did_you_mean(near)
            reader.problems.add(
                "WF061",
                at,
                f'Tidak ada variabel "{shorten(name)}".{hint.id}',
                f'There is no variable "{shorten(name)}".{hint.en}',
                near,
            )
            return


def check_pattern(at: Placed, text: str, reader: Reader) -> None:
    """A pattern of a number people read; a variable may say how wide it is, ``{seq:04}``."""
    check_variables(at, text, NUMBER_VARIABLES, reader, _WIDTH)
