"""Compiled definitions on disk: the same definition comes back, and nobody without the key can change one."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Mapping
from functools import cache as cache_of_results
from pathlib import Path
from typing import Any

import pytest

from config import ROOT
from engine import vocabulary
from engine.cases.simulate import run_all
from engine.definitions.cache import DefinitionCache, KeptDefinition
from engine.definitions.expressions import Expression
from engine.definitions.load import load_tree, read_tree
from engine.definitions.model import Definition
from engine.definitions.tree import from_texts
from tests.engine.definitions.leave import EXAMPLES, FORM, WORKFLOW
from tests.shipped import shipped as all_shipped

KEY = b"k" * 32
EVERYTHING = Path(__file__).parent / "everything"


@cache_of_results
def shipped() -> dict[str, Definition]:
    others = load_tree(read_tree([EXAMPLES, EVERYTHING], ROOT), vocabulary.load()).definitions
    return {**{f"{name} of an example": found for name, found in others.items()}, **all_shipped().definitions}


def leave(**changes: str) -> Definition:
    text = WORKFLOW
    for old, new in changes.items():
        text = text.replace(old, new)
    files = {"workflows/leave.yaml": text, "forms_config/leave.yaml": FORM}
    return load_tree(from_texts(files), vocabulary.load()).definitions["leave"]


@pytest.fixture
def cache(tmp_path: Path) -> DefinitionCache:
    return DefinitionCache(tmp_path / "compiled", KEY)


def kept_in(cache: DefinitionCache, definition: Definition) -> Definition:
    assert cache.store(definition)
    found = cache.load(definition.digest, vocabulary.load())
    assert found is not None
    return found


def file_of(folder: Path, definition: Definition) -> Path:
    (found,) = (path for path in folder.rglob(definition.digest))
    return found


def assert_same(one: Any, other: Any, path: str, seen: set[tuple[int, int]]) -> None:
    """The same values all the way down; expressions also compile to the same tree."""
    if (id(one), id(other)) in seen:
        return
    seen.add((id(one), id(other)))
    if isinstance(one, Definition):
        assert isinstance(other, Definition), path
    elif isinstance(one, Mapping):
        assert isinstance(other, Mapping) and list(one) == list(other), path
    else:
        assert type(one) is type(other), path
    if isinstance(one, Expression):
        for name in ("text", "type", "names"):
            assert_same(getattr(one, name), getattr(other, name), f"{path}.{name}", seen)
        assert repr(one.tree) == repr(other.tree), path
        assert (one.left is None) == (other.left is None), path
    elif dataclasses.is_dataclass(one):
        for each in dataclasses.fields(one):
            assert_same(getattr(one, each.name), getattr(other, each.name), f"{path}.{each.name}", seen)
    elif isinstance(one, Mapping):
        for key in one:
            assert_same(one[key], other[key], f"{path}.{key}", seen)
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), path
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{path}.{number}", seen)
    else:
        assert one == other, path


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_definition_comes_back_as_it_was(name: str, cache: DefinitionCache) -> None:
    definition = shipped()[name]
    found = kept_in(cache, definition)
    assert isinstance(found, KeptDefinition)
    assert_same(definition, found, name, set())


@pytest.mark.parametrize("name", sorted(shipped()))
def test_scenarios_run_the_same_on_a_kept_definition(name: str, cache: DefinitionCache) -> None:
    definition = shipped()[name]
    expected = [result.to_plain() for result in run_all(definition)]
    assert [result.to_plain() for result in run_all(kept_in(cache, definition))] == expected


def test_what_was_one_object_is_one_object_again(cache: DefinitionCache) -> None:
    found = kept_in(cache, shipped()["performance_agreement"])
    for form in found.forms.values():
        for key, field in form.fields.items():
            assert found.fields[key] is field


def test_a_kept_definition_can_be_changed_into_another(cache: DefinitionCache) -> None:
    found = kept_in(cache, leave())
    other = dataclasses.replace(found, version="9.0.0")
    assert (other.version, other.states["draft"].key, other.digest) == ("9.0.0", "draft", found.digest)
    with pytest.raises(AttributeError):
        _ = found.nothing_of_the_kind  # type: ignore[attr-defined]


def test_another_digest_is_not_kept(cache: DefinitionCache) -> None:
    cache.store(leave())
    assert cache.load("0" * 64, vocabulary.load()) is None
    assert cache.load("../" + leave().digest, vocabulary.load()) is None


@pytest.mark.parametrize("place", ["first", "middle", "last", "shorter", "longer", "empty"])
def test_a_file_somebody_changed_is_as_if_it_were_not_there(
    place: str, cache: DefinitionCache, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    definition = leave()
    cache.store(definition)
    file = file_of(tmp_path, definition)
    content = bytearray(file.read_bytes())
    if place in ("first", "middle", "last"):
        content[{"first": 0, "middle": len(content) // 2, "last": -1}[place]] ^= 1
    else:
        content = {"shorter": content[:-1], "longer": content + b"x", "empty": bytearray()}[place]
    file.write_bytes(bytes(content))
    with caplog.at_level(logging.WARNING, "alur.definitions"):
        assert cache.load(definition.digest, vocabulary.load()) is None
    assert definition.digest in caplog.text


def test_a_file_put_under_another_digest_is_refused(cache: DefinitionCache, tmp_path: Path) -> None:
    weak, strict = leave(), leave(**{"excluded: [employee], ": ""})
    cache.store(weak)
    cache.store(strict)
    file_of(tmp_path, strict).replace(file_of(tmp_path, weak))
    assert cache.load(weak.digest, vocabulary.load()) is None


def test_another_key_finds_nothing(tmp_path: Path) -> None:
    definition = leave()
    DefinitionCache(tmp_path / "compiled", KEY).store(definition)
    assert DefinitionCache(tmp_path / "compiled", b"o" * 32).load(definition.digest, vocabulary.load()) is None


def test_another_program_finds_nothing(tmp_path: Path) -> None:
    definition = leave()
    DefinitionCache(tmp_path / "compiled", KEY).store(definition)
    newer = DefinitionCache(tmp_path / "compiled", KEY, program="the next one")
    assert newer.load(definition.digest, vocabulary.load()) is None


def test_folder_and_files_are_for_this_account_alone(cache: DefinitionCache, tmp_path: Path) -> None:
    definition = leave()
    cache.store(definition)
    file = file_of(tmp_path, definition)
    assert file.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (file.parent, file.parent.parent)} == {0o700}
    assert [path.name for path in file.parent.iterdir()] == [definition.digest]


def test_a_folder_others_may_write_is_not_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "compiled"
    folder.mkdir()
    folder.chmod(0o777)
    with caplog.at_level(logging.WARNING, "alur.definitions"):
        cache = DefinitionCache(folder, KEY)
    assert not cache.is_usable
    assert "open to others" in caplog.text
    assert not cache.store(leave())
    assert cache.load(leave().digest, vocabulary.load()) is None


def test_a_folder_that_cannot_be_made_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    cache = DefinitionCache(tmp_path / "file" / "compiled", KEY)
    assert not cache.store(leave())
    assert cache.load(leave().digest, vocabulary.load()) is None
