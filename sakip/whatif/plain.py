"""An answer of the what-if as plain values: for the command line, for vectors (reference §12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sakip.configuration.evaluation import Evaluation
from sakip.rounding import printed
from sakip.whatif.model import Answer, Step, Way

PLACES_OF_A_STEP = 4


def plain_reason(code: str) -> dict[str, Any]:
    """What has no way, in the shape of one that has: no value anywhere, and the ``code`` of the reason."""
    nothing: dict[str, Any] = dict.fromkeys(("from", "goal", "least"))
    way: dict[str, Any] = {
        "cost": None,
        "score": None,
        "predicate": None,
        "weeks": None,
        "steps": [],
        "choices": [],
        "spares": [],
    }
    return {**nothing, "reachable": False, **way, "alternatives": [], "best": None, "holds": [], "reason": code}


def plain(answer: Answer, evaluation: Evaluation) -> dict[str, Any]:
    """Texts, whole numbers, lists and maps; numbers with a point are texts as printed; ``reason`` is None.

    Out of reach, ``cost`` to ``steps`` are those of the best score there is, which ``best`` names again; otherwise
    ``best`` is None.
    """
    way = answer.way
    return {
        "from": answer.start.printed,
        "goal": answer.goal,
        "least": printed(answer.least, max(evaluation.rounding.places, evaluation.predicate.places or 0)),
        "reachable": answer.is_reachable,
        **_way(way, evaluation),
        "alternatives": [_way(one, evaluation) for one in answer.alternatives],
        "best": None if answer.is_reachable else {"score": way.judged.printed, "cost": way.cost},
        "holds": [{"path": one.path, "by": one.by} for one in answer.holds],
        "reason": None,
    }


def _way(way: Way, evaluation: Evaluation) -> Mapping[str, Any]:
    return {
        "cost": way.cost,
        "score": way.judged.printed,
        "predicate": way.judged.predicate.key,
        "weeks": way.weeks,
        "steps": [_step(one, evaluation) for one in way.steps],
        "choices": [
            {"sub_component": one.sub_component, "pick": one.pick, "steps": one.steps, "criteria": list(one.criteria)}
            for one in way.choices
        ],
        "spares": list(way.spares),
    }


def _step(step: Step, evaluation: Evaluation) -> Mapping[str, Any]:
    return {
        "path": step.path,
        "from": step.start,
        "to": step.end,
        "cost": step.cost,
        "weeks": step.weeks,
        "who": step.who,
        "adds": evaluation.rounding.printed(step.adds, PLACES_OF_A_STEP),
        "missing": list(step.missing),
    }
