"""Imports every table of the field, so that the one metadata knows them (migrations, tests)."""

from __future__ import annotations

from engine.all_models import metadata
from sakip.exchange import models as exchange
from sakip.facts import budget_models as budgets
from sakip.facts import models as facts
from sakip.tree import models as tree

__all__ = ["budgets", "exchange", "facts", "metadata", "tree"]
