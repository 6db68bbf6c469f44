"""``flask workflow versions``: what was published when, by whom, and what was known and decided then."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from commands.console import FINDINGS, format_option, guarded, language_option, leave, reading, say, say_json
from commands.publish_report import FATES
from commands.workflow import workflow
from engine.definitions.model import Text
from engine.organisation.regions import region_called
from engine.publishing.record import PublicationView, publications

WORDS = {
    "none": Text(
        "belum ada versi '{case_type}' yang diterbitkan di sini", "no version of '{case_type}' is published here"
    ),
    "from": Text("berlaku mulai {day}", "counts from {day}"),
    "by": Text("diterbitkan {by}", "published by {by}"),
    "nobody": Text("dari berkas", "from files"),
    "second": Text("disetujui {second}", "approved by {second}"),
    "reason": Text("alasan: {reason}", "reason: {reason}"),
    "basis": Text("dasar hukum: {basis}", "legal basis: {basis}"),
    "strength": Text(
        "kekuatan: {caught} dari {changes} perubahan tertangkap ({score} %), {survivors} lolos",
        "strength: {caught} of {changes} changes caught ({score} %), {survivors} survived",
    ),
    "finding": Text("temuan: {finding}", "finding: {finding}"),
    "decision": Text("kasus di {state} ({version}), {count}: {fate}", "cases in {state} ({version}), {count}: {fate}"),
    "broken": Text(
        "catatan ini TIDAK sama dengan yang tertulis di jejak audit",
        "this record is NOT what the audit trail vouches for",
    ),
    "unkept": Text("diterbitkan sebelum catatan disimpan", "published before records were kept"),
}


@workflow.command("versions", short_help="What was published, by whom, and why.")
@click.argument("case_type", metavar="CASE_TYPE")
@click.option("--region", "region_key", help="Those of this region; those for all if left out.")
@language_option
@format_option
@guarded
def versions(case_type: str, region_key: str | None, language: str, form: str) -> None:
    """Every publication of CASE_TYPE, the newest first: both people, reason, legal basis, findings, strength, decisions
    about running cases. Exits 1 when a record is not what the audit vouches for."""
    with reading() as session:
        region = None if region_key is None else region_called(session, region_key).id
        found = publications(session, case_type, region)
    if not found:
        leave(FINDINGS, WORDS["none"].into(language).format(case_type=case_type))
    if form == "json":
        say_json([asdict(each) for each in found])
    else:
        for each in found:
            for text in _lines(each, language):
                say(text)
    if any(each.is_audited is False for each in found):
        sys.exit(FINDINGS)


def _lines(row: PublicationView, language: str) -> Iterator[str]:
    def word(key: str, **values: Any) -> str:
        return WORDS[key].into(language).format(**values)

    yield f"{row.number} ({row.version}) {row.digest[:12]} · {word('from', day=row.counts_from)}"
    by = word("nobody") if row.published_by is None else word("by", by=row.published_by)
    second = "" if row.approved_by is None else f" · {word('second', second=row.approved_by)}"
    yield f"  {row.published_at.isoformat(' ', 'seconds')} · {by}{second}"
    yield f"  {word('reason', reason=row.reason)}"
    if row.legal_basis:
        yield f"  {word('basis', basis='; '.join(row.legal_basis))}"
    if row.is_audited is None:
        yield f"  {word('unkept')}"
        return
    if row.strength is not None:
        yield f"  {word('strength', **row.strength)}"
    for each in row.findings or ():
        said = f"{each['file']}:{each['line']}:{each['column']}: {each['code']} {each['message'][language]}"
        yield f"  {word('finding', finding=said)}"
    for each in row.decisions or ():
        yield f"  {word('decision', **{**each, 'fate': _fate(each, language)})}"
    if not row.is_audited:
        yield f"  {word('broken')}"


def _fate(decision: Any, language: str) -> str:
    fate = FATES[decision["decision"]].into(language).format(to=decision["to"])
    reason = decision["reason"]
    said = reason if isinstance(reason, str) or reason is None else reason[language]
    return " · ".join(part for part in (fate, said, decision["plan"]) if part)
