"""``flask audit …``: recompute every chain, and print the anchors for a second place."""

from __future__ import annotations

import sys
from typing import Any

import click
from flask.cli import AppGroup

from commands.console import FINDINGS, format_option, guarded, language_option, reading, say, say_json
from engine.audit.anchors import anchors
from engine.audit.findings import AuditFinding
from engine.organisation.regions import region_called
from engine.publishing.verify import verify_all

audit = AppGroup("audit", help="The record of what happened.")


@audit.command("verify")
@format_option
@language_option
@guarded
def verify_command(form: str, language: str) -> None:
    """Find rows that are changed, missing or moved, and name them. Exits 1 when one is found."""
    with reading() as session:
        findings = verify_all(session)
    if form == "json":
        say_json([_plain(one, language) for one in findings])
    else:
        for one in findings:
            say(one.sentence.into(language))
        say("every chain holds" if not findings else f"{len(findings)} found")
    if findings:
        sys.exit(FINDINGS)


def _plain(finding: AuditFinding, language: str) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "region_id": finding.region_id,
        "case": finding.number,
        "case_id": finding.case_id,
        "seq": finding.seq,
        "sentence": finding.sentence.into(language),
    }


@audit.command("anchors")
@click.option("--region", required=True, help="Key of the region.")
@format_option
@guarded
def anchors_command(region: str, form: str) -> None:
    """Print the anchors: keep them elsewhere, and even a case removed whole is found."""
    with reading() as session:
        rows = anchors(session, region_called(session, region).id)
    if form == "json":
        say_json([{"region": region, "seq": r.seq, "at": r.at, "rows": r.row_count, "hash": r.hash} for r in rows])
        return
    for row in rows:
        say(f"{region} {row.seq} {row.at:%Y-%m-%dT%H:%M:%SZ} {row.row_count} {row.hash}")
