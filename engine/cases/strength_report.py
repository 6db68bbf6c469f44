"""What publishing is told about the scenarios of a definition: its strength, and WF122 for every rule nobody tests."""

from __future__ import annotations

from collections.abc import Mapping

from engine.cases.strength import Strength, measure
from engine.definitions.load import load_tree
from engine.definitions.model import Text
from engine.definitions.problems import Problem, Problems
from engine.definitions.tree import from_texts
from engine.definitions.vocabulary_protocol import VocabularyLike


def strength_of(
    files: Mapping[str, str], case_type: str, region: str | None, vocabulary: VocabularyLike
) -> Strength | None:
    """The strength of what would be published: ``files`` by path (workflow, forms, overlays), for one region or all.

    None where the files hold no such case type without errors.
    """
    loaded = load_tree(from_texts(files), vocabulary)
    found = [
        loaded.case_types[name]
        for name, definition in loaded.definitions.items()
        if definition.case_type == case_type and definition.region in (region, None)
    ]
    found.sort(key=lambda each: each.definition.region is None)  # that of the region, where it has one
    return measure(found[0]) if found else None


def untested(strength: Strength) -> list[Problem]:
    """One warning WF122 a token: changes nobody notices, and rules that are never shown at work; by place."""
    problems = Problems()
    for survivor in strength.survivors:
        change = survivor.change
        message = Text(
            f"Tak ada skenario yang tahu bila {change.id}.", f"No scenario would notice that {change.en}."
        )  # fmt: skip
        problems.add("WF122", survivor.at, message.id, message.en)
    for gap in strength.gaps:
        problems.add("WF122", gap.at, _sentence(gap.asked.id), _sentence(gap.asked.en))
    return problems.sorted()


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def score_line(strength: Strength) -> Text:
    """The score as people read it; rounded down, so that 100 % means that nothing survives."""
    caught, changes, score = strength.caught, strength.changes, int(strength.score)
    return Text(
        f"{caught} dari {changes} perubahan tertangkap ({score} %)",
        f"{caught} of {changes} changes caught ({score} %)",
    )


def kept_strength(strength: Strength) -> dict[str, int]:
    """What a publication keeps of it, as numbers: see ``publishing.record.Considered``."""
    return {
        "changes": strength.changes,
        "caught": strength.caught,
        "score": int(strength.score),
        "survivors": len(strength.survivors),
        "untested": len(untested(strength)),
    }
