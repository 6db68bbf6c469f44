"""Whatever an author writes as an expression: a finding, never a traceback, never Python."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions.expressions import ExpressionFault, Scope, compile_expression
from engine.definitions.model import Field, Text
from engine.vocabulary import load
from tests.bounded import within

ENVIRONMENT = load().environment(
    fields={
        key: Field(key, kind, Text(key, key), None, True, None, "ordinary", None, {}, {})
        for key, kind in (("x", "integer"), ("t", "text"), ("l", "list"), ("b", "yes_no"))
    },
    states=("draft",),
)
SCOPE = Scope(answers={"x": 3, "t": "abc", "l": ["a"], "b": True})

ESCAPES = [
    "__import__('os').system('true')",
    "().__class__.__base__.__subclasses__()",
    "''.__class__.__mro__[1].__subclasses__()",
    "case.__class__",
    "case.x.__class__",
    "case.t.format('x')",
    "case.t.upper()",
    "case.l.append(1)",
    "case.__dict__['x']",
    "getattr(case, 'x')",
    "getattr(case.x, '__class__')",
    "eval('1+1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "open('/etc/passwd').read()",
    "globals()",
    "locals()['x']",
    "vars()",
    "print(1)",
    "breakpoint()",
    "lambda: 1",
    "(lambda: 1)()",
    "[x for x in [1]]",
    "[*case.l]",
    "{x for x in [1]}",
    "{'a': 1}",
    "{1, 2}",
    "(1, 2)",
    "()",
    "sum(x for x in case.l)",
    "(x := 5)",
    "case.x if true else 1",
    "await case.x",
    "yield 1",
    "f'{case.x}'",
    "f'{case.x.__class__}'",
    "'%s' % case.t",
    "'{0.__class__}'.format(case)",
    "b'abc' == b'abc'",
    "r'a' == 'a'",
    "u'a' == 'a'",
    "'a' 'b' == 'ab'",
    "'''a''' == 'a'",
    "'\\x5f' == '_'",
    "'a\\nb' == 'x'",
    "case.l[0] == 'a'",
    "case.l[0:1] == []",
    "case['x'] == 1",
    "case.x ** 2 == 9",
    "2 ** 999999999",
    "case.x // 2 == 1",
    "case.x % 2 == 1",
    "case.x << 9999",
    "case.x >> 1",
    "case.x & 1",
    "case.x | 1",
    "case.x ^ 1",
    "~case.x",
    "+case.x",
    "case.x @ case.x",
    "case.x is 3",
    "case.x is not 3",
    "'a' * 9999999999",
    "case.t * 100000000",
    "[1] * 99999999",
    "case.l * 999999999",
    "1e400 > 1",
    "1e5 == 1",
    "1.5e3 > 1",
    "0x10 == 16",
    "0b1 == 1",
    "0o7 == 7",
    "1j == 1",
    "1if true else 2",
    "... == 1",
    "Ellipsis",
    "True",
    "False",
    "None",
    "count(case.l, key=1)",
    "count(*case.l)",
    "count(**case.l)",
    "count.__call__(case.l)",
    "count",
    "filled",
    "case.x; case.x",
    "case.x # and false",
    "case.x == 3 # a comment\nand false",
    "case.x \\\n == 3",
    "import os",
    "case.x = 3",
    "case.x == 3)",
    "(case.x == 3",
    "x) or (true",
    "del case.x",
    "assert true",
    "not",
    "and true",
    "",
    "   ",
    "\n",
    "\x00",
    "case.x == 3\x00",
    "\ud800",
    "'\ud800' == case.t",
    "case\u2024x",
    "\uff43\uff41\uff53\uff45.x == 3",
    "\u212aase",
    "case.\u0445 == 3",
    "case.x == \u0663",
    "case.x\u00a0== 3",
    "`case.x`",
    "$x",
    "case.x ? 1 : 2",
    "case->x",
    "case.x && true",
    "!case.b",
    "case..x",
    ".x",
    "case.",
    "_",
    "__",
    "case.__",
    "in_state('draft', 'draft')",
    "in_state()",
    "in_state(['draft'])",
    "in_state('__class__')",
    "(" * 249 + "1" + ")" * 249,
    "[" * 249 + "]" * 249,
    "-" * 499 + "1",
    "not " * 124 + "true",
    "1" + "+1" * 249,
    "case" + ".x" * 240,
    "case" + ".a" * 240 + "==1",
    "9" * 500,
    "9" * 31,
    "0." + "9" * 40 + " > 1",
    "count(" * 80 + "1" + ")" * 80,
    "1 < " * 120 + "1",
    "true or " * 60 + "true",
    "x" * 501,
    "x" * 100_000,
    "(" * 100_000,
    "'" + "a" * 600 + "'",
]


@pytest.mark.parametrize("text", ESCAPES, ids=range(len(ESCAPES)))
def test_an_attempt_to_escape_ends_as_a_finding(text: str) -> None:
    with within(5), warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        expression, findings = compile_expression(text, ENVIRONMENT)
    assert heard == []
    assert expression is None
    assert {each.code for each in findings} <= {"WF050", "WF051", "WF052", "WF053", "WF054"}
    assert all(0 <= each.offset <= len(text) and each.message.id and each.message.en for each in findings)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("case.x ** 2 == 9", "WF054"),
        ("case.x == 3 # note", "WF054"),
        ("case.__class__", "WF054"),
        ("lambda: 1", "WF054"),
        ("case.l[0]", "WF054"),
        ("1 if true else 2", "WF054"),
        ("True", "WF052"),
        ("case.x ==", "WF051"),
        ("(case.x", "WF051"),
        ("", "WF051"),
        ("\x00", "WF051"),
        ("x" * 501, "WF054"),
        ("1" + "+1" * 31, "WF054"),
    ],
)
def test_the_code_says_whether_it_is_unreadable_unknown_or_not_allowed(text: str, code: str) -> None:
    assert [each.code for each in compile_expression(text, ENVIRONMENT)[1]] == [code]


def test_five_hundred_characters_and_sixty_parts_are_allowed() -> None:
    fits = "true" + " " * 496
    assert compile_expression(fits, ENVIRONMENT)[1] == []
    assert [each.code for each in compile_expression(fits + " ", ENVIRONMENT)[1]] == ["WF054"]
    assert compile_expression("1" + "+1" * 29 + " == 3", ENVIRONMENT)[1][0].code == "WF054"
    assert compile_expression("1" + "+1" * 28 + " == 3", ENVIRONMENT)[1] == []


def test_offsets_count_characters_also_after_letters_outside_ascii() -> None:
    findings = compile_expression("case.t == 'ğüé' and case.y == 1", ENVIRONMENT)[1]
    assert [(each.code, each.offset) for each in findings] == [("WF052", 25)]


VOCABULARY = (
    "case . x t l b count sum filled in_state ( ) [ ] , 'draft' 'a' 1 2.5 0 true false null and or not in == != < <= > "
    ">= + - * / today now user item round max date __class__ lambda if else : ** % # \\ ' \" \n"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))


@given(st.lists(WORDS, max_size=40).map(" ".join))
@settings(max_examples=600, deadline=None)
def test_any_mixture_of_words_is_a_value_or_a_finding_or_a_fault(text: str) -> None:
    expression, findings = compile_expression(text, ENVIRONMENT)
    assert (expression is None) == bool(findings)
    if expression is not None:
        try:
            expression.evaluate(SCOPE)
        except ExpressionFault as fault:
            assert fault.reason.id
        assert expression.explain(SCOPE).id


@given(st.text(max_size=600))
@settings(max_examples=400, deadline=None)
def test_any_text_is_a_value_or_a_finding(text: str) -> None:
    expression, findings = compile_expression(text, ENVIRONMENT)
    assert (expression is None) == bool(findings)


OPERANDS = st.sampled_from(["case.x", "1", "2.5", "0", "count(case.l)", "-3"])


SUMS = st.recursive(
    OPERANDS,
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map("({0[0]} {0[1]} {0[2]})".format),
    max_leaves=20,
)


@given(SUMS)
@settings(max_examples=300, deadline=None)
def test_any_calculation_gives_an_exact_number_or_a_fault(text: str) -> None:
    expression, findings = compile_expression(text, ENVIRONMENT)
    if expression is None:
        assert [each.code for each in findings] == ["WF054"]
        return
    try:
        assert not isinstance(expression.evaluate(SCOPE), float)
    except ExpressionFault:
        assert "/" in text
