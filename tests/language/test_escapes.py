# ruff: noqa: E501 - a case a line is easier to read and to add to
"""Attempts to have Python evaluated, or to break out: in every place an author may write, a finding and nothing else."""

from __future__ import annotations

import builtins
import json
import os
import subprocess
from collections.abc import Iterator, Mapping

import pytest

from engine import vocabulary
from engine.definitions.load import build, load_tree
from engine.definitions.problems import Problem
from engine.definitions.tree import from_texts
from tests.bounded import within
from tests.engine.definitions.leave import FORM, TEMPLATES, WORKFLOW, changed, shown
from tests.language.linting import marked

ATTEMPTS = [
    "__import__('os').system('touch /tmp/escaped')", "().__class__.__base__.__subclasses__()", "''.__class__.__mro__[1]", "case.__class__", "case.days.__class__.__name__ == 'int'",
    "case.reason.format('x')", "case.reason.format_map(case)", "'{0.__class__}'.format(case)", "f'{case.days}'", "'%s' % case.reason", "getattr(case, '__class__')", "setattr(case, 'days', 1)",
    "eval('1+1')", "exec('import os')", "compile('1', '', 'eval')", "open('/etc/passwd')", "globals()", "locals()", "vars()", "dir()", "type(case)", "object", "print(1)", "input()", "breakpoint()", "exit()", "help()",
    "lambda: 1", "(lambda: 1)()", "[x for x in case.backups]", "{x for x in case.backups}", "{'a': 1}", "(x for x in case.backups)", "(x := 5)", "1 if true else 2", "await case.days", "yield 1",
    "case.backups[0]", "case['days']", "case.backups[0:1]", "[*case.backups]", "count(*case.backups)", "count(**case)", "count(case.backups, key=1)", "count.__call__(case.backups)", "filled.__globals__", "count",
    "2 ** 999999999", "9 << 999999999", "'a' * 999999999", "[1] * 999999999", "case.reason * 999999999", "1e999", "0x10", "1j", "10 // 3", "10 % 3", "~1", "+1", "1 @ 1", "1 is 1", "not",
    "import os", "case.days = 3", "case.days; case.days", "case.days # and false", "case.days == 3 \\\n or true", "del case", "assert true", "return 1", "class A: pass", "case.days == 3) or (true", "b'x' == b'x'", "r'x' == 'x'",
    "'a' 'b' == 'ab'", "'''x''' == 'x'", "'\\x41' == 'A'", "...", "True", "None", "__debug__", "__builtins__", "case.__dict__", "case._x", "self", "user.__class__", "actor.password", "case.parts.__class__", "parameters.__class__",
    "os.system('id')", "sys.modules", "request.environ", "config", "session", "case.days.real", "case.days.bit_length()", "case.until.strftime('%Y')", "now.timestamp()", "today.replace(2020)",
    "(" * 300 + "1" + ")" * 300, "[" * 200 + "]" * 200, "-" * 400 + "1", "not " * 100 + "true", "1" + "+1" * 200, "x" * 501, "9" * 400, "case" + ".x" * 200, "count(" * 80 + "1" + ")" * 80, "true or " * 62 + "true",
    "", "   ", "\x00", "case.days == 3\x00", "\ud800", "\uff43ase.days == 3", "case\u2024days == 3", "case.day\u017f == 3", "\u202ecase.days", "case.days \u200b== 3", "case.days == \u0663",
]  # fmt: skip

REVIEW = "task: {candidates: [head], excluded: [employee], form: leave}"
PLACES: Mapping[str, tuple[str, str, str]] = {  # file, what stands there, what stands there instead
    "a guard": ("w", "approve: {to: granted}", "approve: {to: granted, guard: ^^EXPR}"),
    "an automatic guard": ("w", "    granted: {type: final}", "    granted: {always: {a: {order: 1, guard: ^^EXPR, to: dropped}, b: {order: 2, to: dropped}}}"),
    "a separation of duties": ("w", "notifications:", "separation_of_duties: {x: {applies_to: [head], exclude_when: ^^EXPR}}\nnotifications:"),
    "an input of a decision table": ("w", "notifications:", "decision_tables: {x: {hit_policy: first, inputs: {a: ^^EXPR}, outputs: {b: text}, rules: {r: {order: 1, then: {b: x}}}}}\nnotifications:"),
    "a condition of a decision table": ("w", "notifications:", "decision_tables: {x: {hit_policy: first, inputs: {a: case.days}, outputs: {b: text}, rules: {r: {order: 1, when: {a: ^^EXPR}, then: {b: x}}}}}\nnotifications:"),
    "a value that is set": ("w", "approve: {to: granted}", "approve: {to: granted, effects: {x: {set: {field: days, value: {expression: ^^EXPR}}}}}"),
    "a number that is added": ("w", "approve: {to: granted}", "approve: {to: granted, effects: {x: {increment: {field: days, by: {expression: ^^EXPR}}}}}"),
    "an item that is appended": ("w", "approve: {to: granted}", "approve: {to: granted, effects: {x: {append: {field: backups, value: {expression: ^^EXPR}}}}}"),
    "an answer of a linked case": ("w", "approve: {to: granted}", "approve: {to: granted, effects: {x: {open_case: {case_type: other, answers: {a: ^^EXPR}, link: l}}}}"),
    "a value for a connector": ("w", "approve: {to: granted}", "approve: {to: granted, effects: {x: {call: {connector: c, with: {a: ^^EXPR}}}}}"),
    "the moment of a timer": ("w", "        remind:", "        more: {at: ^^EXPR, effects: {tell: {notify: reminder}}}\n        remind:"),
    "a due date": ("w", REVIEW, REVIEW.replace("form: leave", "form: leave, due: ^^EXPR")),
    "the first day of a schedule": ("w", "notifications:", 'schedules: {x: {title: X, from: ^^EXPR, to: "date(2026, 1, 1)"}}\nnotifications:'),
    "a list of items": ("w", "      " + REVIEW, f"      multi_instance: {{collection: ^^EXPR, element: one}}\n      {REVIEW}"),
    "when an approver is needed": ("w", REVIEW, "approval: {approvers: {a: {candidates: [head], needed_when: ^^EXPR}}, excluded: [employee], form: leave}"),
    "where a line ends": ("w", REVIEW, "approval: {approvers_along: {from: employee, relation: superior, until: ^^EXPR}, form: leave}"),
    "a list of approvers": ("w", REVIEW, "approval: {approvers_for_each: {collection: ^^EXPR, owner: item}, form: leave}"),
    "an owner in a list": ("w", REVIEW, "approval: {approvers_for_each: {collection: case.parts, owner: ^^EXPR}, form: leave}"),
    "when a field is seen": ("f", "days: {order: 20}", "days: {order: 20, visible_when: ^^EXPR}"),
    "when a field is required": ("f", "days: {order: 20}", "days: {order: 20, required_when: ^^EXPR}"),
    "when a section is seen": ("f", "order: 10, title: Leave, fields", "order: 10, title: Leave, visible_when: ^^EXPR, fields"),
    "when a check is asked": ("f", 'when: "days_between(today, today) == 0"', "when: ^^EXPR"),
    "what a check asks": ("f", 'that: "case.days <= 30"', "that: ^^EXPR"),
    "a computed field": ("f", "  until: {type: date", "  extra: {type: integer, title: X, computed: ^^EXPR}\n  until: {type: date"),
    "a computed column": ("f", "hours: {type: integer, title: Hours}}", "hours: {type: integer, title: Hours}, extra: {type: integer, title: X, computed: ^^EXPR}}"),
    "a value for a source of rows": ("f", "  until: {type: date", "  rows: {type: table, title: R, columns: {a: {type: text, title: A}}, rows_from: {source: sakip.indicators, with: {a: ^^EXPR}}}\n  until: {type: date"),
    "what a sealed type hides from": ("w", "notifications:", "visibility: {hidden_from: [^^EXPR]}\nnotifications:"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_is_evaluated(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """While definitions are read nothing may be handed to Python's evaluation, a shell or another program."""
    reached: list[str] = []

    def trap(name: str):
        return lambda *values, **named: reached.append(name)

    monkeypatch.setattr(builtins, "eval", trap("eval"))
    for owner, name in ((os, "system"), (os, "popen"), (subprocess, "Popen")):
        monkeypatch.setattr(owner, name, trap(name))
    yield
    assert reached == []


def checked(workflow: str = WORKFLOW, form: str = FORM, seconds: float = 10.0) -> list[Problem]:
    """All findings, found in bounded time; no definition comes out when there is an error."""
    files = {"workflows/leave.yaml": workflow, "forms_config/leave.yaml": form}
    with within(seconds):
        problems = load_tree(from_texts(files), vocabulary.load(), TEMPLATES).problems
    lines = {path: text.count("\n") + 1 for path, text in files.items()}
    for each in problems:
        assert 1 <= each.line <= lines[each.file] and each.column >= 1
        assert each.message.id.strip() and each.message.en.strip()
    return problems


def quoted(text: str) -> str:
    """An attempt as YAML text in double quotes."""
    return json.dumps(text)


@pytest.mark.parametrize("place", sorted(PLACES))
def test_6_no_attempt_gets_past_the_checks_in_any_place(place: str) -> None:
    where, old, new = PLACES[place]
    for attempt in ATTEMPTS:
        workflow, form = WORKFLOW, FORM
        written = new.replace("EXPR", quoted(attempt))
        if where == "w":
            workflow, places = marked(changed(WORKFLOW, (old, written)))
        else:
            form, places = marked(changed(FORM, (old, written)))
        problems = checked(workflow, form)
        at = [each for each in problems if each.is_error and each.code[:4] in ("WF00", "WF01", "WF05")]
        assert at, (attempt, shown(problems))
        line = places[0][0]
        assert any(each.line >= line for each in at), (attempt, shown(problems))


@pytest.mark.parametrize("attempt", [
    "{case.number.__class__}", "{case.__class__.__init__.__globals__}", "{0}", "{}", "{case[number]}", "{case.number!r}", "{case.number:>999999999}", "{case.number.__class__.__mro__}", "{actor.password_hash}",
    "{config.SECRET_KEY}", "{request}", "{self}", "{7*7}", "{{7*7}}{x}", "{% for x in y %}{x}", "{case.days.__add__}", "{case}", "{__import__('os')}", "{ case.number }", "{case.numb er}", "{unit.code.__class__}",
])  # fmt: skip
def test_5_no_text_of_a_mail_reaches_anything_but_its_variables(attempt: str) -> None:
    for part in ("subject", "body"):
        text = {"subject": "Kabar", "body": "Kabar", part: attempt}
        written = f"template: {{subject: {quoted(text['subject'])}, body: {quoted(text['body'])}}}}}"
        problems = checked(changed(WORKFLOW, ("template: reminder}", written)))
        assert [each.code for each in problems] == ["WF061"], shown(problems)


@pytest.mark.parametrize(
    "attempt",
    [
        "{year.__class__}",
        "{seq:999999999}",
        "{seq!r}",
        "{0}",
        "{}",
        "{seq:04}{seq.__class__}",
        "{case.number}",
        "{unit.__init__}",
        "{{year}}{x}",
        "{seq:>9}",
        "{ year }",
    ],
)
def test_2_no_pattern_of_a_number_reaches_anything_but_its_names(attempt: str) -> None:
    problems = checked(changed(WORKFLOW, ("legal_basis:", f"numbering: {quoted(attempt)}\nlegal_basis:")))
    assert [each.code for each in problems] == ["WF061"], shown(problems)


@pytest.mark.parametrize(
    "attempt", ["{value.__class__}", "{0}", "{}", "{days}", "{value!r}", "{value:>999}", "{value[0]}"]
)
def test_7_no_message_of_a_check_reaches_anything_but_the_value(attempt: str) -> None:
    problems = checked(form=changed(FORM, ("At most 30, not {value}.", attempt)))
    assert [each.code for each in problems] == ["WF061"], shown(problems)


@pytest.mark.parametrize("attempt", [
    "(a+)+$", "(a|a)*$", "(a|aa)+$", "([a-zA-Z]+)*$", "(.*)*$", "(a*)*b", "((a+)b?)+$", "(x+x+)+y", "^(a?){40}a{40}$", "(.*a){20}", "(a+){10}", "a*a*a*a*a*a*b", "(?=a)b", "(?<=a)b", "(?!a)b", "(a)\\1", "(?P<n>a)(?P=n)",
    "[", "(", "*a", "a{99999}", "a{1000}{1000}", "(?i:(a+)+)", "(?:a+)+$", "\\", "(a{1,50}){1,50}$", "(\\d+)*x", "(?#)(a+)+", "(?R)", "(?{code})",
])  # fmt: skip
def test_7_a_pattern_that_could_run_for_ever_is_refused_or_answers_at_once(attempt: str) -> None:
    form = changed(
        FORM,
        (
            "reason: {type: text, title: Reason, required: true}",
            f"reason: {{type: text, title: Reason, pattern: {quoted(attempt)}}}",
        ),
    )
    problems = checked(form=form)
    if problems:
        assert [each.code for each in problems] == ["WF012"], shown(problems)
        return
    definition, _ = build(
        {"workflows/leave.yaml": WORKFLOW, "forms_config/leave.yaml": form}, "leave", vocabulary.load()
    )
    field = definition.fields["reason"]
    for text in ("a" * 500, "a" * 499 + "!", "ab" * 250, "x" * 400 + "y", "1" * 500 + "x"):
        with within(2):
            vocabulary.load().field_types["text"].default_fault(text, field)


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(("what", "content", "codes"), [
    ("a billion laughs", BOMB, {"WF004"}), ("a merge", "<<: {a: 1}\n", {"WF004"}), ("an object", "a: !!python/object/apply:os.system ['id']\n", {"WF004"}), ("a name", "a: !!python/name:os.system\n", {"WF004"}), ("binary", "a: !!binary aGk=\n", {"WF004"}),
    ("a set", "a: !!set {x}\n", {"WF004"}), ("a local tag", "a: !ENV ${HOME}\n", {"WF004"}), ("a tag by address", "a: !<tag:yaml.org,2002:str> x\n", {"WF004"}), ("a tag directive", "%TAG ! tag:x,2000:\n---\na: !b c\n", {"WF004"}), ("a recursive alias", "a: &a [*a]\n", {"WF004"}),
    ("a second document", "a: 1\n---\nb: 2\n", {"WF004"}), ("deep lists", "[" * 5000, {"WF005", "WF001"}), ("deep maps", "{a: " * 5000, {"WF005", "WF001"}), ("deep blocks", "".join(" " * n + "a:\n" for n in range(300)), {"WF005"}), ("deep entries", "- " * 5000 + "x", {"WF005"}),
    ("a megabyte", "a: " + "x" * 1_000_000, {"WF005"}), ("many keys", "".join(f"k{n}: 1\n" for n in range(40000)), None), ("a NUL", "a: \0\n", {"WF001"}), ("an escape", "a: \x1b[2J\n", {"WF001"}), ("a bell", "a: \x07\n", {"WF001"}), ("a delete", "a: \x7f\n", {"WF001"}),
    ("half a character", b"a: \xff\n", {"WF001"}), ("UTF-16", "a: 1\n".encode("utf-16"), {"WF001"}), ("UTF-16 without a mark", "a: 1\n".encode("utf-16-le"), {"WF001"}), ("UTF-32", "a: 1\n".encode("utf-32"), {"WF001"}), ("Latin-1", "a: é\n".encode("latin-1"), {"WF001"}),
    ("a lone surrogate", "a: \ud800\n", {"WF001"}), ("an escaped surrogate", 'a: "\\ud800"\n', None), ("an overlong form", b"a: \xc0\xaf\n", {"WF001"}), ("a noncharacter", "a: \uffff\n", {"WF001"}), ("nothing", "", {"WF011"}), ("only a mark", "\ufeff", {"WF011"}), ("a colon", ":", None), ("a question", "? ? ?", None),
    ("a tab", "a:\n\tb: 1\n", {"WF002"}), ("an unclosed text", "a: 'x", {"WF001"}), ("an unknown escape", 'a: "\\q"', {"WF001"}), ("a list", "- a\n", None), ("a text", "just words\n", None), ("a number", "42\n", None), ("a key that is a map", "? {a: b}\n: c\n", None), ("a key that is a list", "[a, b]: c\n", None),
    ("a huge number", "schema: casework/1\nversion: " + "9" * 100_000 + "\n", None), ("a huge decimal", "a: 0." + "9" * 100_000 + "\n", None), ("an endless exponent", "a: 1e999999999\n", None), ("no number", "a: .nan\n", None), ("endless", "a: -.inf\n", None), ("sexagesimal", "a: 190:20:30\n", None),
])  # fmt: skip
def test_1_a_hostile_file_is_findings_in_bounded_time(what: str, content: str | bytes, codes: set[str] | None) -> None:
    with within(10):
        problems = load_tree(from_texts({"workflows/a.yaml": content}), vocabulary.load(), TEMPLATES).problems
    assert problems, what
    found = {each.code for each in problems}
    assert codes is None or (codes & found and found <= {*codes, "WF010", "WF011", "WF013", "WF012"}), (
        what,
        shown(problems),
    )


@pytest.mark.parametrize(("what", "change"), [
    ("a mark at the beginning", lambda text: "\ufeff" + text), ("ends of lines of another system", lambda text: text.replace("\n", "\r\n")), ("no end of the last line", lambda text: text.rstrip("\n")), ("letters of other scripts", lambda text: text.replace("title: Leave", "title: \u4f11\u6687 ğ 🏖")),
    ("comments anywhere", lambda text: "# a\n" + text.replace("roles:\n", "roles: # b\n")), ("a beginning and an end of the document", lambda text: "---\n" + text + "...\n"),
])  # fmt: skip
def test_1_a_harmless_oddity_changes_nothing(what: str, change) -> None:
    assert not checked(change(WORKFLOW)), shown(checked(change(WORKFLOW)))


VALUES = [
    "9" * 5000, "-1", "0", "1.5", ".nan", ".inf", "true", "null", "~", "[]", "{}", "''", '"\\0"', '"\\u202e"', '"' + "x" * 5000 + '"', "[[[[]]]]", "{a: {b: {c: d}}}", "2026-02-30", "9999-12-31", "0000-00-00",
    "99999999999999999999", '"${x}"', '"${review_days}"', '"${review_days}${review_days}"', '"../../etc/passwd"', '"__class__"', "!x y", "&a b", "*a", "<<", "|\n  x", "'\n  x'",
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=[each[:24] for each in VALUES])
def test_12_any_value_in_any_place_is_taken_or_found(value: str) -> None:
    for source in (WORKFLOW, FORM):
        spots = [at for at, letter in enumerate(source) if letter == ":" and source[at + 1 : at + 2] == " "]
        for at in spots[::3]:
            end = min(found for found in (source.find(mark, at) for mark in (",", "}", "\n")) if found > 0)
            text = source[: at + 2] + value + source[end:]
            if source is WORKFLOW:
                checked(text)
            else:
                checked(form=text)


def test_6_there_are_more_than_eighty_attempts() -> None:
    assert len(set(ATTEMPTS)) >= 80
