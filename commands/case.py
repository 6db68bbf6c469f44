"""``flask case …``: open, act, look and ask why, on the same functions as the pages."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from commands.console import FINDINGS, format_option, guarded, language_option, say, say_json, writing
from config import read_settings
from engine.cases.fire import fire
from engine.cases.open import case_id_of, open_case
from engine.changes import Refusal
from engine.clock import system_clock
from engine.database import open_database
from engine.definitions import source
from engine.definitions.problems import Problems
from engine.errors import InvalidInput
from engine.facts import Command
from engine.organisation import second_factor
from engine.organisation.accounts import person_called
from engine.organisation.sealing import Seal

case = AppGroup("case", help="Open cases, act on them, look at them.")

as_option = click.option("--as", "username", required=True, metavar="USER", help="Account name of who acts or looks.")


def _answers(path: Path | None) -> dict[str, Any]:
    """Answers from a YAML or JSON file, read as strictly as a definition; every fault with its line and column."""
    if path is None:
        return {}
    problems = Problems()
    node = source.read(path.read_bytes(), str(path), problems)
    faults = [problem for problem in problems.sorted() if problem.is_error]
    if faults:
        raise InvalidInput("\n".join(f"{at.file}:{at.line}:{at.column}: {at.message.en}" for at in faults))
    read = None if node is None else node.plain()
    if not isinstance(read, dict):
        raise InvalidInput(f"{path}: must be a map from field to answer.")
    return read


def _assignments(values: tuple[str, ...], session: Session) -> dict[str, tuple[int, ...]]:
    chosen: dict[str, tuple[int, ...]] = {}
    for value in values:
        role, equals, names = value.partition("=")
        if not equals:
            raise InvalidInput(f"--assign {value!r}: write it as role=user or role=user,user.")
        chosen[role.strip()] = tuple(person_called(session, name).id for name in names.split(",") if name.strip())
    return chosen


def _count_try(username: str) -> None:
    """Before a code is looked at, and for good: whatever becomes of the act, guessing stays slow."""
    database = open_database(read_settings().database_url)
    try:
        with database.reading() as session:
            person_id = person_called(session, username).id
        second_factor.count_try(database, person_id, system_clock())
    finally:
        database.close()


def _seal() -> Seal:
    return Seal(read_settings().secret_key)


def _refused(refusal: Refusal, form: str, language: str) -> NoReturn:
    faults = [
        {"path": fault.path, "code": fault.code, "message": fault.message.into(language)} for fault in refusal.faults
    ]
    if form == "json":
        say_json({"refused": refusal.code, "sentence": refusal.sentence.into(language), "faults": faults})
    else:
        say(f"{refusal.code}: {refusal.sentence.into(language)}")
        for fault in faults:
            say(f"  {fault['path']}: {fault['message']}")
    sys.exit(FINDINGS)


@case.command("open")
@click.argument("case_type", metavar="TYPE")
@as_option
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="YAML or JSON file.")
@click.option("--title", help="What people read; the case type's title and the unit if left out.")
@format_option
@language_option
@guarded
def open_command(
    case_type: str, username: str, answers: Path | None, title: str | None, form: str, language: str
) -> None:
    """Open a case of TYPE with the answers of a file."""
    given = _answers(answers)
    with writing() as session:
        person = person_called(session, username)
        outcome = open_case(
            session,
            region_id=person.region_id,
            case_type=case_type,
            person_id=person.id,
            answers=given,
            title=title,
            now=system_clock(),
        )
        if isinstance(outcome, Refusal):
            _refused(outcome, form, language)
    if form == "json":
        say_json({"case": outcome.number, "revision": outcome.revision})
    else:
        say(outcome.number)


@case.command("do")
@click.argument("number", metavar="CASE")
@click.argument("action")
@as_option
@click.option("--comment", default="", help="The note that goes with it.")
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="YAML or JSON file.")
@click.option("--in", "state", help="The step meant, where several are open.")
@click.option("--item", help="The item meant, where a step has one task an item.")
@click.option("--assign", multiple=True, metavar="ROLE=USER,…", help="Fill a case role; may be repeated.")
@click.option("--to", "receiver", metavar="USER", help="Whom a task goes to: for assign and delegate.")
@click.option(
    "--until", type=click.DateTime(formats=["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Last day of a delegation."
)
@click.option("--revision", type=int, help="Refuse when the case has moved on since this revision.")
@click.option("--code", metavar="DIGITS", help="The verification code, for an act that requires one.")
@format_option
@language_option
@guarded
def do_command(
    number: str,
    action: str,
    username: str,
    comment: str,
    answers: Path | None,
    state: str | None,
    item: str | None,
    assign: tuple[str, ...],
    receiver: str | None,
    until: datetime | None,
    revision: int | None,
    code: str | None,
    form: str,
    language: str,
) -> None:
    """Do ACTION in CASE. A refusal exits 1 with its code."""
    given = _answers(answers)
    if code is not None:
        _count_try(username)
    with writing() as session:
        person = person_called(session, username)
        if code is not None and not second_factor.accept(session, person.id, code, _seal(), system_clock()):
            _refused(Refusal("second_factor_required", second_factor.WRONG_CODE), form, language)
        command = Command(
            action,
            person.id,
            state=state,
            item=item,
            comment=comment,
            answers=given,
            assign=_assignments(assign, session),
            to=None if receiver is None else person_called(session, receiver).id,
            until=None if until is None else until.date(),
            revision=revision,
            has_second_factor=code is not None,
        )
        outcome = fire(session, case_id_of(session, person.region_id, number), command, now=system_clock())
        if isinstance(outcome, Refusal):
            _refused(outcome, form, language)
    if form == "json":
        say_json(
            {
                "case": outcome.number,
                "revision": outcome.revision,
                "states": list(outcome.states),
                "ended": outcome.is_ended,
            }
        )
    else:
        ended = " (ended)" if outcome.is_ended else ""
        say(f"{outcome.number} revision {outcome.revision}: {', '.join(outcome.states)}{ended}")
