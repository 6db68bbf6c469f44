"""``flask sakip publish``: what is measured counts when it is proved, and changes only by two people."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from config import ROOT
from engine.database import Database
from tests.commands.conftest import BEGINNING, Terminal
from tests.web.evaluated import AT_B, answered, publish_field
from tests.web.region import Regency

FOLDER = ROOT / "sakip_config"
GRADED = "measurement.yaml"


def copied(folder: Path) -> Path:
    target = folder / "sakip_config"
    shutil.copytree(FOLDER, target, ignore=shutil.ignore_patterns("demo", "regions"))
    (target / "vectors.yaml").unlink()
    return target


def test_nothing_is_written_without_yes_and_a_reason_is_asked(office: Terminal) -> None:
    assert office.run("sakip", "publish", FOLDER, "--yes").code == 2
    dry = office.run("sakip", "publish", FOLDER, "--reason", "Awal", "--lang", "en")
    assert dry.code == 0 and "Nothing was written" in dry.err
    assert "regional@2025: counts as version number 1" in dry.out
    first = office.run("sakip", "publish", FOLDER, "--reason", "Awal", "--yes", "--lang", "en")
    assert (first.code, first.out.count("counts as version number 1")) == (0, 4)
    again = office.run("sakip", "publish", FOLDER, "--reason", "Awal", "--yes", "--lang", "en")
    assert (again.code, again.out.count("counts already")) == (0, 4)
    dry = office.run("sakip", "publish", FOLDER, "--reason", "Awal", "--lang", "en")
    assert (dry.code, dry.out.count("counts already")) == (0, 4)
    assert "--yes" not in dry.err  # it would write nothing either


def test_a_change_takes_a_second_person_and_a_fault_is_told_by_line(office: Terminal, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    assert office.run("sakip", "publish", folder, "--reason", "Awal", "--yes").code == 0
    file = folder / GRADED
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("rounding: {places: 2", "rounding: {places: 1"), encoding="utf-8")
    alone = office.run("sakip", "publish", folder, "--reason", "Satu desimal", "--yes", "--by", "admin")
    assert alone.code == 3 and "dua orang" in alone.err
    file.write_text(text.replace("rounding: {places: 2", "rounding: {plaices: 2"), encoding="utf-8")
    faulty = office.run("sakip", "publish", folder, "--reason", "Salah", "--yes")
    assert faulty.code == 1 and "measurement.yaml:" in faulty.out and "WF010" in faulty.out
    assert office.run("sakip", "publish", folder, "--region", "nowhere", "--reason", "x").code == 2


def test_a_region_whose_overlay_is_taken_out_is_told_that_its_own_goes_on_counting(
    office: Terminal, tmp_path: Path
) -> None:
    folder = copied(tmp_path)
    assert office.run("sakip", "publish", folder, "--reason", "Awal", "--yes").code == 0
    own = folder / "regions" / "kab_contoh" / "measurement.yaml"
    own.parent.mkdir(parents=True)
    head = "schema: sakip-measurement/1\noverlay: regional.kab_contoh\nregion: kab_contoh\n"
    head += "extends: {measurement: regional, version: ^1.0}\n"
    whole = ("--region", "kab_contoh", "--reason", "Batas", "--yes", "--lang", "en", "--by", "admin")
    whole += ("--approved-by", "slamet")
    own.write_text(f"{head}patch: {{limits: {{cap: 105}}}}\n", encoding="utf-8")
    first = office.run("sakip", "publish", folder, *whole)
    assert (first.code, first.out.count("counts as version number 1")) == (0, 1)
    own.unlink()
    gone = office.run("sakip", "publish", folder, *whole)
    assert gone.code == 0 and "the region's own version goes on counting" in gone.out and "patch: {}" in gone.out
    own.write_text(f"{head}patch: {{}}\n", encoding="utf-8")
    back = office.run("sakip", "publish", folder, *whole)
    assert "goes on counting" not in back.out
    base = office.run("sakip", "publish", folder, "--reason", "Awal", "--lang", "en")
    digests = [re.findall(r"measurement/regional@2025: .*, (\w+)\)", said.out) for said in (back, base)]
    assert digests[0] == digests[1] != []


def test_each_score_that_would_change_is_told_old_and_new_and_a_reason_in_words(
    office: Terminal, database: Database, regency: Regency, tmp_path: Path
) -> None:
    publish_field(database, BEGINNING)
    answered(database, regency, "diskominfo", AT_B, BEGINNING)
    folder = copied(tmp_path)
    rubric = folder / "lke_2025.yaml"
    text = rubric.read_text(encoding="utf-8")
    place = next(line for line in text.splitlines() if line.strip().startswith("plan_monitored:"))
    more = place[: len(place) - len(place.lstrip())] + "asked_now: {order: 99, title: {id: Baru, en: New}}"
    rubric.write_text(text.replace(place, f"{more}\n{place}", 1), encoding="utf-8")
    told = ("sakip", "publish", folder, "--reason", "Satu kriteria lagi")
    indonesian, english = office.run(*told), office.run(*told, "--lang", "en")
    assert indonesian.code == english.code == 3  # told before the second person is asked for
    line = "  kab_contoh score diskominfo self: "
    assert f"{line}66,25 (b) -> ada kriteria yang belum dijawab\n" in indonesian.out
    assert f"{line}66.25 (b) -> some criteria are not answered yet\n" in english.out


UNREADABLE = [
    (GRADED, b"title: caf\xe9\n", "measurement.yaml:1:11: WF001"),
    (GRADED, b"a: [\n", "measurement.yaml:1:5: WF001"),
    ("levels.yaml", b"schema: sakip-levels/1\ntitle: \xff\n", "levels.yaml:2:8: WF001"),
]


@pytest.mark.parametrize(("name", "content", "told"), UNREADABLE)
def test_a_file_that_cannot_be_read_is_told_and_nothing_is_published(
    office: Terminal, tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    folder = copied(tmp_path)
    (folder / name).write_bytes(content)
    refused = office.run("sakip", "publish", folder, "--reason", "Awal", "--yes")
    assert refused.code == 1 and told in refused.out
    assert "counts as" in office.run("sakip", "publish", FOLDER, "--reason", "Awal", "--lang", "en").out


OVERLAY = "schema: sakip-whatif/1\noverlay: cheapest_way.{0}\nextends: {1}\nregion: {0}\npatch: {{goal: aa}}\n"
ALONE = [
    ("{whatif: nothing, version: ^1.0}", "whatif.yaml:3:19: WF110"),
    ("{whatif: cheapest_way, version: ^9.0}", "whatif.yaml:3:42: WF110"),
    ("[", "whatif.yaml:5:6: WF001"),
]


@pytest.mark.parametrize(("extends", "told"), ALONE)
def test_what_keeps_a_region_s_only_file_from_counting_is_told(
    office: Terminal, tmp_path: Path, extends: str, told: str
) -> None:
    folder, key = copied(tmp_path), "kab_contoh"
    own = folder / "regions" / key
    own.mkdir(parents=True)
    (own / "whatif.yaml").write_text(OVERLAY.format(key, extends), encoding="utf-8")
    refused = office.run("sakip", "publish", folder, "--region", key, "--reason", "Awal", "--yes")
    assert refused.code == 1 and told in refused.out


def test_where_there_is_nothing_to_publish_it_is_said(office: Terminal, tmp_path: Path) -> None:
    nothing = office.run("sakip", "publish", tmp_path, "--reason", "Awal", "--lang", "en")
    assert nothing.code == 1 and "holds no file" in nothing.err
    region = ("--region", "kab_contoh")
    other = office.run("sakip", "publish", copied(tmp_path), *region, "--reason", "Awal", "--lang", "en")
    assert other.code == 1 and "no overlay of that region" in other.err
