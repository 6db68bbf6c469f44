"""Case types with scenarios as an author would write them, and how strong they prove to be."""

from __future__ import annotations

import textwrap

from engine.cases.strength import Strength, measure
from engine.definitions.load import Loaded, load_tree
from engine.definitions.tree import from_texts
from engine.vocabulary import load
from tests.engine.cases.written import CALENDAR, FORM, HEAD, ROLES

FIXTURE = """
fixtures:
  people:
    clock: 2026-03-02
    initiator: ani
    users: {clerk: [carla], head: [hana], finance: [fajar], planning: [putri], legal: [lia]}
"""


def text_of(written: str, scenarios: str = "") -> str:
    """The whole file of a case type ``sample`` with these scenarios."""
    text = HEAD + ROLES + CALENDAR + textwrap.dedent(written) + FIXTURE
    if scenarios:
        text += "scenarios:\n" + textwrap.indent(textwrap.dedent(scenarios).strip("\n"), "  ") + "\n"
    return text


def read(written: str, scenarios: str = "", more: dict[str, str] | None = None) -> Loaded:
    """That case type, with ``more`` files beside it by path; without errors."""
    files = {"workflows/sample.yaml": text_of(written, scenarios), "forms_config/sample.yaml": FORM, **(more or {})}
    loaded = load_tree(from_texts(files), load())
    assert [f"{each.file}:{each.line} {each.code} {each.message.en}" for each in loaded.problems if each.is_error] == []
    return loaded


def strength(written: str, scenarios: str = "") -> Strength:
    """How strong these scenarios are."""
    found = measure(read(written, scenarios).case_types["sample"])
    assert [each.result for each in found.failing] == []
    return found


def survivors(written: str, scenarios: str = "") -> list[str]:
    """The changes nobody notices, in English."""
    return [each.change.en for each in strength(written, scenarios).survivors]
