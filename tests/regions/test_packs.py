"""What the shipped packs promise: they say what is illustrative, differ truly, and notice every mistake."""

from __future__ import annotations

import re
from functools import cache

import pytest

from config import ROOT
from engine.cases.simulate import run_all
from engine.definitions.load import build
from engine.definitions.packs import Pack, packs
from engine.definitions.tree import read_tree
from engine.vocabulary import load as vocabulary
from tests.regions.nine_regions import CASE_TYPE, ROADS
from tests.shipped import PATHS
from tests.shipped import shipped as loaded


@cache
def shipped() -> dict[str, Pack]:
    found = packs(read_tree(PATHS, ROOT), vocabulary())
    return {pack.region: pack for pack in found if pack.case_type == CASE_TYPE}


def test_there_are_nine_regions() -> None:
    assert shipped().keys() == ROADS.keys()


@pytest.mark.parametrize("region", ROADS)
def test_a_pack_says_first_that_it_is_illustrative_and_is_reminded_of_its_legal_basis(region: str) -> None:
    file = f"workflows/regions/{region}/{CASE_TYPE}.yaml"
    assert (ROOT / file).read_text(encoding="utf-8").startswith("# ILLUSTRATIVE. ")
    told = [problem for problem in loaded().problems if problem.file == file]
    assert [problem.code for problem in told] == ["WF100"]
    assert not shipped()[region].has_legal_basis


def test_the_chains_truly_differ() -> None:
    chains = {tuple(step.en for step in pack.steps) for pack in shipped().values()}
    assert len(chains) >= 7


@pytest.mark.parametrize("region", ROADS)
def test_a_region_with_a_chain_of_its_own_proves_it(region: str) -> None:
    pack = shipped()[region]
    if pack.states_added or pack.states_removed:
        assert pack.rewritten + pack.own >= 4


@pytest.mark.parametrize("region", ROADS)
def test_a_number_more_keeps_the_proof_of_a_pack(region: str) -> None:
    """Who edits one number of a region need not rewrite its scenarios."""
    paths = [f"{folder}/{name}.yaml" for folder, name in (("workflows", CASE_TYPE), ("forms_config", CASE_TYPE))]
    paths += [path.replace("/", f"/regions/{region}/", 1) for path in paths]
    files = {path: (ROOT / path).read_text(encoding="utf-8") for path in paths}
    for parameter in ("review_days", "signing_days"):
        own = loaded().definitions[f"{CASE_TYPE}.{region}"].parameter_values[parameter]
        changed = files | {paths[2]: _with(files[paths[2]], parameter, own + 1)}
        definition, problems = build(changed, CASE_TYPE, vocabulary(), region)
        assert definition is not None, problems
        assert definition.parameter_values[parameter] == own + 1
        assert [result for result in run_all(definition) if not result.passed] == []


def _with(text: str, parameter: str, value: int) -> str:
    """An overlay with this value for a parameter, whether it had one or not."""
    if f"{parameter}: " in text.partition("patch:")[0]:
        return re.sub(rf"({parameter}: )\d+", rf"\g<1>{value}", text, count=1)
    if "\nparameters: {" in text:
        return text.replace("\nparameters: {", f"\nparameters: {{{parameter}: {value}, ", 1)
    return text.replace("\npatch:", f"\nparameters: {{{parameter}: {value}}}\npatch:", 1)
