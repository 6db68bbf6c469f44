"""``flask sakip evaluate``, ``whatif`` and ``grade``: scores as they stand, ways to the next, what others decided."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from fractions import Fraction
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from commands.console import (
    FINDINGS,
    USAGE,
    format_option,
    guarded,
    language_option,
    leave,
    reading,
    say,
    say_json,
    tell,
    writing,
)
from commands.sakip import sakip
from commands.sakip_named import person_named, region_meant, unit_named
from engine.clock import system_clock
from engine.definitions.model import Text
from engine.organisation.models import Region
from sakip.facts.grades import Given, record_grade
from sakip.facts.score_results import RESULT, evaluate, evaluate_tier, plain, without_score
from sakip.facts.scores import current_answers
from sakip.facts.sheets import NO_RUBRIC, NotAsked, Sheet, sheet_of
from sakip.facts.stored_values import printed_number
from sakip.improving import answer_of
from sakip.improving_all import ways_of_all
from sakip.reasons import TIER_MISSING, Reason
from sakip.standing import configuration_of
from sakip.unsettled import unsettled
from sakip.whatif.goals import weeks_left
from sakip.whatif.model import WhatIfFault, Wish
from sakip.whatif.plain import plain as plain_way
from sakip.whatif.plain import plain_reason

_NOT_SCORED = Text(
    "Belum ada yang dinilai untuk tahun kinerja {year}, jadi belum ada jalan untuk dihitung.",
    "Nothing is scored for the performance year {year} yet, so there is no way to work out.",
)
NO_EFFORTS = "no_efforts"
Command = Callable[..., Any]


def about(command: Command) -> Command:
    """The options that say whose evaluation is meant."""
    for option in (
        click.option("--year", type=click.IntRange(2000, 2099), required=True, help="Performance year."),
        click.option("--unit", "unit_key", metavar="KEY", help="Unit; the region itself if left out."),
        click.option("--region", "region_key", metavar="KEY", help="Region; may be left out where there is only one."),
    ):
        command = option(command)
    return command


def sheet_called(session: Session, region_key: str | None, unit_key: str | None, year: int) -> Sheet:
    """The worksheet the options name. Raises NotAsked for what no rubric evaluates."""
    region_id = region_meant(session, region_key).id
    unit = unit_named(session, region_id, unit_key)
    return sheet_of(session, region_id, None if unit is None else unit.id, year)


@contextmanager
def _no_answer_told(form: str, shape: Mapping[str, Any]) -> Iterator[None]:
    """What no rubric asks has no answer, which is no fault of the question: as JSON the ``shape`` of one with the
    code of the reason."""
    try:
        yield
    except NotAsked as fault:
        if form == "json":
            say_json({**shape, "reason": fault.code})
        raise


@sakip.command("evaluate", short_help="Scores and predicate of a unit.")
@about
@click.option("--tier", metavar="KEY", help="One tier; without it the result over the tiers.")
@format_option
@language_option
@guarded
def evaluate_command(
    region_key: str | None, unit_key: str | None, year: int, tier: str | None, form: str, language: str
) -> None:  # fmt: skip
    """The score, its predicate and the points to the next, by the answers of tiers that were left. Exits 1 when there
    is no score."""
    with reading() as session:
        shape = without_score(unit_key or region_meant(session, region_key).key, tier or RESULT)
        with _no_answer_told(form, shape):
            sheet = sheet_called(session, region_key, unit_key, year)
        answers = current_answers(session, sheet)
        if tier is None:
            found = evaluate(sheet, answers)[RESULT]
        else:
            if tier not in sheet.evaluation.tiers:
                leave(USAGE, f"The rubric of {year} has no tier '{tier}'.")
            found = evaluate_tier(sheet, tier, answers.get(tier, {}))
    told = plain(sheet, found)
    if form == "json":
        say_json(told)
    elif isinstance(found.judged, Reason):
        say(f"{told['unit']} {told['tier']}: {found.judged.sentence.into(language)}")
    else:
        title = found.judged.predicate.title
        name = found.judged.predicate.key if title is None else title.into(language)
        score = found.judged.printed.replace(".", ",") if language == "id" else found.judged.printed
        say(f"{told['unit']} {told['tier']}: {score} {name}")
        for path, points in told["sub_components"].items():
            say(f"  {path}: {points.replace('.', ',') if language == 'id' else points}")
    for doubt in unsettled(sheet.evaluation.head) if form == "text" else ():
        tell(doubt.into(language))
    sys.exit(FINDINGS if isinstance(found.judged, Reason) else 0)


@sakip.command("whatif", short_help="The cheapest way to the next predicate.")
@about
@click.option("--to", "goal", metavar="PREDICATE", help="Predicate to reach; the file's goal if left out.")
@click.option("--margin", help="Points above its lowest score.")
@click.option("--weeks", type=click.IntRange(min=0), help="Weeks left; until the file's target date if left out.")
@click.option("--fixed", multiple=True, metavar="PATH", help="What nobody can move; may be said again.")
@click.option("--alternatives", type=click.IntRange(0, 20), help="How many further ways.")
@click.option("--all-units", "is_of_all", is_flag=True, help="Of everything that was scored, the region and its units.")
@format_option
@language_option
@guarded
def whatif_command(
    region_key: str | None, unit_key: str | None, year: int, goal: str | None, margin: str | None, weeks: int | None,
    fixed: tuple[str, ...], alternatives: int | None, is_of_all: bool, form: str, language: str,
) -> None:  # fmt: skip
    """The cheapest way from the answers as they stand. Exits 1 when there is nothing to start from or no way there;
    of all units together, when one of them has none."""
    if is_of_all:
        if unit_key is not None:
            leave(USAGE, "--all-units and --unit do not go together.")
        wish = Wish(goal, None if margin is None else _points(margin), weeks, fixed, alternatives)
        ways_command(region_key, year, wish, form, language)
    with reading() as session:
        with _no_answer_told(form, plain_reason(NO_RUBRIC)):
            sheet = sheet_called(session, region_key, unit_key, year)
        whatif = configuration_of(session, sheet.region_id).whatif(year)
        if whatif is None:
            _no_efforts(year, form, plain_reason(NO_EFFORTS))
        zone = ZoneInfo(session.get_one(Region, sheet.region_id).timezone)
        left = weeks_left(whatif.target_date, system_clock().astimezone(zone).date()) if weeks is None else weeks
        wish = Wish(goal, None if margin is None else _points(margin), left, fixed, alternatives)
        with _names_meant():
            _tier, found = answer_of(session, sheet, whatif, wish)
    if isinstance(found, Reason):
        if form == "json":
            say_json(plain_reason(found.code))
        else:
            say(found.sentence.into(language))
        sys.exit(FINDINGS)
    told = plain_way(found, sheet.evaluation)
    if form == "json":
        say_json(told)
    else:
        _way_told(told, language)
    sys.exit(0 if found.is_reachable else FINDINGS)


def ways_command(region_key: str | None, year: int, wish: Wish, form: str, language: str) -> NoReturn:
    """Print the way of everything that was scored, each with its ``unit``; ends the process."""
    with reading() as session:
        region_id = region_meant(session, region_key).id
        if configuration_of(session, region_id).whatif(year) is None:
            _no_efforts(year, form, [{"unit": None} | plain_reason(NO_EFFORTS)])
        zone = ZoneInfo(session.get_one(Region, region_id).timezone)
        today = system_clock().astimezone(zone).date()
        with _names_meant():
            found = list(ways_of_all(session, region_id, year, wish, today))
    told: list[dict[str, Any]] = [
        {"unit": sheet.subject_key}
        | (plain_reason(answer.code) if isinstance(answer, Reason) else plain_way(answer, sheet.evaluation))
        for sheet, answer in found
    ]
    if not told:
        tell(_NOT_SCORED.into(language).format(year=year))
    if form == "json":
        say_json(told or [{"unit": None} | plain_reason(TIER_MISSING)])
    else:
        for row, (_sheet, answer) in zip(told, found, strict=True):
            say(f"{row['unit']}:")
            if isinstance(answer, Reason):
                say(f"  {answer.sentence.into(language)}")
            else:
                _way_told(row, language)
    sys.exit(0 if told and all(row["reachable"] for row in told) else FINDINGS)


def _no_efforts(year: int, form: str, told: Any) -> NoReturn:
    if form == "json":
        say_json(told)
    leave(FINDINGS, f"No file of efforts governs {year}.")


@contextmanager
def _names_meant() -> Iterator[None]:
    """A goal or a fixed path that the rubric does not have is a matter of usage."""
    try:
        yield
    except WhatIfFault as fault:
        leave(USAGE, str(fault))


def _points(text: str) -> Fraction:
    found = printed_number(text)
    if found is None:
        leave(USAGE, f"--margin: '{text}' is no number from 0; write it like 1.5")
    return found


def _way_told(told: dict[str, Any], language: str) -> None:
    number = (lambda text: text.replace(".", ",")) if language == "id" else str
    words = ("upaya", "paling jauh") if language == "id" else ("cost", "at most")
    reach = "" if told["reachable"] else f"{words[1]} "
    say(f"{number(told['from'])} -> {reach}{number(told['score'])} ({told['predicate']}), {words[0]} {told['cost']}")
    for step in told["steps"]:
        who = f" ({step['who']})" if step["who"] else ""
        say(
            f"  {step['path']}: {step['from']} -> {step['to']}, {words[0]} {step['cost']}, +{number(step['adds'])}{who}"
        )


@sakip.command("grade", short_help="Type in a predicate given outside.")
@about
@click.option("--predicate", required=True, help="As the letter says it: BB.")
@click.option("--score", help="As the letter says it, with a point: 71.35.")
@click.option("--letter", required=True, help="Number of the letter.")
@click.option("--on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Day of the letter.")
@click.option("--as", "username", required=True, metavar="USER", help="Account name of who types it in.")
@guarded
def grade_command(
    region_key: str | None, unit_key: str | None, year: int, predicate: str, score: str | None, letter: str,
    on: datetime, username: str,
) -> None:  # fmt: skip
    """Keep KemenPANRB's predicate with its letter. It is shown beside our own and never computed."""
    with writing() as session:
        sheet = sheet_called(session, region_key, unit_key, year)
        person = person_named(session, username, sheet.region_id)
        row = record_grade(
            session, sheet.region_id, sheet.unit_id, year, Given(predicate, score, letter, on.date()),
            by=person.id, now=system_clock(),
        )  # fmt: skip
        say(f"{sheet.subject_key} {year}: {row.predicate}")
