"""Fields and formulas of office files that fill in a name, or fetch and start something when the document is opened."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from delivery.cleaning.xml_parts import local, parents, remove

_NAME = re.compile(r"\s*(AUTHOR|USERNAME|USERINITIALS|USERADDRESS|LASTSAVEDBY|FILENAME|TEMPLATE)\b", re.IGNORECASE)
_FETCH = re.compile(r"\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|RD|DATABASE)\b", re.IGNORECASE)
FETCHING_FORMULA = re.compile(r"\b(WEBSERVICE|IMAGE|RTD|DDE|CALL|REGISTER(\.ID)?)\s*\(", re.IGNORECASE)


@dataclass
class _Field:
    """A field written as begin, instruction, separator, result and end, each in a run of its own."""

    instructions: list[Element] = field(default_factory=list)
    is_result: bool = False

    @property
    def asks(self) -> str:
        return "".join(each.text or "" for each in self.instructions)


def quiet_fields(root: Element) -> None:
    """Fields that fill in who wrote or what the file is called lose their last result; those that fetch lose their
    instruction and keep the result. Typed words stay."""
    waiting: list[_Field] = []
    for element in root.iter():
        name = local(element.tag)
        if name == "fldSimple":
            _quiet_simple(element)
        elif name == "fldChar":
            _step(waiting, _attribute(element, "fldCharType"))
        elif name == "instrText" and waiting:
            waiting[-1].instructions.append(element)
        elif name == "t" and any(each.is_result and _NAME.match(each.asks) for each in waiting):
            element.text = ""


def quiet_formulas(root: Element) -> None:
    """Formulas that fetch from elsewhere become their last value; links to other programs lose their address."""
    for parent, child in parents(root):
        if local(child.tag) == "f" and FETCHING_FORMULA.search("".join(child.itertext())):
            remove(parent, child)
        elif local(child.tag) == "ddeLink":
            child.set("ddeService", "-")
            child.set("ddeTopic", "-")


def _step(waiting: list[_Field], step: str) -> None:
    if step == "begin":
        waiting.append(_Field())
    elif waiting and step in ("separate", "end"):
        current = waiting[-1]
        if _FETCH.match(current.asks):
            for instruction in current.instructions:
                instruction.text = ""
        current.is_result = True
        if step == "end":
            waiting.pop()


def _quiet_simple(element: Element) -> None:
    asks = _attribute(element, "instr")
    if _NAME.match(asks):
        for text in (each for each in element.iter() if local(each.tag) == "t"):
            text.text = ""
    elif _FETCH.match(asks):
        for key in [key for key, _ in element.items() if local(key) == "instr"]:
            element.set(key, "")


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.items() if local(key) == name), "")
