"""``flask disclosure statistics``: what the database tells of sealed cases without any key."""

from __future__ import annotations

from commands.console import format_option, guarded, language_option, reading, say, say_json
from commands.disclosure import disclosure, region_option
from engine.organisation.regions import region_called
from engine.reports.sealed_statistics import bare_numbers


@disclosure.command("statistics")
@region_option
@format_option
@language_option
@guarded
def statistics_command(region_key: str, form: str, language: str) -> None:
    """How many sealed cases a region had, by year and whether they have ended; small numbers are left out. Everything
    else is on the page, for those who hold a key."""
    with reading() as session:
        region = region_called(session, region_key)
        found = bare_numbers(session, region.id, region.key)
    if form == "json":
        say_json([
            {"year": year, "lines": {line.title.into(language): line.count for line in table.lines}}
            for year, table in found
        ])  # fmt: skip
        return
    for year, table in found:
        told = ", ".join(
            f"{line.title.into(language)}: {'–' if line.count is None else line.count}" for line in table.lines
        )
        say(f"{year}: {told or '–'}")
