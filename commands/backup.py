"""``flask backup …``: everything this installation keeps in one encrypted file, and back again."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from commands.console import FINDINGS, format_option, guarded, leave, reading, say, say_json, tell
from config import read_settings
from delivery.backup.keys import new_keys, pair_from
from delivery.backup.making import create, restore
from engine.clock import system_clock
from engine.publishing.verify import verify_all

backup = AppGroup("backup", help="Encrypted backups: a key, making one, restoring one.")


@backup.command("key")
@guarded
def key_command() -> None:
    """Make a pair of keys for backups and print it, this once. The private half opens every backup: keep it on paper,
    away from this machine; the public half goes into ALUR_BACKUP_KEY."""
    public, private = new_keys()
    say(f"ALUR_BACKUP_KEY={public}")
    say("")
    say(f"Private key, to be written down twice and kept away from this machine:\n{private}")


@backup.command("create")
@format_option
@guarded
def create_command(form: str) -> None:
    """Put the database and all files into one encrypted file in ALUR_BACKUP_DIR, while everything works; backups older
    than 30 days are removed. Secrets of the settings are not in it."""
    made = create(read_settings(), system_clock())
    if form == "json":
        say_json({"path": str(made.path), "files": made.files, "dropped": made.dropped})
        return
    say(f"{made.path} · {made.files} files · {made.dropped} old backups removed")


@backup.command("restore")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key-file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Where the private key stands; otherwise it is asked for, unseen.")  # fmt: skip
@guarded
def restore_command(source: Path, key_file: Path | None) -> None:
    """Put a backup back where there is no database and no file yet, and verify the audit. The secrets of the settings
    must be those of the installation it was made of."""
    typed = key_file.read_text(encoding="ascii") if key_file else click.prompt("Private key", hide_input=True, err=True)
    count = restore(read_settings(), source, pair_from(typed))
    say(f"The database and {count} files are back.")
    with reading() as session:
        findings = verify_all(session)
    for found in findings:
        tell(found.sentence.en)
    if findings:
        leave(FINDINGS, f"{len(findings)} rows do not fit")
    say("Every chain of the audit holds.")
