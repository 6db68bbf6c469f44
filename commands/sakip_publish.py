"""``flask sakip publish``: let the files of a folder count, for everybody or for a region."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from commands.console import DECISION_MISSING, FINDINGS, USAGE, guarded, language_option, leave, say, tell, writing
from commands.sakip import sakip
from commands.sakip_named import person_named, region_named
from config import ROOT
from engine.clock import system_clock
from engine.definitions.findings import formatted
from engine.definitions.model import Text
from engine.publishing.approval import TwoPeopleNeeded
from engine.publishing.proposals import NotPublishable
from sakip.publish_folder import not_in_folder, publish_folder
from sakip.published import FolderRefused
from sakip.reasons import short

_NO_REASON = Text("Tulis alasannya: --reason.", "Say why: --reason.")
_UNWRITTEN = Text("Belum ada yang ditulis. Tambahkan --yes.", "Nothing was written. Add --yes.")
_NOTHING = Text("Folder ini tidak memuat berkas untuk diterbitkan.", "This folder holds no file to publish.")
_NOTHING_OWN = Text(
    "Folder ini tidak memuat lapisan daerah itu; yang berlaku tetap dasarnya.",
    "This folder holds no overlay of that region; what is published for all counts there.",
)
_VECTOR = Text("Vektor tidak lulus", "A vector does not pass")
_STANDS = Text("sudah berlaku", "counts already")
_CHANGES = Text("angka yang berubah: {count}", "figures that change: {count}")
_MORE = Text("dan {count} lagi", "and {count} more")
_NEW = Text("berlaku sebagai versi nomor", "counts as version number")
_LEFT = Text(
    "{name}: tidak ada di folder ini, jadi versi milik daerah tetap berlaku. Untuk kembali ke dasarnya, terbitkan "
    "lapisan dengan patch: {{}}.",
    "{name}: not in this folder, so the region's own version goes on counting. To go back to the base, publish an "
    "overlay with patch: {{}}.",
)


@sakip.command("publish")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT / "sakip_config")
@click.option("--region", "region_key", metavar="KEY", help="Only what this region's overlays change; all if left out.")
@click.option("--reason", default="", help="Why this version; kept with it.")
@click.option("--by", "username", help="Account name of who wrote it and publishes.")
@click.option("--approved-by", "approver", help="Account name of the second person, where something counts already.")
@click.option("--yes", is_flag=True, help="Publish; without it only what would happen is told.")
@language_option
@guarded
def publish_command(
    folder: Path, region_key: str | None, reason: str, username: str | None, approver: str | None, yes: bool,
    language: str,
) -> None:  # fmt: skip
    """Let levels, measurement, rubric and effort of FOLDER count. Every figure that would change is told, old and new.
    Exits 1 with findings or vectors that fail, 3 when a
    second person is missing."""
    if not reason.strip():
        leave(USAGE, _NO_REASON.into(language))
    with writing() as session:
        try:
            region = None if region_key is None else region_named(session, region_key).id
            done = publish_folder(
                session, folder, reason=reason, now=system_clock(), shown=partial(_shown, language), region=region,
                by=None if username is None else person_named(session, username).id,
                approved_by=None if approver is None else person_named(session, approver).id,
            )  # fmt: skip
        except NotPublishable as refused:
            errors = [problem for problem in refused.proposal.problems if problem.is_error]
            if errors:
                say(formatted(errors, "text", language))
            for failed in refused.proposal.failures:
                say(f"{_VECTOR.into(language)}: {failed.name}")
            sys.exit(FINDINGS)
        except FolderRefused as refused:
            say(formatted(refused.problems, "text", language))
            sys.exit(FINDINGS)
        except TwoPeopleNeeded as missing:
            leave(DECISION_MISSING, missing.text.into(language))
        left = [] if region is None else not_in_folder(session, region, done)
        if not done and not left:
            leave(FINDINGS, (_NOTHING if region_key is None else _NOTHING_OWN).into(language))
        for name, one in done.items():
            said = f"{_NEW.into(language)} {one.number}" if one.is_new else _STANDS.into(language)
            say(f"{name}: {said} ({one.version}, {one.digest[:12]})")
        for name in left:
            say(_LEFT.into(language).format(name=name))
        if not yes:
            session.rollback()
    if not yes and any(one.is_new for one in done.values()):
        tell(_UNWRITTEN.into(language))


def _shown(language: str, name: str, changes: Sequence[Mapping[str, Any]]) -> None:
    """What a file would change: a line a figure, old and new."""
    if not changes:
        return
    lines = [one for one in changes if "more" not in one]
    more = sum(one["more"] for one in changes if "more" in one)
    say(f"{name}: {_CHANGES.into(language).format(count=len(lines) + more)}")
    for one in lines:
        place = " ".join(str(one[part]) for part in ("region", "figure", "subject", "span"))
        say(f"  {place}: {_figure(one['old'], language)} -> {_figure(one['new'], language)}")
    if more:
        say(f"  {_MORE.into(language).format(count=more)}")


def _figure(told: Mapping[str, Any] | None, language: str) -> str:
    if told is None or (told["value"] is None and told["reason"] is None):
        return "-"
    if told["value"] is None:  # in words, as everywhere
        return short(told["reason"]).into(language)
    value = told["value"].replace(".", ",") if language == "id" else told["value"]
    return f"{value} ({told['band']})" if told["band"] else str(value)
