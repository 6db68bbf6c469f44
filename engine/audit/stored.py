"""The tables of cases as the audit reads them: as they are stored, without the cases' own code between."""

from __future__ import annotations

from sqlalchemy import Boolean, column, table

from engine.database import Moment

HISTORY = table(
    "history",
    column("case_id"),
    column("seq"),
    column("at", Moment()),
    column("actor_id"),
    column("principal"),
    column("kind"),
    column("action"),
    column("state"),
    column("states_left"),
    column("states_entered"),
    column("comment"),
    column("item"),
    column("details"),
    column("answers_changed"),
    column("hash"),
)
CASES = table(
    "cases",
    column("id"),
    column("region_id"),
    column("number"),
    column("revision"),
    column("head_hash"),
    column("is_sealed", Boolean()),
)
REGIONS = table("regions", column("id"), column("timezone"))
ENTRIES = table(
    "audit_entries",
    column("region_id"),
    column("seq"),
    column("at", Moment()),
    column("actor_id"),
    column("event"),
    column("subject"),
    column("old"),
    column("new"),
    column("hash"),
)
