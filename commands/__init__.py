"""The command line, one file a group, each command thin: one engine call, then text or JSON."""

from __future__ import annotations

from flask import Flask

from commands import audit, case_looking, database, demonstration, operate, sakip, workflow


def register(app: Flask) -> None:
    """Add every group and command to ``flask``. None of ``workflow lint``, ``test`` and their kin opens a database."""
    for command in (
        workflow.workflow,
        case_looking.case,
        audit.audit,
        sakip.sakip,
        database.db,
        demonstration.demo,
        operate.worker,
        operate.doctor,
    ):
        app.cli.add_command(command)
