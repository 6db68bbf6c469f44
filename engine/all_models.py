"""Imports every table's model, so that one metadata knows them all (migrations, tests)."""

from __future__ import annotations

from engine.audit import append_only
from engine.audit import models as audit
from engine.cases import migration_models as migrations
from engine.cases import models as cases
from engine.database import Base
from engine.disclosure import models as disclosure
from engine.organisation import models as organisation
from engine.outbox import models as outbox
from engine.publishing import models as publishing
from engine.tasks import models as tasks
from engine.timers import models as timers

metadata = Base.metadata
append_only.install(metadata)

__all__ = [
    "audit", "cases", "disclosure", "metadata", "migrations", "organisation", "outbox", "publishing", "tasks", "timers",
]  # fmt: skip
