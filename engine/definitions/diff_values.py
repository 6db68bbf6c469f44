"""What a comparison of two definitions reports, and the notebook the comparers write it into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.definitions.expressions import Expression
from engine.definitions.model import Definition, DueAt, Text
from engine.definitions.problems import Position

ALARM, RELAXED, RULE, WORDS = "alarm", "relaxed", "rule", "words"
WEIGHTS = (ALARM, RELAXED, RULE, WORDS)
# What the publish report names first (reference §10), in this order; then the other safeguards that became weaker.
FIRST = (
    "scenario_removed",
    "state_removed",
    "permission_widened",
    "permission_changed",
    "exclusion_removed",
    "exclusion_changed",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same in two definitions.

    ``kind`` is a stable word (docs/reference/differences.md); ``weight`` is ``alarm`` (removed scenarios and steps,
    widened permissions, relaxed exclusions), ``relaxed`` (another safeguard became weaker), ``rule`` or ``words``
    (only what people read). ``path`` leads to the node with dots, states by their bare key
    (``lifecycle.states.review.task.due``). ``state`` is the state it stands in, ``states`` all that behave differently
    because of it. ``old`` and ``new`` are plain values (None: not there); ``old_at`` and ``new_at`` say where they
    stand, when the files are known.
    """

    kind: str
    weight: str
    path: str
    sentence: Text
    state: str | None = None
    states: frozenset[str] = frozenset()
    old: Any = None
    new: Any = None
    old_at: Position | None = None
    new_at: Position | None = None


class Comparison:
    """Two definitions side by side; the comparers add what they find to ``found``."""

    def __init__(self, old: Definition, new: Definition) -> None:
        self.old = old
        self.new = new
        self.found: list[Difference] = []

    def add(
        self,
        kind: str,
        weight: str,
        path: str,
        indonesian: str,
        english: str,
        words: Mapping[str, Text | str | int] | None = None,
        *,
        state: str | None = None,
        states: Iterable[str] = (),
        old: Any = None,
        new: Any = None,
    ) -> None:
        """Note one difference. The sentences take ``{name}`` from ``words``, each in its own language."""
        sentence = filled(indonesian, english, words or {})
        touched = frozenset(states) | ({state} if state is not None and weight != WORDS else set())
        self.found.append(Difference(kind, weight, path, sentence, state, touched, plain(old), plain(new)))

    def title(self, state: str | None) -> Text:
        """A state's title in quotes, the new one where there are two; its key when nobody knows it."""
        for definition in (self.new, self.old):
            if state in definition.states:
                return quoted(definition.states[state].title)  # type: ignore[index]
        return Text(f"'{state}'", f"'{state}'")

    def role(self, key: str) -> Text:
        """A role's title, without quotes; ``performer_of.<state>`` in words."""
        if key.startswith("performer_of."):
            state = self.title(key.removeprefix("performer_of."))
            return Text(f"pelaksana {state.id}", f"whoever did {state.en}")
        for definition in (self.new, self.old):
            if key in definition.roles:
                return definition.roles[key].title
        return Text(key, key)

    def roles(self, keys: Iterable[str]) -> Text:
        """The titles of several roles."""
        return listed([self.role(key) for key in keys])


def filled(indonesian: str, english: str, words: Mapping[str, Text | str | int]) -> Text:
    """Both sentences with the words put in."""
    return Text(_filled(indonesian, words, "id"), _filled(english, words, "en"))


def _filled(sentence: str, words: Mapping[str, Text | str | int], language: str) -> str:
    return sentence.format_map(
        {name: word.into(language) if isinstance(word, Text) else word for name, word in words.items()}
    )


def quoted(title: Text) -> Text:
    """A title between quotes."""
    return Text(f"'{title.id}'", f"'{title.en}'")


NOBODY = Text("tidak seorang pun", "nobody")


def listed(texts: Iterable[Text], empty: Text = NOBODY) -> Text:
    """Several texts with commas; ``empty`` for none."""
    texts = list(texts)
    if not texts:
        return empty
    return Text(", ".join(text.id for text in texts), ", ".join(text.en for text in texts))


def plain(value: Any) -> Any:
    """A value of the model as JSON can hold it and ``==`` compares it: expressions as their text."""
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, DueAt):
        return value.expression.text
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(inner) for inner in value), key=str)
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value


def is_same(old: Any, new: Any) -> bool:
    """Whether two values of the model say the same; the order of maps counts for nothing here."""
    return bool(plain(old) == plain(new))
