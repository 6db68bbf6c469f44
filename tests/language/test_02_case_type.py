# ruff: noqa: E501 - a case a line is easier to read and to add to
"""§2 A case type: the keys at the top of the file."""

from __future__ import annotations

import pytest

from tests.engine.definitions.leave import WORKFLOW, changed, leave
from tests.language.linting import clean, codes, told

TOP = "legal_basis: [PP 11/2017]\n"


def top(text: str) -> tuple[str, str]:
    return (TOP, TOP + text)


@pytest.mark.parametrize("key", ["case_type", "version", "title", "roles", "lifecycle"])
def test_2_what_a_case_type_must_have_is_told_on_line_one(key):
    lines = WORKFLOW.split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{key}:"))
    end = next((number for number in range(start + 1, len(lines)) if lines[number][:1] not in (" ", "")), len(lines))
    problems = leave("\n".join([*lines[:start], *lines[end:]]))
    assert ("workflows/leave.yaml", 1, 1, "WF011") in [
        (each.file, each.line, each.column, each.code) for each in problems
    ]


def test_2_an_unknown_key_is_told_with_the_nearest_known_one():
    told("WF010", top("^^parametres: {}\n"))


@pytest.mark.parametrize("key", ["Leave", "1leave", "leave-1", "le ave", "cuti_ÿ"])
def test_2_a_case_type_s_key_is_small_letters_digits_and_underscores(key):
    assert "WF012" in codes(("case_type: leave", f"case_type: {key}"))


@pytest.mark.parametrize(
    ("version", "is_good"),
    [
        ("1.0.0", True),
        ("0.10.3", True),
        ("2.0.0-rc.1", True),
        ("1.0", False),
        ("v1.0.0", False),
        ("01.0.0", False),
        ("1.0.0.0", False),
    ],
)
def test_2_a_version_is_semantic(version, is_good):
    assert codes(("version: 1.0.0", f'version: "{version}"')) == ([] if is_good else ["WF012"])


def test_2_without_a_legal_basis_there_is_a_warning():
    assert codes((TOP, "")) == ["WF100"]


def test_2_a_legal_basis_is_a_list_of_texts():
    told("WF012", (TOP, "legal_basis: ^^PP 11/2017\n"))


def test_2_valid_from_is_a_date():
    clean(top("valid_from: 2026-01-01\n"))
    told("WF012", top("valid_from: ^^soon\n"))


def test_2_a_number_s_pattern_names_known_things_only():
    clean(top('numbering: "C/{year}/{unit.code}/{seq:04}"\n'))
    told("WF061", top('numbering: ^^"C/{year}/{unit.kode}/{seq:04}"\n'))


@pytest.mark.parametrize("missing", ["type", "default"])
def test_2_a_parameter_has_a_type_and_a_default(missing):
    given = {"type": "integer", "default": "3"}
    del given[missing]
    inner = ", ".join(f"{key}: {value}" for key, value in given.items())
    told("WF011", ("  review_days:", f"  ^^more: {{{inner}}}\n  review_days:"))


def test_2_a_parameter_s_default_lies_within_its_limits():
    told("WF012", ("default: 3, minimum: 1", "default: ^^30, minimum: 1"))


def test_2_a_parameter_is_used_as_a_whole_value():
    clean(("{working_days: 1}", '{working_days: "${review_days}"}'))


def test_2_a_parameter_inside_a_longer_text_is_a_finding():
    told("WF012", top('numbering: ^^"C/${review_days}/{seq:04}"\n'))


def test_2_an_unknown_parameter_is_a_finding():
    told("WF027", ("{working_days: 1}", '{working_days: ^^"${review_day}"}'))


def test_2_the_value_a_parameter_gives_has_to_fit_where_it_stands():
    told(
        "WF012",
        ("  review_days:", "  word: {type: text, default: x}\n  review_days:"),
        ("{working_days: 1}", '{working_days: ^^"${word}"}'),
    )


def test_2_a_calendar_has_a_zone_of_the_world_and_working_days_of_the_week():
    told("WF012", ("Asia/Jakarta", "^^Asia/Bandung"))
    told("WF012", ("[mon, tue, wed, thu, fri]", "[mon, ^^tues]"))
    told("WF012", ("[mon, tue, wed, thu, fri]", "^^[]"))


@pytest.mark.parametrize("hours", [
    '{from: "07:30", to: "16:00", break: {from: "12:00", to: "13:00"}, fri: {from: "07:30", to: "16:30"}}',
    '{from: "07:30", to: "16:00"}',
])  # fmt: skip
def test_2_a_calendar_may_have_hours_of_the_day(hours):
    clean(("holidays: [2026-03-20]", f"holidays: [2026-03-20], hours: {hours}"))


@pytest.mark.parametrize(
    "hours",
    [
        '{from: "07:30", to: ^^"25:00"}',
        '^^{from: "16:00", to: "07:30"}',
        '{from: "07:30", to: "16:00", break: ^^{from: "06:00", to: "07:00"}}',
        '{from: ^^730, to: "16:00"}',
    ],
)
def test_2_hours_that_cannot_be_are_a_finding(hours):
    told("WF012", ("holidays: [2026-03-20]", f"holidays: [2026-03-20], hours: {hours}"))


@pytest.mark.parametrize(
    "holidays", ["[2026-03-20]", "{from: national}", "{from: national, add: [2026-03-20], remove: [2026-12-25]}"]
)
def test_2_holidays_are_dates_or_the_national_ones_changed(holidays):
    clean(("holidays: [2026-03-20]", f"holidays: {holidays}"))


def test_2_a_holiday_that_is_no_day_is_a_finding():
    told("WF012", ("holidays: [2026-03-20]", "holidays: [^^2026-02-30]"))


TABLE = """decision_tables:
  urgency:
    hit_policy: {policy}
    inputs: {{days: case.days, kind: case.kind}}
    outputs: {{urgency: {kind}}}
    rules:
      low: {{order: 10, when: {{days: "days < 5"}}, then: {{urgency: {low}}}}}
      high: {{order: 20, when: {{days: "days >= 5"}}, then: {{urgency: high}}}}
"""


@pytest.mark.parametrize("policy", ["unique", "first", "collect"])
def test_2_a_decision_table_has_one_of_three_hit_policies(policy):
    clean(top(TABLE.format(policy=policy, kind="text", low="low")))
    told("WF012", top(TABLE.format(policy="^^" + policy + "s", kind="text", low="low")))


def test_2_an_output_has_the_type_it_says():
    told(
        "WF012", top(TABLE.format(policy="first", kind="integer", low="^^low").replace("urgency: high}", "urgency: 2}"))
    )


def test_2_an_output_s_type_is_one_of_the_language():
    told("WF012", top(TABLE.format(policy="first", kind="^^word", low="low")))


def test_2_a_condition_is_yes_or_no():
    told("WF053", top(TABLE.format(policy="first", kind="text", low="low").replace('"days < 5"', '^^"days + 5"')))


def test_2_a_condition_names_an_input():
    assert codes(
        top(TABLE.format(policy="first", kind="text", low="low").replace('{days: "days < 5"}', '{dayz: "days < 5"}'))
    ) == ["WF052"]


BANDS = "bands: {{grade: {{minimum: 0, maximum: 100, includes: {side}, rows: {{c: {{from: 0, title: C}}, b: {{from: 60, title: B, tone: ok}}}}}}}}\n"


@pytest.mark.parametrize("side", ["lower", "upper"])
def test_2_a_boundary_belongs_to_the_lower_or_the_upper_row(side):
    clean(top(BANDS.format(side=side)))
    told("WF012", top(BANDS.format(side="^^middle")))


def test_2_a_state_may_use_a_template_and_its_own_keys_win():
    template = "state_templates: {reviewed: {task: {candidates: [personnel], excluded: [employee], form: leave}, title: Review}}\n"
    clean(
        top(template),
        (
            "      task: {candidates: [head], excluded: [employee], form: leave}\n",
            "      uses: reviewed\n      task: {candidates: [head]}\n",
        ),
    )
    told("WF027", top(template), ("    review:\n      task", "    review:\n      uses: ^^reviewd\n      task"))


SLA = "slas: {{quick: {{target: {{working_days: 5}}, calendar: office, start: {start}, stop: [granted, dropped], pause_in: [draft], at_risk: {{at: {at}, effects: {{tell: {{notify: reminder}}}}}}}}}}\n"


def test_2_a_promise_has_a_target_a_start_an_end_pauses_and_a_warning():
    clean(top(SLA.format(start="draft.submit", at=0.75)))


def test_2_a_promise_that_names_an_event_or_state_that_is_not_there_is_a_finding():
    told("WF041", top(SLA.format(start="^^draft.submitt", at=0.75)))
    told("WF041", top(SLA.format(start="draft.submit", at=0.75).replace("[granted,", "[^^granted_,")))


def test_2_a_warning_is_a_share_of_the_target():
    told("WF012", top(SLA.format(start="draft.submit", at="^^1.5")))


SCHEDULE = (
    'schedules: {{january: {{title: Januari, from: {start}, to: "date(2026, 1, 31)", extendable_by: [{role}]}}}}\n'
)
WINDOW = ("approve: {to: granted}", "approve: {to: granted, window: january}")


def test_2_a_schedule_is_a_window_between_two_dates():
    clean(top(SCHEDULE.format(start='"date(2026, 1, 2)"', role="head")), WINDOW)
    told("WF053", top(SCHEDULE.format(start='^^"1 + 1"', role="head")), WINDOW)
    told("WF025", top(SCHEDULE.format(start='"date(2026, 1, 2)"', role="^^haed")), WINDOW)


def test_2_a_transition_s_window_is_a_schedule():
    assert codes(("approve: {to: granted}", "approve: {to: granted, window: january}"))


def test_2_milestones_name_states():
    clean(top("milestones: {registered: [review], closed: [granted, dropped]}\n"))
    told("WF041", top("milestones: {registered: [^^reviw]}\n"))


def test_2_sealed_nodes_are_paths_each_with_a_reason():
    clean(top("sealed_nodes: {lifecycle.states.review: PermenPANRB 53/2014}\n"))
    assert codes(top("sealed_nodes: [lifecycle.states.review]\n")) == ["WF012"]


def test_2_every_key_of_the_table_is_known():
    keys = (
        "valid_from: 2026-01-01", "state_templates: {}", "slas: {}", "schedules: {}", "milestones: {}", "migrations: {}",
        "sealed_nodes: {}", "substitution: {}", "separation_of_duties: {}", "confidentiality: ordinary", "visibility: {}",
        "decision_tables: {}", "bands: {}",
    )  # fmt: skip
    for key in keys:
        assert [code for code in codes(top(key + "\n")) if code == "WF010"] == [], key


def test_2_a_title_is_what_people_read():
    assert changed(WORKFLOW, ("title: Leave\n", "title: {id: Cuti, en: Leave}\n"))
    clean(("title: Leave\n", "title: {id: Cuti, en: Leave}\n"))
    told("WF012", ("title: Leave\n", "title: ^^[Leave]\n"))
