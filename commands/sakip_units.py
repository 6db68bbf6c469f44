"""``flask sakip units``: units that were split, merged or renamed, and a new change in the bureau's name."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from commands.console import FINDINGS, USAGE, format_option, guarded, language_option, leave, say, say_json, writing
from commands.sakip import sakip
from commands.sakip_import import DAY, DRY
from commands.sakip_named import person_named
from engine.clock import system_clock
from engine.definitions.model import Text
from sakip.counted import counted
from sakip.tree.check_words import words_of
from sakip.tree.history import Refusal
from sakip.unit_changes import KINDS, UnitChange, Wished, change_units, unit_changes


@sakip.command("units", short_help="Units that were split, merged or renamed; a new such change.")
@click.argument("kind", required=False, type=click.Choice(KINDS))
@click.option("--as", "username", metavar="USER", required=True, help="Account name; changes are the bureau's.")
@click.option("--from", "before", metavar="KEY", multiple=True, help="A unit until then; several of a merge.")
@click.option("--to", "after", metavar="KEY", multiple=True, help="A unit from then on; several of a split.")
@click.option("--take", "taken", metavar="NODE=KEY", multiple=True, help="Which unit takes a node of a split.")
@click.option("--on", type=DAY, metavar="DATE", help="From which day.")
@click.option("--reason", default="", help="Why.")
@click.option("--legal-basis", default="", help="What it rests on.")
@click.option("--dry-run", "is_dry", is_flag=True, help="Only say what would happen.")
@format_option
@language_option
@guarded
def units_command(
    kind: str | None, username: str, before: tuple[str, ...], after: tuple[str, ...], taken: tuple[str, ...],
    on: datetime | None, reason: str, legal_basis: str, is_dry: bool, form: str, language: str,
) -> None:  # fmt: skip
    """List the changes of units of USER's region, or carry one out: nodes keep their keys, history stays. Exits 1 when
    it is refused; then nothing is written."""
    if kind is not None and on is None:
        leave(USAGE, "a change needs the day it begins: --on DATE")
    if any("=" not in one for one in taken):
        leave(USAGE, "--take names a node and its unit: NODE=KEY")
    with writing() as session:
        person = person_named(session, username)
        now = system_clock()
        if kind is None or on is None:
            _list(unit_changes(session, person.id, None, now).changes, form)
            return
        chosen = dict(one.split("=", 1) for one in taken)
        wished = Wished(kind, before, after, on.date(), reason.strip(), legal_basis.strip(), chosen)
        outcome = change_units(session, person.id, wished, now)
        refused = outcome if isinstance(outcome, tuple) else ()
        revisions = [] if isinstance(outcome, tuple) else [(row.unit_id, row.number) for row in outcome]
        if refused or is_dry:
            session.rollback()
    _told(refused, revisions, is_dry, form, language)
    sys.exit(FINDINGS if refused else 0)


def _list(changes: tuple[UnitChange, ...], form: str) -> None:
    if form == "json":
        say_json({"changes": [_plain(one) for one in changes]})
        return
    for one in changes:
        say(f"{one.on.isoformat()} {one.kind}: {', '.join(one.before)} -> {', '.join(one.after)}"
            + (f" ({one.legal_basis})" if one.legal_basis else ""))  # fmt: skip


def _plain(one: UnitChange) -> dict[str, Any]:
    return {
        "kind": one.kind, "on": one.on.isoformat(), "before": list(one.before), "after": list(one.after),
        "reason": one.reason, "legal_basis": one.legal_basis,
    }  # fmt: skip


def _told(
    refused: tuple[Refusal, ...], revisions: list[tuple[int | None, int]], is_dry: bool, form: str, language: str
) -> None:  # fmt: skip
    if form == "json":
        say_json({
            "refused": [{"code": one.code, "keys": list(one.keys)} for one in refused],
            "revisions": len(revisions), "written": not refused and not is_dry,
        })  # fmt: skip
        return
    for one in refused:
        keys = f" ({', '.join(one.keys)})" if one.keys else ""
        say(f"{one.code}: {words_of(one.code).into(language)}{keys}")
    if not refused:
        count = len(revisions)
        say(Text(f"{count} revisi pohon", counted(count, "revision of a tree", "revisions of trees")).into(language))
        if is_dry:
            say(DRY.into(language))
