"""Expressions from the outside: what they give, what is found in them, what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest

from engine.definitions.expression_types import TEXT, Type
from engine.definitions.expressions import Environment, ExpressionFault, Scope, compile_expression
from engine.definitions.model import Field, Parameter, Text
from engine.vocabulary import load


def a_field(key: str, kind: str, *, required: bool = False, default: object = None, columns=(), **options) -> Field:
    return Field(
        key,
        kind,
        Text(key.title(), key.title()),
        None,
        required,
        default,
        "ordinary",
        None,
        options,
        {column.key: column for column in columns},
    )


GOALS = a_field(
    "goals",
    "table",
    columns=[
        a_field("code", "text"),
        a_field("weight", "percent"),
        a_field("is_key", "yes_no"),
        a_field(
            "indicators",
            "table",
            columns=[a_field("weight", "percent"), a_field("tags", "list", of="text"), a_field("unit", "choice")],
        ),
    ],
)
FIELDS = [
    a_field("budget", "money"),
    a_field("spent", "money", required=True),
    a_field("extensions", "integer", default=0),
    a_field("note", "paragraph"),
    a_field("reported", "person"),
    a_field("conflicted", "list", of="person"),
    a_field("harm", "choice", options={"none": {}, "money": {}, "bodily": {}}),
    a_field("witnesses", "list", of="text"),
    a_field("supports", "choices", options={"health": {}, "roads": {}}),
    a_field("signed_on", "date"),
    a_field("due_on", "date", required=True),
    a_field("grade", "scale", required=True, scale="predicate"),
    a_field("is_urgent", "yes_no"),
    a_field("decree", "file"),
    a_field("title_line", "heading"),
    GOALS,
]
PEOPLE = {
    "ann": SimpleNamespace(name="Ann", unit="works", limit=Decimal(500), nip=""),
    "bob": SimpleNamespace(name="Bob", unit="roads", limit=None, nip=""),
}


class WholeDays:
    """Every day is a working day."""

    def working_days_between(self, start: date, end: date) -> int:
        return (end - start).days

    def add_working_days(self, start: date, days: int) -> date:
        return date.fromordinal(start.toordinal() + days)


ENVIRONMENT = load().environment(
    fields={each.key: each for each in FIELDS},
    case_roles=("lead_investigator", "expert"),
    parameters={"limit_days": Parameter("limit_days", "integer", 3, None, None, Text("Batas", "Limit"), False)},
    states=("drafting", "reporting", "sign_off"),
    scales={"predicate": {"C": 1, "B": 2, "A": 3}},
)
SCOPE = Scope(
    answers={
        "budget": Decimal(100),
        "spent": Decimal("40.5"),
        "extensions": 1,
        "reported": "bob",
        "conflicted": ["ann"],
        "harm": "money",
        "witnesses": ["w1", "w2"],
        "signed_on": date(2026, 5, 5),
        "due_on": date(2026, 5, 20),
        "grade": "B",
        "goals": [
            {"code": "S1", "weight": Decimal(60), "indicators": [{"weight": Decimal(25), "tags": ["a"]}, {}]},
            {"code": "S2", "weight": None, "is_key": True, "indicators": [{"weight": Decimal(75), "tags": ["b", "c"]}]},
        ],
    },
    now=datetime(2026, 3, 2, 17, 30, tzinfo=UTC),
    case_number="PK/1",
    opened_at=datetime(2026, 3, 1, 2, tzinfo=UTC),
    unit="works",
    region="jabar",
    case_roles={"lead_investigator": ("ann",)},
    initiator="ann",
    actor="bob",
    user="ann",
    parameters={"limit_days": 3},
    active=frozenset({"drafting"}),
    visited=frozenset({"drafting", "reporting"}),
    person=PEOPLE.__getitem__,
    calendar=WholeDays(),
)


def value(text: str, scope: Scope = SCOPE, environment: Environment = ENVIRONMENT):
    expression, findings = compile_expression(text, environment)
    assert expression is not None, findings
    return expression.evaluate(scope)


def codes(text: str, expected: str | None = None, environment: Environment = ENVIRONMENT) -> list[tuple[str, int]]:
    return [(each.code, each.offset) for each in compile_expression(text, environment, expected)[1]]


# -- what an expression gives --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("count(case.goals) >= 1", True),
        ("count(case.witnesses) == 2 and case.harm == 'money'", True),
        ("case.harm in ['none', 'bodily']", False),
        ("case.harm not in ['none', 'bodily']", True),
        ("0 < case.extensions <= 1", True),
        ("0 < case.extensions < 1", False),
        ("filled(case.budget) and case.budget > 0", True),
        ("user in case.conflicted or user == case.reported", True),
        ("actor == case.reported and actor != initiator", True),
        ("sum(case.goals.indicators.weight) == 100", True),
        ("count(case.goals.indicators) == 3", True),
        ("count(case.goals.indicators.weight) == 3", True),
        ("'c' in case.goals.indicators.tags", True),
        ("any(case.goals.is_key)", True),
        ("all(case.goals.is_key)", False),
        ("in_state('drafting') and was_in_state('reporting') and not in_state('reporting')", True),
        ("case.unit == initiator.unit", True),
        ("user.limit >= case.spent", True),
        ("case.region == 'jabar' and case.number == 'PK/1'", True),
        ("count(case_roles.lead_investigator) == 1 and count(case_roles.expert) == 0", True),
        ("case.extensions < parameters.limit_days", True),
        ("case.grade >= 'B' and case.grade < 'A'", True),
        ("today == date(2026, 3, 3)", True),
        ("days_between(case.opened_at, today) == 2", True),
        ("working_days_between(today, case.due_on) == 78", True),
        ("add_days(case.due_on, 11) == date('2026-05-31')", True),
        ("add_working_days(case.due_on, 1) > case.due_on", True),
        ("year(case.due_on) == 2026 and month(now) == 3", True),
        ("filled(case.signed_on) and case.signed_on < case.due_on", True),
        ("case.due_on - case.due_on == case.due_on - case.due_on", True),
        ("round(2.345, 2) == 2.35 and round(2.5) == 3 and round(-2.5) == -3", True),
        ("0.1 + 0.2 == 0.3", True),
        ("abs(-3) == 3 and abs(2.5) == 2.5", True),
        ("max(case.goals.weight) == 60 and min(case.spent, 2, 40) == 2", True),
        ("average(case.goals.weight) == 60", True),
        ("lower('BAPPEDA') == 'bappeda' and starts_with('2.16.01', '2.16')", True),
        ("case.supports == []", True),
        ("not filled(case.supports) and not filled(case.note) and not filled(case.decree)", True),
        ("true and not false", True),
        ("1 +\n  2 == 3", True),
        ("  true", True),
    ],
)
def test_an_expression_is_worth(text: str, wanted: bool) -> None:
    assert value(text) is wanted


def test_equality_with_an_empty_value_is_false_and_inequality_true() -> None:
    assert value("case.note == 'x'") is False
    assert value("case.note != 'x'") is True
    assert value("case.budget == null") is False
    assert value("case.note == null") is False
    assert value("case.note != null") is True
    assert value("case.note in ['x']") is False
    assert value("case.note not in ['x']") is True
    assert value("case.note == case.note") is False


def test_integers_stay_integers_and_a_quotient_is_exact_decimal() -> None:
    assert value("case.extensions + 2") == 3
    assert type(value("case.extensions + 2")) is int
    assert value("1 / 4") == Decimal("0.25")
    assert value("case.spent * 2") == Decimal(81)


def test_an_unanswered_yes_no_counts_as_no() -> None:
    assert value("case.is_urgent") is False
    assert value("not case.is_urgent") is True
    assert value("case.is_urgent or true") is True


def test_an_answer_hides_a_built_in_of_the_same_name() -> None:
    hidden = replace(ENVIRONMENT, fields={**ENVIRONMENT.fields, "unit": a_field("unit", "text")})
    assert value("case.unit == 'x'", replace(SCOPE, answers={"unit": "x"}), hidden) is True
    assert codes("case.unit == 'x'") == [("WF053", 13)]


def test_fields_may_have_names_that_python_keeps_for_itself() -> None:
    named = {key: a_field(key, "integer", required=True) for key in ("from", "class", "in", "is", "lambda", "not")}
    reserved = replace(ENVIRONMENT, fields=named)
    scope = replace(SCOPE, answers=dict.fromkeys(named, 1))
    assert value("case.from == 1 and case.class in [1] and not case.not != 1 and case.is == case.in", scope, reserved)
    assert value("case . lambda == 1", scope, reserved) is True
    assert codes("case.clasS == 1", environment=reserved) == [("WF052", 5)]
    assert codes("case.while == 1", environment=reserved) == [("WF052", 5)]
    assert codes("class == 1", environment=reserved) == [("WF051", 0)]
    assert value("'case.from' == 'case.from'") is True


def test_an_item_can_be_named_only_where_there_is_one() -> None:
    assert codes("item == 'w1'") == [("WF052", 0)]
    of_witness = replace(ENVIRONMENT, item_type=TEXT)
    assert value("item == 'w1'", replace(SCOPE, item="w1"), of_witness) is True


def test_a_row_is_asked_for_its_columns() -> None:
    of_row = replace(ENVIRONMENT, item_type=Type("row", columns=ENVIRONMENT.columns_of(GOALS)))
    scope = replace(SCOPE, item=SCOPE.answers["goals"][0])
    assert value("filled(item.weight) and item.weight == 60", scope, of_row) is True
    assert value("sum(item.indicators.weight)", scope, of_row) == 25
    assert codes("item.weight > 1", environment=of_row) == [("WF050", 0)]
    assert codes("item.weigth == 1", environment=of_row) == [("WF052", 5)]


def test_inputs_of_a_decision_table_are_names_of_their_own() -> None:
    money, _ = compile_expression("case.budget", ENVIRONMENT)
    harm, _ = compile_expression("case.harm", ENVIRONMENT)
    assert money is not None and harm is not None
    table = replace(ENVIRONMENT, inputs={"money": money.type, "harm": harm.type})
    scope = replace(SCOPE, inputs={"money": Decimal(5), "harm": "bodily"})
    assert value("filled(money) and money >= 5 and harm == 'bodily'", scope, table) is True
    assert codes("money >= 5", environment=table) == [("WF050", 0)]
    assert codes("harm == 'bodyli'", environment=table) == [("WF053", 8)]


def test_names_can_be_narrowed() -> None:
    narrow = replace(ENVIRONMENT, names=frozenset({"case", "user"}))
    assert codes("actor == user", environment=narrow) == [("WF052", 0)]


def test_an_expression_tells_what_it_reads_and_its_left_side() -> None:
    expression, _ = compile_expression("filled(case.goals) and sum(case.goals.weight) == 100", ENVIRONMENT)
    assert expression is not None and expression.left is not None
    assert expression.names == {"goals"}
    assert expression.left.text == "sum(case.goals.weight)"
    assert expression.left.evaluate(SCOPE) == 60


# -- empty values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "filled(case.budget) and case.budget > 0",
        "filled(case.budget) and true and case.budget > 0",
        "(filled(case.budget) and true) and case.budget > 0",
        "filled(case.budget) and (case.budget > 5 or case.budget < 2)",
        "filled(case.budget) and not case.budget > 5",
        "filled(case.budget) and filled(case.note) and round(case.budget) > 0",
        "case.spent > 0",
        "case.extensions > 0",
        "case.budget == 5",
        "case.budget != 5",
        "case.budget in [1, 2]",
        "sum(case.goals.weight) > 5",
        "user.limit > 5",
    ],
)
def test_a_value_that_cannot_be_empty_may_be_calculated_with(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("case.budget > 0", 0),
        ("0 < case.budget", 4),
        ("case.budget > 0 and filled(case.budget)", 0),
        ("filled(case.budget) or case.budget > 0", 23),
        ("not filled(case.budget) or case.budget > 0", 27),
        ("not filled(case.budget) and case.budget > 0", 28),
        ("(filled(case.budget) or true) and case.budget > 0", 34),
        ("not not filled(case.budget) and case.budget > 0", 32),
        ("filled(case.note) and case.budget > 0", 22),
        ("case.spent + case.budget == 1", 13),
        ("-case.budget == 1", 1),
        ("lower(case.note) == 'x'", 6),
        ("round(case.budget) == 1", 6),
        ("year(case.signed_on) == 2026", 5),
        ("max(case.budget, 1) == 1", 4),
        ("today < case.signed_on", 8),
        ("0 < case.budget < 5", 4),
    ],
)
def test_a_value_that_may_be_empty_is_found_before_it_is_calculated_with(text: str, offset: int) -> None:
    assert codes(text) == [("WF050", offset)]


def test_where_no_condition_can_stand_before_an_empty_value_a_default_is_suggested() -> None:
    _, (finding,) = compile_expression("add_days(case.signed_on, 1)", ENVIRONMENT, "date")
    assert finding.code == "WF050" and finding.suggestion is None
    assert finding.message.en == "case.signed_on may be empty; give the field a 'default' or 'required: true'."
    _, (finding,) = compile_expression("case.budget + 1 == 2", ENVIRONMENT, "boolean")
    assert finding.suggestion == "filled(case.budget) and …"


# -- names and types -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "offset", "suggestion"),
    [
        ("case.bugdet == 1", 5, "budget"),
        ("case.goals.weigth == []", 11, "weight"),
        ("case.goals.indicators.wieght == []", 22, "weight"),
        ("parameters.limit_day == 1", 11, "limit_days"),
        ("count(case_roles.lead_investigtor) == 1", 17, "lead_investigator"),
        ("conut(case.goals) == 1", 0, "count"),
        ("in_state('draftin')", 9, "drafting"),
        ("was_in_state('sign_of')", 13, "sign_off"),
        ("initiatr == user", 0, "initiator"),
        ("initiator.limitt == 1", 10, "limit"),
        ("case.title_line == 1", 5, None),
        ("case.witnesses.name == 1", 15, None),
        ("True", 0, "true"),
        ("filled(None)", 7, "null"),
        ("eval('1')", 0, None),
        ("__x == 1", 0, None),
    ],
)
def test_an_unknown_name_is_found_where_it_stands(text: str, offset: int, suggestion: str | None) -> None:
    finding = compile_expression(text, ENVIRONMENT)[1][0]
    assert (finding.code, finding.offset) == ("WF054" if text.startswith("__") else "WF052", offset)
    if suggestion is not None:
        assert finding.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("case.spent == 'x'", 14),
        ("case.harm == 3", 13),
        ("case.harm == 'bodyli'", 13),
        ("'bodyli' != case.harm", 0),
        ("case.harm in ['none', 'bodyli']", 22),
        ("'healht' in case.supports", 0),
        ("case.harm < 'money'", 0),
        ("case.grade == 'BB'", 14),
        ("case.grade > 'D'", 13),
        ("case.reported == 'bob'", 17),
        ("case.due_on == 5", 15),
        ("case.due_on < now", 14),
        ("case.due_on == '2026-05-05'", 15),
        ("case.goals == 1", 14),
        ("case.goals > 1", 0),
        ("true < false", 0),
        ("case.spent + 'x' == 1", 13),
        ("case.due_on + 1 == today", 14),
        ("1 in 5", 5),
        ("'a' in 'abc'", 7),
        ("1 in case.witnesses", 5),
        ("case.spent and true", 0),
        ("not case.spent", 4),
        ("case == 1", 0),
        ("count(5) == 1", 6),
        ("sum(case.witnesses) == 1", 4),
        ("any(case.goals.weight)", 4),
        ("round() == 1", 0),
        ("count(case.goals, 1) == 1", 0),
        ("date(2026, 5) == today", 0),
        ("in_state(case.harm)", 9),
        ("lower(5) == 'x'", 6),
        ("[1, 'x'] == []", 4),
        ("max(1, 'x') == 1", 7),
        ("min(1, 2.5, today) == 1", 12),
        ("null < 1", 0),
    ],
)
def test_types_that_do_not_fit_are_found_where_they_stand(text: str, offset: int) -> None:
    assert codes(text) == [("WF053", offset)]


def test_a_minus_before_a_text_says_that_it_is_text() -> None:
    found = compile_expression("-'x' == 1", ENVIRONMENT)[1]
    assert [each.message.en for each in found] == ["A minus before text."]


def test_every_problem_of_an_expression_is_reported_once_a_token() -> None:
    assert codes("case.bugdet == 1 and conut(case.goals) > 1 and case.harm == 'x'") == [
        ("WF052", 5),
        ("WF052", 21),
        ("WF053", 60),
    ]


@pytest.mark.parametrize(
    ("text", "expected", "is_fine"),
    [
        ("case.spent", "boolean", False),
        ("case.is_urgent", "boolean", True),
        ("case.due_on", "date", True),
        ("now", "date", True),
        ("case.spent", "date", False),
        ("count(case.goals)", "decimal", True),
        ("case.spent", "integer", False),
        ("case.witnesses", "list", True),
        ("case.goals", "list", True),
        ("case.harm", "text", True),
        ("case.reported", "person", True),
        ("case.note", "person", False),
    ],
)
def test_what_must_come_out_is_checked(text: str, expected: str, is_fine: bool) -> None:
    assert codes(text, expected) == ([] if is_fine else [("WF053", 0)])


# -- faults --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "case.spent / 0",
        "1 / (case.extensions - 1)",
        "99999999999999999999999999999 * 99999999999999999999999999999",
        "case.spent * 99999999999999999999999999999 * 99999999999999999999999999999",
        "add_days(case.due_on, 9999999)",
        "add_working_days(case.due_on, -9999999)",
        "working_days_between(date(1900, 1, 1), case.due_on)",
        "date(2026, 2, 30)",
        "date('yesterday')",
        "date('2026-1-1')",
        "date(99999999999, 1, 1)",
        "round(case.spent, 99999999999)",
        "max(case.goals.indicators.weight) + min([])",
        "average([])",
        "actor.limit > 5",
        "(case.due_on - today) * 99999999999999999999",
    ],
)
def test_what_cannot_be_calculated_is_a_fault_with_a_sentence(text: str) -> None:
    expression, findings = compile_expression(text, ENVIRONMENT)
    assert expression is not None, findings
    with pytest.raises(ExpressionFault) as fault:
        expression.evaluate(SCOPE)
    assert fault.value.reason.id and fault.value.reason.en


def test_an_empty_value_met_all_the_same_is_a_fault_that_names_it() -> None:
    expression, _ = compile_expression("case.spent > 1", ENVIRONMENT)
    assert expression is not None
    with pytest.raises(ExpressionFault) as fault:
        expression.evaluate(replace(SCOPE, answers={}))
    assert fault.value.reason.en == "'Spent' is empty."


def test_values_of_a_wrong_kind_are_a_fault_and_not_an_error() -> None:
    for text in ("case.spent > 1", "sum(case.goals.weight) > 1", "case.spent + 1 > 1", "year(case.due_on) > 1"):
        expression, _ = compile_expression(text, ENVIRONMENT)
        assert expression is not None
        with pytest.raises(ExpressionFault):
            expression.evaluate(replace(SCOPE, answers={"spent": "x", "due_on": "x", "goals": [{"weight": "x"}]}))


# -- reading out ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "indonesian", "english"),
    [
        (
            "count(case.witnesses) >= 3",
            "Banyaknya Witnesses adalah 2; paling sedikit 3.",
            "The number of Witnesses is 2; it must be at least 3.",
        ),
        (
            "filled(case.budget) and case.budget > 1000000",
            "Budget adalah 100; harus lebih dari 1.000.000.",
            "Budget is 100; it must be more than 1,000,000.",
        ),
        ("filled(case.note)", "Note belum diisi.", "Note is not filled in."),
        (
            "sum(case.goals.weight) == 100",
            "Jumlah Weight adalah 60; harus sama dengan 100.",
            "The sum of Weight is 60; it must be 100.",
        ),
        (
            "case.due_on < date(2026, 5, 1)",
            "Due_On adalah 20 Mei 2026; harus sebelum 1 Mei 2026.",
            None,
        ),
        ("5 < case.extensions < 9", "Extensions adalah 1; harus lebih dari 5.", None),
        ("0 < case.extensions < 1", "Extensions adalah 1; harus kurang dari 1.", None),
    ],
)
def test_a_guard_that_fails_is_read_out_with_its_values(text: str, indonesian: str, english: str | None) -> None:
    expression, findings = compile_expression(text, ENVIRONMENT)
    assert expression is not None, findings
    assert expression.evaluate(SCOPE) is False
    assert expression.explain(SCOPE).id == indonesian
    if english is not None:
        assert expression.explain(SCOPE).en == english


def test_people_are_read_out_by_name_and_what_is_not_for_all_is_not_read_out() -> None:
    expression, _ = compile_expression("case.reported == initiator", ENVIRONMENT)
    assert expression is not None
    assert expression.explain(SCOPE).id == "Reported adalah Bob; harus sama dengan Pembuka kasus (Ann)."
    secret = replace(ENVIRONMENT.fields["reported"], classification="confidential")
    goals = replace(
        GOALS, columns={**GOALS.columns, "code": replace(GOALS.columns["code"], classification="restricted")}
    )
    private = replace(ENVIRONMENT, fields={**ENVIRONMENT.fields, "reported": secret, "goals": goals})
    for text in ("case.reported == initiator", "'S3' in case.goals.code"):
        expression, _ = compile_expression(text, private)
        assert expression is not None
        sentence = expression.explain(SCOPE)
        assert "Bob" not in sentence.id + sentence.en and "S1" not in sentence.id + sentence.en
        assert sentence.en.endswith("does not meet the condition.")


def test_a_choice_is_read_out_by_its_titles() -> None:
    titled = a_field(
        "harm", "choice", options={"money": {"title": {"id": "Uang", "en": "Money"}}, "bodily": Text("Luka", "Injury")}
    )
    environment = replace(ENVIRONMENT, fields={**ENVIRONMENT.fields, "harm": titled})
    for text, words in (
        ("case.harm == 'bodily'", "Harm adalah Uang; harus sama dengan Luka."),
        ("case.harm in ['bodily']", "Harm adalah Uang; harus salah satu dari Luka."),
    ):
        expression, findings = compile_expression(text, environment)
        assert expression is not None, findings
        assert expression.explain(SCOPE).id == words


def test_reading_out_never_raises() -> None:
    for text in ("case.spent / 0 > 1", "case.spent > 1", "not case.is_urgent", "true", "1 < 2 < 1"):
        expression, _ = compile_expression(text, ENVIRONMENT)
        assert expression is not None
        assert expression.explain(replace(SCOPE, answers={})).id
