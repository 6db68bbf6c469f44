"""What a process does before it begins its work; and what a production installation must not run with: an unmigrated
database, accounts with published passwords, sealed cases without the pepper of their receipts."""

from __future__ import annotations

import gc
import resource

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from config import Settings
from engine.channel.published import faults_of_files
from engine.database import Database
from engine.disclosure.models import DisclosureRegion
from engine.errors import EnvironmentFault
from engine.migration import is_at_newest
from engine.organisation.accounts import has_demo_accounts


def refuse_unready(database: Database, settings: Settings) -> None:
    """Raises EnvironmentFault with one sentence; web server and worker ask in production, before they begin."""
    try:
        if not is_at_newest(database.engine):
            raise EnvironmentFault("The database is not at the newest migration. Run: flask db upgrade")
        with database.reading() as session:
            if has_demo_accounts(session):
                raise EnvironmentFault("Accounts of the demonstration have published passwords; remove them first.")
            faults = faults_of_files()
            if faults:
                first = faults[0]
                raise EnvironmentFault(f"{first.file}:{first.line}: {first.message.en} See: flask disclosure lint")
            if session.scalar(select(DisclosureRegion.region_id).limit(1)) is not None:
                settings.pepper.hex()  # a region has receipts or will: there must be one
    except OperationalError as fault:
        raise EnvironmentFault(f"The database does not answer: {str(fault.orig).splitlines()[0]}") from fault


def leave_no_core() -> None:
    """From now on this process leaves no core dump: opened keys lie in its memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def settle() -> None:
    """Tell Python's collector of garbage that what the start made stays, and to look at what pages make less often: to
    walk over all of it took half a second, at one page in twenty, and a fifth of the time of a year's results."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 10)
