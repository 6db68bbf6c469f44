"""The units an indicator is measured in, found by the kind and name a file gives them, and values read in them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.definitions import source
from engine.definitions.model import Form, Text
from sakip.counted import counted
from sakip.strict import Part

KINDS = {"angka": "number", "persen": "percent", "predikat": "predicate"}


class Units:
    """The form's units of measure, found by the file's kind and name of a unit."""

    def __init__(self, form: Form) -> None:
        self._units = form.units_of_measure
        self._scales = form.scales

    def read(self, part: Part) -> str | None:
        """The key of the unit an indicator is measured in; an unknown one is reported."""
        given = part.part("satuan", required=True)
        if given is None:
            return None
        kind = given.choice("tipe", KINDS, required=True)
        name = given.text("nama", required=True)
        scale = given.text("skala")
        places = given.integer("desimal")
        given.skip("min", "maks")
        given.close()
        if kind is None or name is None:
            return None
        fitting = [key for key, unit in self._units.items() if unit.get("kind") == kind]
        key = next((key for key in fitting if name.casefold() in _words(self._units[key])), None)
        if key is None:
            known = ", ".join(sorted({_title(self._units[key]) for key in fitting}))
            given.report(
                "nama",
                f'Satuan "{name}" tidak dikenal. Yang dikenal: {known}.',
                f'Unknown unit "{name}". Known: {known}.',
            )
            return None
        most = self._units[key].get("places")
        if places is not None and most is not None and places > most:
            given.report(
                "desimal",
                f"Satuan ini memakai paling banyak {most} desimal.",
                f"This unit has at most {counted(most, 'decimal', 'decimals')}.",
            )
        if scale is not None and kind != "predicate":
            given.report("skala", "Hanya predikat yang memakai skala.", "Only a predicate has a scale.")
        return key

    def measure(self, part: Part, key: str, unit: str | None, required: bool = False) -> Decimal | str | None:
        """A value in the unit: a number, or a word of its scale."""
        if unit is None:
            part.skip(key)
            return None
        if self._units[unit].get("kind") != "predicate":
            number = part.number(key, required)
            return self._within(part, key, number)
        word = part.text(key, required)
        scale = self._scales.get(str(self._units[unit].get("scale")), {})
        if word is not None and word not in scale:
            known = ", ".join(scale)
            part.report(key, f'"{word}" tidak ada dalam skala: {known}.', f'"{word}" is not on the scale: {known}.')
            return None
        return word

    def _within(self, part: Part, key: str, number: Decimal | None) -> Decimal | None:
        unit = part.node.get("satuan")
        for bound in ("min", "maks"):
            limit = unit.get(bound) if unit is not None else None
            if number is None or limit is None or limit.kind not in (source.INTEGER, source.DECIMAL):
                continue
            if number < limit.value if bound == "min" else number > limit.value:
                part.report(
                    key, f"{number} di luar batas {limit.value}.", f"{number} is outside the limit {limit.value}."
                )
        return number


def _words(unit: Mapping[str, Any]) -> set[str]:
    title = unit.get("title")
    if isinstance(title, Text):
        return {title.id.casefold(), title.en.casefold()}
    if isinstance(title, Mapping):
        return {str(text).casefold() for text in title.values()}
    return {str(title).casefold()}


def _title(unit: Mapping[str, Any]) -> str:
    title = unit.get("title")
    if isinstance(title, Text):
        return title.id
    return str(title.get("id", "")) if isinstance(title, Mapping) else str(title)
