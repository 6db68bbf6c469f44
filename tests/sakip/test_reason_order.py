"""Reasons are asked in the order of §6, the first that holds is the answer, and each has its sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from config import ROOT
from engine.definitions.model import Text
from sakip.reasons import CODES, Reason, short
from sakip.values import NOT_ISSUED
from tests.sakip.measuring import ask, reason, shown, the_rules

BEFORE_ANY_BANDS = date(2024, 1, 1)


def worst(**better: Any) -> str:
    """An indicator for which every reason holds at once, but for what is mended."""
    given: dict[str, Any] = {
        "method": None,
        "unit": "sakip",
        "targets": {},
        "realisations": {},
        "span": "q1",
        "due_in": ("q2",),
        "on": BEFORE_ANY_BANDS,
        **better,
    }
    return shown(ask(**given))


def test_6_the_first_reason_that_holds_is_the_answer() -> None:
    """One mended after the other, each next reason comes to light."""
    assert worst() == "no_method"
    assert worst(method="maximise") == "wrong_kind"
    mended: dict[str, Any] = {"method": "maximise", "unit": "number"}
    assert worst(**mended) == "not_due"
    mended["due_in"] = ("q1", "q2")
    assert worst(**mended) == "no_target"
    mended["targets"] = {"q1": 0, "q2": 0}
    mended["realisations"] = {"q1": NOT_ISSUED}
    assert worst(**mended) == "not_issued"
    mended["realisations"] = {}
    assert worst(**mended) == "no_realisation"
    assert worst(**mended, consolidation="sum") == "no_realisation"
    mended["realisations"] = {"q1": "BB"}
    assert worst(**mended) == "wrong_kind"
    mended["realisations"] = {"q1": "-1"}
    assert worst(**mended) == "negative_value"
    mended["realisations"] = {"q1": 1}
    assert worst(**mended) == "zero_target"
    mended["targets"] = {"q1": 1}
    assert worst(**mended) == "no_bands"
    assert worst(**{**mended, "on": date(2025, 3, 31)}) == "100.00"


def test_6_the_consolidation_is_asked_to_date_and_for_the_year_only() -> None:
    given = {"unit": "sakip", "consolidation": "sum", "due_in": ("q2",)}
    assert shown(ask("grade", {}, {}, "q1", **given)) == "not_due"
    assert shown(ask("grade", {}, {}, "to_q1", **given)) == "wrong_kind"
    assert shown(ask("grade", {}, {}, "year", **given)) == "wrong_kind"
    assert shown(ask("maximise", {}, {}, "q1", consolidation="median")) == "no_target"
    assert shown(ask("maximise", {}, {}, "to_q1", consolidation="median")) == "wrong_kind"


def test_6_a_method_that_names_no_units_takes_those_of_its_kind() -> None:
    rules = the_rules(
        methods={"maximise": {"units": None}, "grade": {"units": None}}, consolidations={"maximum": {"units": None}}
    )
    assert shown(ask("maximise", {"q1": 1}, {"q1": 1}, "q1", rules=rules)) == "100.00"
    assert shown(ask("maximise", {"q1": "B"}, {"q1": "B"}, "q1", unit="sakip", rules=rules)) == "wrong_kind"
    given = {"unit": "sakip", "consolidation": "maximum", "rules": rules}
    assert shown(ask("grade", {"q1": "B"}, {"q1": "B"}, "to_q1", **given)) == "100.00"


def test_6_a_method_may_be_opened_to_grades_and_counts_their_scores() -> None:
    rules = the_rules(methods={"maximise": {"units": ["number", "grade"]}, "milestone": {"units": ["number"]}})
    assert shown(ask("maximise", {"q1": "BB"}, {"q1": "B"}, "q1", unit="sakip", rules=rules)) == "80.00"
    assert shown(ask("milestone", {"q1": 1}, {"q1": 1}, "q1", rules=rules)) == "wrong_kind"


def test_6_a_unit_nobody_knows_fits_no_method() -> None:
    assert shown(ask("maximise", {}, {}, "q1", unit="bushel")) == "wrong_kind"


@pytest.mark.parametrize(
    ("targets", "realisations", "span", "expected"),
    [
        ({}, {"q1": NOT_ISSUED, "q2": NOT_ISSUED}, "to_q2", "no_target"),
        ({"q1": 1}, {}, "to_q2", "no_target"),
        ({"q1": 1, "q2": 1}, {"q1": NOT_ISSUED}, "to_q2", "not_issued"),
        ({"q1": 1, "q2": 1}, {"q2": NOT_ISSUED}, "to_q2", "not_issued"),
        ({"q1": 1, "q2": 1}, {"q1": 1}, "to_q2", "incomplete"),
        ({"q1": 1, "q2": 1}, {"q1": "BB", "q2": -1}, "to_q2", "wrong_kind"),
        ({"q1": 1, "q2": 0}, {"q1": 1, "q2": "-1"}, "to_q2", "negative_value"),
        ({"q1": 1, "q2": 1}, {"q1": 1, "q2": 1}, "year", "no_target"),
    ],
)
def test_6_over_several_periods_the_order_is_the_same(
    targets: Mapping[str, Any], realisations: Mapping[str, Any], span: str, expected: str
) -> None:
    assert shown(ask("maximise", targets, realisations, span, consolidation="sum", due_in=("q1", "q2"))) == expected


def test_6_under_last_only_the_last_period_can_be_not_issued() -> None:
    targets = {"q1": 1, "q2": 1}
    assert shown(ask("maximise", targets, {"q1": NOT_ISSUED, "q2": 1}, "to_q2")) == "100.00"
    assert shown(ask("maximise", targets, {"q1": 1, "q2": NOT_ISSUED}, "to_q2")) == "not_issued"


def test_6_a_scale_is_asked_before_the_value_and_the_value_before_the_grade() -> None:
    assert shown(ask("grade", {"q1": 3}, {"q1": "ZZ"}, "q1", unit="bare")) == "no_scale"
    assert shown(ask("grade", {"q1": "ZZ"}, {"q1": 4}, "q1", unit="sakip")) == "wrong_kind"
    assert shown(ask("grade", {"q1": "ZZ"}, {"q1": "B"}, "q1", unit="sakip")) == "unknown_grade"
    assert shown(ask("grade", {"q1": "B"}, {"q1": "ZZ"}, "q1", unit="sakip")) == "unknown_grade"


@pytest.mark.parametrize(
    ("method", "unit", "target", "realisation"),
    [
        ("maximise", "number", "BB", 1),
        ("maximise", "number", 1, "BB"),
        ("maximise", "number", (1, 2), 1),
        ("maximise", "number", 1, True),
        ("maximise", "number", 1, frozenset({"a"})),
        ("range", "number", 5, 5),
        ("range", "number", (1, 5), "B"),
        ("grade", "sakip", "B", 4),
        ("grade", "sakip", True, "B"),
        ("milestone", "done", True, 1),
        ("milestone", "done", "B", True),
        ("milestone", "milestone", True, frozenset()),
        ("milestone", "milestone", 1, True),
    ],
)
def test_6_a_value_of_another_kind_is_wrong_kind(method: str, unit: str, target: Any, realisation: Any) -> None:
    result = reason(ask(method, {"q1": target}, {"q1": realisation}, "q1", unit=unit))
    assert (result.code, result.sentence.id.partition(":")[0]) == ("wrong_kind", "jenis nilai tidak cocok")


def test_6_milestones_and_zero_best_ask_whether_the_target_fits_before_signs() -> None:
    assert shown(ask("zero_best", {"q1": -1}, {"q1": -1}, "q1")) == "target_does_not_fit"
    assert shown(ask("milestone", {"q1": False}, {"q1": False}, "q1", unit="done")) == "target_does_not_fit"


def test_6_a_range_asks_whether_it_fits_before_signs() -> None:
    assert shown(ask("range", {"q1": (5, -5)}, {"q1": -1}, "q1")) == "target_does_not_fit"


def test_6_a_target_of_zero_is_asked_before_a_realisation_of_zero() -> None:
    rules = the_rules(methods={"minimise_ratio": {"zero_realisation": "refuse"}})
    assert shown(ask("minimise_ratio", {"q1": 0}, {"q1": 0}, "q1", rules=rules)) == "zero_target"


def test_6_a_result_is_a_number_with_a_band_or_a_reason_and_never_both() -> None:
    number, missing = ask("maximise", {"q1": 1}, {"q1": 1}, "q1"), ask("maximise", {"q1": 1}, {}, "q1")
    assert hasattr(number, "band") and not hasattr(number, "code")
    assert hasattr(missing, "code") and not hasattr(missing, "shown") and not hasattr(missing, "band")


ALL_OF_THE_REFERENCE = (
    "no_method wrong_kind not_due no_target not_issued no_realisation incomplete no_scale unknown_grade "
    "target_does_not_fit negative_value zero_target zero_realisation no_bands item_not_computable nothing_to_aggregate "
    "no_weight no_budget no_absorption criterion_open unknown_answer nothing_applies tier_missing already_highest "
    "not_a_number too_many_places"
)
NAMED = (
    "method", "value", "unit", "rule", "day", "item", "because", "total", "items", "count", "answer", "path", "tiers",
    "text", "proposal", "places", "known", "who", "until", "source", "unverified",
)  # fmt: skip
VALUES = dict.fromkeys(NAMED, "X") | {
    "periods": (Text("TW II", "Q2"), Text("TW III", "Q3")),
    "due": (Text("TW IV", "Q4"),),
}


def test_6_every_reason_has_its_sentence() -> None:
    assert " ".join(CODES) == ALL_OF_THE_REFERENCE


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("values", [{}, VALUES], ids=["bare", "with values"])
def test_6_a_reason_is_said_in_both_languages_with_its_remedy(code: str, values: Mapping[str, Any]) -> None:
    given = Reason(code, values)
    for text in (given.sentence, given.remedy, short(code)):
        assert text.id and text.en and text.id != text.en
        assert not re.search(r"[{}]|None", text.id + text.en)
    assert given.remedy.id[0].isupper() and given.remedy.id.endswith(".")
    assert not given.sentence.id.endswith(".")


def test_6_a_sentence_names_what_it_knows() -> None:
    missing = Reason("incomplete", {**VALUES, "unverified": (), "until": date(2025, 10, 14)})
    assert missing.sentence == Text("periode belum lengkap: TW II, TW III", "periods are incomplete: Q2, Q3")
    assert missing.remedy.id == "X mengisinya paling lambat 14 Oktober 2025."
    assert Reason("incomplete", {"who": "Dinas Kominfo"}).remedy.id == "Dinas Kominfo mengisinya."
    stopped = Reason("item_not_computable", {"item": "Indeks", "because": Reason("zero_target")})
    assert stopped.sentence == Text("dari Indeks: target nol", "from Indeks: the target is zero")
    assert Reason("criterion_open", {"count": 4}).sentence.id == "kriteria belum dijawab: 4"


def test_6_what_is_filled_but_not_verified_is_told_apart_from_what_is_empty() -> None:
    rules = the_rules(complete={"counts": "verified"})
    given = {"targets": {"q1": 1, "q2": 1}, "rules": rules, "verified": False, "consolidation": "sum"}
    one = reason(ask("maximise", realisations={"q1": 1}, span="q1", **given))
    assert (one.code, one.sentence.id) == ("no_realisation", "belum diverifikasi: TW I")
    assert one.remedy.id == "Verifikator memeriksa TW I."
    both = reason(ask("maximise", realisations={"q1": 1, "q2": 1}, span="to_q2", **given))
    assert both.sentence.id == "periode belum lengkap, belum diverifikasi: TW I, TW II"
    mixed = reason(ask("maximise", realisations={"q1": 1}, span="to_q2", **given))
    assert mixed.sentence.id == "periode belum lengkap: TW II; belum diverifikasi: TW I"
    assert mixed.remedy.en == "To be filled in by the person in charge: Q2. To be looked at by the verifier: Q1."


def test_6_numbers_in_a_sentence_are_written_as_the_reader_writes_them() -> None:
    result = reason(ask("maximise", {"q1": 1}, {"q1": "-1.5"}, "q1"))
    assert result.sentence == Text("nilai negatif: -1,5", "a negative value: -1.5")


def test_6_the_facts_of_a_measure_are_in_its_sentences() -> None:
    assert reason(ask("maximise", {"year": 5}, {"q1": 1}, "q1")).sentence.id == "tanpa target: TW I"
    assert reason(ask("maximise", {"q1": 5}, {"q1": 1}, "year")).sentence.en == "no target: the whole year"
    due = reason(ask("maximise", {}, {}, "q1", due_in=("q4",)))
    assert due.sentence.id == "tidak diukur pada periode ini, tetapi pada TW IV"
    assert due.sentence.en == "not measured in this period; it is measured in: Q4"
    grade = reason(ask("grade", {"q1": "B"}, {"q1": "ZZ"}, "q1", unit="sakip"))
    assert grade.sentence.id == "predikat ZZ tidak dikenal; yang ada: D, C, CC, B, BB, A, AA"
    kind = reason(ask("maximise", {}, {}, "q1", unit="sakip"))
    assert kind.sentence.id == "jenis satuan tidak cocok: Predikat SAKIP dengan Makin tinggi"
    none = reason(ask("maximise", {"q1": 1}, {"q1": 1}, "q1", on=date(2024, 3, 31)))
    assert none.sentence.id == "kategori belum ditetapkan untuk 31 Maret 2024"
    assert reason(ask("unheard", {}, {}, "q1")).sentence.id == "tanpa metode: unheard tidak dikenal"


def test_6_every_reason_is_in_the_reference_as_it_is_said() -> None:
    written = (ROOT / "docs" / "reference" / "sakip.md").read_text(encoding="utf-8")
    rows = [f"| `{code}` | {short(code).id} | {short(code).en} | {Reason(code).remedy.en} |" for code in CODES]
    assert [row for row in rows if row not in written] == []
