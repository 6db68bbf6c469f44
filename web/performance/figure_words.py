"""What the values of a figure's filters are called on its page."""

from __future__ import annotations

from engine.definitions.model import Text
from sakip.due_indicators import band_title
from sakip.figures import Figure
from sakip.figures.changed import KINDS
from sakip.figures.recommendations import REGION, STATES
from sakip.predicates_of import SOURCES
from sakip.reasons import CODES, short
from web.language import words
from web.performance.looks import Looks

TONES = {"good": Text("Kategori hijau", "Green bands"), "warn": Text("Kategori kuning", "Yellow bands"),
         "bad": Text("Kategori merah", "Red bands"), "plain": Text("Kategori netral", "Neutral bands")}  # fmt: skip
PLACED = {"yes": Text("Digambar", "Drawn"), "no": Text("Tidak digambar", "Not drawn")}
NAMES = {
    "late": Text("Lewat batas", "Overdue"), "key": Text("Indikator kinerja utama", "Key indicators"),
    "state": Text("Langkah", "Step"), "type": Text("Jenis", "Kind"), "period": Text("Periode", "Period"),
    "kind": Text("Jenis", "Kind"), "source": Text("Sumber", "Source"),
    "region": REGION,
}  # fmt: skip


def filter_words(look: Looks, figure: Figure, name: str, value: str) -> str:
    """A filter in words: of a band its title, of a reason its sentence, of others its name and value."""
    if name == "band":
        return words(band_title(look.viewer, look.filters, value))
    if name == "reason":
        return words(short(value)) if value in CODES else value
    if name == "tone":
        return words(TONES.get(value, Text(value, value)))
    if name == "placed":
        return words(PLACED.get(value, Text(value, value)))
    if name in ("late", "key", "region"):
        return words(NAMES[name])
    known = {**KINDS, **SOURCES, **(STATES if figure.name == "recommendations" else {})}
    return f"{words(NAMES.get(name, Text(name, name)))}: {words(known.get(value, Text(value, value)))}"
