"""``flask workflow replay``: recorded acts of finished cases done again under a draft; nothing is written."""

from __future__ import annotations

import re
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click

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
)
from commands.definition_at import definition_at, region_of, region_option
from commands.workflow import workflow
from engine.cases.replay import Period, Tally, finished_cases, replay_case, told
from engine.definitions.model import Text

WORDS = {
    "path": Text("jalur lain", "another path"),
    "approver": Text("penyetuju lain", "another approver"),
    "deadline": Text("batas waktu lain", "another deadline"),
    "result": Text("hasil lain", "another result"),
}
TOTALS = {
    "cases": Text("Kasus selesai", "Finished cases"),
    "same": Text("Sama", "Same"),
    "different": Text("Berbeda", "Different"),
    "cannot_be_replayed": Text("Tidak dapat diulang", "Cannot be replayed"),
}
IN = Text("di", "in")


@workflow.command("replay", short_help="Replay finished cases under a draft.")
@click.argument("path", type=click.Path(path_type=Path))
@region_option
@click.option("--period", help="When the cases ended: 2025, 2025-03 or 2025-03-31.")
@language_option
@format_option
@guarded
def replay(path: Path, region_key: str | None, period: str | None, language: str, form: str) -> None:
    """Replay finished cases under the definition at PATH. Exits 1 when some would have been different."""
    span = _period(period)
    given = definition_at(path, language)
    tally, start = Tally(), 0
    with reading() as session:
        region_id = region_of(session, given, region_key)
        while ids := finished_cases(session, given.definition, region_id, span, start):
            for case_id in ids:
                tally.add(*replay_case(session, given.definition, case_id))
            session.expunge_all()
            start = ids[-1] + 1
            if sys.stderr.isatty():
                tell(str(tally.total))
    row = told(tally, is_sealed=given.definition.is_sealed)
    if form == "json":
        head = {name: getattr(given.definition, name) for name in ("case_type", "version", "digest")}
        say_json({**head, **row})
    else:
        _say(row, language)
    if tally.outcomes["different"] or tally.outcomes["cannot_be_replayed"]:
        sys.exit(FINDINGS)


def _period(text: str | None) -> Period:
    if text is None:
        return Period()
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text, re.ASCII)
    try:
        if match is None:
            raise ValueError
        year, month, day = (None if part is None else int(part) for part in match.groups())
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        leave(USAGE, f"{text} is no period: write 2025, 2025-03 or 2025-03-31")
    if day is not None:
        return Period(first, first)
    after = date(first.year + 1, 1, 1) if month is None else (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return Period(first, after - timedelta(days=1))


def _say(row: dict[str, Any], language: str) -> None:
    for key, words in TOTALS.items():
        say(f"{words.into(language)}: {row[key]}")
    for each in row["differences"]:
        say(_line(WORDS[each["kind"]].into(language), each, language))
    for each in row["not_replayed"]:
        say(_line(each["code"], each, language))


def _line(what: str, each: dict[str, Any], language: str) -> str:
    place = f" {IN.into(language)} {each['state']}" if each["state"] else ""
    examples = f" ({', '.join(each['examples'])})" if each["examples"] else ""
    return f"  {each['count']} · {what}{place}{examples}"
