"""Which acts of cases facts are drawn from, and how they are drawn again from the cases alone (reference §3.2).

What an act did besides writing facts (opening cases, telling somebody) is not done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from sakip.case_answers import Document
from sakip.facts.agreements import draw_agreement
from sakip.facts.report_facts import draw_action_plan, draw_reported, draw_verified
from sakip.facts.scores import draw_tier
from sakip.tree.agreeing import draw_edge
from sakip.tree.in_force import draw_tree


@dataclass(frozen=True, slots=True)
class Act:
    """One act that wrote facts: the case as it stood after it, the moment, the values of its call."""

    document: Document
    at: datetime
    values: Mapping[str, Any]


Draw = Callable[[Session, Act], object]

DRAWS: Mapping[str, Draw] = {
    "sakip.tree_in_force": lambda session, act: draw_tree(session, act.document, act.at),
    "sakip.edge_agreed": lambda session, act: draw_edge(session, act.document),
    "sakip.agreement_in_force": lambda session, act: draw_agreement(session, act.document, act.at),
    "sakip.action_plan_in_force": lambda session, act: draw_action_plan(session, act.document, act.at),
    "sakip.realisations_reported": lambda session, act: draw_reported(session, act.document, act.at),
    "sakip.realisations_verified": lambda session, act: draw_verified(session, act.document, act.at),
    "sakip.tier_locked": lambda session, act: draw_tier(
        session, act.document.region_id, act.document.case_id, act.document.seq, act.values
    ),
}
