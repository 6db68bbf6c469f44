"""Asked about some files of a tree, it says of them what it says of the whole, and reads no neighbours."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from engine import vocabulary
from engine.definitions.load import Loaded, load_tree
from engine.definitions.tree import Grove, Tree, from_texts
from tests.engine.definitions.leave import FORM, WORKFLOW, changed

JABAR, GARUT, BANTEN, ACEH = (
    f"workflows/regions/{region}/leave.yaml" for region in ("jabar", "garut", "banten", "aceh")
)
OTHER, JABAR_FORM = "workflows/permit.yaml", "forms_config/regions/jabar/leave.yaml"


def overlay(region: str, below: str = "case_type: leave", patch: str = "{}") -> str:
    extends = f"extends: {{{below}, version: ^1.0}}"
    return f"schema: casework/1\noverlay: leave.{region}\n{extends}\nregion: {region}\npatch: {patch}\n"


TREE = {
    "workflows/leave.yaml": WORKFLOW,
    "forms_config/leave.yaml": FORM,
    OTHER: changed(WORKFLOW, ("case_type: leave", "case_type: permit")),
    JABAR: overlay("jabar", patch="{lifecycle: {states: {review: {timers: null}}}, roles: {heed: null}}"),
    GARUT: overlay("garut", "overlay: leave.jabar", "{lifecycle: {states: {review: {transitions: {approve: null}}}}}"),
    BANTEN: overlay("banten", patch="{title: {id: Cuti Banten, en: Leave in Banten}}"),
    ACEH: overlay("aceh", "case_type: leaf"),
    JABAR_FORM: "schema: casework-form/1\noverlay: leave.jabar\nextends: {form: leave, version: ^1.0}\nregion: jabar\n",
}


def loaded(asked: Collection[str]) -> Loaded:
    (grove,) = from_texts(TREE).groves
    files = tuple(replace(file, is_asked=file.shown in asked) for file in grove.files)
    return load_tree(Tree((Grove(grove.root, files),)), vocabulary.load())


@pytest.fixture(scope="module")
def whole() -> Loaded:
    return loaded(TREE)


@pytest.mark.parametrize(
    "asked",
    [
        *([path] for path in TREE), [JABAR, GARUT], [JABAR, BANTEN], [GARUT, BANTEN], [BANTEN, ACEH],
        [BANTEN, JABAR_FORM], [OTHER, BANTEN],
    ],
)  # fmt: skip
def test_the_findings_and_digests_are_those_of_the_whole(whole: Loaded, asked: list[str]) -> None:
    found = loaded(asked)
    assert found.problems == [each for each in whole.problems if each.file in asked]
    meant = {name: one.digest for name, one in whole.definitions.items() if whole.files[name] in asked}
    assert {name: one.digest for name, one in found.definitions.items() if found.files[name] in asked} == meant


def test_what_the_tree_says_is_worth_comparing(whole: Loaded) -> None:
    assert {each.file for each in whole.problems} >= {JABAR, GARUT, ACEH}
    assert "leave.banten" in whole.definitions


def test_of_neighbours_nothing_is_read() -> None:
    assert set(loaded([BANTEN]).case_types) == {"leave", "leave.banten"}
    assert set(loaded([GARUT]).case_types) == {"leave", "leave.jabar", "leave.garut"}
    assert set(loaded([JABAR]).case_types) == {"leave", "leave.jabar", "leave.garut"}
