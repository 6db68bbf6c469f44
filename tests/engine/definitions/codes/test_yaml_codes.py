"""WF001 to WF006 and WF013: what a file may not hold, whatever it means."""

from __future__ import annotations

import pytest

from engine.definitions.problems import Problems
from engine.definitions.source import MAXIMUM_BYTES, read
from tests.engine.definitions.leave import FORM, WORKFLOW, changed, leave, shown, unmarked

REFUSED = [
    ("WF001", "a: b^^: c"),
    ("WF001", "a: [b, c\nd^^: "),
    ("WF001", 'a: ^^"b\\u0001c"'),
    ("WF001", 'a: ^^"b\\0"'),
    ("WF001", '^^"\\x1b": c'),
    ("WF002", "a:\n^^\t- b\n"),
    ("WF002", "a:\n  ^^\tb: c\n"),
    ("WF002", "a: {\n^^\tb: c}\n"),
    ("WF002", "a: 1 # x\n^^\t\nb: 2\n"),
    ("WF002", "a:\n  b: {c: 1}\n  ^^\t\n  d: 2\n"),
    ("WF003", "a: 1\nb: 2\n^^a: 3\n"),
    ("WF003", "a: {b: 1, ^^b: 2}"),
    ("WF003", 'a: 1\n^^"a": 2\n'),
    ("WF004", "a: ^^&x 1\n"),
    ("WF004", "a: 1\nb: ^^*x\n"),
    ("WF004", "a: ^^!!str 1\n"),
    ("WF004", "a: ^^!mine {b: 1}\n"),
    ("WF004", "^^<<: {a: 1}\n"),
    ("WF004", "a: 1\n^^---\nb: 2\n"),
    ("WF005", "[" * 40 + "^^[" + "]" * 41),
    ("WF012", "^^[a]: b"),
    ("WF013", "a: ^^NO"),
    ("WF013", "a: ^^on"),
    ("WF013", "a: ^^010"),
    ("WF013", "a: ^^9:00"),
    ("WF013", "a: ^^08123456789"),
    ("WF013", "a: ^^True"),
    ("WF013", "a: ^^~"),
    ("WF013", "a: ^^1e3"),
    ("WF013", "a: ^^0x1F"),
    ("WF013", "a: ^^1_000"),
    ("WF013", "^^yes: a"),
    ("WF013", "a: [b, ^^off]"),
]

ACCEPTED = [
    "a: 'NO'",
    'a: "on"',
    "a: 2026-03-20",
    "a: 2026-03-20T09:00",
    "a: 1\nb: -2\nc: 1.50\nd: true\ne: null\nf: text",
    "---\na: 1\n...\n",
    "a: |\n  x\n  \ty\n",
    'a: "b\n\tc"\n',
    "a: {b: 1}\nc: {b: 1}\n",
    "a: 1\r\nb:\r\n  c: 2\r\n",
    "[" * 40 + "]" * 40,
    "a: http://alamat/x",
    "a: PK/{year}",
    "a:\tb\n",
    'a: "b\\n\\t\\u00e9"',
    "a: 1.0.0",
]


@pytest.mark.parametrize(("code", "marked"), REFUSED, ids=[f"{code} {text!r:.40}" for code, text in REFUSED])
def test_a_text_is_refused_at_the_token_that_is_wrong(code: str, marked: str) -> None:
    text, place = unmarked(marked)
    problems = Problems()
    read(text, "a.yaml", problems)
    assert [(each.code, each.line, each.column) for each in problems.sorted()] == [(code, *(place or ()))]


@pytest.mark.parametrize("text", ACCEPTED, ids=[f"{text!r:.40}" for text in ACCEPTED])
def test_a_text_is_taken_as_it_stands(text: str) -> None:
    problems = Problems()
    assert read(text, "a.yaml", problems) is not None
    assert shown(problems.sorted()) == []


def test_scalars_are_read_by_our_own_rules() -> None:
    root = read("a: 010\nb: 10\nc: 2026-03-20\nd: on\ne: 1.10\nf: 9:00\ng: True\nh: true", "a.yaml", Problems())
    assert root is not None
    values = root.plain()
    assert (values["a"], values["b"], values["c"], values["d"]) == ("010", 10, "2026-03-20", "on")
    assert (str(values["e"]), values["f"], values["g"], values["h"]) == ("1.10", "9:00", "True", True)


def test_the_second_key_names_the_line_of_the_first() -> None:
    problems = Problems()
    read("a: 1\n\nb: 2\na: 3\n", "a.yaml", problems)
    assert "line 1" in problems.sorted()[0].message.en


def test_all_faults_of_a_text_are_reported() -> None:
    problems = Problems()
    read("a: &x 1\nb: !t 2\na: NO\n", "a.yaml", problems)
    assert [each.code for each in problems.sorted()] == ["WF004", "WF004", "WF003", "WF013"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "WF001"),
        (b"a: b\nc: \x80", "WF001"),
        (b"a: \x00", "WF001"),
        (b"a: \x1b[31m", "WF001"),
        (b"a" * (MAXIMUM_BYTES + 1), "WF005"),
        (b"[" * 200_000, "WF005"),
        (b"{a: " * 100_000, "WF005"),
    ],
)
def test_bytes_that_are_no_yaml_are_findings_not_errors(content: bytes, code: str) -> None:
    problems = Problems()
    read(content, "a.yaml", problems)
    assert [each.code for each in problems.sorted()] == [code]


def test_a_byte_that_is_no_utf8_is_found_where_it_stands() -> None:
    problems = Problems()
    read(b"a: b\nc: \x80", "a.yaml", problems)
    assert (problems.sorted()[0].line, problems.sorted()[0].column) == (2, 4)


def test_a_number_of_ten_thousand_digits_is_a_text() -> None:
    root = read("a: " + "9" * 10_000, "a.yaml", Problems())
    assert root is not None and isinstance(root.plain()["a"], str)


def test_an_unknown_schema_is_reported_and_nothing_else() -> None:
    problems = leave(WORKFLOW.replace("casework/1", "casework/2"))
    assert [(each.line, each.column, each.code) for each in problems] == [(1, 9, "WF006")]


def test_an_empty_file_lacks_everything() -> None:
    problems = leave(**{"workflows/empty.yaml": "# nothing yet\n"})
    assert [(each.file, each.line, each.code) for each in problems] == [("workflows/empty.yaml", 1, "WF011")]


def test_a_tab_that_ends_a_text_of_several_lines_is_a_tab() -> None:
    problems = leave(
        WORKFLOW.replace(
            "approve: {to: granted}", "approve:\n          to: granted\n          guard: |\n            true\n\t\t"
        )
    )
    assert [each.code for each in problems] == ["WF002"], shown(problems)


@pytest.mark.parametrize(
    ("written", "broken"),
    [
        ("schema: casework-form/1", "schema: casework-form/9"),
        ("form: leave\n", "form: leave\nform: leave\n"),
        ("fields:\n", "fields:\n\tx: 1\n"),
    ],
)
def test_a_form_that_cannot_be_read_is_told_at_the_form_alone(written: str, broken: str) -> None:
    problems = leave(WORKFLOW, changed(FORM, (written, broken)))
    assert problems and {each.file for each in problems} == {"forms_config/leave.yaml"}, shown(problems)
