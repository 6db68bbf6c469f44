"""Every kind of method, consolidation and vector is documented, and its docstring's example works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from config import ROOT
from engine.definitions.problems import Problems
from engine.shelf import Shelf
from sakip.configuration.measurement import UNIT_KINDS
from sakip.consolidations import CONSOLIDATIONS
from sakip.methods import CHOICE, METHODS, NUMBER_OR_REFUSE, ROWS, YES_NO
from sakip.run_vectors import run_vectors
from sakip.vectors import KINDS
from tests.sakip.measuring import the_rules

SHELVES: dict[str, Shelf[Any]] = {"methods": METHODS, "consolidations": CONSOLIDATIONS, "vectors": KINDS}
EVERYTHING = [(shelf, name) for shelf, found in SHELVES.items() for name in found.items()]
METHOD_NAMES = "grade maximise milestone minimise_difference minimise_ratio precision range reduction zero_best"
COMMON = {"kind", "title", "units"}


def example(shelf: str, name: str) -> Any:
    return yaml.safe_load(SHELVES[shelf].items()[name].example)


@pytest.mark.parametrize(("shelf", "name"), EVERYTHING)
def test_every_kind_has_one_sentence_an_example_and_a_file_of_its_name(shelf: str, name: str) -> None:
    item = SHELVES[shelf].items()[name]
    assert re.fullmatch(r"[A-Z].{6,140}[.:]", item.summary), item.summary
    ((_, written),) = example(shelf, name).items()
    assert written["kind"] == name
    assert item.module.rpartition(".")[2] == name


def test_the_shelves_hold_what_the_reference_names() -> None:
    assert " ".join(METHODS.items()) == METHOD_NAMES
    assert list(CONSOLIDATIONS.items()) == ["average", "last", "maximum", "minimum", "sum"]


@pytest.mark.parametrize("name", METHODS.items())
def test_the_example_of_a_method_is_read_with_the_options_its_kind_has(name: str) -> None:
    ((key, written),) = example("methods", name).items()
    rules = the_rules(methods={key: written})
    options = {one.name: one for one in METHODS.values()[name].all_options}
    assert rules.methods[key].kind == name and set(written) - COMMON <= set(options)
    assert {one.name for one in options.values() if one.is_needed} <= set(written)
    for option, value in rules.methods[key].options.items():
        kinds = {NUMBER_OR_REFUSE: (int, str), CHOICE: str, YES_NO: bool, ROWS: tuple}
        holds = options[option].holds
        assert isinstance(value, kinds[holds]) or holds == NUMBER_OR_REFUSE
        assert holds != CHOICE or value in options[option].choices


@pytest.mark.parametrize("name", CONSOLIDATIONS.items())
def test_the_example_of_a_consolidation_is_read_with_units_it_can_make_one(name: str) -> None:
    ((key, written),) = example("consolidations", name).items()
    rules = the_rules(consolidations={key: written})
    kind = CONSOLIDATIONS.values()[name]
    assert set(rules.consolidations[key].units) == kind.units <= set(UNIT_KINDS)


@pytest.mark.parametrize("name", KINDS.items())
def test_the_example_of_a_vector_passes_with_the_shipped_configuration(name: str, tmp_path: Path) -> None:
    file = tmp_path / "vectors.yaml"
    vectors = {"schema": "sakip-vectors/1", "vectors": example("vectors", name)}
    file.write_text(yaml.safe_dump(vectors, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (found,) = run_vectors(file, ROOT / "sakip_config", Problems())
    assert found.passed, found
