"""What an installation with sealed cases asks of its machine: backups, encrypted mail, private files, no traces of
memory on a disk. Each finding is (check, level, sentence)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from config import ROOT, Settings
from delivery.backup.making import in_the_open, newest
from engine.clock import system_clock
from engine.database import database_url

Found = tuple[str, str, str]
FRESH_BACKUP = timedelta(days=2)
_IN_MEMORY = ("/dev/zram", "/dev/dm-", "/dev/mapper/")  # compressed memory, or on a mapped device as encryption is
SWAPS, CORE_PATTERN = Path("/proc/swaps"), Path("/proc/sys/kernel/core_pattern")


def backups(settings: Settings) -> Found:
    """Whether there are some, new enough, and encrypted."""
    folder = settings.backup_dir
    if not settings.backup_key:
        return (
            "backups",
            "warning",
            "ALUR_BACKUP_KEY is empty: nothing says that backups are encrypted; flask backup key",
        )
    open_ones = in_the_open(folder, system_clock())
    if open_ones:
        return ("backups", "warning", f"{open_ones[0]} in {folder} is not encrypted by flask backup")
    last = newest(folder)
    if last is None:
        return ("backups", "warning", f"there is none in {folder}: flask backup create, every night")
    if system_clock() - last > FRESH_BACKUP:
        return ("backups", "warning", f"the newest in {folder} is of {last.date()}: flask backup create, every night")
    return ("backups", "ok", f"the newest is of {last.date()}, encrypted")


def private_mail(settings: Settings, has_sealed: bool) -> Found:
    """Whether the constant mails of sealed cases can leave."""
    if settings.mail_use_tls or not has_sealed:
        return ("mail of sealed cases", "ok", "leaves encrypted" if has_sealed else "no region works with sealed cases")
    level = "missing" if settings.is_production else "warning"
    return ("mail of sealed cases", level, "ALUR_MAIL_USE_TLS is off: in production mails of sealed cases do not leave")


def private_files(settings: Settings) -> Found:
    """Whether other accounts of this machine can read what is kept."""
    url = database_url(settings.database_url)
    kept = [settings.files_dir, settings.sealed_dir, settings.backup_dir, ROOT / "var" / "secret_key",
            ROOT / "var" / "receipt_pepper"]  # fmt: skip
    if url.get_backend_name() == "sqlite":
        kept.insert(0, Path(str(url.database)))
    for path in kept:
        if path.exists() and path.stat().st_mode & 0o077:
            mode = "700" if path.is_dir() else "600"
            return ("permissions", "warning", f"other accounts can look into {path}: chmod {mode} {path}")
    return ("permissions", "ok", "database, files and secrets are this account's alone")


def memory_on_disk(has_sealed: bool, swaps: Path = SWAPS, pattern: Path = CORE_PATTERN) -> Iterator[Found]:
    """Keys are in memory while people work; swap and core dumps would put them on a disk."""
    if not has_sealed:
        return
    lines = swaps.read_text(encoding="utf-8").splitlines()[1:] if swaps.exists() else []
    bare = [line.split()[0] for line in lines if line.strip() and not line.startswith(_IN_MEMORY)]
    if bare:
        yield ("swap", "warning", f"{bare[0]} is on: opened keys may be written to it; swapoff, or encrypt it")
    else:
        yield ("swap", "ok", "none that lies on a disk in the open")
    if pattern.exists() and pattern.read_text(encoding="utf-8").startswith("|"):
        sentence = "go to a program, whatever our processes say: sysctl kernel.core_pattern=core, or empty its folder"
        yield ("core dumps", "warning", sentence)
    else:
        yield ("core dumps", "ok", "our processes leave none")
