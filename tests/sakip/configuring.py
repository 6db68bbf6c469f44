"""Small files of the field with one thing changed: what is found, and at which token."""

from __future__ import annotations

from pathlib import Path

from engine.definitions.problems import Problem, Problems
from sakip.configuration.files import of_texts
from sakip.configuration.folder import Configuration, configure
from sakip.configuration.library import read_field_library
from tests.language.linting import marked

HERE = Path(__file__).resolve().parent
WHATIF = """\
schema: sakip-whatif/1
whatif: way
version: 1.0.0
title: {id: Jalan, en: Way}
years: {from: 2025}
evaluation: small
parameters:
  margin: {type: decimal, default: 0.5, minimum: 0, maximum: 5, title: {id: Cadangan, en: Spare}}
start: {tier: self}
goal: next
target_date: 2026-12-31
effort:
  default: {step: 2, weeks: 8, who: head}
  last_step: 2
  evidence_item: {step: 1}
  sub_components:
    planning.use: {step: 3, who: planning}
  criteria:
    planning.use.one: {weeks: 20}
fixed: []
alternatives: 3
"""
SMALL = {
    "levels.yaml": (HERE / "small_levels.yaml").read_text(encoding="utf-8"),
    "measurement.yaml": (HERE / "small_measurement.yaml").read_text(encoding="utf-8"),
    "lke_2025.yaml": (HERE / "small_lke_2025.yaml").read_text(encoding="utf-8"),
    "whatif.yaml": WHATIF,
}
Change = tuple[str, str, str]  # file, what stands there once, what takes its place


def changed(*changes: Change, **more: str) -> dict[str, str]:
    """The small files with these changes, and ``more`` files (``/`` written as two underscores)."""
    texts = dict(SMALL)
    for file, old, new in changes:
        assert texts[file].count(old) == 1, (file, old, texts[file].count(old))
        texts[file] = texts[file].replace(old, new)
    return texts | {name.replace("__", "/") + ".yaml": text for name, text in more.items()}


def read_texts(texts: dict[str, str], region: str | None = None) -> tuple[Configuration, list[Problem]]:
    """The configuration these texts give a region, and everything found."""
    problems = Problems()
    library = read_field_library(of_texts(texts), problems)
    return configure(library, region, problems), problems.sorted()


def told(
    code: str, *changes: Change, region: str | None = None, also: tuple[str, ...] = (), **more: str
) -> list[Problem]:
    """The code stands at every marked token, nowhere else, and nothing else is found (but ``also`` elsewhere)."""
    texts, wanted = {}, []
    for name, text in changed(*changes, **more).items():
        texts[name], places = marked(text)
        wanted += [(name, *place, code) for place in places]
    found = [each for each in read_texts(texts, region)[1] if each.code not in also]
    at = [(each.file, each.line, each.column, each.code) for each in found]
    assert sorted(at) == sorted(wanted), [(place, each.message.en) for place, each in zip(at, found, strict=True)]
    assert all(each.message.id and each.message.en for each in found)
    return found


def clean(*changes: Change, region: str | None = None, **more: str) -> Configuration:
    """The configuration; nothing is found."""
    configuration, found = read_texts(changed(*changes, **more), region)
    assert not found, [(each.file, each.line, each.code, each.message.en) for each in found]
    return configuration
