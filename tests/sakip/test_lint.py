"""What is told of the field's files: one mistake, one finding, at its place; many mistakes, all of them at once."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sakip.lint import lint
from tests.sakip.linting import EVALUATION, LEVELS, MEASUREMENT, WHATIF, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_small_files_are_without_a_finding(desk: Desk):
    assert desk.told() == []


BY_NAME = [
    (LEVELS, "title: Misi,", "title: Misi, owner: nobody,", "There is no owner"),
    (LEVELS, "title: Misi,", "title: Misi, result_kinds: [nothing],", "There is no result kind"),
    (LEVELS, "levels:\n", "annex: {staff: {levels: [vision]}}\nlevels:\n", "There is no owner"),
    (LEVELS, "levels:\n", "edges: {supports: {from: [mission], to: [visi]}}\nlevels:\n", "There is no level"),
    (MEASUREMENT, "default_periods: quarterly", "default_periods: quartely", "There is no set of periods"),
    (MEASUREMENT, "kind: number, places: 2", "kind: grade, scale: words", "There is no scale"),
    (MEASUREMENT, "units: [number]}\nconsol", "units: [number, precent]}\nconsol", "There is no kind of unit"),
    (MEASUREMENT, "methods:\n", "directions: {higher: maximize}\nmethods:\n", "There is no method"),
    (MEASUREMENT, "default_consolidation: last", "default_consolidation: latest", "There is no consolidation"),
    (MEASUREMENT, "bands: steps}", "bands: step}", "There is no set of bands"),
    (MEASUREMENT, "{achievement: {first", "{achievment: {first", "There is no figure"),
    (MEASUREMENT, "bands:\n", "explanations: {required_when: [poor]}\nbands:\n", "There is no row of bands"),
    (EVALUATION, "scale: yes_no", "scale: yes_or_no", "There is no scale"),
    (EVALUATION, "evidence: {plan: {}}", "evidence: {plan: {}, plans: {}}", "There is no evidence kind"),
    (EVALUATION, "known: {order: 20,", "known: {order: 20, needs: cleared,", "There is no criterion"),
    (EVALUATION, "limits: planning.quality", "limits: planning.qualty", "There is no sub-component"),
    (EVALUATION, "by: [planning.existence]", "by: [planning]", "There is no sub-component"),
    (EVALUATION, "starts_from: self", "starts_from: selv", "There is no tier"),
    (EVALUATION, "tier: final}", "tier: finale}", "There is no tier"),
    (EVALUATION, "answers: evidence}", "answers: evidence, by_component: {plan: a}}", "There is no component"),
    (EVALUATION, "tiers:\n", "suggested_grades: {grades: {none: t, all: y, between: {rows: {t: {from: 0}}}}}\ntiers:\n",
     "There is no scale"),
    (EVALUATION, "tiers:\n", "suggested_grades: {yes_no: {none: x, all: y, between: {rows: {t: {from: 0}}}}}\ntiers:\n",
     "There is no answer"),
    (WHATIF, "evaluation: lke_2025", "evaluation: lke_2026", "There is no evaluation"),
    (WHATIF, "effort:\n", "start: {tier: himself}\neffort:\n", "There is no tier"),
    (WHATIF, "effort:\n", "goal: highest\neffort:\n", "There is no predicate"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said"), BY_NAME, ids=[one[2].strip()[:40] for one in BY_NAME])
def test_an_unknown_name_is_told_where_it_stands(desk: Desk, name: str, old: str, new: str, said: str):
    desk.change(name, old, new)
    found = [one for one in desk.found() if one.code == "WF202"]
    assert len(found) == 1
    assert found[0].message.en.startswith(said)
    line = (desk.folder / found[0].file).read_text(encoding="utf-8").splitlines()[found[0].line - 1]
    assert found[0].message.en.split('"')[1] == line[found[0].column - 1 :][: len(found[0].message.en.split('"')[1])]


ONE_EACH = [
    (LEVELS, "vision: {tree: region,", "vision: {tree: region, under: [mission],", "WF203"),
    (MEASUREMENT, "kind: maximise,", "kind: maximise, above: full,", "WF204"),
    (MEASUREMENT, "kind: maximise,", "kind: zero_best, rows: {a: {from: 1, achievement: 0}},", "WF204"),
    (MEASUREMENT, "kind: maximise,", "kind: zero_best, rows: {a: {from: 0, achievement: 1}, b: {from: 0, "
     "achievement: 0}},",
     "WF204"),
    (MEASUREMENT, "kind: maximise,", "kind: maximise, negativ: refuse,", "WF010"),
    (MEASUREMENT, "kind: maximise,", "kind: maximum,", "WF012"),
    (MEASUREMENT, "kind: maximise,", "kind: range, above: sideways,", "WF012"),
    (MEASUREMENT, "kind: last,", "kind: latest,", "WF012"),
    (MEASUREMENT, "methods:\n", "scales: {words: {}}\nmethods:\n", "WF205"),
    (MEASUREMENT, "methods:\n", "scales: {words: {A: 1, B: 1}}\nmethods:\n", "WF205"),
    (EVALUATION, "t: {value: 0}", "t: {value: 1}", "WF205"),
    (EVALUATION, "title: Diketahui pegawai", "title: Diketahui pegawai, scale: {full: 1, answers: {}}", "WF205"),
    (MEASUREMENT, "units: [number]}\nconsol", "units: [number], aliases: [naik, Naik]}\nconsol", "WF206"),
    (MEASUREMENT, "title: Nilai terakhir, units: [number]", "title: Nilai terakhir, units: [grade]", "WF206"),
    (MEASUREMENT, "bands: steps}}}", "bands: steps}, second: {valid_from: 2025-01-01, bands: steps}}}", "WF207"),
    (MEASUREMENT, "{achievement: {first: {valid_from: 2025-01-01, bands: steps}}}", "{efficiency: {}}", "WF207"),
    (MEASUREMENT, "band_on: rounded}\nbands:\n  steps: {minimum: 0, maximum: null, includes: lower, rows: {below: "
     "{from: 0}, reached: {from: 100", "band_on: exact}\nbands:\n  steps: {minimum: 0, maximum: null, includes: lower, "
     "rows: {below: {from: 0}, reached: {from: 100.01", "WF208"),
    (MEASUREMENT, "includes: lower, rows: {below: {from: 0}, reached: {from: 100", "includes: lower, places: 0, "
     "rows: {below: {from: 0}, reached: {from: 100.5", "WF208"),
    (EVALUATION, "{from: 70}", "{from: 70.005}", "WF208"),
    (MEASUREMENT, "includes: lower, rows", "includes: upper, rows", None),
    (MEASUREMENT, "bands:\n  steps: {minimum: 0, maximum: null, includes: lower", "limits: {cap: 100}\nbands:\n  "
     "steps: {minimum: 0, maximum: null, includes: upper", "WF209"),
    (MEASUREMENT, '"06-30"', '"03-31"', "WF210"),
    (MEASUREMENT, '"06-30"', '"02-28"', "WF210"),
    (MEASUREMENT, '"06-30"', '"30-06"', "WF210"),
    (MEASUREMENT, '"03-31"', '"02-29"', None),
    (MEASUREMENT, "below: {from: 0}", "below: {from: 5}", "WF080"),
    (MEASUREMENT, "minimum: 0, maximum: null", "minimum: 0, maximum: 90", "WF080"),
    (MEASUREMENT, "minimum: 0, maximum: null", "minimum: null, maximum: null", "WF080"),
    (MEASUREMENT, "minimum: 0, maximum: null, includes: lower, rows: {below: {from: 0}", "minimum: null, maximum: "
     "null, includes: lower, rows: {below: {from: null}", None),
    (EVALUATION, "weight: 100\n", "weight: 90\n", ("WF220", "WF221")),
    (EVALUATION, "clear: {order: 10,", "clear: {order: 10, active: false,", None),
    (EVALUATION, "title: Rencana tersedia,", "title: Rencana tersedia, active: false,", "WF222"),
    (EVALUATION, "scale: yes_no", "answered_by: evidence", None),
    (EVALUATION, "title: Rumusan jelas", "title: Rumusan jelas, answered_by: evidence", "WF223"),
    (EVALUATION, "title: Rumusan jelas", "title: Rumusan jelas, answered_by: evidence, evidence: {plan: {years: []}}",
     "WF223"),
    (EVALUATION, "scoring: average", "scoring: graded", None),
    (EVALUATION, "scoring: average", "scoring: points", "WF224"),
    (EVALUATION, "scoring: average", "scoring: weighted", "WF224"),
    (EVALUATION, "known: {order: 20,", "known: {order: 20, needs: planning.existence.available,", "WF225"),
    (EVALUATION, "known: {order: 20,", "known: {order: 20, needs: known,", "WF225"),
    (EVALUATION, "by: [planning.existence]", "by: [planning.quality]", "WF226"),
    (EVALUATION, "by: [planning.existence]}\n", "by: [planning.existence]}\n  again: {limits: planning.quality, by: "
     "[planning.existence]}\n", "WF226"),
    (EVALUATION, "starts_from: self", "starts_from: final", "WF227"),
    (EVALUATION, "by: tier, tier: final", "by: mean, tiers: [self, verify]", "WF228"),
    (EVALUATION, "by: tier, tier: final", "by: weighted, weights: {self: 0, final: 1}", "WF228"),
    (LEVELS, "title: Misi,", "title: Misi, to_confirm: {id: Belum pasti, en: Not sure},", "WF230"),
    (WHATIF, "step: 1,", "step: 1.5,", "WF240"),
    (WHATIF, "effort:\n", "effort:\n  last_step: two\n", "WF240"),
    (WHATIF, "effort:\n", "effort:\n  last_step: 1000000000\n", "WF012"),
    (WHATIF, "step: 1,", "step: 1000000000,", "WF012"),
    (MEASUREMENT, "rounding: {places: 2,", "rounding: {places: 1000000000,", "WF012"),
    (EVALUATION, "rounding: {places: 2,", "rounding: {places: 1000000000,", "WF012"),
    (WHATIF, "evaluation: lke_2025\n", "fixed: [planning.quality.nothing]\n", "WF240"),
    (WHATIF, "effort:\n", "fixed: [planning.quality.nothing]\neffort:\n", "WF240"),
    (WHATIF, "effort:\n", 'fixed: ["planning.*.clear", "planning.*.clean"]\neffort:\n', "WF240"),
    (WHATIF, "effort:\n", "fixed: [planning.quality, planning.existence.available]\neffort:\n", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "code"), ONE_EACH, ids=[f"{one[3]}-{one[2][:40]}" for one in ONE_EACH])
def test_one_mistake_has_one_finding(desk: Desk, name: str, old: str, new: str, code: str | tuple[str, ...] | None):
    desk.change(name, old, new)
    wanted = () if code is None else (code,) if isinstance(code, str) else code
    assert sorted(one.code for one in desk.found()) == sorted(wanted)


def test_active_criteria_in_a_sub_component_without_weight_are_a_warning(desk: Desk):
    desk.change(EVALUATION, "weight: 40", "weight: 0")
    desk.change(EVALUATION, "weight: 60", "weight: 100")
    assert [(one.code, one.level) for one in desk.found()] == [("WF222", "warning")]


def test_points_of_criteria_of_one_subject_each_may_add_up_for_each(desk: Desk):
    desk.change(EVALUATION, "scoring: average\n        scale: yes_no\n        criteria:\n          clear: {order: 10,",
                "scoring: points\n        scale: yes_no\n        criteria:\n          clear: {order: 10, points: 60, "
                "subjects: [region],")  # fmt: skip
    desk.change(EVALUATION, "known: {order: 20,", "known: {order: 20, points: 60, subjects: [unit],")
    assert desk.told() == []


def test_all_mistakes_of_all_files_come_at_once(desk: Desk):
    desk.change(LEVELS, "under: [vision]", "under: [visoin]")
    desk.change(MEASUREMENT, "default_periods: quarterly", "default_periods: quaterly")
    desk.change(MEASUREMENT, "bands: steps}", "bands: step}")
    desk.change(EVALUATION, "weight: 40", "weight: forty")
    desk.change(EVALUATION, "tier: final}", "tier: verify}")
    desk.change(EVALUATION, "limits: planning.quality", "limits: planning.qualty")
    desk.change(WHATIF, "step: 1,", "step: 0,")
    found = desk.found()
    assert sorted(one.code for one in found) == ["WF012", "WF202", "WF202", "WF202", "WF202", "WF228", "WF240"]
    assert len({one.position for one in found}) == len(found)


def test_a_file_asked_alone_tells_of_itself_alone(desk: Desk):
    desk.change(LEVELS, "under: [vision]", "under: [visoin]")
    desk.change(WHATIF, "step: 1,", "step: 0,")
    asked = desk.folder / "sakip_config" / WHATIF
    assert [one.code for one in lint([asked], desk.folder)] == ["WF240"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("rubric.txt", b"\xff", "WF001"), ("levels", b"a: [", "WF001"), ("levels.yaml.bak", b"schema: sakip/9", "WF006")],
)
def test_a_file_asked_by_name_is_read_whatever_it_is_called(desk: Desk, name: str, content: bytes, code: str):
    file = desk.folder / "sakip_config" / name
    file.write_bytes(content)
    assert desk.told() == []
    assert [(one.file, one.code) for one in lint([file], desk.folder)] == [(f"sakip_config/{name}", code)]


def test_a_path_that_is_not_there_is_no_clean_path(desk: Desk):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        lint([Path("nowhere.yaml")], desk.folder)


def test_a_later_file_of_the_same_schema_takes_over_where_it_begins(desk: Desk):
    text = (desk.folder / "sakip_config" / LEVELS).read_text(encoding="utf-8")
    later = text.replace("tree: regional", "tree: next_plan").replace("{from: 2025}", "{from: 2027}")
    desk.write("sakip_config/levels_2027.yaml", later)
    assert desk.told() == []
    desk.write("sakip_config/levels_2027.yaml", later.replace("2027}", "2025}"))
    assert desk.told() == ["levels_2027.yaml:6 WF200"]
    desk.change(LEVELS, "{from: 2025}", "{from: 2025, to: 2030}")
    desk.write("sakip_config/levels_2027.yaml", later)
    assert desk.told() == ["levels_2027.yaml:6 WF200"]
    desk.change(LEVELS, "to: 2030", "to: 2025")
    assert desk.told() == ["levels_2027.yaml:6 WF201"]


NEARER = [
    ("sakip_config/more.yaml", "schema: sakip-vectors/2\n",
     'Unknown schema "sakip-vectors/2". Did you mean "sakip-vectors/1"?'),
    ("sakip_config/regions/kota/levels.yaml", "schema: sakip-levels/1\noverlay: regional.kota\nregion: kota\n"
     "extends: {overlay: regional.kot, version: ^1.0}\npatch: {}\n", 'There is no base "regional.kot".'),
    ("sakip_config/regions/kota/levels.yaml", "schema: sakip-levels/1\noverlay: regional.kota\nregion: kota\n"
     "extends: {tree: regional, version: ^1.0}\npatch: {sealed_nodes: null}\n", '"sealed_nodes" is sealed.'),
]  # fmt: skip


@pytest.mark.parametrize(("path", "text", "said"), NEARER, ids=["schema", "base", "seals"])
def test_what_is_suggested_helps(desk: Desk, path: str, text: str, said: str):
    desk.change(LEVELS, "years:", "sealed_nodes: {levels.vision: Perda 1/2025}\nyears:")
    desk.write(path, text)
    assert [each.message.en for each in desk.found()] == [said]


@pytest.mark.parametrize("written", ["2026-02-30", "31-12-2026", "20261231"])
def test_a_day_that_is_none_is_shown_beside_one_that_is(desk: Desk, written: str):
    desk.change(EVALUATION, "window: {from: 2026-03-02", f"window: {{from: {written}")
    assert [each.message.en for each in desk.found()] == [f'This must be a date like 2026-03-20, not "{written}".']


@pytest.mark.parametrize("inside", ["regions", "regions/kota", "history"])
def test_a_folder_that_may_not_be_looked_into_is_not_passed_over(inside: str):
    nobody, own = 65534, os.geteuid()
    with TemporaryDirectory(dir="/tmp") as place:  # whoever runs the tests may be allowed everything
        desk = Desk(Path(place))
        desk.overlay(LEVELS, "  title: Lain\n")
        locked = Path(place) / "sakip_config" / inside
        locked.mkdir(exist_ok=True)
        Path(place).chmod(0o755)
        locked.chmod(0)
        try:
            if own == 0:
                os.seteuid(nobody)
            with pytest.raises(PermissionError):
                desk.found()
        finally:
            os.seteuid(own)
            locked.chmod(0o755)
