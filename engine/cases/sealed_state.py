"""Where a sealed case stands, without what was answered: texts that people wrote leave tokens in its place.

The state of a case is read without any key: deadlines run, lists say the step. Most of it are words of the definition,
moments and numbers of people. What is not (items of a list, places made from answers, what a recall would bring back)
becomes a token; what a token stands for is kept with the answers, under the case's key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from engine.database import json_text
from engine.definitions.model import Definition
from engine.disclosure.seals import CaseSeal
from engine.errors import KeyNeeded

MARK = "~"  # a token's first character; a text of somebody's that begins so becomes a token like any other
_LENGTH = 24
_PLAIN_EXTRAS = frozenset(
    (
        "ended",
        "burst",
        "fired",
        "spent",
        "delegated",
        "stood_in",
        "in_name",
        "turns",
        "escalated",
        "signals",
        "asked",
        "events",
    )
)


class Tokens:
    """Tokens of one case, made and looked up. Without a ``seal`` none can be made: then an unknown text raises
    KeyNeeded, and those that are there stay as they are."""

    def __init__(self, definition: Definition, seal: CaseSeal | None, known: Mapping[str, Any]) -> None:
        self._words = _words_of(definition)
        self._lists = _lists_of(definition)
        self._seal = seal
        self.known: dict[str, Any] = dict(known)
        self.used: dict[str, Any] = {}
        self.has_new = False  # something became a token that was none when the case was read

    def of(self, value: Any) -> Any:
        """The token of a text, a number or a list; a word of the definition and a token stay."""
        return value if isinstance(value, str) and value in self._words else self.of_typed(value)

    def at(self, state: str, value: Any) -> Any:
        """The token of a place in a state: an approver's key stays, an item of a list never does."""
        return self.of_typed(value) if state in self._lists else self.of(value)

    def of_typed(self, value: Any) -> Any:
        """The token of what somebody answered: also where the same word stands in the definition."""
        if value is None or (isinstance(value, str) and self._is_token(value)):
            return value
        if self._seal is None:
            raise KeyNeeded
        digest = hmac.new(self._seal.content, json_text([value]).encode(), hashlib.sha256).digest()
        token = MARK + base64.b32encode(digest).decode()[:_LENGTH].lower()
        self.has_new |= token not in self.known
        self.known[token] = self.used[token] = value
        return token

    def behind(self, value: Any) -> Any:
        """What a token stands for; anything else stays."""
        return self.known.get(value, value) if isinstance(value, str) and value[:1] == MARK else value

    def _is_token(self, value: str) -> bool:
        if self._seal is None:
            return value[:1] == MARK and len(value) == _LENGTH + 1
        if value in self.known:
            self.used[value] = self.known[value]
            return True
        return False


def is_token(value: str | None) -> bool:
    """Whether a place or item is a token: nothing for a person to read."""
    return value is not None and value[:1] == MARK and len(value) == _LENGTH + 1


class LockedAnswers(Mapping[str, Any]):
    """The answers of a sealed case whose key is not at hand: asking for one raises KeyNeeded. A guard that would then
    see nothing at all must not decide as if nothing had been answered."""

    def __getitem__(self, key: str) -> Any:
        raise KeyNeeded

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ARG002
        """Raises KeyNeeded."""
        raise KeyNeeded

    def __contains__(self, key: object) -> bool:
        raise KeyNeeded

    def __iter__(self) -> Iterator[str]:
        raise KeyNeeded

    def __len__(self) -> int:
        raise KeyNeeded


def hidden(tokens: Tokens, plain: Mapping[str, Any]) -> dict[str, Any]:
    """``state.to_plain`` with tokens for what people wrote."""
    return _walked(plain, tokens.of, tokens.of_typed, tokens.at)


def shown(tokens: Tokens, plain: Mapping[str, Any]) -> dict[str, Any]:
    """The state again, for who has the key; without it the tokens stay in their places, equal to themselves."""
    return _walked(plain, tokens.behind, tokens.behind, lambda state, value: tokens.behind(value))


def _walked(
    plain: Mapping[str, Any],
    one: Callable[[Any], Any],
    typed: Callable[[Any], Any],
    at: Callable[[str, Any], Any],
) -> dict[str, Any]:
    """A copy with ``one`` put on what may be a word of the definition, ``typed`` on what people answered, ``at`` on a
    place of a state."""
    found = dict(plain)
    if "t" in found:  # number, entry, state, roles, audiences, opened, place, item, …
        found["t"] = [
            [*row[:6], *[one(each) for each in row[6:7]], *[typed(each) for each in row[7:8]], *row[8:]]
            for row in found["t"]
        ]
    for votes in ("v", "k"):  # state, place, …
        if votes in found:
            found[votes] = [[row[0], at(row[0], row[1]), *row[2:]] for row in found[votes]]
    if "l" in found:
        person, action, state, before = found["l"]
        before = _walked(before, one, typed, at)
        if "undo" in before:
            before["undo"] = {name: typed(value) for name, value in before["undo"].items()}
        found["l"] = [person, action, state, before]
    if "x" in found:
        found["x"] = {
            name: value if name in _PLAIN_EXTRAS else _leaves(value, typed if name == "items" else one)
            for name, value in found["x"].items()
        }
    return found


def _leaves(value: Any, one: Callable[[Any], Any]) -> Any:
    """Everything at the ends of lists and maps; keys of maps are states."""
    if isinstance(value, Mapping):
        return {key: _leaves(each, one) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_leaves(each, one) for each in value]
    return value if value is None or isinstance(value, bool) else one(value)


@lru_cache(maxsize=256)
def _words_of(definition: Definition) -> frozenset[str]:
    """What an author wrote as names: states, roles, actions, approvers, and the kinds of an audience."""
    found = {"person", "position", "group", *definition.states, *definition.roles}
    for state in definition.states.values():
        found.update(state.transitions)
        if state.approval is not None:
            found.update(place.key for place in state.approval.approvers)
            found.update((state.approval.accept, state.approval.refuse or ""))
    return frozenset(found)


@lru_cache(maxsize=256)
def _lists_of(definition: Definition) -> frozenset[str]:
    """The states done once for each item of a list."""
    return frozenset(key for key, state in definition.states.items() if state.multi_instance is not None)
