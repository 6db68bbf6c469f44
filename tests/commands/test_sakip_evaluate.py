"""``flask sakip evaluate``, ``whatif`` and ``grade``: scores, ways and what others decided, as §12 prints them."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import pytest

from config import ROOT
from engine.database import Database
from tests.commands.conftest import BEGINNING, Terminal
from tests.web.evaluated import AT_B, answered, publish_field
from tests.web.region import Regency

WHOSE = ("--region", "kab_contoh", "--unit", "diskominfo", "--year", "2025")


@pytest.fixture
def scored(office: Terminal, database: Database, regency: Regency) -> Terminal:
    """Diskominfo has scored itself: 66.25, a B."""
    publish_field(database, BEGINNING)
    answered(database, regency, "diskominfo", AT_B, BEGINNING)
    return office


def test_12_a_tier_is_told_with_its_parts_and_the_points_to_the_next(scored: Terminal) -> None:
    said = scored.run("sakip", "evaluate", *WHOSE, "--tier", "self", "--format", "json")
    assert said.code == 0
    assert list(said.json) == [
        "unit", "tier", "score", "predicate", "next", "sub_components", "limited", "warned", "reason",
    ]  # fmt: skip
    assert {key: said.json[key] for key in ("unit", "tier", "score", "predicate", "next", "reason")} == {
        "unit": "diskominfo", "tier": "self", "score": "66.25", "predicate": "b",
        "next": {"predicate": "bb", "points": "3.76"}, "reason": None,
    }  # fmt: skip
    assert len(said.json["sub_components"]) == 13  # one without weight among them
    text = scored.run("sakip", "evaluate", *WHOSE, "--tier", "self")
    assert text.code == 0 and "diskominfo self: 66,25 B (baik)" in text.out
    assert "Letak batas 70 dan 80 belum dipastikan daerah ini" in text.err


def test_2_a_rubric_tells_the_scores_it_changes_old_and_new_and_then_they_follow(
    scored: Terminal, tmp_path: Path
) -> None:  # fmt: skip
    folder = tmp_path / "sakip_config"
    shutil.copytree(ROOT / "sakip_config", folder, ignore=shutil.ignore_patterns("demo", "regions", "vectors.yaml"))
    rubric = folder / "lke_2025.yaml"
    rubric.write_text(rubric.read_text(encoding="utf-8").replace("bb: {from: 70", "bb: {from: 65"), encoding="utf-8")
    publish = ("sakip", "publish", folder, "--reason", "Batas BB", "--by", "admin")
    line = "  kab_contoh score diskominfo self: 66,25 (b) -> 66,25 (bb)"
    alone = scored.run(*publish, "--yes")
    assert alone.code == 3 and line in alone.out.splitlines()  # shown before a second person is asked for
    done = scored.run(*publish, "--approved-by", "slamet", "--yes")
    assert done.code == 0 and line in done.out.splitlines() and "angka yang berubah: 1" in done.out
    assert scored.run("sakip", "evaluate", *WHOSE, "--tier", "self", "--format", "json").json["predicate"] == "bb"
    rebuilt = scored.run("sakip", "rebuild", "--check", "--format", "json").json["different"]
    assert [one for one in rebuilt if one["table"] == "sakip_results"] == []
    again = scored.run(*publish, "--approved-by", "slamet", "--yes")
    assert again.code == 0 and "angka yang berubah" not in again.out


def test_12_what_cannot_be_computed_exits_1_with_its_reason(scored: Terminal) -> None:
    whole = scored.run("sakip", "evaluate", *WHOSE, "--format", "json")
    assert (whole.code, whole.json["score"], whole.json["reason"]) == (1, None, "tier_missing")
    final = scored.run("sakip", "evaluate", *WHOSE, "--tier", "final", "--format", "json")
    assert (final.code, final.json["reason"]) == (1, "criterion_open")
    verify = scored.run("sakip", "evaluate", *WHOSE, "--tier", "verify", "--format", "json")
    assert (verify.code, verify.json["score"], verify.json["reason"]) == (1, None, "nothing_applies")  # only evidence
    assert scored.run("sakip", "evaluate", *WHOSE, "--tier", "nowhere").code == 2
    assert scored.run("sakip", "evaluate", "--region", "kab_contoh", "--unit", "x", "--year", "2025").code == 2
    assert scored.run("sakip", "evaluate", "--region", "nowhere", "--year", "2025").code == 2
    assert scored.run("sakip", "evaluate", "--region", "kab_contoh").code == 2


def test_9_3_without_weeks_those_left_to_the_target_date_count(
    office: Terminal, database: Database, regency: Regency, tmp_path: Path
) -> None:  # fmt: skip
    folder = tmp_path / "sakip_config"
    shutil.copytree(ROOT / "sakip_config", folder, ignore=shutil.ignore_patterns("demo", "regions", "vectors.yaml"))
    efforts = folder / "whatif.yaml"
    written = efforts.read_text(encoding="utf-8")
    assert "target_date: 2026-12-31" in written
    efforts.write_text(written.replace("target_date: 2026-12-31", "target_date: 2020-12-31"), encoding="utf-8")
    publish_field(database, BEGINNING, folder)
    answered(database, regency, "diskominfo", AT_B, BEGINNING)
    passed = office.run("sakip", "whatif", *WHOSE, "--to", "bb", "--format", "json")
    assert (passed.code, passed.json["reachable"], passed.json["best"]) == (1, False, {"score": "66.25", "cost": 0})
    assert office.run("sakip", "whatif", *WHOSE, "--to", "bb", "--weeks", "60", "--format", "json").json["cost"] == 19


QUESTIONS = [("evaluate", ()), ("evaluate", ("--tier", "self")), ("whatif", ()), ("whatif", ("--all-units",))]


@pytest.mark.parametrize(("command", "more"), QUESTIONS)
def test_12_a_year_without_a_rubric_is_json_too(scored: Terminal, command: str, more: tuple[str, ...]) -> None:
    asked = ("sakip", command, "--region", "kab_contoh", "--format", "json", *more)
    without, known = scored.run(*asked, "--year", "2021"), scored.run(*asked, "--year", "2025")
    assert without.code == 1 and without.err
    lists = isinstance(known.json, list)
    told, shape = (without.json[0], known.json[0]) if lists else (without.json, known.json)
    assert told.keys() == shape.keys()
    assert (told["score"], told["reason"]) == (None, "no_efforts" if lists else "no_rubric")


def test_12_the_cheapest_way_to_bb_costs_19(scored: Terminal) -> None:
    said = scored.run(
        "sakip", "whatif", *WHOSE, "--to", "bb", "--weeks", "60", "--alternatives", "1", "--format", "json"
    )
    assert said.code == 0
    assert {key: said.json[key] for key in ("from", "reachable", "cost", "predicate", "best")} == {
        "from": "66.25", "reachable": True, "cost": 19, "predicate": "bb", "best": None,
    }  # fmt: skip
    assert sum(step["cost"] for step in said.json["steps"]) == 19 and len(said.json["alternatives"]) == 1
    assert set(said.json["steps"][0]) >= {"path", "from", "to", "cost", "weeks", "who", "adds"}
    short = scored.run("sakip", "whatif", *WHOSE, "--to", "aa", "--weeks", "1", "--format", "json")
    assert (short.code, short.json["reachable"]) == (1, False) and short.json["best"] is not None
    told = scored.run("sakip", "whatif", *WHOSE, "--to", "bb", "--weeks", "60")
    assert told.code == 0 and "upaya 19" in told.out
    same = scored.run("sakip", "whatif", *WHOSE, "--to", "BB", "--weeks", "60", "--format", "json")
    assert (same.code, same.json["goal"], same.json["cost"]) == (0, "bb", 19)
    assert scored.run("sakip", "whatif", *WHOSE, "--to", "zz").code == 2
    assert scored.run("sakip", "whatif", *WHOSE, "--fixed", "planning.nothing").code == 2
    for margin in ("x", "-1", "1,5", "1e999999999", "1_0", "١", "1/3"):
        assert scored.run("sakip", "whatif", *WHOSE, "--margin", margin).code == 2
    nothing = ("sakip", "whatif", "--region", "kab_contoh", "--unit", "bapperida", "--year", "2025")
    assert scored.run(*nothing).code == 1
    empty = scored.run(*nothing, "--format", "json")
    assert (empty.code, list(empty.json)) == (1, list(said.json))  # without a way it has the same shape
    assert {key: value for key, value in empty.json.items() if value} == {"reason": "tier_missing"}
    assert (empty.json["cost"], empty.json["steps"], said.json["reason"]) == (None, [], None)


def test_7_12_the_ministrys_predicate_is_typed_in_with_its_letter(scored: Terminal) -> None:
    given = ("--letter", "B/12/M.RB.06/2026", "--on", "2026-02-20", "--as", "admin")
    said = scored.run("sakip", "grade", *WHOSE, "--predicate", "bb ", "--score", "71.35", *given)
    assert (said.code, said.out.strip()) == (0, "diskominfo 2025: bb")
    again = scored.run("sakip", "grade", *WHOSE, "--predicate", "BB", "--score", "71.35", *given)
    assert again.code == 0
    assert scored.run("sakip", "grade", *WHOSE, "--predicate", "Proses Penilaian", *given).code == 1
    for letter in ("B/12\x00", "B/12 \u202e21"):
        hidden = ("--letter", letter, "--on", "2026-02-20", "--as", "admin")
        assert scored.run("sakip", "grade", *WHOSE, "--predicate", "BB", *hidden).code == 1
    for score in ("71,35", "1e999999999", "-1"):
        assert scored.run("sakip", "grade", *WHOSE, "--predicate", "BB", "--score", score, *given).code == 1
    assert scored.run("sakip", "grade", *WHOSE, "--predicate", "BB", "--score", "171", *given).code == 1


def test_10_the_report_of_an_evaluation_comes_as_values_and_as_a_pdf(scored: Terminal, tmp_path: Path) -> None:
    said = scored.run("sakip", "report", "lhe", *WHOSE, "--format", "json")
    assert [one["en"] for one in said.json["to_confirm"]] == [
        "On which side 70 and 80 lie is not settled in this region"
    ]
    assert said.code == 0
    assert [one["tier"] for one in said.json["tiers"]] == ["self"] and said.json["result"]["reason"] == "tier_missing"
    nobody = scored.run("sakip", "report", "lhe", *WHOSE[:3], "bapperida", *WHOSE[4:])  # never a number nor a reason
    assert nobody.json["result"]["reason"] == "tier_missing" and nobody.json["result"]["sentence"]["en"]
    target = tmp_path / "lhe.pdf"
    assert scored.run("sakip", "report", "lhe", *WHOSE, "--format", "pdf", "--out", target).code == 0
    assert target.read_bytes().startswith(b"%PDF")
    word = tmp_path / "lhe.docx"
    assert scored.run("sakip", "report", "lhe", *WHOSE, "--format", "docx", "--out", word).code == 0
    assert "INSPEKTORAT" in [one.text for one in docx.Document(str(word)).paragraphs]
    assert scored.run("sakip", "report", "lhe", *WHOSE, "--format", "pdf").out.startswith("%PDF")
    nowhere = scored.run("sakip", "report", "lhe", *WHOSE, "--format", "docx", "--output", tmp_path / "no" / "lhe.docx")
    assert nowhere.code == 2 and "No such file" in nowhere.err
    before = scored.run("sakip", "report", "lhe", "--region", "kab_contoh", "--year", "2025")
    assert (before.code, before.json["tiers"]) == (1, []) and "no tier has a score" in before.err


def test_12_the_ways_of_all_units_are_told_at_once(scored: Terminal) -> None:
    whole = ("sakip", "whatif", "--region", "kab_contoh", "--year", "2025", "--all-units")
    said = scored.run(*whole, "--to", "bb", "--weeks", "60", "--format", "json")
    assert said.code == 0
    assert [(one["unit"], one["from"], one["cost"]) for one in said.json] == [("diskominfo", "66.25", 19)]
    alone = scored.run("sakip", "whatif", *WHOSE, "--to", "bb", "--weeks", "60", "--format", "json")
    assert said.json[0] == {"unit": "diskominfo"} | alone.json
    text = scored.run(*whole, "--to", "bb", "--weeks", "60")
    assert text.code == 0 and text.out.startswith("diskominfo:\n66,25 -> 70,08 (bb), upaya 19\n")
    assert scored.run(*whole, "--to", "aa", "--weeks", "1").code == 1
    assert scored.run(*whole, "--unit", "diskominfo").code == 2
    nobody = scored.run(*whole[:-2], "2026", "--all-units", "--format", "json")
    assert (nobody.code, [(one["unit"], one["from"], one["reason"]) for one in nobody.json]) == (
        1, [(None, None, "tier_missing")],
    )  # fmt: skip
    assert "Belum ada yang dinilai untuk tahun kinerja 2026" in nobody.err
    said = scored.run(*whole[:-2], "2026", "--all-units", "--lang", "en")
    assert (said.code, said.out) == (1, "") and "Nothing is scored for the performance year 2026 yet" in said.err
