"""A case type that uses nearly every construct once, for comparing and drawing it."""

from __future__ import annotations

from pathlib import Path

from engine import vocabulary
from engine.definitions.load import build
from engine.definitions.model import Definition

HERE = Path(__file__).parent
JOURNEY = (HERE / "journey.yaml").read_text(encoding="utf-8")

JOURNEY_FORM = (HERE / "journey.form.yaml").read_text(encoding="utf-8")


def journey(*changes: tuple[str, str], form: tuple[tuple[str, str], ...] = ()) -> Definition:
    """The case type with some texts replaced, in the workflow and in its form; it must be without errors."""
    texts = {"workflows/journey.yaml": JOURNEY, "forms_config/journey.yaml": JOURNEY_FORM}
    for path, replaced in (("workflows/journey.yaml", changes), ("forms_config/journey.yaml", form)):
        for old, new in replaced:
            assert old in texts[path], old
            texts[path] = texts[path].replace(old, new, 1)
    definition, problems = build(texts, "journey", vocabulary.load())
    assert definition is not None, [problem.message.en for problem in problems if problem.is_error]
    return definition
