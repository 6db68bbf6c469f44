"""BPMN 2.0: every definition becomes XML that the standard's own schema accepts and in which nothing is lost."""

from __future__ import annotations

import itertools
from functools import cache
from importlib.metadata import distribution

import pytest
from lxml import etree

from engine import vocabulary
from engine.definitions.bpmn import bpmn
from engine.definitions.load import build
from engine.definitions.model import Definition
from tests.engine.definitions.journey import journey
from tests.engine.definitions.thirty import thirty
from tests.shipped import shipped as all_shipped

NAMES = {
    "b": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "dd": "http://www.omg.org/spec/DD/20100524/DI",
}
FLOW_NODES = [
    "startEvent",
    "endEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
    "exclusiveGateway",
    "parallelGateway",
    "complexGateway",
    "task",
    "userTask",
    "sendTask",
    "serviceTask",
    "subProcess",
]
HEAD = """\
schema: casework/1
case_type: small
version: 1.0.0
title: {id: Kecil, en: Small}
legal_basis: [x]
roles: {a: {title: {id: Orang, en: Person}, resolve: initiator}, b: {title: {id: Lain, en: Other}, resolve: {group: b}}}
lifecycle:
"""


@cache
def schema() -> etree.XMLSchema:
    path = distribution("SpiffWorkflow").locate_file("SpiffWorkflow/bpmn/parser/schema/BPMN20.xsd")
    return etree.XMLSchema(etree.parse(str(path)))


@cache
def shipped() -> dict[str, Definition]:
    return all_shipped().definitions


def drawn(definition: Definition, language: str = "id") -> etree._Element:
    """The document, checked: the schema, ids, references, one shape or edge for each thing."""
    root = etree.fromstring(bpmn(definition, language).encode())
    assert schema().validate(root), schema().error_log
    check_references(root)
    check_diagram(root)
    return root


def check_references(root: etree._Element) -> None:
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    known = set(ids)
    for element in root.iter():
        for name in (
            "sourceRef",
            "targetRef",
            "attachedToRef",
            "processRef",
            "bpmnElement",
            "default",
            "escalationRef",
        ):
            assert element.get(name) is None or element.get(name) in known
    for reference in itertools.chain(*(root.iterfind(f".//b:{tag}", NAMES) for tag in (
        "incoming", "outgoing", "flowNodeRef", "resourceRef"))):  # fmt: skip
        assert reference.text in known
    for flow in root.iterfind(".//b:sequenceFlow", NAMES):
        scope = {child.get("id") for child in flow.getparent()}
        assert {flow.get("sourceRef"), flow.get("targetRef")} <= scope, "a flow crosses the border of a subprocess"


def check_diagram(root: etree._Element) -> None:
    shapes = {shape.get("bpmnElement") for shape in root.iterfind(".//di:BPMNShape", NAMES)}
    edges = {edge.get("bpmnElement") for edge in root.iterfind(".//di:BPMNEdge", NAMES)}
    nodes = {node.get("id") for tag in FLOW_NODES for node in root.iterfind(f".//b:{tag}", NAMES)}
    lanes = {lane.get("id") for lane in root.iterfind(".//b:lane", NAMES)}
    assert shapes == nodes | lanes | {"pool"}
    assert edges == {flow.get("id") for flow in root.iterfind(".//b:sequenceFlow", NAMES)}
    assert all(len(edge.findall("dd:waypoint", NAMES)) >= 2 for edge in root.iterfind(".//di:BPMNEdge", NAMES))


def check_room(root: etree._Element) -> None:
    """Nodes of one scope do not meet, and stay inside what holds them."""
    for scope in (*root.iterfind(".//b:process", NAMES), *root.iterfind(".//b:subProcess", NAMES)):
        nodes = [child.get("id") for child in scope if tag(child) in FLOW_NODES and tag(child) != "boundaryEvent"]
        for one, other in itertools.combinations(nodes, 2):
            first, second = box(root, one), box(root, other)
            is_apart = first[2] <= second[0] or second[2] <= first[0] or first[3] <= second[1] or second[3] <= first[1]
            assert is_apart, (one, other)
        inside = box(root, scope.get("id", "")) if tag(scope) == "subProcess" else box(root, "pool")
        for node in nodes:
            x, y, far, low = box(root, node)
            assert inside[0] <= x and inside[1] <= y and far <= inside[2] and low <= inside[3], node


def element(root: etree._Element, key: str) -> etree._Element:
    found = root.xpath("//*[@id=$key]", key=key)
    assert len(found) == 1, key
    return found[0]


def tag(node: etree._Element) -> str:
    return etree.QName(node).localname


def box(root: etree._Element, key: str) -> tuple[float, float, float, float]:
    bounds = root.find(f".//di:BPMNShape[@bpmnElement='{key}']/dc:Bounds", NAMES)
    assert bounds is not None
    left, top, width, height = (float(bounds.get(name, "")) for name in ("x", "y", "width", "height"))
    return left, top, left + width, top + height


def targets(root: etree._Element, key: str) -> list[str]:
    return [flow.get("targetRef") for flow in root.iterfind(f".//b:sequenceFlow[@sourceRef='{key}']", NAMES)]


def small(states: str, initial: str = "one") -> Definition:
    text = HEAD + f"  initial: {initial}\n  states:\n" + states
    definition, problems = build({"workflows/small.yaml": text}, "small", vocabulary.load())
    assert definition is not None, [problem.message.en for problem in problems if problem.is_error]
    return definition


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_shipped_definition_is_valid_and_holds_every_state(language: str) -> None:
    assert shipped()
    for definition in shipped().values():
        root = drawn(definition, language)
        for key, state in definition.states.items():
            assert element(root, f"state_{key}").get("name") == state.title.into(language)


def test_a_construct_becomes_its_bpmn_element() -> None:
    root = drawn(journey())
    kinds = {key: tag(element(root, f"state_{key}")) for key in journey().states}
    assert kinds == {
        "draft": "userTask",
        "verification": "userTask",
        "checks": "subProcess",
        "budget": "userTask",
        "budget_ok": "intermediateThrowEvent",
        "lawful": "userTask",
        "lawful_ok": "intermediateThrowEvent",
        "sorting": "exclusiveGateway",
        "signing": "userTask",
        "trips": "userTask",
        "done": "endEvent",
        "refused": "endEvent",
    }
    assert tag(element(root, "fork_checks")) == tag(element(root, "join_checks")) == "parallelGateway"
    assert element(root, "state_sorting").get("default") is not None
    signing = element(root, "state_signing").find("b:multiInstanceLoopCharacteristics", NAMES)
    assert signing is not None and signing.get("isSequential") == "true"
    assert signing.findtext("b:completionCondition", namespaces=NAMES) == "2"
    trips = element(root, "state_trips").find("b:multiInstanceLoopCharacteristics", NAMES)
    assert trips is not None and trips.get("isSequential") == "false"
    owners = [each.text for each in element(root, "state_trips").iterfind("b:potentialOwner/b:resourceRef", NAMES)]
    assert owners == ["role_traveller", "role_secretary"]


def test_timers_sit_at_the_edge_of_their_task_and_interrupt_only_when_they_move_the_case() -> None:
    root = drawn(journey())
    remind, lapse = (element(root, f"timer_verification_{key}") for key in ("remind", "lapse"))
    assert (remind.get("cancelActivity"), lapse.get("cancelActivity")) == ("false", "true")
    assert remind.findtext("b:timerEventDefinition/b:timeCycle", namespaces=NAMES) == "R3/P1D"
    assert lapse.findtext("b:timerEventDefinition/b:timeDuration", namespaces=NAMES) == "P30D"
    assert targets(root, "timer_verification_lapse") == ["state_refused"]
    assert tag(element(root, "deed_verification_remind")) == "sendTask"
    left, top, right, bottom = box(root, "state_verification")
    for key in ("remind", "lapse"):
        x, y, far, low = box(root, f"timer_verification_{key}")
        assert left <= (x + far) / 2 <= right and (y + low) / 2 in (top, bottom)


def test_guards_are_conditions_in_our_own_language() -> None:
    root = drawn(journey())
    conditions = {
        flow.findtext("b:conditionExpression", namespaces=NAMES)
        for flow in root.iterfind(".//b:sequenceFlow", NAMES)
        if flow.find("b:conditionExpression", NAMES) is not None
    }
    assert {"case.cost > 0", "case.cost < 1000"} <= conditions
    assert root.get("expressionLanguage") == "urn:alur:expression"


def test_lanes_are_bands_that_hold_what_their_roles_do() -> None:
    for definition in (thirty(), journey(), shipped()["performance_agreement"]):
        root = drawn(definition)
        bands = []
        for lane in root.iterfind(".//b:lane", NAMES):
            left, top, right, bottom = box(root, lane.get("id", ""))
            bands.append((top, bottom))
            for reference in lane.iterfind("b:flowNodeRef", NAMES):
                x, y, far, low = box(root, reference.text or "")
                assert left <= x and far <= right, reference.text
                assert top <= (y + low) / 2 <= bottom, reference.text
        bands.sort()
        assert all(above[1] == pytest.approx(below[0], abs=0.2) for above, below in itertools.pairwise(bands))


def test_nothing_is_drawn_over_anything_else() -> None:
    for definition in (thirty(), journey(), *shipped().values()):
        check_room(drawn(definition))


def test_what_leaves_a_subprocess_ends_in_it_and_is_caught_at_its_edge() -> None:
    root = drawn(
        small("""\
    one:
      type: compound
      initial: inner
      states:
        inner: {task: {candidates: [a]}, transitions: {out: {to: two}, done_here: {to: inner_end}}}
        inner_end: {type: final}
      transitions: {done: {to: three}, stop: {to: three, by: [b]}}
    two: {task: {candidates: [b]}, transitions: {back: {to: inner}}}
    three: {type: final}
""")
    )
    assert element(root, "leave_one_two").find("b:escalationEventDefinition", NAMES).get("escalationRef") == (
        "escalation_one_two"
    )
    assert element(root, "left_one_two").get("attachedToRef") == "state_one"
    assert targets(root, "left_one_two") == ["state_two"]
    assert targets(root, "state_two") == ["state_one"]
    assert element(root, "act_one_stop").find("b:messageEventDefinition", NAMES) is not None
    assert targets(root, "act_one_stop") == targets(root, "state_one") == ["state_three"]


def test_a_flow_into_the_middle_enters_by_a_gateway_at_the_start() -> None:
    root = drawn(
        small("""\
    one: {task: {candidates: [a]}, transitions: {far: {to: second}, near: {to: whole}}}
    whole:
      type: compound
      initial: first
      states:
        first: {task: {candidates: [a]}, transitions: {go: {to: second}}}
        second: {task: {candidates: [b]}, transitions: {go: {to: over}}}
        over: {type: final}
      transitions: {done: {to: three}}
    three: {type: final}
""")
    )
    assert targets(root, "choice_one") == ["state_whole", "state_whole"]
    assert targets(root, "start_whole") == ["enter_whole"]
    assert sorted(targets(root, "enter_whole")) == ["state_first", "state_second"]


def test_a_quorum_of_branches_is_a_complex_gateway_that_ends_the_others() -> None:
    branch = "{{initial: {0}, states: {{{0}: {{task: {{candidates: [a]}}, transitions: {{go: {{to: {0}_end}}}}}}, "
    branch += "{0}_end: {{type: final}}}}}}"
    regions = ", ".join(f"{key}: {branch.format(key)}" for key in ("x", "y", "z"))
    text = (
        "    one: {type: parallel, join: %s, regions: {%s}, transitions: {done: {to: two}}}\n    two: {type: final}\n"
    )
    quorum = drawn(small(text % ("{quorum: 2}", regions)))
    assert tag(element(quorum, "join_one")) == "complexGateway"
    assert element(quorum, "join_one").findtext("b:activationCondition", namespaces=NAMES) == "2 / 3"
    assert element(quorum, "end_one").find("b:terminateEventDefinition", NAMES) is not None
    some = drawn(small(text % ("{all_of: [x, y]}", regions)))
    assert tag(element(some, "state_z_end")) == "endEvent"
    assert element(some, "end_one").find("b:terminateEventDefinition", NAMES) is not None


def test_work_after_automatic_steps_stands_behind_their_gateway() -> None:
    root = drawn(
        small("""\
    one:
      task: {candidates: [a]}
      always: {quick: {order: 10, guard: "case.number == 'x'", to: two}}
      transitions: {go: {to: two}}
    two: {type: final}
""")
    )
    assert targets(root, "start") == ["always_one"]
    assert sorted(targets(root, "always_one")) == ["state_one", "state_two"]
    default = element(root, "always_one").get("default")
    assert element(root, default or "").get("targetRef") == "state_one"
