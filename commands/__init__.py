"""The command line, one file a group, each command thin: one engine call, then text or JSON."""

from __future__ import annotations

import click
from flask import Flask

from commands import (
    audit,
    backup,
    case,
    case_calls,
    case_looking,
    case_pausing,
    database,
    disclosure,
    disclosure_lint,
    disclosure_numbers,
    disclosure_people,
    mandate,
    operate,
    organisation,
    organisation_import,
    schedule,
    workflow,
    workflow_diff,
    workflow_draw,
    workflow_impact,
    workflow_migrate,
    workflow_overlays,
    workflow_publish,
    workflow_regions,
    workflow_replay,
    workflow_rollback,
    workflow_runs,
    workflow_strength,
    workflow_versions,
)

# Each adds commands to a group.
PARTS = (
    case_calls,
    case_looking,
    case_pausing,
    disclosure_lint,
    disclosure_numbers,
    disclosure_people,
    workflow_diff,
    workflow_draw,
    workflow_impact,
    workflow_migrate,
    workflow_overlays,
    workflow_publish,
    workflow_replay,
    workflow_rollback,
    workflow_regions,
    workflow_runs,
    workflow_strength,
    workflow_versions,
)

COMMANDS: tuple[click.Command, ...] = (
    workflow.workflow,
    case.case,
    audit.audit,
    organisation.region,
    organisation.account,
    organisation_import.organisation,
    mandate.mandate,
    schedule.schedule,
    disclosure.disclosure,
    database.db,
    backup.backup,
    operate.worker,
    operate.doctor,
)


def register(app: Flask) -> None:
    """Add every group and command to ``flask``. None of ``workflow lint``, ``test`` and their kin opens a database."""
    for command in COMMANDS:
        app.cli.add_command(command)
