"""``flask disclosure …``: the keys of a region's sealed cases: its ceremony, who has a key, what is missing."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask.cli import AppGroup

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
from config import Settings, read_settings
from engine.clock import system_clock
from engine.disclosure.ceremony import Ceremony, escrow_state, hold_ceremony
from engine.disclosure.typed_sheets import TypedSheets, with_sheet
from engine.errors import EnvironmentFault
from engine.organisation.faults import Unacceptable
from engine.organisation.regions import region_called
from engine.reports.key_checks import check_keys, regions_with_keys

disclosure = AppGroup("disclosure", help="Sealed reports: keys, custodians, reporting channels.")

region_option = click.option("--region", "region_key", required=True, metavar="KEY", help="Which region.")


@disclosure.command("ceremony")
@region_option
@click.option(
    "--needed", type=int, required=True, metavar="M", help="How many sheets open the officers' keys together."
)
@click.option("--custodians", type=int, required=True, metavar="N", help="How many sheets are printed.")
@click.option("--old-sheets-lost", "are_lost", is_flag=True, help="Those of the ceremony before; officers are asked.")
@click.option("--yes", is_flag=True, help="Everybody is here and ready; needed, as the sheets are shown once.")
@format_option
@language_option
@guarded
def ceremony_command(
    region_key: str, needed: int, custodians: int, are_lost: bool, yes: bool, form: str, language: str
) -> None:
    """Make the region's escrow and print its sheets, one a page, this once; nothing of them is kept. Sheets of the
    ceremony before are asked for, one after another, when officers have keys."""
    if not yes:
        leave(USAGE, "the sheets are printed once and kept nowhere: say --yes when everybody is ready")
    with reading() as session:
        region = region_called(session, region_key)
        state = escrow_state(session, region.id)
    old = ask_for_sheets(language) if state.is_made and state.keys and not are_lost else ()
    with writing() as session:
        held = hold_ceremony(
            session, region.id, needed, custodians, seen=state.public, old_sheets=old, are_old_lost=are_lost, by=None,
            now=system_clock(),
        )  # fmt: skip
    if form == "json":
        say_json({
            "region": region_key, "needed": needed, "custodians": custodians, "moved": held.moved, "left": held.left,
            "sheets": list(held.sheets),
        })  # fmt: skip
        return
    _print_sheets(held, region.name, language)


@disclosure.command("keys")
@region_option
@format_option
@language_option
@guarded
def keys_command(region_key: str, form: str, language: str) -> None:  # noqa: ARG001  guarded reads it
    """Who has a key and who needs one, and how many cases each opens. No content, and no case by its number."""
    with reading() as session:
        region = region_called(session, region_key)
        _findings, lines = check_keys(session, region.id, has_pepper(read_settings()), system_clock())
    rows = [
        {
            "username": line.username, "name": line.name, "is_active": line.is_active, "has_key": line.has_key,
            "is_out_of_reach": line.is_out_of_reach, "has_second_factor": line.has_factor,
            "waits_for_agreement": line.waits, "made_at": line.made_at, "cases": line.cases,
            "roles": list(line.roles),
        }
        for line in lines
    ]  # fmt: skip
    if form == "json":
        say_json(rows)
        return
    for line in lines:
        key = "no key" if not line.has_key else "locked" if line.is_out_of_reach else "key"
        more = [f"{line.cases} cases" if line.has_key else "", "" if line.is_active else "left", ", ".join(line.roles)]
        say(" · ".join(part for part in (line.username or line.name, key, *more) if part))


@disclosure.command("check")
@click.option("--region", "region_key", metavar="KEY", help="One region; otherwise all that need keys.")
@format_option
@language_option
@guarded
def check_command(region_key: str | None, form: str, language: str) -> None:
    """What is missing before the region can work with sealed cases. Ends with 1 when something is."""
    found = []
    with reading() as session:
        regions = regions_with_keys(session) if region_key is None else [region_called(session, region_key)]
        for region in regions:
            findings, _lines = check_keys(session, region.id, has_pepper(read_settings()), system_clock())
            found += [(region.key, finding) for finding in findings]
    if form == "json":
        say_json([
            {"region": key, "check": one.code, "level": one.level, "sentence": one.text.into(language)}
            for key, one in found
        ])  # fmt: skip
    else:
        for key, one in found:
            say(f"{one.level:8} {key}: {one.text.into(language)}")
    if any(one.level == "missing" for _key, one in found):
        leave(FINDINGS)


def has_pepper(settings: Settings) -> bool:
    """Whether receipts can be made."""
    try:
        return bool(settings.pepper)
    except EnvironmentFault:
        return False


def ask_for_sheets(language: str) -> tuple[str, ...]:
    """Custodians type their sheets one after another, unseen, until there are enough. A sheet that does not fit is
    asked for again."""
    typed, ask = TypedSheets(), _asker()
    while not typed.is_enough:
        try:
            typed = with_sheet(typed, ask(len(typed.places) + 1), system_clock())
        except Unacceptable as fault:
            tell(fault.text.into(language))
    return typed.words


def _asker() -> Callable[[int], str]:
    return lambda place: str(click.prompt(f"Sheet {place}", hide_input=True, err=True))


def _print_sheets(held: Ceremony, region: str, language: str) -> None:
    """One sheet a page: a form feed between them."""
    for place, words in enumerate(held.sheets, 1):
        split = words.split()
        if language == "id":
            say(f"{region}\nLembar {place} dari {held.custodians} · {held.needed} lembar diperlukan bersama\n")
        else:
            say(f"{region}\nSheet {place} of {held.custodians} · {held.needed} sheets are needed together\n")
        for start in range(0, len(split), 3):
            row = split[start : start + 3]
            say("".join(f"{start + at + 1:3}. {word:12}" for at, word in enumerate(row)).rstrip())
        say("\n" + ("Disimpan oleh: ____________________" if language == "id" else "Kept by: ____________________"))
        say("\f" if place < held.custodians else "")
    tell(f"{held.moved} second copies moved, {held.left} officers are asked.")
