"""``flask case show, queue, why, history``: looking at cases from the command line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.case import as_option, case
from commands.console import format_option, guarded, language_option, reading, say, say_json
from engine.cases.answers import to_store
from engine.cases.models import Case
from engine.cases.open import case_id_of
from engine.cases.pages import case_page
from engine.cases.queue_page import queue_page
from engine.cases.views import CasePage
from engine.cases.why import why as reasons_for
from engine.clock import system_clock
from engine.errors import InvalidInput, KeyNeeded, NotFound
from engine.organisation.accounts import person_called
from engine.organisation.models import Region

reader_option = click.option(
    "--as", "username", metavar="USER", help="Account name of who looks; who opened the case if left out."
)


def _page(session: Session, username: str | None, number: str, now: datetime) -> CasePage:
    if username is not None:
        person = person_called(session, username)
        return case_page(session, person.id, case_id_of(session, person.region_id, number), now)
    found = session.execute(select(Case.id, Case.initiator_id, Case.is_sealed).where(Case.number == number)).all()
    if len(found) > 1:
        raise InvalidInput(f"Several regions have a case {number}: say --as USER.")
    if not found:
        raise NotFound(f"There is no case {number}.")
    case_id, initiator_id, is_sealed = found[0]
    if is_sealed:
        raise KeyNeeded
    if initiator_id is None:
        raise InvalidInput("Nobody opened this case: say --as USER.")
    return case_page(session, initiator_id, case_id, now)


@case.command("show")
@click.argument("number", metavar="CASE")
@reader_option
@format_option
@language_option
@guarded
def show_command(number: str, username: str | None, form: str, language: str) -> None:
    """Where CASE stands, who is needed, and its answers."""
    with reading() as session:
        page = _page(session, username, number, system_clock())
    answers = to_store(page.definition.fields, page.answers)
    tasks = [
        {
            "state": task.state,
            "place": task.place,
            "item": task.item,
            "title": task.title.into(language),
            "candidates": list(task.candidates),
            "assignee": task.assignee_name,
            "due_at": task.due_at,
        }
        for task in page.tasks
    ]
    if form == "json":
        say_json(
            {
                "case": page.number,
                "title": page.title,
                "case_type": page.case_type,
                "revision": page.revision,
                "states": [step.key for step in page.states if step.mark == "now"],
                "opened_at": page.opened_at,
                "closed_at": page.closed_at,
                "tasks": tasks,
                "answers": answers,
            }
        )
        return
    say(f"{page.number}  {page.title}")
    say(f"{page.state_title.into(language)} · revision {page.revision} · {page.initiator_name or '–'}")
    for task in page.tasks:
        due = f" · {task.due_at.astimezone(ZoneInfo(page.timezone)):%Y-%m-%d %H:%M %Z}" if task.due_at else ""
        say(f"  {task.title.into(language)}: {task.assignee_name or ', '.join(task.candidates) or '–'}{due}")
    say(yaml.safe_dump(answers, allow_unicode=True, sort_keys=False).rstrip())


@case.command("queue")
@as_option
@click.option("--tab", type=click.Choice(["mine", "unit", "follow", "done"]), default="mine", show_default=True)
@click.option("--after", help="Key of the page before, as printed on stderr.")
@format_option
@language_option
@guarded
def queue_command(username: str, tab: str, after: str | None, form: str, language: str) -> None:
    """The open tasks USER may work on, most urgent first."""
    with reading() as session:
        person = person_called(session, username)
        page = queue_page(session, person.id, system_clock(), tab=tab, after=after)
        zone = ZoneInfo(session.get_one(Region, person.region_id).timezone)
    if form == "json":
        rows = [
            {
                "case": row.number,
                "title": row.title,
                "state": row.state,
                "due_at": row.due_at,
                "assignee": row.assignee_name,
            }
            for row in page.rows
        ]
        say_json({"rows": rows, "next": page.next_key})
        return
    for row in page.rows:
        due = f"{row.due_at.astimezone(zone):%Y-%m-%d %H:%M}" if row.due_at else "–"
        say(f"{row.number:<24} {due:<16} {row.state_title.into(language)} · {row.title}")
    if page.next_key:
        click.echo(f"more: --after {page.next_key}", err=True)


@case.command("why")
@click.argument("number", metavar="CASE")
@as_option
@click.option("--action", help="Only this action.")
@format_option
@language_option
@guarded
def why_command(number: str, username: str, action: str | None, form: str, language: str) -> None:
    """What USER may do in CASE, and why not the rest."""
    with reading() as session:
        person = person_called(session, username)
        case_id = case_id_of(session, person.region_id, number)
        views = reasons_for(session, person.id, case_id, action, now=system_clock())
    rows = [
        {
            "action": view.action,
            "state": view.state,
            "item": view.item,
            "title": view.title.into(language),
            "possible": view.refusal is None,
            "refused": view.refusal.code if view.refusal else None,
            "sentence": view.refusal.sentence.into(language) if view.refusal else None,
            "next_step": view.refusal.next_step.into(language) if view.refusal and view.refusal.next_step else None,
        }
        for view in views
    ]
    if form == "json":
        say_json(rows)
        return
    for row in rows:
        answer = "ok" if row["possible"] else f"{row['refused']}: {row['sentence']}"
        say(f"{row['state']}.{row['action']:<16} {answer}")


@case.command("history")
@click.argument("number", metavar="CASE")
@reader_option
@format_option
@language_option
@guarded
def history_command(number: str, username: str | None, form: str, language: str) -> None:
    """What happened in CASE, oldest first, in sentences."""
    with reading() as session:
        page = _page(session, username, number, system_clock())
    lines = sorted(page.history, key=lambda line: line.seq)
    if form == "json":
        say_json(
            [
                {
                    "seq": line.seq,
                    "at": line.at,
                    "actor": line.actor_name,
                    "on_behalf_of": line.principal_name,
                    "action": line.action,
                    "state": line.state,
                    "comment": line.comment,
                    "sentence": line.sentence.into(language),
                }
                for line in lines
            ]
        )
        return
    for line in lines:
        at = line.at.astimezone(ZoneInfo(page.timezone))
        say(f"{line.seq:>3}  {at:%Y-%m-%d %H:%M}  {line.sentence.into(language)}")
        if line.comment:
            say(f"       {line.comment}")
