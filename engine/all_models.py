"""Imports every table's model, so that one metadata knows them all (migrations, tests)."""

from __future__ import annotations

from engine.audit import models as audit
from engine.database import Base
from engine.organisation import models as organisation
from engine.publishing import models as publishing

metadata = Base.metadata

__all__ = ["audit", "metadata", "organisation", "publishing"]
