"""What people type, and what it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.definitions.model import Field, Form, Text
from engine.definitions.scope import Scope
from engine.field_types import kind_of
from engine.field_types.question import Context, Unfit

FORM = Form(
    "annex",
    "1.0.0",
    Text("Lampiran", "Annex"),
    {},
    (),
    (),
    {"sakip_predicate": {"D": 1, "C": 2, "CC": 3, "B": 4, "BB": 5, "A": 6, "AA": 7}},
    {
        "index": {"title": {"id": "Indeks"}, "kind": "number", "places": 2, "minimum": 0, "maximum": 5},
        "percent": {"title": "%", "kind": "percent"},
        "predicate": {"title": "Predikat", "kind": "predicate"},
    },
    {"funding": {"apbd": {"title": "APBD"}, "dak": {"title": {"id": "Dana alokasi khusus", "en": "Special fund"}}}},
)
SCOPE = Scope(now=datetime(2026, 3, 2, 2, tzinfo=UTC))


def a_field(
    kind: str, columns: tuple[Field, ...] = (), key: str = "f", required: bool = False, **options: Any
) -> Field:
    return Field(
        key,
        kind,
        Text(key, key),
        None,
        required,
        None,
        "ordinary",
        None,
        options,
        {each.key: each for each in columns},
    )


def read(kind: str, raw: Any, beside: dict[str, Any] | None = None, **options: Any) -> Any:
    field = options.pop("field", None) or a_field(kind, **options)
    return kind_of(kind).clean(raw, field, Context(FORM, SCOPE, beside or {}))


def refusal(kind: str, raw: Any, beside: dict[str, Any] | None = None, **options: Any) -> Unfit:
    with pytest.raises(Unfit) as unfit:
        read(kind, raw, beside, **options)
    assert unfit.value.message.id and unfit.value.message.en
    return unfit.value


@pytest.mark.parametrize("raw", [None, "", "  ", "\t\n", [], {}, ()])
@pytest.mark.parametrize("kind", ["text", "integer", "money", "date", "choice", "list", "table", "person", "file"])
def test_nothing_given_is_empty_for_every_type(kind: str, raw: Any) -> None:
    assert read(kind, raw) is None


# -- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("Rp4.100.832.755", "4100832755"),
        ("Rp 4.100.832.755", "4100832755"),
        ("Rp. 4.100.832.755,00", "4100832755"),
        ("rp4.100.832.755,-", "4100832755"),
        ("IDR 4,100,832,755.50", "4100832755.50"),
        ("4100832755", "4100832755"),
        ("4 100 832 755", "4100832755"),
        ("4\u00a0100\u00a0832\u00a0755", "4100832755"),
        ("-Rp1.500", "-1500"),
        ("Rp-1.500", "-1500"),
        ("\u22121.500", "-1500"),
        ("1.500", "1500"),
        ("1,500", "1500"),
        ("1.500,50", "1500.50"),
        ("0,5", "0.50"),
        (4100832755, "4100832755"),
        (Decimal("1E+3"), "1000"),
        (1500.5, "1500.50"),
        (0, "0"),
    ],
)
def test_money_is_read_as_people_write_it(raw: Any, wanted: str) -> None:
    assert read("money", raw) == Decimal(wanted)


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [("66,40", "66.40"), ("66.40", "66.40"), ("66,4 %", "66.4"), ("66.4%", "66.4"), ("0,625", "0.625"),
     ("1.234,567", "1234.567"), ("100", "100"), ("2,6250", "2.625"), ("12345,678", "12345.678")],
)  # fmt: skip
def test_a_percentage_is_read_with_either_mark(raw: str, wanted: str) -> None:
    assert read("percent", raw) == Decimal(wanted)


@pytest.mark.parametrize("raw", ["1.234", "1,234", "12.345", "123,456", "-1.234"])
def test_a_number_that_could_be_two_is_refused_with_both_ways_to_write_it(raw: str) -> None:
    digits = raw.lstrip("-").replace(".", "").replace(",", "")
    for kind in ("percent", "decimal", "measure"):
        assert digits in refusal(kind, raw).message.id
    assert read("decimal", raw, places=2) == Decimal(raw.replace(".", "").replace(",", ""))
    assert read("integer", raw) == int(raw.replace(".", "").replace(",", ""))


@pytest.mark.parametrize(
    "raw",
    ["x", "1e5", "0x10", "1,2,3", "1.2.3", "1.23.456", "1..2", "1,", ",5", "--1", "+1", "1 2", "12 34", "2 juta",
     "NaN", "Infinity", "-inf", "(1.000)", "1.000.00", "0.123.456", "٣", "１２", "1" * 61, "1" * 19, 10**18, 10**400,
     -(10**18), float("nan"), float("inf"), -float("inf"), 1e300, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"),
     Decimal("1E+999999"), Decimal("1E-999999"), Decimal("1E-13"),
     True, False, [1], {"a": 1}, b"1", object(), "\ud800"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["decimal", "money", "percent", "integer", "measure"])
def test_what_is_no_number_is_refused(kind: str, raw: Any) -> None:
    refusal(kind, raw)


def test_decimals_are_counted_and_never_cut() -> None:
    assert refusal("money", "1,234567").code == "invalid"
    refusal("decimal", "1,25", places=1)
    refusal("integer", "1,5")
    assert read("integer", "5,00") == 5
    assert type(read("integer", Decimal("5.0"))) is int
    assert str(read("decimal", "1,50", places=2)) == "1.50"
    assert str(read("decimal", "100,000000")) == "100"


def test_a_number_keeps_its_limits() -> None:
    assert refusal("integer", 2019, minimum=2020).code == "too_small"
    assert refusal("money", "Rp2.000", maximum=Decimal(1999)).message.id == "Paling banyak 1.999."
    assert read("integer", 2020, minimum=2020, maximum=2020) == 2020


# -- days ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    ["2026-05-12", "12/05/2026", "12-05-2026", "12.05.2026", "12/5/2026", "12 Mei 2026", "12 mei 2026", "12 May 2026",
     "12-Mei-2026", " 12  Mei  2026 ", date(2026, 5, 12)],
)  # fmt: skip
def test_a_day_is_read_with_the_day_first(raw: Any) -> None:
    assert read("date", raw) == date(2026, 5, 12)


@pytest.mark.parametrize(
    "raw",
    ["05/13/2026", "31/02/2026", "12/05/26", "12 Foo 2026", "tomorrow", "2026", "12/05-2026", "0001-01-01",
     "9999-01-01",
     "1899-12-31", "٥/٥/٢٠٢٦", 20260512, 46154.0, True, datetime(2026, 5, 12, tzinfo=UTC), [2026, 5, 12], "x" * 5000],
)  # fmt: skip
def test_what_is_no_day_is_refused(raw: Any) -> None:
    refusal("date", raw)


def test_every_indonesian_month_is_known() -> None:
    names = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
    for number, name in enumerate(names.split(), start=1):
        assert read("date", f"1 {name} 2026") == date(2026, number, 1)
        assert read("month", f"{name} 2026") == f"2026-{number:02}"


def test_days_months_and_years_keep_their_limits() -> None:
    assert refusal("date", "1/1/2026", earliest="2026-01-02").message.id == "Paling awal 2 Januari 2026."
    assert refusal("date", "3/3/2026", latest="today").code == "too_late"
    assert read("date", "2/3/2026", latest="today") == date(2026, 3, 2)
    assert refusal("month", "04/2026", latest="today").code == "too_late"
    assert refusal("year", 2019, earliest=2020).code == "too_early"
    assert read("year", "2026", latest="today") == 2026


@pytest.mark.parametrize("raw", ["2026-13", "13/2026", "Mei", "26-05", 202605, "2026-5x"])
def test_what_is_no_month_is_refused(raw: Any) -> None:
    refusal("month", raw)


@pytest.mark.parametrize("raw", ["26", "x", 26, 2026.0, True, "20266", 10**30])
def test_what_is_no_year_is_refused(raw: Any) -> None:
    refusal("year", raw)


# -- text ----------------------------------------------------------------------------------------------------------


def test_codes_and_identity_numbers_stay_text() -> None:
    assert read("text", "007") == "007"
    assert read("text", "198099992005012001") == "198099992005012001"
    assert read("text", Decimal("2.10")) == "2.10"
    assert read("text", 2026) == "2026"


def test_a_line_folds_breaks_and_a_paragraph_keeps_them() -> None:
    assert read("text", " a\r\n b\t c ") == "a b c"
    assert read("paragraph", "a\r\nb\rc\n") == "a\nb\nc"
    assert read("text", "e\u0301") == "\u00e9"


@pytest.mark.parametrize(
    "raw",
    [
        "a\x00b",
        "a\x1bb",
        "a\x7fb",
        "a\u202eb",
        "a\u2066b",
        "a\ud800b",
        "a\uffffb",
        True,
        1.5,
        ["a"],
        {"a": 1},
        b"a",
        object(),
    ],
)
def test_hidden_characters_and_other_kinds_are_no_text(raw: Any) -> None:
    refusal("text", raw)
    refusal("paragraph", raw)


def test_text_keeps_its_limits_also_without_any_written() -> None:
    assert refusal("text", "a" * 1001).code == "too_long"
    assert refusal("paragraph", "a" * 20_001).code == "too_long"
    assert refusal("text", "a" * 10_000_000).code == "too_long"
    assert refusal("text", "ab", min_length=3).code == "too_short"
    assert refusal("text", "abcd", max_length=3).code == "too_long"
    assert read("text", "198099992005012001", pattern="[0-9]{18}") == "198099992005012001"
    refusal("text", "19809999200501200", pattern="[0-9]{18}")
    refusal("text", "x198099992005012001", pattern="[0-9]{18}")


# -- choosing ------------------------------------------------------------------------------------------------------


def test_a_choice_is_read_by_key_or_title() -> None:
    options = {"apbd": {"title": {"id": "APBD murni", "en": "Regional budget"}}, "dak": {}, "2": {}}
    for raw, wanted in (
        ("apbd", "apbd"),
        (" APBD murni ", "apbd"),
        ("regional BUDGET", "apbd"),
        ("dak", "dak"),
        (2, "2"),
    ):
        assert read("choice", raw, options=options) == wanted
    for raw in ("apbn", "", "APBD", True, ["apbd"], {"apbd": 1}, "x" * 1000):
        if raw != "":
            refusal("choice", raw, options=options)


def test_choices_keep_the_order_of_the_list_and_count_once() -> None:
    options = {"health": {}, "roads": {}, "schools": {}}
    assert read("choices", ["schools", "health", "health"], options=options) == ["health", "schools"]
    assert read("choices", "roads", options=options) == ["roads"]
    assert read("choices", [""], options=options) is None
    for raw in (["x"], "x", 5, [["roads"]], [None], {"roads": True}, ["roads"] * 1000):
        refusal("choices", raw, options=options)


def test_options_come_from_the_forms_own_list_its_scales_or_a_source() -> None:
    assert read("choice", "Special fund", options_from="funding") == "dak"
    assert read("choice", "BB", options_from="sakip_predicate") == "BB"
    assert read("choice", "index", options_from="units_of_measure") == "index"
    refusal("choice", "document", options_from="units_of_measure")
    without = Context()
    assert (
        kind_of("choice").clean("document", a_field("choice", options_from="units_of_measure"), without) == "document"
    )
    refusal("choice", "x", options_from="nowhere")


def test_a_list_or_a_source_is_offered_instead_of_options_of_its_own_whose_words_stay_known() -> None:
    own = {"pad": {"title": {"id": "Pendapatan asli", "en": "Own revenue"}}, "dak": {"title": "DAK"}}
    assert read("choice", "Special fund", options=own, options_from="funding") == "dak"
    refusal("choice", "DAK", options=own, options_from="funding")  # the list has another word for it
    refusal("choice", "pad", options=own, options_from="funding")
    refusal("choices", ["index", "pad"], options=own, options_from="units_of_measure")
    assert read("choice", "pad", options=own, options_from="nowhere") == "pad"
    field = a_field("choice", options=own, options_from="funding")
    shown = [kind_of("choice").show(key, field, "en", Context(FORM, SCOPE)) for key in ("pad", "dak")]
    assert shown == ["Own revenue", "Special fund"]


def test_yes_and_no_in_both_languages() -> None:
    assert [read("yes_no", raw) for raw in (True, "ya", "Yes", "TRUE", 1, "1", "on")] == [True] * 7
    assert [read("yes_no", raw) for raw in (False, "tidak", "No", "false", 0, "0")] == [False] * 6
    for raw in ("maybe", 2, 1.0, ["ya"], {"ya": 1}, "x" * 10_000):
        refusal("yes_no", raw)


# -- measures ------------------------------------------------------------------------------------------------------


def test_a_measure_takes_its_kind_from_the_unit_beside_it() -> None:
    measure = {"field": a_field("measure", unit_from="unit")}
    assert read("measure", "2,80", {"unit": "index"}, **measure) == Decimal("2.80")
    assert read("measure", "66,4 %", {"unit": "percent"}, **measure) == Decimal("66.4")
    assert read("measure", "BB", {"unit": "predicate"}, **measure) == "BB"
    assert read("measure", "bb", {"unit": "predicate"}, **measure) == "BB"
    for raw, unit in (("BB", "index"), ("5,01", "index"), ("2,805", "index"), ("70", "predicate"), ("E", "predicate")):
        refusal("measure", raw, {"unit": unit}, **measure)
    assert "satuan" in refusal("measure", "70", {}, **measure).message.id


def test_a_measure_without_a_unit_is_a_number() -> None:
    assert read("measure", "70") == 70
    assert read("measure", "B", unit="predicate") == "B"


# -- named things, files, references -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["person", "unit", "position"])
def test_an_id_is_a_number_in_the_store_and_a_name_on_paper(kind: str) -> None:
    assert read(kind, 12) == 12
    assert read(kind, "12") == 12
    assert read(kind, "umar") == "umar"
    assert read(kind, "007") == "007"
    for raw in (True, -1, 1.5, 10**30, ["umar"], {"id": 1}, "a\x00", "x" * 1000):
        refusal(kind, raw)


def test_an_id_the_region_does_not_have_is_refused() -> None:
    scope = replace(SCOPE, knows=lambda kind, identity: (kind, identity) in {("person", 12), ("unit", "works")})
    assert kind_of("person").clean("12", a_field("person"), Context(FORM, scope)) == 12
    assert kind_of("unit").clean("works", a_field("unit"), Context(FORM, scope)) == "works"
    assert kind_of("list").clean([12], a_field("list", of="person"), Context(FORM, scope)) == [12]
    for kind, raw in (("person", 13), ("position", 12), ("unit", "roads")):
        with pytest.raises(Unfit):
            kind_of(kind).clean(raw, a_field(kind), Context(FORM, scope))


FILE = {"id": 5, "name": "sk.pdf", "size": 1000, "sha256": "a" * 64}


def test_a_file_is_one_that_is_stored_already() -> None:
    assert read("file", FILE, types=["pdf"]) == FILE
    assert read("files", [FILE, FILE]) == [FILE, FILE]
    assert read("file", FILE | {"name": "../../etc/x.pdf"})["name"] == ".._.._etc_x.pdf"
    assert refusal("file", FILE | {"name": "sk.exe"}, types=["pdf"]).code == "file_type"
    assert refusal("file", FILE | {"size": 10**9}).code == "too_large"
    assert refusal("file", FILE | {"size": 501_000}, max_size="500 kB").code == "too_large"
    assert refusal("files", [FILE] * 3, max_count=2).code == "too_many"
    assert [fault.path for fault in refusal("files", [FILE, "x"]).at("f")] == ["f.1"]
    bad = [
        "x",
        5,
        [FILE, FILE],
        {"id": 5},
        FILE | {"x": 1},
        FILE | {"sha256": "z" * 64},
        FILE | {"size": True},
        FILE | {"size": -1},
        FILE | {"id": True},
        FILE | {"id": ""},
        FILE | {"name": "a\x00"},
        FILE | {"name": None},
    ]
    for raw in bad:
        refusal("file", raw)


def test_a_reference_names_a_case_and_a_row_of_it() -> None:
    wanted = {"case": 12, "item": "G1", "title": "Nilai SAKIP"}
    assert read("reference", wanted, to="performance_agreement.goals") == wanted
    assert read("reference", "12|G1|Nilai SAKIP", to="performance_agreement.goals") == wanted
    assert read("reference", "PK/2026/1", to="performance_agreement") == {"case": "PK/2026/1"}
    for raw in (5, True, ["12"], {"case": None}, {"case": 5, "x": 1}, {"case": 5, "item": ["x"]}, "|x"):
        refusal("reference", raw, to="performance_agreement")


def test_a_signature_is_set_and_not_typed() -> None:
    value = {"person": "12", "name": "Eko", "at": "2026-03-02T02:00:00+00:00"}
    assert read("signature", value) == value
    for raw in ("Eko", {"person": "1"}, {"name": "x", "y": 1}, 5, ["x"]):
        refusal("signature", raw)


def test_a_heading_asks_nothing() -> None:
    refusal("heading", "x")


# -- lists and tables ----------------------------------------------------------------------------------------------


def test_a_list_leaves_out_empty_entries_and_names_the_wrong_one() -> None:
    assert read("list", ["a", "", None, " b "], of="text") == ["a", "b"]
    assert read("list", "a\n\nb\r\n", of="text") == ["a", "b"]
    assert read("list", ["Rp1.500", 2], of="money") == [1500, 2]
    assert read("list", ["", None], of="text") is None
    assert [fault.path for fault in refusal("list", ["1", "", "x", "y"], of="integer").at("f")] == ["f.2", "f.3"]


def test_a_list_keeps_its_limits() -> None:
    assert refusal("list", ["a"], of="text", min_items=2).code == "too_few"
    assert read("list", [], of="text", min_items=2) is None
    assert refusal("list", ["a", "b"], of="text", max_items=1).code == "too_many"
    assert refusal("list", ["a"] * 501, of="text").code == "too_many"
    assert refusal("list", ["a"] * 1_000_000, of="text").code == "too_many"
    for raw in (5, True, {"a": 1}, 1.5, object(), b"a"):
        refusal("list", raw, of="text")


INDICATORS = a_field(
    "table",
    (
        a_field("text", key="name", required=True),
        a_field("measure", key="target", required=True, unit_from="unit"),
        a_field("choice", key="unit", options_from="units_of_measure"),
    ),
    key="indicators",
)
GOALS = a_field("table", (a_field("text", key="code", required=True), INDICATORS), key="goals", min_rows=1, max_rows=3)


def test_a_table_reads_rows_in_rows_and_measures_after_their_unit() -> None:
    raw = [
        {"code": "S1", "indicators": [{"target": "BB", "name": "SAKIP", "unit": "predicate"}, {"name": " "}]},
        {"code": ""},
        {},
    ]
    assert read("table", raw, field=GOALS) == [
        {"code": "S1", "indicators": [{"name": "SAKIP", "target": "BB", "unit": "predicate"}]}
    ]


def test_a_table_names_every_wrong_cell_by_its_path() -> None:
    raw = [
        {"code": "S1", "indicators": [{"name": "x", "unit": "index", "target": "much"}, 5]},
        {"code": ["x"], "indicators": "none"},
        "row",
        {"colour": "red"},
    ]
    assert [fault.path for fault in refusal("table", raw, field=GOALS).at("goals")] == [
        "goals.0.indicators.0.target",
        "goals.0.indicators.1",
        "goals.1.code",
        "goals.1.indicators",
        "goals.2",
        "goals.3.colour",
    ]


def test_a_table_tells_what_is_missing_in_its_rows() -> None:
    rows = [{"code": "S1", "indicators": [{"name": "x"}]}, {"indicators": [{"target": Decimal(1)}]}]
    assert kind_of("table").missing(rows, GOALS) == [
        "0.indicators.0.target",
        "1.code",
        "1.indicators.0.name",
    ]


def test_a_table_keeps_its_limits_and_the_keys_of_proposed_rows() -> None:
    assert refusal("table", [{"code": "x"}] * 4, field=GOALS).code == "too_many"
    assert refusal("table", [{"code": "x"}] * 100_000, field=GOALS).code == "too_many"
    assert read("table", [{"row_key": "G1"}], field=GOALS) == [{"row_key": "G1"}]
    refusal("table", [{"row_key": ["G1"], "code": "x"}], field=GOALS)
    for raw in (5, "x", {"0": {}} | {"code": "x"}, [[]] * 3 + [[["x"]]], True):
        refusal("table", raw, field=GOALS)


def test_one_act_cannot_fill_more_cells_than_there_is_room() -> None:
    wide = a_field("table", tuple(a_field("list", key=f"c{n}", of="integer") for n in range(20)))
    raw = [{f"c{n}": list(range(400)) for n in range(20)} for _ in range(400)]
    assert refusal("table", raw, field=wide).at("t")[0].code == "too_many"


def test_rows_within_rows_count_for_the_table_around_them() -> None:
    inner = a_field("table", (a_field("text", key="code"),), key="inner")
    table = a_field("table", (inner,), key="goals")
    rows = [{"inner": [{"code": "x"}] * 9}] * 100
    assert len(read("table", rows, field=table)) == 100
    fault = refusal("table", [*rows, {"inner": [{"code": "x"}]}], field=table)
    assert (fault.code, fault.message.en) == ("too_many", "At most 1000 rows, those within rows counted too.")
