"""``flask workflow publish``: check, prove, weigh, decide, and let a definition count for new cases."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from commands.console import (
    DECISION_MISSING,
    FINDINGS,
    USAGE,
    guarded,
    language_option,
    leave,
    reading,
    say,
    tell,
    writing,
)
from commands.definition_at import gathered_at
from commands.publish_report import (
    COUNTS_ALREADY,
    DONE,
    NEXT,
    NO_REASON,
    NOT_WRITTEN,
    NOTHING_NEW,
    WOULD_BE,
    decision_lines,
    missing_lines,
    report_lines,
)
from commands.workflow import workflow
from engine import vocabulary
from engine.cases.failures import failures
from engine.cases.impact import lacking_decisions, standings
from engine.cases.impact_decisions import Choice, Decisions, decide, read_choice
from engine.cases.simulate import run_all
from engine.cases.strength import Strength
from engine.cases.strength_report import kept_strength, score_line, strength_of, untested
from engine.clock import system_clock
from engine.definitions.findings import formatted
from engine.definitions.load import Loaded, lifecycle_of
from engine.definitions.model import Definition
from engine.definitions.problems import Problem
from engine.organisation.accounts import person_called
from engine.organisation.faults import Unacceptable
from engine.organisation.regions import region_called
from engine.publishing.approval import require_two_people
from engine.publishing.proposals import Proposal
from engine.publishing.publish import propose, publish
from engine.publishing.record import Considered
from engine.publishing.report import report
from engine.publishing.texts import Gathered


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. ``by`` and ``approver`` are names of accounts."""

    path: Path
    reason: str
    region_key: str | None
    by: str | None
    approver: str | None
    choices: tuple[Choice, ...]
    language: str
    gathered: Gathered
    loaded: Loaded

    @property
    def region(self) -> str | None:
        """The key of the region it is for; None for all."""
        return self.region_key or self.gathered.region


@workflow.command("publish", short_help="Make a definition the one new cases take.")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--reason", default="", help="Why this version; kept with it.")
@click.option("--region", "region_key", help="Only for this region; that of the overlay, or all, if left out.")
@click.option("--by", "username", help="Account name of who wrote it and publishes.")
@click.option(
    "--approved-by",
    "approver",
    help="Account name of the second person, where something is published there already; never the first.",
)
@click.option(
    "--impact",
    "choices",
    multiple=True,
    metavar="STATE=DECISION",
    help="What becomes of running cases whose step STATE is gone: stay, close:REASON or map:STATE. May be repeated.",
)
@click.option("--yes", is_flag=True, help="Publish; without it only what would happen is told.")
@language_option
@guarded
def publish_command(
    path: Path,
    reason: str,
    region_key: str | None,
    username: str | None,
    approver: str | None,
    choices: tuple[str, ...],
    yes: bool,
    language: str,
) -> None:
    """Make the definition at PATH the one new cases take. Running cases keep their version. Exits 3 when a second
    person or a decision is missing."""
    try:
        read = tuple(read_choice(written) for written in choices)
    except Unacceptable as fault:
        leave(USAGE, fault.text.into(language))
    gathered, loaded = gathered_at(path, language, region_key)
    if yes and not reason.strip():
        leave(USAGE, NO_REASON.into(language))
    asked = Asked(path, reason, region_key, username, approver, read, language, gathered, loaded)
    with reading() as session:
        proposal, decisions = _looked_at(session, asked, is_dry=not yes)
    _refuse_bad(asked, proposal)
    if proposal.changes_nothing and not yes:
        say(f"{proposal.case_type}: {COUNTS_ALREADY.into(language).format(number=proposal.number)}")
        return
    if decisions.missing:
        _refuse_undecided(asked, proposal, decisions)
    strength = None if proposal.changes_nothing else _measured(asked, is_dry=not yes)
    if yes:
        _publish(asked, strength)
    else:
        _closing(asked, proposal)


def _looked_at(session: Session, asked: Asked, *, is_dry: bool) -> tuple[Proposal[Definition], Decisions]:
    """The proposal, what is decided about running cases, and, in a dry run, all that should be read first."""
    words, region = vocabulary.load(), _region(session, asked)
    files, case_type = asked.gathered.files, asked.gathered.case_type
    proposal = propose(session, files, case_type, region=region, vocabulary=words, prove=_prove)
    now = system_clock()
    if is_dry:
        for text in report_lines(
            report(session, proposal, files, vocabulary=words, prove=_prove, now=now), asked.language
        ):
            say(text)
    decisions = _decided(session, proposal, asked)
    if not is_dry and proposal.needs_two and proposal.is_good and not decisions.missing:  # before anything takes long
        require_two_people(session, _person(session, asked.by), _person(session, asked.approver), region, now)
    if is_dry:
        for text in decision_lines(decisions, asked.language):
            say(text)
    return proposal, decisions


def _decided(session: Session, proposal: Proposal[Definition], asked: Asked) -> Decisions:
    if proposal.definition is None or proposal.changes_nothing:
        return Decisions((), ())
    found = standings(session, proposal.definition, proposal.region_id)
    try:
        return decide(session, proposal.definition, found, asked.choices)
    except Unacceptable as fault:
        leave(USAGE, fault.text.into(asked.language))


def _refuse_bad(asked: Asked, proposal: Proposal[Definition]) -> None:
    """Findings of level error and failing scenarios, told as ``lint`` and ``test`` tell them."""
    errors = [problem for problem in proposal.problems if problem.is_error]
    found = errors + _failed(asked.loaded, proposal, asked.region)
    if found:
        say(formatted(found, "text", asked.language))
    if not proposal.is_good:
        sys.exit(FINDINGS)


def _failed(loaded: Loaded, proposal: Proposal[Definition], region: str | None) -> list[Problem]:
    """The scenarios that fail, WF121, in the region's overlay where it has one."""
    named = [
        (one.definition.region is not None, name)
        for name, one in loaded.case_types.items()
        if one.definition.case_type == proposal.case_type and one.definition.region in (region, None)
    ]
    if not named:
        return []
    name = max(named)[1]
    case_type = loaded.case_types[name]
    return failures(case_type, proposal.failures, loaded.files.get(name, case_type.root.file))


def _refuse_undecided(asked: Asked, proposal: Proposal[Definition], decisions: Decisions) -> None:
    """WF090, then each group with what would decide about it."""
    assert proposal.definition is not None
    lacking = list(dict.fromkeys(each.standing.states for each in decisions.missing))
    first = [next(one.standing for one in decisions.missing if one.standing.states == states) for states in lacking]
    at = lifecycle_of(asked.loaded, asked.gathered.case_type)
    tell(formatted(lacking_decisions(proposal.definition, first, at), "text", asked.language))
    for text in missing_lines(proposal.definition, decisions, asked.language):
        tell(text)
    sys.exit(DECISION_MISSING)


def _measured(asked: Asked, *, is_dry: bool) -> Strength | None:
    """The score of the scenarios, and the rules none of them tests (reference §11, WF122): shown, never in the way."""
    found = strength_of(asked.gathered.files, asked.gathered.case_type, asked.region, vocabulary.load())
    if found is None:
        return None
    out = say if is_dry else tell
    out(f"{asked.gathered.case_type}: {score_line(found).into(asked.language)}")
    warnings = untested(found)
    if warnings:
        out(formatted(warnings, "text", asked.language))
    return found


def _publish(asked: Asked, strength: Strength | None) -> None:
    case_type, language = asked.gathered.case_type, asked.language
    with writing() as session:
        region = _region(session, asked)
        proposal = propose(
            session, asked.gathered.files, case_type, region=region, vocabulary=vocabulary.load(), prove=lambda _: ()
        )  # fmt: skip
        decisions = _decided(session, proposal, asked)  # as the cases stand now
        if decisions.missing:
            _refuse_undecided(asked, proposal, decisions)
        measured = None if strength is None else kept_strength(strength)
        done = publish(
            session,
            asked.gathered.files,
            case_type,
            reason=asked.reason,
            by=_person(session, asked.by),
            approved_by=_person(session, asked.approver),
            region=region,
            vocabulary=vocabulary.load(),
            now=system_clock(),
            prove=_prove,
            considered=Considered(measured, decisions.kept),
        )
    say(f"{case_type} {DONE.into(language).format(number=done.number, version=done.version)} {done.digest[:12]}")
    if not done.is_new:
        tell(NOTHING_NEW.into(language))
    for plan in decisions.plans:
        tell(NEXT.into(language).format(command=f"flask workflow migrate {asked.path} {plan} --yes"))


def _closing(asked: Asked, proposal: Proposal[Definition]) -> None:
    """What would happen, and which options are still missing for it."""
    say(f"{proposal.case_type}: {WOULD_BE.into(asked.language).format(number=proposal.number)}")
    missing = [] if asked.reason.strip() else ["--reason"]
    if proposal.needs_two:
        named = (("--by", asked.by), ("--approved-by", asked.approver))
        missing += [option for option, given in named if given is None]
    tell(NOT_WRITTEN.into(asked.language).format(options=" ".join([*missing, "--yes"])))


def _region(session: Session, asked: Asked) -> int | None:
    return None if asked.region is None else region_called(session, asked.region).id


def _person(session: Session, username: str | None) -> int | None:
    return None if username is None else person_called(session, username).id


def _prove(definition: Definition) -> Sequence[Any]:
    return [result for result in run_all(definition) if not result.passed]
