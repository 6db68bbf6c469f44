"""Files nobody meant well: whatever stands in them, reading gives findings and never raises."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from engine.definitions.library import Library
from engine.definitions.problems import Problem, Problems
from engine.definitions.source import read
from sakip.checked import check_folder
from sakip.configuration.files import of_texts
from sakip.configuration.library import read_field_library
from tests.sakip.configuring import SMALL, read_texts

RUBBISH: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 10**29, 0.1, "", "x", "1.0.0", "${margin}", "${nobody}", "a ${margin} b", "2026-02-31",
    "\u202e", "A" * 5000, [], [None], [[]], ["x", "x"], {}, {"id": "x"}, {"from": None}, {"x": {"x": {}}},
    {"to_confirm": []}, {"": 1}, {"__class__": 1},
)  # fmt: skip
TRIES = 300


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*path, key))


def put(value: Any, path: tuple[Any, ...], new: Any, chance: random.Random) -> Any:
    """The value with something else at a path: replaced, or its key renamed, doubled or taken away."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else dict(enumerate(value))
    act = chance.choice(("replace", "replace", "replace", "drop", "rename")) if len(path) == 1 else "go on"
    if act == "drop":
        del copy[path[0]]
    elif act == "rename":
        copy[f"{path[0]}_"] = copy.pop(path[0])
    else:
        copy[path[0]] = put(copy[path[0]], path[1:], new, chance)
    return copy if isinstance(value, dict) else list(copy.values())


def plain(name: str) -> Any:
    root = read(SMALL[name], name, Problems())
    assert root is not None
    return json.loads(json.dumps(root.plain(), default=float))  # decimals are all that JSON does not know


def checked(texts: dict[str, str], chance: random.Random) -> list[Problem]:
    """Everything found in shape and meaning, now and then with case types to look names up in."""
    problems = Problems()
    check_folder(read_field_library(of_texts(texts), problems), chance.choice((None, Library())), problems)
    return problems.sorted()


def test_a_value_of_any_kind_at_any_place_is_a_finding_at_most():
    chance = random.Random(20251126)
    files = {name: (plain(name), list(places(plain(name)))) for name in SMALL}
    told = 0
    for _ in range(TRIES):
        name = chance.choice(list(files))
        value, known = files[name]
        spoilt = put(value, chance.choice(known), chance.choice(RUBBISH), chance)
        found = checked({**SMALL, name: json.dumps(spoilt)}, chance)
        assert all(each.line >= 1 and each.column >= 1 and each.message.id and each.message.en for each in found)
        told += bool(found)
    assert told > TRIES / 2


def test_a_patch_of_any_kind_is_a_finding_at_most():
    chance = random.Random(4)
    value = plain("measurement.yaml")
    known = list(places(value))
    for _ in range(TRIES // 4):
        patch: Any = chance.choice(RUBBISH)
        for key in reversed(chance.choice(known)):
            patch = {str(key): patch}
        overlay = {
            "schema": "sakip-measurement/1", "overlay": "small.kota", "region": "kota", "patch": patch,
            "extends": {"measurement": "small", "version": chance.choice(("^1.0", "*", "", "x", "<3 >1"))},
            "parameters": chance.choice(RUBBISH),
        }  # fmt: skip
        checked({**SMALL, "regions/kota/measurement.yaml": json.dumps(overlay)}, chance)


def test_text_cut_and_spoilt_anywhere_is_a_finding_at_most():
    chance = random.Random(7)
    signs = "{}[]:,#&*!|>'\"%@`- \t\n\x00\ufeff\u2028é0"
    for _ in range(TRIES // 3):
        name = chance.choice(list(SMALL))
        text = SMALL[name]
        at = chance.randrange(len(text))
        spoilt = text[:at] + chance.choice(signs) * chance.randrange(3) + text[at + chance.randrange(40) :]
        read_texts({name: spoilt})


def test_bytes_that_are_no_text_and_files_that_cannot_be_opened_are_told():
    for content in (b"\xff\xfe", b"\x00" * 10, bytes(range(256))):
        assert read_texts({"measurement.yaml": content})[1]
