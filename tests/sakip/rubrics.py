"""A small evaluation for tests: two components, patched by each test with what it is about."""

from __future__ import annotations

from pathlib import Path

from engine.definitions.merge import merge
from engine.definitions.problems import Problems
from engine.definitions.source import Node, read
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.heads import EVALUATION
from sakip.configuration.parse import parse

RUBRIC = Path(__file__).with_name("small_lke_2025.yaml").read_text(encoding="utf-8")


def rubric(*patches: str) -> Evaluation:
    """The small evaluation with merge patches (YAML) over it; a fault of shape fails the test."""
    problems = Problems()
    root = _read(RUBRIC, problems)
    for patch in patches:
        root = merge(root, _read(patch, problems))
    found = parse(EVALUATION, root, problems)
    assert isinstance(found, Evaluation)
    assert [problem.message.en for problem in problems.sorted() if problem.is_error] == []
    return found


def criteria(path: str, patch: str) -> str:
    """A patch on the criteria of a sub-component: ``criteria("planning.use", "{one: {active: false}}")``."""
    component, _, sub = path.partition(".")
    return f"components: {{{component}: {{sub_components: {{{sub}: {{criteria: {patch}}}}}}}}}"


def sub_component(path: str, patch: str) -> str:
    """A patch on a sub-component."""
    component, _, sub = path.partition(".")
    return f"components: {{{component}: {{sub_components: {{{sub}: {patch}}}}}}}"


def _read(text: str, problems: Problems) -> Node:
    node = read(text, "rubric.yaml", problems)
    assert node is not None, [problem.message.en for problem in problems.sorted()]
    return node
