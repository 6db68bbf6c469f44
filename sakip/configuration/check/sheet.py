"""The worksheet as written: sub-components and criteria in their order, each with the key to point at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.definitions.source import Entry, Node
from sakip.configuration.check.findings import Path
from sakip.configuration.check.look import entries, in_order, text, truth, words
from sakip.configuration.evaluation import BY_EVIDENCE, REGION, UNIT

RECENTLY_LOOKED = 8  # worksheets kept as they were looked at: every check of one file asks for it
SUBJECTS = (REGION, UNIT)


@dataclass(frozen=True, slots=True)
class Question:
    """A criterion; ``place`` is its path in the file, ``path`` the one people write."""

    entry: Entry
    place: Path
    path: str
    is_active: bool
    subjects: tuple[str, ...]
    is_answered_by_evidence: bool

    @property
    def key(self) -> str:
        """Its own key."""
        return self.place[-1]


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-component with its criteria in their order."""

    entry: Entry
    component: str
    place: Path
    path: str
    questions: tuple[Question, ...]

    @property
    def scoring(self) -> str | None:
        """The word of its scoring."""
        return text(self.entry.value.get("scoring"))

    def active(self) -> list[Question]:
        """The criteria that are asked."""
        return [question for question in self.questions if question.is_active]


def subjects_of(root: Node) -> tuple[str, ...]:
    """Whom the evaluation asks."""
    given = root.get("subjects")
    return SUBJECTS if given is None else tuple(word for word in words(given) if word in SUBJECTS)


def components_of(root: Node) -> list[tuple[str, Entry]]:
    """The components in their order."""
    return in_order(entries(root, "components"))


@lru_cache(maxsize=RECENTLY_LOOKED)
def parts_of(root: Node) -> tuple[Part, ...]:
    """Every sub-component in the order of the worksheet."""
    return tuple(_parts(root))


def _parts(root: Node) -> Iterator[Part]:
    everybody = subjects_of(root)
    for component, entry in components_of(root):
        for key, sub in in_order(entries(entry.value, "sub_components")):
            place = ("components", component, "sub_components", key)
            by_evidence = text(sub.value.get("answered_by")) == BY_EVIDENCE
            questions = [
                _question(inner, (*place, "criteria", name), f"{component}.{key}.{name}", everybody, by_evidence)
                for name, inner in in_order(entries(sub.value, "criteria"))
            ]
            yield Part(sub, component, place, f"{component}.{key}", tuple(questions))


def _question(entry: Entry, place: Path, path: str, everybody: tuple[str, ...], by_evidence: bool) -> Question:
    given = entries(entry.value)
    own = text(entry.value.get("answered_by"))
    return Question(
        entry,
        place,
        path,
        truth(entry.value.get("active"), True),
        words(entry.value.get("subjects")) if "subjects" in given else everybody,
        by_evidence if own is None else own == BY_EVIDENCE,
    )
