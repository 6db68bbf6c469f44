"""What the values of a figure's filters are called on its page."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.model import Text
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.due_indicators import band_title
from sakip.facts.computing import span_day
from sakip.figures import Figure
from sakip.figures.changed import KINDS
from sakip.figures.recommendations import REGION, STATES
from sakip.predicates_of import SOURCES
from sakip.reasons import CODES, short
from web.language import words
from web.performance.looks import Looks

FEW_SPANS = 4  # columns that leave room for a region's own words
TONE_WORDS = {"good": Text("tercapai", "reached"), "warn": Text("hampir", "nearly"), "bad": Text("kurang", "below")}
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


def tone_words() -> dict[str, str]:
    """A short word for each tone, where a region's own would not fit."""
    return {tone: words(one) for tone, one in TONE_WORDS.items()}


def band_words(look: Looks, spans: Sequence[str]) -> dict[tuple[str, str | None], str]:
    """What the region calls the bands of each span, by span and key; none where the columns leave no room."""
    rules = look.viewer.configuration.measurement(look.filters.year)
    found: dict[tuple[str, str | None], str] = {}
    for span in spans if rules is not None and len(spans) <= FEW_SPANS else ():
        assert rules is not None
        day = span_day(rules, None, span, look.filters.year)
        bands = None if day is None else rules.bands_on(ACHIEVEMENT, day)
        for row in () if bands is None else bands.rows:
            title = row.key if row.title is None else words(row.title)
            found[span, row.key] = title[:1].lower() + title[1:]
    return found
