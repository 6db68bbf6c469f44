"""What a comparison of two definitions reports, and the notebook the comparers write it into."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.definitions.diff.plain import plain
from engine.definitions.diff.uses import Uses
from engine.definitions.model import Definition, Text
from engine.definitions.problems import Position

T = TypeVar("T")
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
        self.uses = (Uses(old), Uses(new))

    def using(self, ask: Callable[[Uses, T], Iterable[str]], about: T) -> frozenset[str]:
        """The states of both sides that use something; ``ask`` is a question of ``Uses``."""
        return frozenset(state for uses in self.uses for state in ask(uses, about))

    def retitled(self, path: str, indonesian: str, english: str, old: Text, new: Text) -> None:
        """Note that something is called otherwise now: words only."""
        if old != new:
            self.add(
                "title_changed",
                WORDS,
                f"{path}.title" if path else "title",
                indonesian + " kini bernama '{new}', semula '{old}'",
                "The " + english + " is now called '{new}', before '{old}'",
                {"old": old, "new": new},
                old=old,
                new=new,
            )

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
        named = words or {}
        if kind == "title_changed" and isinstance(old, Text) and isinstance(new, Text):
            named = {**named, **_told_apart(old, new)}
        sentence = filled(indonesian, english, named)
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

    def field(self, key: str) -> Text:
        """A field's title in quotes; its key when nobody knows it."""
        for definition in (self.new, self.old):
            if key in definition.fields:
                return quoted(definition.fields[key].title)
        return Text(f"'{key}'", f"'{key}'")

    def roles(self, keys: Iterable[str]) -> Text:
        """The titles of several roles."""
        return listed([self.role(key) for key in keys])


def _told_apart(old: Text, new: Text) -> dict[str, Text]:
    """Two titles as sentences name them: where they read alike in one language, the words of the other."""

    def of(title: Text) -> Text:
        return Text(
            f"{title.en} (en)" if old.id == new.id else title.id, f"{title.id} (id)" if old.en == new.en else title.en
        )

    return {"old": of(old), "new": of(new)}


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


def both_keys(old: Iterable[str], new: Iterable[str]) -> list[str]:
    """The keys of two maps: those that are gone first, then the new one's in its order."""
    new = list(new)
    return [key for key in old if key not in new] + new
