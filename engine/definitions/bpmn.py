"""A definition as BPMN 2.0 XML with its diagram, for other tools: to look at and to talk about, not to run."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping

from engine.definitions.bpmn_build import build
from engine.definitions.bpmn_layout import Picture, place
from engine.definitions.bpmn_model import Flow, Node, Process, Scope
from engine.definitions.model import Definition, Text

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI}
_LANGUAGE = "urn:alur:expression"  # guards are in our own expression language, not in XPath
_GATEWAYS = ("exclusiveGateway", "parallelGateway", "complexGateway")
_SEVERAL = Text("Beberapa peran", "Several roles")
_REFERRING = (
    "id",
    "bpmnElement",
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "escalationRef",
    "escalationCode",
    "processRef",
)
_REFERENCES = ("incoming", "outgoing", "flowNodeRef", "resourceRef")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")
_Element = ElementTree.Element


def bpmn(definition: Definition, language: str) -> str:
    """The XML text, names in ``language`` ("id" or "en"). Element ids follow from the states' keys and stay."""
    process = build(definition, language)
    titles = {key: role.title.into(language) for key, role in definition.roles.items()}
    drawn = place(process, titles, _SEVERAL.into(language))
    for prefix, uri in _PREFIXES.items():
        ElementTree.register_namespace(prefix, uri)
    writer = _Writer(definition, language)
    root = writer.definitions(process, drawn, titles)
    _make_ids_safe(root)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


class _Writer:
    """Writes one document; children stand in the order the schema asks for."""

    def __init__(self, definition: Definition, language: str) -> None:
        self.definition = definition
        self.title = definition.title.into(language)

    def definitions(self, process: Process, drawn: Picture, titles: Mapping[str, str]) -> _Element:
        """The whole document."""
        target = f"urn:alur:{self.definition.case_type}"
        root = ElementTree.Element(
            f"{{{BPMN}}}definitions", {"id": "definitions", "targetNamespace": target, "exporter": "Alur"}
        )
        root.set("expressionLanguage", _LANGUAGE)
        pool = _child(root, "collaboration", id="collaboration")
        _child(pool, "participant", id="pool", name=self.title, processRef="process")
        for key, title in titles.items():
            _child(root, "resource", id=f"role_{key}", name=title)
        for key, name in process.escalations.items():
            _child(root, "escalation", id=key, name=name, escalationCode=key)
        element = _child(root, "process", id="process", name=self.title, isExecutable="false")
        _child(element, "documentation").text = f"{self.definition.case_type} {self.definition.version}"
        lanes = _child(element, "laneSet", id="lanes")
        for lane in drawn.lanes:
            band = _child(lanes, "lane", id=lane.id, **({"name": lane.name} if lane.name else {}))
            for key in lane.nodes:
                _child(band, "flowNodeRef").text = key
        self._scope(element, process.scopes[None])
        diagram = ElementTree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", {"id": "diagram"})
        plane = ElementTree.SubElement(
            diagram, f"{{{BPMNDI}}}BPMNPlane", {"id": "plane", "bpmnElement": "collaboration"}
        )
        _draw(plane, process, drawn)
        return root

    def _scope(self, element: _Element, scope: Scope) -> None:
        for node in scope.nodes.values():
            self._node(element, node, scope)
        for flow in scope.flows:
            name = {"name": flow.name} if flow.name else {}
            drawn = _child(element, "sequenceFlow", id=flow.id, **name, sourceRef=flow.source, targetRef=flow.target)
            if flow.condition is not None:
                _expression(drawn, "conditionExpression", flow.condition)

    def _node(self, parent: _Element, node: Node, scope: Scope) -> None:
        element = _child(parent, node.tag, id=node.id)
        if node.name:
            element.set("name", node.name)
        if node.attached_to is not None:
            element.set("attachedToRef", node.attached_to)
            element.set("cancelActivity", "true" if node.interrupts else "false")
        default = _default(node, scope.flows)
        if default is not None:
            element.set("default", default.id)
        for note in node.notes:
            _child(element, "documentation").text = note
        for flow in scope.flows:
            if flow.target == node.id:
                _child(element, "incoming").text = flow.id
        for flow in scope.flows:
            if flow.source == node.id:
                _child(element, "outgoing").text = flow.id
        for role in node.roles:
            owner = _child(element, "potentialOwner", id=f"{node.id}_by_{role}")
            _child(owner, "resourceRef").text = f"role_{role}"
        if node.loop is not None:
            is_sequential, completion = node.loop
            loop = _child(element, "multiInstanceLoopCharacteristics", isSequential=str(is_sequential).lower())
            _expression(loop, "completionCondition", completion)
        if node.event is not None:
            _event(element, node)
        if node.tag == "complexGateway" and node.value:
            _expression(element, "activationCondition", node.value[0])
        if node.inner is not None:
            self._scope(element, node.inner)


def _default(node: Node, flows: Iterable[Flow]) -> Flow | None:
    """The flow a gateway of automatic steps takes when no condition holds. Where people choose there is none."""
    if not node.has_default:
        return None
    leaving = [flow for flow in flows if flow.source == node.id]
    free = [flow for flow in leaving if flow.condition is None]
    return free[0] if len(free) == 1 and len(leaving) > 1 else None


def _event(element: _Element, node: Node) -> None:
    definition = _child(element, f"{node.event}EventDefinition", id=f"{node.id}_event")
    if node.event == "escalation":
        definition.set("escalationRef", node.value[0])
    elif node.event == "timer" and node.value:
        _expression(definition, node.value[0], node.value[1])


def _make_ids_safe(root: _Element) -> None:
    """A definition with findings may have keys that cannot stand in an id."""
    for element in root.iter():
        for name in _REFERRING:
            if name in element.attrib:
                element.set(name, _UNSAFE.sub(_coded, element.attrib[name]))
        if element.tag.rpartition("}")[2] in _REFERENCES and element.text:
            element.text = _UNSAFE.sub(_coded, element.text)


def _coded(found: re.Match[str]) -> str:
    return f"-{ord(found[0]):x}-"


def _child(parent: _Element, tag: str, /, **attributes: str) -> _Element:
    return ElementTree.SubElement(parent, f"{{{BPMN}}}{tag}", attributes)


def _expression(parent: _Element, name: str, text: str) -> None:
    _child(parent, name, **{f"{{{XSI}}}type": "bpmn:tFormalExpression"}).text = text


def _draw(plane: _Element, process: Process, drawn: Picture) -> None:
    """Shapes and edges; every element that has a box is drawn."""
    nodes = {node.id: node for scope in process.scopes.values() for node in scope.nodes.values()}
    lanes = {lane.id for lane in drawn.lanes}
    outer = ["pool", *(lane.id for lane in drawn.lanes)]
    for key in [*outer, *(each for each in drawn.boxes if each not in outer)]:
        shape = ElementTree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", {"id": f"{key}_shape", "bpmnElement": key})
        node = nodes.get(key)
        if key == "pool" or key in lanes:
            shape.set("isHorizontal", "true")
        elif node is not None and node.inner is not None:
            shape.set("isExpanded", "true")
        elif node is not None and node.tag == "exclusiveGateway":
            shape.set("isMarkerVisible", "true")
        left, top, width, height = drawn.boxes[key]
        bounds = {"x": _pixel(left), "y": _pixel(top), "width": _pixel(width), "height": _pixel(height)}
        ElementTree.SubElement(shape, f"{{{DC}}}Bounds", bounds)
    for key, route in drawn.routes.items():
        edge = ElementTree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", {"id": f"{key}_edge", "bpmnElement": key})
        for x, y in route:
            ElementTree.SubElement(edge, f"{{{DI}}}waypoint", {"x": _pixel(x), "y": _pixel(y)})


def _pixel(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
