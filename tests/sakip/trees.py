"""A small tree of goals for tests, and the rules it is checked by."""

from __future__ import annotations

from pathlib import Path

from engine.definitions.merge import merge
from engine.definitions.problems import Problems
from engine.definitions.source import Node as Written
from engine.definitions.source import read
from sakip.configuration.heads import LEVELS, MEASUREMENT
from sakip.configuration.levels import Levels
from sakip.configuration.measurement import Measurement
from sakip.configuration.parse import parse
from sakip.tree.values import Indicator, Node, Tree

HERE = Path(__file__).parent
DINAS = "dinas"


def levels(*patches: str) -> Levels:
    """Vision, mission, goal, objective; agency goal and objective, programme, activity, individual."""
    found = parse(LEVELS, *_patched("small_levels.yaml", patches))
    assert isinstance(found, Levels)
    return found


def measurement(*patches: str) -> Measurement:
    """Numbers, percents and grades; the usual methods and consolidations."""
    found = parse(MEASUREMENT, *_patched("small_measurement.yaml", patches))
    assert isinstance(found, Measurement)
    return found


def _patched(name: str, patches: tuple[str, ...]) -> tuple[Written, Problems]:
    problems = Problems()
    root = read((HERE / name).read_text(encoding="utf-8"), name, problems)
    for patch in patches:
        over = read(patch, "patch.yaml", problems)
        assert root is not None
        assert over is not None
        root = merge(root, over)
    assert root is not None
    assert [problem.message.en for problem in problems.sorted() if problem.is_error] == []
    return root, problems


def indicator(key: str, **more: object) -> Indicator:
    return Indicator(key, **{"name": f"Indikator {key}", **more})  # type: ignore[arg-type]


def node(key: str, level: str, parent: str | None = None, **more: object) -> Node:
    """A node without fault in itself: owned, and with what its level needs."""
    regional = level in ("vision", "mission", "goal", "objective")
    told: dict[str, object] = {
        "tree": "region" if regional else DINAS,
        "statement": f"Sasaran {key}",
        "owner": "bupati" if regional else f"{DINAS}.{level}",
        "fields": {"success_factor": "Akses"},
    }
    return Node(key, level, parent=parent, **{**told, **more})  # type: ignore[arg-type]


def small_tree(*more: Node, without: tuple[str, ...] = ()) -> Tree:
    """A whole cascade with one node a level; ``more`` nodes replace those of the same key."""
    nodes = {
        one.key: one
        for one in (
            node("v", "vision"),
            node("m", "mission", "v"),
            node("g", "goal", "m", indicators=(indicator("ig"),)),
            node("o", "objective", "g", indicators=(indicator("io"),)),
            node("ag", "agency_goal", "o", indicators=(indicator("iag"),)),
            node("ao", "agency_objective", "ag", indicators=(indicator("iao"),)),
            node("p", "programme_outcome", "ao", indicators=(indicator("ip"),)),
            node("a", "activity_output", "p", indicators=(indicator("ia"),)),
            *more,
        )
        if one.key not in without
    }
    return Tree(nodes.values())
