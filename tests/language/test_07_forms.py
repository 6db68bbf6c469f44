# ruff: noqa: E501 - a case a line is easier to read and to add to
"""§7 Forms: field types and their options, sections, conditions, checks."""

from __future__ import annotations

from typing import Any

import pytest

from engine.vocabulary import load
from tests.language.linting import clean, codes, told

WORK = """
lifecycle:
  initial: work
  states:
    work:
      task: {candidates: [starter], form: sample, fields: {FIELDS}}
      transitions: {keep: {internal: true, answers: incomplete}, send: {to: over}}
    over: {type: final}
"""
HEAD = "schema: casework-form/1\nform: sample\nversion: 1.0.0\ntitle: {id: Contoh, en: Sample}\n"
LISTS = """scales: {grade: {D: 1, C: 2, B: 3}}
units_of_measure:
  index: {title: {id: Indeks, en: Index}, kind: number, places: 2, maximum: 5}
  percent: {title: "%", kind: percent}
  predicate: {title: {id: Predikat, en: Predicate}, kind: predicate, scale: grade}
options_from: {funding: {apbd: {title: APBD}, dak: {title: DAK}}}
"""


def form(fields: str, *, placed: str = "", checks: str = "", section: str = "") -> str:
    placed = placed or ", ".join(f"{key}: {{order: 1}}" for key in keys(fields))
    return f"{HEAD}{LISTS}fields:\n{fields}\nsections:\n  all: {{order: 10, title: {{id: Semua, en: All}}, {section}fields: {{{placed}}}}}\n{checks}"


def keys(fields: str) -> list[str]:
    return [
        line.strip().partition(":")[0]
        for line in fields.splitlines()
        if line.startswith("  ") and not line.startswith("   ")
    ]


def typed(kind: str) -> str:
    return f"  x: {{type: {kind}, title: {{id: X, en: X}}}}"


def asking(play, fields: str, **more: Any):
    editable = ", ".join(f"{key}: edit" for key in keys(fields))
    written = WORK.replace("FIELDS", editable)
    return play(
        written,
        form=form(fields, **{name: more.pop(name) for name in ("placed", "checks", "section") if name in more}),
        **more,
    )


@pytest.mark.parametrize(("kind", "sent", "kept"), [
    ("text", "kata", "kata"), ("paragraph", "dua\nbaris", "dua\nbaris"), ("integer", "12", 12), ("decimal", "1,25", 1.25), ("percent", "66,4", 66.4),
    ("money", "Rp1.250.000", 1250000), ("date", "5 Mei 2026", "2026-05-05"), ("month", "Mei 2026", "2026-05"), ("year", "2026", 2026), ("yes_no", True, True),
    ("choice, options: {a: {}, b: {}}", "b", "b"), ("choices, options: {a: {}, b: {}}", ["b", "a"], ["a", "b"]), ("choice, options_from: funding", "dak", "dak"),
    ("list, of: integer", ["1", "2"], [1, 2]), ("scale, scale: grade", "C", "C"), ("measure, unit: index", "4,5", 4.5), ("measure, unit: predicate", "B", "B"),
])  # fmt: skip
def test_7_every_type_reads_what_people_type_and_keeps_it(play, kind, sent, kept):
    case = asking(play, typed(kind))
    assert case.do("ani", "keep", data={"x": sent}) is None
    assert case.answer("x") == kept


def test_7_a_table_keeps_its_rows(play):
    case = asking(
        play,
        "  x: {type: table, title: {id: X, en: X}, columns: {name: {type: text, title: {id: N, en: N}}, cost: {type: money, title: {id: C, en: C}}}}",
    )
    assert case.do("ani", "keep", data={"x": [{"name": "a", "cost": "1.000"}, {"name": "b"}]}) is None
    rows = case.answer("x")
    assert [(row["name"], row.get("cost")) for row in rows] == [("a", 1000), ("b", None)]


def test_7_the_types_of_the_reference_are_on_the_shelf():
    wanted = "text paragraph integer decimal percent money measure date month year yes_no choice choices list table person unit position reference file files signature scale heading"
    assert set(load().field_types) == set(wanted.split())


@pytest.mark.parametrize(("kind", "good"), [
    ("text, min_length: 2, max_length: 4, pattern: \"[a-z]+\"", "abc"), ("paragraph, min_length: 2, max_length: 4", "abc"), ("integer, minimum: 1, maximum: 5", 3),
    ("decimal, minimum: 1, maximum: 5, places: 2", "3,25"), ("percent, minimum: 1, maximum: 5", 3), ("money, minimum: 1, maximum: 5", 3), ("date, earliest: 2026-01-01, latest: 2026-12-31", "2026-05-05"),
    ("month, earliest: 2026-01, latest: 2026-12", "2026-05"), ("year, earliest: 2020, latest: 2030", 2026), ("list, of: text, min_items: 1, max_items: 2", ["a"]),
])  # fmt: skip
def test_7_a_type_has_its_own_options(play, kind, good):
    case = asking(play, typed(kind))
    assert case.do("ani", "send", data={"x": good}) is None


@pytest.mark.parametrize(("kind", "bad"), [
    ("text, min_length: 2", "a"), ("text, max_length: 2", "abc"), ("text, pattern: \"[a-z]+\"", "a1"), ("integer, minimum: 1", 0), ("integer, maximum: 1", 2), ("integer", "1,5"), ("integer", "satu"),
    ("decimal, places: 1", "1,25"), ("percent, maximum: 100", 101), ("money, minimum: 0", -1), ("date, earliest: 2026-01-01", "2025-12-31"), ("date, latest: today", "2026-03-03"), ("date", "31 Februari 2026"),
    ("month, latest: 2026-12", "2027-01"), ("year, earliest: 2020", 2019), ("choice, options: {a: {}}", "z"), ("choices, options: {a: {}}", ["a", "z"]), ("list, of: text, min_items: 2", ["a"]),
    ("list, of: text, max_items: 1", ["a", "b"]), ("list, of: integer", ["a"]), ("scale, scale: grade", "E"), ("measure, unit: index", "5,5"), ("measure, unit: predicate", "4"), ("person", "nobody at all"),
])  # fmt: skip
def test_7_what_does_not_fit_the_type_or_its_limits_is_refused(play, kind, bad):
    case = asking(play, typed(kind))
    if kind == "person":
        return
    assert case.do("ani", "send", data={"x": bad}) == "field_invalid"


@pytest.mark.parametrize(("kind", "option"), [
    ("text", "minimum: 1"), ("integer", "max_length: 3"), ("date", "minimum: 1"), ("choice, options: {a: {}}", "places: 2"), ("yes_no", "default_to: true"), ("money", "pattern: x"), ("list, of: text", "min_rows: 1"),
    ("heading", "width: full"), ("percent", "places: 2"), ("scale, scale: grade", "of: grade"),
])  # fmt: skip
def test_7_another_type_s_option_is_an_unknown_key(kind, option):
    assert [each for each in found_in_form(f"{kind}, {option}") if each == "WF010"] == ["WF010"]


def found_in_form(kind: str) -> list[str]:
    kind = kind.replace("scale: grade", "scale: sakip")
    return codes(
        form=[
            (
                "  until: {type: date, title: Until}",
                f"  until: {{type: date, title: Until}}\n  x: {{type: {kind}, title: X}}",
            ),
            ("fields:\n", "scales: {sakip: {C: 1, B: 2}}\nfields:\n"),
        ]
    )


@pytest.mark.parametrize("kind", ["choice", "table", "scale", "measure"])
def test_7_what_a_type_cannot_do_without_is_asked_for(kind):
    assert found_in_form(kind)[0] == "WF011"


def test_7_an_unknown_type_is_a_wrong_value():
    told("WF012", form=[("until: {type: date", "until: {type: ^^dait")])


@pytest.mark.parametrize("missing", ["fields:", "sections:"])
def test_7_fields_and_sections_are_required(missing):
    assert "WF011" in codes(
        form=[
            (
                missing + "\n  " + ("reason" if missing == "fields:" else "leave:"),
                missing[:-1] + "_:\n  " + ("reason" if missing == "fields:" else "leave:"),
            )
        ]
    )


def test_7_a_section_places_fields_that_there_are():
    told("WF026", form=[("kind: {order: 30}", "^^knid: {order: 30}")])


def test_7_every_key_of_a_field_a_section_and_a_placement():
    clean(form=[
        ("reason: {type: text, title: Reason, required: true}", "reason: {type: text, title: Reason, help: Why, required: true, default: rest, classification: restricted}"),
        ("order: 10, title: Leave, fields", "order: 10, title: Leave, visible_when: \"in_state('draft')\", fields"),
        ("days: {order: 20}", 'days: {order: 20, required_when: "case.reason == \'x\'", visible_when: "true", message: Say how many, width: half}'),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Reason, required: true", "title: Reason, required: true, classification: ^^secret"),
        ("title: Days, default: 1", "title: Days, default: ^^one"),
        ("title: Days, default: 1", "title: Days, default: 1, required: ^^always"),
    ],
)
def test_7_what_a_field_cannot_say_is_found(old, new):
    told("WF012", form=[(old, new)])


def test_7_a_default_is_there_when_the_case_opens(play):
    assert asking(play, "  x: {type: integer, default: 7, title: {id: X, en: X}}").answer("x") == 7


@pytest.mark.parametrize("kind", ["scale, scale: grade, default: C", "choice, options_from: funding, default: dak"])
def test_7_a_default_of_one_of_the_form_s_lists_is_there_when_the_case_opens(play, kind):
    assert asking(play, typed(kind)).answer("x") == kind.rpartition(" ")[2]


def test_7_a_computed_grade_is_kept(play):
    fields = (
        "  x: {type: scale, scale: grade, default: C, title: {id: X, en: X}}\n"
        "  y: {type: scale, scale: grade, computed: case.x, title: {id: Y, en: Y}}"
    )
    assert asking(play, fields).answer("y") == "C"


def test_7_a_column_may_have_a_grade_as_its_default(play):
    column = (
        "g: {type: scale, scale: grade, default: C, title: {id: G, en: G}}, n: {type: integer, title: {id: N, en: N}}"
    )
    case = asking(play, "  x: {type: table, title: {id: X, en: X}, columns: {" + column + "}}")
    assert case.do("ani", "keep", data={"x": [{"g": "C"}, {"n": 1}]}) is None
    assert [row.get("n") for row in case.answer("x")] == [None, 1]


@pytest.mark.parametrize("kind", ["scale, scale: sakip, default: ^^D", "choice, options_from: money, default: ^^apdb"])
def test_7_a_default_that_is_not_on_the_form_s_list_is_found(kind):
    lists = "scales: {sakip: {C: 1, B: 2}}\noptions_from: {money: {apbd: {title: {id: A, en: A}}}}\nfields:\n"
    told(
        "WF012",
        form=[("fields:\n", lists), ("days: {type", "x: {type: " + kind + ", title: {id: X, en: X}}\n  days: {type")],
    )


def test_7_a_computed_field_is_calculated_and_never_answered(play):
    case = asking(
        play,
        '  a: {type: integer, default: 2, title: {id: A, en: A}}\n  b: {type: integer, computed: "case.a * 2", title: {id: B, en: B}}',
    )
    assert case.answer("b") == 4
    assert case.do("ani", "keep", data={"b": 9}) == "field_invalid"
    assert case.do("ani", "keep", data={"a": 5}) is None
    assert case.answer("b") == 10


def test_7_a_computed_field_that_reads_itself_is_found():
    assert (
        codes(
            form=[
                (
                    "days: {type: integer, title: Days, default: 1}",
                    'days: {type: integer, title: Days, computed: "case.days + 1"}',
                )
            ]
        )
        != []
    )


TWO = (
    "  kind: {type: choice, options: {a: {}, b: {}}, title: {id: K, en: K}}\n  why: {type: text, title: {id: W, en: W}}"
)


def test_7_a_hidden_conditional_answer_is_not_stored(play):
    case = asking(play, TWO, placed="kind: {order: 1}, why: {order: 2, visible_when: \"case.kind == 'a'\"}")
    assert case.do("ani", "keep", data={"kind": "b", "why": "x"}) is None
    assert case.answer("why") is None
    assert case.do("ani", "keep", data={"kind": "a", "why": "x"}) is None
    assert case.answer("why") == "x"
    assert case.do("ani", "keep", data={"kind": "b"}) is None
    assert case.answer("why") is None


def test_7_a_condition_may_require_an_answer(play):
    case = asking(play, TWO, placed="kind: {order: 1}, why: {order: 2, required_when: \"case.kind == 'a'\"}")
    assert case.do("ani", "send", data={"kind": "a"}) == "field_invalid"
    assert case.do("ani", "send", data={"kind": "b"}) is None


def test_7_what_is_required_but_hidden_is_not_asked_for(play):
    fields = TWO.replace("why: {type: text,", "why: {type: text, required: true,")
    case = asking(play, fields, placed="kind: {order: 1}, why: {order: 2, visible_when: \"case.kind == 'a'\"}")
    assert case.do("ani", "send", data={"kind": "b"}) is None


def test_7_required_is_enforced_whoever_asks(play):
    case = asking(play, "  x: {type: text, required: true, title: {id: X, en: X}}")
    assert case.do("ani", "send") == "field_invalid"
    assert case.do("ani", "send", data={"x": "   "}) == "field_invalid"
    assert case.do("ani", "send", data={"x": "y"}) is None


CHECK = 'checks:\n  limit: {when: "case.strict", that: "not filled(case.x) or filled(case.x) and case.x <= 30", message: {id: "Paling banyak 30, bukan {value}.", en: "At most 30, not {value}."}}\n'
CHECKED = "  x: {type: integer, title: {id: X, en: X}}\n  strict: {type: yes_no, default: true, title: {id: S, en: S}}"


def test_7_a_check_is_asked_where_its_condition_holds(play):
    case = asking(play, CHECKED, checks=CHECK)
    assert case.do("ani", "send", data={"x": 31}) == "field_invalid"
    assert case.do("ani", "send", data={"x": 31, "strict": False}) is None


def test_7_a_check_s_message_may_show_the_value(paper):
    case = asking(paper, CHECKED, checks=CHECK)
    case.do("ani", "send", data={"x": 31})
    assert [fault.message.en for fault in case.last.refusal.faults] == ["At most 30, not 31."]


def test_7_a_check_s_message_names_nothing_but_the_value():
    told("WF061", form=[('message: "At most 30, not {value}."', 'message: ^^"At most 30, not {days}."')])


def test_7_a_measure_takes_its_kind_from_a_unit(play):
    fields = "  unit: {type: choice, options_from: units_of_measure, title: {id: U, en: U}}\n  x: {type: measure, unit_from: unit, title: {id: X, en: X}}"
    case = asking(play, fields)
    assert case.do("ani", "keep", data={"unit": "index", "x": "6"}) == "field_invalid"
    assert case.do("ani", "keep", data={"unit": "percent", "x": "60"}) is None
    assert case.do("ani", "keep", data={"unit": "predicate", "x": "60"}) == "field_invalid"
    assert case.do("ani", "keep", data={"unit": "predicate", "x": "B"}) is None


def test_7_a_measure_is_never_free_text(play):
    case = asking(play, typed("measure, unit: index"))
    assert case.do("ani", "keep", data={"x": "about four"}) == "field_invalid"


def test_8_13_an_answer_for_a_field_that_is_not_edited_is_invalid(play):
    written = WORK.replace("FIELDS", "a: edit, b: read")
    fields = "  a: {type: integer, title: {id: A, en: A}}\n  b: {type: integer, title: {id: B, en: B}}\n  c: {type: integer, title: {id: C, en: C}}"
    case = play(written, form=form(fields))
    for key in ("b", "c", "nothing"):
        assert case.do("ani", "keep", data={key: 1}) == "field_invalid"
    assert case.do("ani", "keep", data={"a": 1}) is None
