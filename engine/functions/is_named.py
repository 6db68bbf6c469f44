"""Whether a person is meant by one of several names, as people write them: without titles, in any letters, or by NIP.

exclude_when: "user == case.reported_person or is_named(user, case.reported_aliases)"
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from engine.definitions.expression_types import BOOLEAN
from engine.definitions.model import Text
from engine.definitions.scope import Scope
from engine.definitions.vocabulary_protocol import Signature
from engine.functions import PEOPLE, function, list_of

_WORD = re.compile(r"\w+\.?")
_TITLES = frozenset({"dr", "dra", "drg", "drs", "h", "hj", "ir", "prof", "bapak", "ibu", "pak", "bu", "sdr", "sdri"})
_ENOUGH = 2  # words: one alone would mean half the office
_SHORTEST_NIP = 9


@function(
    "is_named",
    Signature((PEOPLE[0], list_of("text")), BOOLEAN),
    reads=Text("{0} disebut dalam {1}", "{0} is named in {1}"),
    takes_scope=True,
)
def is_named(scope: Scope, who: Any, names: Sequence[Any]) -> bool:
    """A name of one word counts only where it is all there is; of two and more also inside the other."""
    if scope.person is None or who is None or not any(names):
        return False
    person = scope.person(who)
    own, digits = _words(person.name), _digits(person.nip)
    return any(
        _are_alike(own, _words(str(name))) or (len(digits) >= _SHORTEST_NIP and digits in _digits(str(name)))
        for name in names
        if name
    )


def _words(name: str) -> tuple[str, ...]:
    """What is left of a name without what stands before and after it."""
    found = [word for word in _WORD.findall(name.partition(",")[0].casefold()) if word.rstrip(".") not in _TITLES]
    return tuple(word.rstrip(".") for word in found)


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


def _are_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    short, long = sorted((one, other), key=len)
    if not short:
        return False
    inside = any(long[at : at + len(short)] == short for at in range(len(long) - len(short) + 1))
    return short == long or (len(short) >= _ENOUGH and inside)
