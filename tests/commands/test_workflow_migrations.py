# ruff: noqa: E501 - YAML as authors write it
"""``flask workflow impact``, ``migrate`` and ``rollback``: what a change means for running cases, and moving them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from config import ROOT
from engine.database import Database
from tests.commands.conftest import Said, Terminal

TWO = ("--by", "admin", "--approved-by", "slamet")  # an administrator and a supervisor
FIRST = """schema: casework/1
case_type: permit
version: 1.0.0
title: {id: Izin, en: Permit}
legal_basis: [Perda 1/2020]
roles:
  citizen: {title: {id: Pemohon, en: Citizen}, resolve: initiator, external: true}
lifecycle:
  initial: draft
  states:
    draft: {task: {candidates: [citizen], form: permit, fields: {name: edit}}, transitions: {submit: {to: check}}}
    check: {task: {candidates: [citizen]}, transitions: {pay: {to: payment}, skip: {to: done}}}
    payment: {task: {candidates: [citizen]}, transitions: {finish: {to: done}}}
    done: {type: final}
"""
FORM = """schema: casework-form/1
form: permit
version: 1.0.0
title: {id: Izin, en: Permit}
fields: {name: {type: text, title: {id: Nama, en: Name}}}
sections: {all: {order: 1, title: {id: Semua, en: All}, fields: {name: {order: 1}}}}
"""
WITHOUT_CHECK = FIRST.replace("1.0.0", "2.0.0").replace("{to: check}", "{to: payment}").replace(
    "    check: {task: {candidates: [citizen]}, transitions: {pay: {to: payment}, skip: {to: done}}}\n", "")  # fmt: skip
PLAN = "migrations:\n  from_1: {from: ^1.0, states: {check: payment}}\n"


class Office:
    """The tree of one case type, published as it stands, and cases of it."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        self.terminal, self.folder = terminal, folder
        self.path = folder / "workflows" / "permit.yaml"
        self.write(FIRST)
        (folder / "forms_config").mkdir()
        (folder / "forms_config" / "permit.yaml").write_text(FORM)
        self.published()

    def write(self, text: str) -> None:
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(text)

    def published(self) -> str:
        """The digest, as the command told it."""
        said = self.run("publish", self.path, "--reason", "Uji", "--yes", *TWO)
        assert said.code == 0, said
        return said.out.split()[-1]

    def run(self, command: str, *arguments: str | Path) -> Said:
        return self.terminal.run("workflow", command, *arguments)

    def case(self, *actions: str) -> str:
        number = self.terminal.run("case", "open", "permit", "--as", "sari").out.strip()
        for action in actions:
            assert self.terminal.run("case", "do", number, action, "--as", "sari").code == 0
        return number


@pytest.fixture
def permits(terminal: Terminal, database: Database, tmp_path: Path) -> Office:
    return Office(terminal, tmp_path)


def counts(said: Said) -> dict[str, int]:
    return {kind: count for kind, count in said.json["counts"].items() if count}


def test_impact_sorts_running_cases_with_examples(permits: Office) -> None:
    first, second = permits.case(), permits.case("submit")
    third = permits.case("submit", "pay")
    permits.case("submit", "skip")
    permits.write(WITHOUT_CHECK + PLAN)
    said = permits.run("impact", permits.path, "--format", "json")
    assert said.code == 0, said
    assert counts(said) == {"step_gone": 1, "step_changed": 1, "safe": 1}
    groups = {group["kind"]: group for group in said.json["groups"]}
    assert groups["step_gone"]["examples"] == [second]
    assert groups["step_gone"]["decisions"] == {"from_1": "map"}
    assert groups["step_changed"]["states"] == ["draft"]
    assert groups["step_changed"]["examples"] == [first]
    assert groups["safe"]["examples"] == [third]
    text = permits.run("impact", permits.path)
    assert "langkah dihapus: 1" in text.out
    assert "safe: 1" in permits.run("impact", permits.path, "--lang", "en").out


def test_changes_ahead_are_told_apart_from_a_changed_step(permits: Office) -> None:
    permits.case()
    permits.write(
        FIRST.replace("1.0.0", "1.1.0").replace("finish: {to: done}", "finish: {to: done, requires: [comment]}")
    )
    said = permits.run("impact", permits.path, "--format", "json")
    assert counts(said) == {"changes_ahead": 1}
    assert said.json["groups"][0]["changed"] == ["payment"]


def test_words_alone_leave_a_case_safe(permits: Office) -> None:
    permits.case()
    permits.write(FIRST.replace("1.0.0", "1.1.0").replace("en: Citizen", "en: Applicant"))
    assert counts(permits.run("impact", permits.path, "--format", "json")) == {"safe": 1}


def test_a_removed_step_that_holds_cases_needs_a_decision(permits: Office) -> None:
    permits.case("submit")
    permits.write(WITHOUT_CHECK)
    said = permits.run("impact", permits.path, "--format", "json")
    assert said.code == 3
    (finding,) = said.json["findings"]
    assert (finding["code"], finding["level"], finding["line"]) == ("WF090", "error", 8)
    assert "WF090" in permits.run("impact", permits.path).out
    refused = permits.run("publish", permits.path, "--reason", "Uji", "--yes")
    assert refused.code == 3
    assert "WF090" in refused.err
    assert "--impact check=stay" in refused.err
    for decision in ("stay", "{close: Dihapus}", "payment"):
        permits.write(WITHOUT_CHECK + PLAN.replace("check: payment", f"check: {decision}"))
        assert permits.run("impact", permits.path).code == 0


def decided(permits: Office, *choices: str) -> Said:
    options = [part for choice in choices for part in ("--impact", choice)]
    return permits.run("publish", permits.path, "--reason", "Uji", "--yes", *TWO, *options)


def recorded(permits: Office) -> Any:
    """The newest publication, as the command tells it."""
    return permits.run("versions", "permit", "--format", "json").json[0]


def test_what_is_decided_at_publishing_is_kept_and_names_the_plan(permits: Office) -> None:
    number = permits.case("submit")
    permits.write(WITHOUT_CHECK)
    for choice in ("check", "check=go", "check=close", "check=map:", "check=stay:why", "payment=stay"):
        assert decided(permits, choice).code == 2, choice
    assert decided(permits, "check=stay", "check=stay").code == 2
    for choice, fate in (("map:payment", "payment"), ("close:Dihapus", "{close: Dihapus}")):
        said = decided(permits, f"check={choice}")  # no plan could carry it out
        assert said.code == 3
        assert f"migrations.<nama>.states.check: {fate}" in said.err
    assert decided(permits, "check=stay").code == 0
    (kept,) = recorded(permits)["decisions"]
    assert (kept["state"], kept["version"], kept["count"], kept["decision"], kept["plan"]) == (
        "check", "1.0.0", 1, "stay", None
    )  # fmt: skip
    permits.write(WITHOUT_CHECK.replace("2.0.0", "2.1.0") + PLAN)
    assert decided(permits, "check=stay").code == 3  # the plan says otherwise
    said = decided(permits, "check=map:payment")
    assert said.code == 0, said
    assert f"flask workflow migrate {permits.path} from_1 --yes" in said.err
    (kept,) = recorded(permits)["decisions"]
    assert (kept["decision"], kept["to"], kept["plan"]) == ("map", "payment", "from_1")
    permits.write(WITHOUT_CHECK.replace("2.0.0", "2.2.0") + PLAN.replace("check: payment", "check: {close: Dihapus}"))
    dry = permits.run("publish", permits.path)
    assert "  - check (1.0.0): 1 · ditutup dengan alasan (rencana from_1)" in dry.out.splitlines()
    assert decided(permits).code == 0
    (kept,) = recorded(permits)["decisions"]
    assert (kept["decision"], kept["reason"]) == ("close", {"id": "Dihapus", "en": "Dihapus"})
    assert permits.run("migrate", permits.path, "from_1", "--yes", "--format", "json").json["counts"] == {"closed": 1}
    assert number


def test_publications_are_listed_with_all_that_was_known(permits: Office) -> None:
    permits.write(FIRST.replace("1.0.0", "1.1.0").replace("legal_basis: [Perda 1/2020]\n", ""))
    permits.published()
    newer, first = permits.run("versions", "permit", "--format", "json").json
    assert (newer["version"], newer["published_by"], newer["approved_by"]) == (
        "1.1.0", "Administrator", "Slamet Riyadi"
    )  # fmt: skip
    assert (newer["reason"], newer["is_audited"], newer["decisions"]) == ("Uji", True, [])
    assert {each["code"] for each in newer["findings"]} == {"WF100"}
    assert newer["strength"]["changes"] == newer["strength"]["caught"] + newer["strength"]["survivors"]
    assert first["legal_basis"] == ["Perda 1/2020"]
    told = permits.run("versions", "permit")
    assert "disetujui Slamet Riyadi" in told.out
    assert "approved by Slamet Riyadi" in permits.run("versions", "permit", "--lang", "en").out
    assert permits.run("versions", "nothing").code == 1


def test_cases_are_tried_then_moved_then_taken_back(permits: Office) -> None:
    number = permits.case("submit")
    permits.write(WITHOUT_CHECK + PLAN)
    tried = permits.run("migrate", permits.path, "from_1", "--format", "json")
    assert tried.code == 0, tried
    assert tried.json["counts"] == {"moved": 1}
    assert tried.json["done"] is False
    early = permits.run("migrate", permits.path, "from_1", "--yes")
    assert early.code == 3
    assert "not published" in early.err
    permits.published()
    moved = permits.run("migrate", permits.path, "from_1", "--yes", "--by", "admin", "--reason", "Aturan baru")
    assert moved.code == 0, moved
    assert f"{number} · payment" in moved.out
    assert permits.run("migrate", permits.path, "from_1", "--yes").out.strip() == "0"
    assert permits.run("impact", permits.path, "--format", "json").json["groups"] == []
    back = permits.run("migrate", permits.path, "from_1", "--undo", "--yes", "--format", "json")
    assert back.json["counts"] == {"undone": 1}
    assert permits.terminal.run("case", "do", number, "pay", "--as", "sari").code == 0
    assert permits.terminal.run("audit", "verify").code == 0


def test_a_migration_is_left_to_the_worker_and_can_be_looked_at(permits: Office) -> None:
    for _ in range(3):
        permits.case("submit")
    permits.write(WITHOUT_CHECK + PLAN)
    permits.published()
    given = ("migrate", permits.path, "from_1", "--in-background")
    assert permits.run(*given).code == 2
    assert permits.run(*given, "--undo", "--yes").code == 2
    assert permits.run("runs").err.strip() == "Belum ada pemindahan."
    said = permits.run(*given, "--yes", "--reason", "Perda 4/2026", "--by", "admin", "--format", "json")
    assert said.code == 0, said
    (waiting,) = permits.run("runs", "permit", "--format", "json").json
    assert (waiting["run"], waiting["state"], waiting["left"], waiting["outcomes"]) == (
        said.json["run"], "running", 3, {}
    )  # fmt: skip
    assert permits.run("runs").out.strip().endswith("dikerjakan worker · 3 lagi")
    assert permits.terminal.run("worker", "--once").code == 0
    (done,) = permits.run("runs", "--format", "json").json
    assert (done["state"], done["left"], done["outcomes"], done["started_by"]) == (
        "done", 0, {"moved": 3}, "Administrator"
    )  # fmt: skip
    assert permits.run("runs", "other", "--format", "json").json == []
    assert "done · moved: 3" in permits.run("runs", "--lang", "en").out
    assert permits.terminal.run("audit", "verify").code == 0


def test_a_case_without_a_decision_is_listed_and_the_exit_says_so(permits: Office) -> None:
    number = permits.case("submit")
    moved = permits.case()
    permits.write(WITHOUT_CHECK + PLAN.replace("check: payment", ""))
    said = permits.run("migrate", permits.path, "from_1", "--format", "json", "--lang", "en")
    assert said.code == 3
    cases = {case["case"]: case for case in said.json["cases"]}
    assert cases[moved]["outcome"] == "moved"
    assert (cases[number]["outcome"], cases[number]["state"]) == ("blocked", "check")
    assert "no counterpart" in cases[number]["reason"]


def test_a_plan_that_does_not_exist_is_told_with_those_there_are(permits: Office) -> None:
    permits.write(WITHOUT_CHECK + PLAN)
    said = permits.run("migrate", permits.path, "from_2")
    assert said.code == 1
    assert "from_1" in said.err


def test_rolling_back_needs_a_second_person_and_lists_newer_cases(permits: Office) -> None:
    old = permits.published()
    permits.write(FIRST.replace("1.0.0", "1.1.0"))
    permits.published()
    newer = permits.case()
    dry = permits.run("rollback", "permit", old, "--format", "json")
    assert dry.code == 0, dry
    assert dry.json["newer_cases"] == {"count": 1, "cases": [newer]}
    assert dry.json["done"] is False
    given = ("rollback", "permit", old, "--reason", "Keliru", "--yes", "--by", "admin")
    assert permits.run(*given).code == 3
    assert permits.run(*given, "--approved-by", "admin").code == 3
    assert permits.run(*given, "--approved-by", "sari").code == 3  # neither administrator nor supervisor
    assert permits.run("rollback", "permit", old, "--yes").code == 2
    short = permits.run("rollback", "permit", old[:5])
    assert (short.code, short.err) == (2, "alur: tulis sedikitnya 6 karakter pertama dari digest\n")
    done = permits.run(*given, "--approved-by", "slamet")
    assert done.code == 0, done
    assert newer in done.out
    assert "1.0.0" in done.out
    assert permits.run("rollback", "permit", old, "--lang", "en").out.strip().endswith("counts already")
    assert permits.run("rollback", "permit", "abcdef123").code == 1
    assert permits.terminal.run("audit", "verify").code == 0


def test_rolling_back_keeps_that_running_cases_stay(permits: Office) -> None:
    first = permits.run("versions", "permit", "--format", "json").json[0]["digest"]
    permits.write(FIRST.replace("1.0.0", "1.1.0").replace("check", "look"))
    permits.published()
    permits.case("submit")
    assert permits.run("rollback", "permit", first, "--reason", "Keliru", "--yes", *TWO).code == 0
    again = recorded(permits)
    assert (again["digest"], again["approved_by"], again["is_audited"]) == (first, "Slamet Riyadi", True)
    (kept,) = again["decisions"]
    assert (kept["state"], kept["decision"], kept["count"], kept["plan"]) == ("look", "stay", 1, None)
    assert again["strength"] == permits.run("versions", "permit", "--format", "json").json[2]["strength"] is not None


def test_nobody_approves_what_they_publish(permits: Office) -> None:
    permits.write(FIRST.replace("1.0.0", "1.1.0"))
    given = ("publish", permits.path, "--reason", "Uji", "--yes", "--by", "admin", "--approved-by")
    for second in ("admin", "sari", "asing"):  # themselves, without a role, of another region
        assert permits.run(*given, second).code == 3
    alone = permits.run("publish", permits.path, "--reason", "Uji", "--yes", "--by", "admin")
    assert alone.code == 3
    assert "memerlukan dua orang" in alone.err
    assert permits.run(*given, "slamet").code == 0


def test_finished_cases_are_replayed_and_nothing_is_written(permits: Office) -> None:
    same = permits.case("submit", "skip")
    other = permits.case("submit", "pay", "finish")
    permits.case("submit")
    permits.write(WITHOUT_CHECK)
    said = permits.run("replay", permits.path, "--format", "json")
    assert said.code == 1, said
    assert (said.json["cases"], said.json["same"], said.json["different"]) == (2, 0, 2)
    assert {each["kind"] for each in said.json["differences"]} == {"path"}
    assert sorted(number for each in said.json["differences"] for number in each["examples"]) == [same, other]
    permits.write(FIRST.replace("1.0.0", "1.1.0"))
    again = permits.run("replay", permits.path, "--lang", "en")
    assert again.code == 0
    assert "Same: 2" in again.out
    assert permits.run("replay", permits.path, "--period", "1999", "--format", "json").json["cases"] == 0
    assert permits.run("replay", permits.path, "--period", "last year").code == 2


@pytest.mark.parametrize("command", [("publish",), ("impact",), ("migrate", "go"), ("replay",)])
@pytest.mark.parametrize("path", ["nowhere.yaml", "workflows"])
def test_a_path_that_is_no_file_is_wrong_use(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], path: str
) -> None:
    monkeypatch.chdir(ROOT)
    said = terminal.run("workflow", command[0], path, *command[1:])
    assert (said.code, said.out) == (2, "")
    assert path in said.err
