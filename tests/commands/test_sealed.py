"""``flask case open`` refuses a sealed case type: exit 1, the code and the sentence, and nothing kept."""

from __future__ import annotations

from pathlib import Path

from engine.database import Database
from tests.commands.conftest import BEGINNING, Terminal
from tests.sealed_type import SECRET, publish_both, rows_with


def test_opening_a_sealed_case_exits_1_and_keeps_nothing(office: Terminal, database: Database, tmp_path: Path) -> None:
    with database.writing.begin() as session:
        publish_both(session, BEGINNING)
    answers = tmp_path / "answers.yaml"
    answers.write_text(f"story: {SECRET}\n", encoding="utf-8")
    said = office.run(
        "case", "open", "report", "--as", "sari", "--answers", answers, "--title", SECRET, "--format", "json"
    )
    assert said.code == 1 and said.json["refused"] == "no_key_holder" and "tersegel" in said.json["sentence"]
    said = office.run("case", "open", "report", "--as", "sari", "--answers", answers, "--lang", "en")
    assert said.code == 1 and said.out.startswith("no_key_holder: 'Secret report' is sealed")
    with database.reading() as session:
        assert rows_with(session, SECRET) == []
