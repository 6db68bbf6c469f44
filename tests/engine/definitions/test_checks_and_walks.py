"""What the checks say of a lifecycle agrees with what happens when every way through it is walked."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine import vocabulary
from engine.definitions.load import load_tree
from engine.definitions.tree import from_texts
from tests.engine.definitions.lifecycles import Author, explored

ABOUT_THE_GRAPH = {"WF021", "WF022", "WF029", "WF031", "WF032", "WF040"}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(st.integers(0, 10**9))
def test_checks_agree_with_walks(seed: int) -> None:
    text = Author(random.Random(seed)).write()
    loaded = load_tree(from_texts({"workflows/leave.yaml": text}), vocabulary.load())
    assume({each.code for each in loaded.problems} <= ABOUT_THE_GRAPH)
    case_type = loaded.case_types["leave"]
    walked = explored(case_type.definition)
    assume(walked is not None)
    assert walked is not None
    at = {(entry.key.line, entry.key.column): key for key, entry in case_type.outline.entries.items()}
    told = {
        code: {
            at[each.line, each.column]
            for each in loaded.problems
            if each.code == code and (each.line, each.column) in at
        }
        for code in ("WF021", "WF022")
    }
    assert not walked.visited & told["WF021"], "a state that cannot be reached was reached"
    assert not walked.endless, "automatic steps ran in a circle nobody was told of"
    states = case_type.definition.states
    for place in walked.ending:
        leaves = [key for key in place if not states[key].children]
        if len(leaves) == 1:
            assert not place & told["WF022"], "a case came to its end from a dead end"
