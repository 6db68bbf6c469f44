"""§1 Files: which there are, strict YAML, one rule for shape."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import vocabulary
from engine.definitions.load import load_tree, read_tree
from engine.definitions.problems import Problems
from engine.definitions.source import read
from engine.definitions.tree import from_texts
from engine.publishing.models import DefinitionVersion
from engine.publishing.publish import publish
from tests.engine.definitions.leave import FORM, TEMPLATES, WORKFLOW, changed, leave, shown
from tests.engine.definitions.leave import found as found_in
from tests.language.linting import clean, told

OVERLAY = """\
schema: casework/1
overlay: leave.kota
extends: {case_type: leave, version: ^1.0}
region: kota
patch:
  roles: {head: {title: Lurah}}
"""
FORM_OVERLAY = """\
schema: casework-form/1
overlay: leave.kota
extends: {form: leave, version: ^1.0}
region: kota
patch:
  fields: {days: {title: Lama}}
"""


def values(text: str):
    problems = Problems()
    root = read(text, "a.yaml", problems)
    return (None if root is None else root.plain()), [(each.code, each.line, each.column) for each in problems.sorted()]


def test_1_a_workflow_a_form_and_a_region_s_patches_on_both_are_one_tree():
    files = {
        "workflows/leave.yaml": WORKFLOW, "forms_config/leave.yaml": FORM,
        "workflows/regions/kota/leave.yaml": OVERLAY, "forms_config/regions/kota/leave.yaml": FORM_OVERLAY,
    }  # fmt: skip
    loaded = load_tree_of(files)
    assert loaded.problems == []
    region = loaded.definitions["leave.kota"]
    assert region.roles["head"].title.id == "Lurah" and region.fields["days"].title.id == "Lama"
    assert loaded.definitions["leave"].roles["head"].title.id == "Head"


def load_tree_of(files):
    return load_tree(from_texts(files), vocabulary.load(), TEMPLATES)


def test_1_a_file_is_known_by_its_schema_and_its_first_key():
    assert [each.code for each in leave(WORKFLOW.replace("schema: casework/1\n", ""))] == ["WF011"]
    assert [each.code for each in leave(changed(WORKFLOW, ("case_type: leave", "case_typ: leave")))]
    assert "WF006" in [each.code for each in leave(WORKFLOW, FORM.replace("casework-form/1", "casework-form/2"))]


@pytest.mark.parametrize(
    ("written", "value"),
    [("true", True), ("false", False), ("null", None), ("12", 12), ("-3", -3), ("007", "007"), ("0", 0)],
)
def test_1_only_true_false_null_and_numbers_are_not_text(written, value):
    assert values(f"a: {written}")[0] == {"a": value}


def test_1_decimals_are_exact():
    assert str(values("a: 66.40")[0]["a"]) == "66.40"


@pytest.mark.parametrize(
    "written",
    [
        "NO",
        "on",
        "010",
        "9:00",
        "2026-03-20",
        "08123456789",
        "Yes",
        "off",
        "1e3",
        "0x1F",
        ".5",
        "1_000",
        "True",
        "NULL",
        "~",
        ".inf",
        ".nan",
        "2026-03-20T09:00:00",
    ],
)
def test_1_what_looks_like_something_else_is_text(written):
    assert values(f"a: {written}")[0] == {"a": written}


@pytest.mark.parametrize(
    "written", ["NO", "on", "010", "9:00", "08123456789", "Yes", "off", "1e3", "0x1F", "1_000", "True", "~", ".inf"]
)
def test_1_words_and_numbers_that_other_readers_change_are_warned_of(written):
    assert values(f"a: {written}")[1] == [("WF013", 1, 4)]
    assert values(f"a: '{written}'")[1] == []


@pytest.mark.parametrize("written", ["2026-03-20", "2026-03-20T09:00", "kota", "1.0.0", "v1"])
def test_1_dates_and_plain_words_are_not_warned_of(written):
    assert values(f"a: {written}")[1] == []


def test_1_a_date_field_reads_its_text_itself():
    clean(form=[("type: date, title: Until", "type: date, title: Until, default: 2026-03-20")])
    told("WF012", form=[("type: date, title: Until", "type: date, title: Until, default: ^^2026-13-20")])


@pytest.mark.parametrize(("what", "text", "code", "line", "column"), [
    ("a key twice", "a: 1\nb: 2\na: 3", "WF003", 3, 1),
    ("a key twice in braces", "x: {a: 1, a: 2}", "WF003", 1, 11),
    ("an anchor", "a: &x 1", "WF004", 1, 4),
    ("an alias", "a: 1\nb: *x", "WF004", 2, 4),
    ("a tag", "a: !!python/object:os.system x", "WF004", 1, 4),
    ("a merge key", "<<: {a: 1}", "WF004", 1, 1),
    ("a tab as indentation", "a:\n\tb: 1", "WF002", 2, 1),
    ("a second document", "a: 1\n---\nb: 2", "WF004", 2, 1),
    ("too deep", "a: " + "[" * 40, "WF005", 1, 43),
])  # fmt: skip
def test_1_what_is_refused_is_told_with_line_and_column(what, text, code, line, column):
    assert (code, line, column) in values(text)[1]


def test_1_more_than_512_kilobytes_is_refused_and_exactly_that_is_not():
    head = "a: 1\n# "
    assert values(head + "x" * (512 * 1024 - len(head)))[1] == []
    assert values(head + "x" * (512 * 1024 - len(head) + 1))[1] == [("WF005", 1, 1)]


def test_1_forty_levels_are_allowed():
    assert values("[" * 40 + "]" * 40)[1] == []
    assert values("[" * 41 + "]" * 41)[1] == [("WF005", 1, 41)]


def test_1_the_text_is_kept_byte_for_byte(session, now):
    text = (
        WORKFLOW.replace("\n", "\r\n").replace("title: Leave", "title:   Leave   # as people say", 1) + "\r\n\r\n# end"
    )
    form = FORM.replace("\n", "\r\n")
    files = {"workflows/leave.yaml": text, "forms_config/leave.yaml": form}
    published = publish(
        session,
        files,
        "leave",
        reason="Uji",
        by=None,
        region=None,
        vocabulary=vocabulary.load(),
        now=now,
        prove=lambda one: (),
    )
    stored = session.get_one(DefinitionVersion, published.digest).files
    assert dict(stored) == files


@pytest.mark.parametrize("change", [
    ("roles:\n", "roles: ^^[employee]\n"),
    ("notifications:\n", "notifications: ^^[reminder]\n"),
])  # fmt: skip
def test_1_a_thing_with_a_name_is_a_key_in_a_map_and_never_a_list(change):
    key = change[0].rstrip(":\n")
    text = WORKFLOW[: WORKFLOW.index(change[0])] + f"{key}: [x]\n" + WORKFLOW[WORKFLOW.index("lifecycle:") :]
    line = text[: text.index(f"{key}: [x]")].count("\n") + 1
    assert ("WF012", line, len(key) + 3) in [(each.code, each.line, each.column) for each in leave(text)]


@pytest.mark.parametrize("change", [
    ("to: [candidates]", "to: ^^{candidates: true}"),
    ("working_days: [mon, tue, wed, thu, fri]", "working_days: ^^{mon: true}"),
    ("requires: [comment]", "requires: ^^comment"),
])  # fmt: skip
def test_1_a_list_is_a_set_or_a_sequence_and_never_a_map(change):
    told("WF012", change)


@pytest.mark.parametrize("key", ["title", "guard_message"])
def test_1_a_text_is_one_for_both_languages_or_one_for_each(key):
    arrow = "approve: {to: granted"
    for written in ("Setuju", "{id: Setuju, en: Approve}"):
        clean((arrow, f"{arrow}, {key}: {written}"))
    told("WF060", (arrow, f"{arrow}, ^^{key}: {{id: Setuju}}"))
    told("WF010", (arrow, f"{arrow}, {key}: {{id: Setuju, en: Approve, ^^fr: Oui}}"))


def test_1_a_folder_may_hold_several_trees_and_each_looks_up_in_its_own(tmp_path: Path):
    for name, form in (("one", FORM), ("two", FORM.replace("  days: {type: integer, title: Days, default: 1}\n", ""))):
        (tmp_path / name / "workflows").mkdir(parents=True)
        (tmp_path / name / "forms_config").mkdir()
        (tmp_path / name / "workflows" / "leave.yaml").write_text(WORKFLOW)
        (tmp_path / name / "forms_config" / "leave.yaml").write_text(form)
    problems = load_tree(read_tree([tmp_path], tmp_path), vocabulary.load(), TEMPLATES).problems
    assert problems and {each.file.split("/")[0] for each in problems} == {"two"}, shown(problems)
    assert found_in({"workflows/leave.yaml": WORKFLOW})  # without its form
