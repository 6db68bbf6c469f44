"""``flask case``: the same steps and refusals as on the pages, in text and in JSON, with exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.database import Database
from engine.organisation.models import Person
from tests.commands.conftest import Terminal
from tests.web.region import Regency


@pytest.fixture
def number(office: Terminal, answers: Path) -> str:
    """Sari's agreement, opened by the command line."""
    said = office.run("case", "open", "performance_agreement", "--as", "sari", "--answers", answers)
    assert said.code == 0, said
    return said.out.strip()


def test_a_case_is_opened_and_told_as_json(office: Terminal, answers: Path) -> None:
    said = office.run("case", "open", "performance_agreement", "--as", "sari", "--answers", answers, "--title", "PK",
                      "--format", "json")  # fmt: skip
    assert said.code == 0
    assert said.json["revision"] == 1
    shown = office.run("case", "show", said.json["case"], "--as", "sari", "--format", "json").json
    assert shown["title"] == "PK"
    assert shown["states"] == ["drafting"]


def test_an_action_moves_the_case_and_names_where_it_is(office: Terminal, number: str) -> None:
    said = office.run("case", "do", number, "submit", "--as", "sari", "--comment", "Siap", "--format", "json")
    assert said.code == 0
    assert said.json == {"case": number, "revision": 2, "states": ["approval_chain", "section_review"], "ended": False}
    told = office.run("case", "do", number, "approve", "--as", "budi")
    assert told.out == f"{number} revision 3: approval_chain, division_review\n"


def test_a_refusal_exits_1_with_its_code_and_sentence(office: Terminal, number: str) -> None:
    said = office.run("case", "do", number, "approve", "--as", "sari")
    assert said.code == 1
    assert said.out.startswith("unknown_event: ")
    office.run("case", "do", number, "submit", "--as", "sari")
    said = office.run("case", "do", number, "approve", "--as", "sari", "--format", "json", "--lang", "en")
    assert said.code == 1
    assert said.json["refused"] == "not_candidate"
    assert said.json["sentence"].endswith(".")
    assert said.json["faults"] == []


def test_a_revision_that_has_passed_is_refused(office: Terminal, number: str) -> None:
    office.run("case", "do", number, "submit", "--as", "sari")
    said = office.run("case", "do", number, "approve", "--as", "budi", "--revision", "1", "--format", "json")
    assert said.code == 1
    assert said.json["refused"] == "stale_revision"


def test_answers_that_do_not_fit_are_named_by_their_path(office: Terminal, number: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("period: next year\n", encoding="utf-8")
    said = office.run("case", "do", number, "submit", "--as", "sari", "--answers", wrong, "--format", "json")
    assert said.code == 1
    assert said.json["refused"] == "field_invalid"
    assert [fault["path"] for fault in said.json["faults"]] == ["period"]
    assert office.run("case", "show", number, "--format", "json").json["revision"] == 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("period: 2026\n  level: individual\n", ":2:"),
        ("period: 2026\nperiod: 2027\n", ":2:1:"),
        ("- a\n- b\n", "must be a map"),
        ("period: !!python/object:os.system x\n", ":1:9:"),
        ("a: &x 1\nb: *x\n", ":1:"),
        ("\x00", ":1:"),
        ("", "must be a map"),
    ],
)
def test_a_file_of_answers_that_cannot_be_read_is_named_by_line_and_column(
    office: Terminal, tmp_path: Path, text: str, place: str
) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    said = office.run("case", "open", "performance_agreement", "--as", "sari", "--answers", path)
    assert said.code == 1
    assert said.out == ""
    assert place in said.err


def test_somebody_or_something_unknown_is_one_sentence(office: Terminal, number: str, answers: Path) -> None:
    for arguments in (
        ("case", "queue", "--as", "nobody"),
        ("case", "open", "no_such_type", "--as", "sari", "--answers", answers),
        ("case", "do", "PK/0000", "submit", "--as", "sari"),
        ("case", "show", "PK/0000"),
        ("case", "why", number, "--as", "asing"),
        ("case", "show", number, "--as", "indra"),
        ("case", "do", number, "submit", "--as", "sari", "--assign", "first_party"),
    ):
        said = office.run(*arguments)
        assert said.code == 1, arguments
        assert len((said.err or said.out).strip().splitlines()) == 1, arguments


def test_usage_that_is_wrong_exits_2(office: Terminal) -> None:
    for arguments in (("case", "queue"), ("case", "do", "X"), ("case", "open", "x", "--as", "sari", "--answers", "no"),
                      ("case", "queue", "--as", "sari", "--format", "xml")):  # fmt: skip
        assert office.run(*arguments).code == 2, arguments


def test_the_queue_shows_what_a_person_may_work_on(office: Terminal, number: str) -> None:
    office.run("case", "do", number, "submit", "--as", "sari")
    rows = office.run("case", "queue", "--as", "budi", "--format", "json").json
    assert rows["next"] is None
    assert [(row["case"], row["state"]) for row in rows["rows"]] == [(number, "section_review")]
    assert rows["rows"][0]["due_at"].endswith("+00:00")
    assert number in office.run("case", "queue", "--as", "budi").out
    assert office.run("case", "queue", "--as", "gita", "--format", "json").json["rows"] == []


def test_a_case_is_shown_with_its_tasks_and_answers(office: Terminal, number: str) -> None:
    office.run("case", "do", number, "submit", "--as", "sari")
    shown = office.run("case", "show", number, "--format", "json").json
    assert set(shown) == {
        "case",
        "title",
        "case_type",
        "revision",
        "states",
        "opened_at",
        "closed_at",
        "tasks",
        "answers",
    }
    assert shown["tasks"][0]["candidates"] == ["Budi Santoso"]
    assert shown["answers"]["programmes"][0]["budget"] == "2721236800"
    text = office.run("case", "show", number, "--as", "budi", "--lang", "en").out
    assert "Budi Santoso" in text
    assert "revision 2" in text


def test_why_tells_what_is_possible_and_why_not_the_rest(office: Terminal, number: str) -> None:
    rows = office.run("case", "why", number, "--as", "sari", "--format", "json").json
    possible = {row["action"]: row["possible"] for row in rows}
    assert possible["submit"] is True
    one = office.run("case", "why", number, "--as", "budi", "--action", "submit", "--format", "json").json
    assert [(row["action"], row["refused"]) for row in one] == [("submit", "not_candidate")]
    assert one[0]["sentence"]
    assert "submit" in office.run("case", "why", number, "--as", "sari").out


def test_history_is_told_in_sentences_oldest_first(office: Terminal, number: str) -> None:
    office.run("case", "do", number, "submit", "--as", "sari", "--comment", "Siap ditelaah")
    lines = office.run("case", "history", number, "--format", "json").json
    assert [line["seq"] for line in lines] == [1, 2]
    assert (lines[1]["actor"], lines[1]["action"], lines[1]["comment"]) == ("Sari Wulandari", "submit", "Siap ditelaah")
    text = office.run("case", "history", number, "--as", "sari", "--lang", "en").out
    assert text.index("opened") < text.index("Siap ditelaah")


def test_somebody_who_is_not_active_does_nothing(
    office: Terminal, number: str, database: Database, regency: Regency
) -> None:
    with database.writing.begin() as session:
        session.get_one(Person, regency.people["sari"]).is_active = False
    assert office.run("case", "do", number, "submit", "--as", "sari").code == 1
