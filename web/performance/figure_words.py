"""What the values of a figure's filters are called on its page."""

from __future__ import annotations

from collections.abc import Sequence

from engine.definitions.model import Text
from engine.errors import NotFound
from engine.publishing import library
from engine.reports.open_work import Steps
from sakip.configuration.measurement import ACHIEVEMENT
from sakip.cycle import case_types_of
from sakip.due_indicators import band_title
from sakip.entry_desk import period_title
from sakip.figures import Figure
from sakip.figures.changed import KINDS
from sakip.figures.integrity import SEVERITIES
from sakip.figures.recommendations import REGION, STATES
from sakip.predicates_of import SOURCES
from sakip.reasons import CODES, short
from sakip.tree.check_words import words_of
from web.language import words
from web.performance.evidence_view import kind_titles
from web.performance.looks import Looks

FEW_SPANS = 4  # columns that leave room for a region's own words
TONE_WORDS = {"good": Text("tercapai", "reached"), "warn": Text("hampir", "nearly"), "bad": Text("kurang", "below")}
TONES = {"good": Text("Kategori hijau", "Green bands"), "warn": Text("Kategori kuning", "Yellow bands"),
         "bad": Text("Kategori merah", "Red bands"), "plain": Text("Kategori netral", "Neutral bands")}  # fmt: skip
PLACED = {"yes": Text("Digambar", "Drawn"), "no": Text("Tidak digambar", "Not drawn")}
NAMES = {
    "late": Text("Lewat batas", "Overdue"), "key": Text("Indikator kinerja utama", "Key indicators"),
    "state": Text("Langkah", "Step"), "type": Text("Jenis", "Kind"), "period": Text("Periode", "Period"),
    "kind": Text("Jenis", "Kind"), "source": Text("Sumber", "Source"), "check": Text("Temuan", "Finding"),
    "severity": Text("Tingkat", "Level"),
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
    return f"{words(NAMES.get(name, Text(name, name)))}: {words(_called(look, figure, name, value))}"


def _called(look: Looks, figure: Figure, name: str, value: str) -> Text:
    """What the value of a filter is called; itself where nobody knows it."""
    plain = Text(value, value)
    if name == "check":
        return words_of(value)
    if name == "period":
        rules = look.viewer.configuration.measurement(look.filters.year)
        return plain if rules is None else period_title(rules, value)
    if name == "kind" and figure.name == "refused_evidence":
        return kind_titles(look.viewer.configuration).get(value, plain)
    if name in ("type", "state") and figure.name != "recommendations":
        return _in_the_cycle(look, name, value) or plain
    known = {**KINDS, **SOURCES, **SEVERITIES, **(STATES if figure.name == "recommendations" else {})}
    return known.get(value, plain)


def _in_the_cycle(look: Looks, name: str, value: str) -> Text | None:
    """The title of a case type of the cycle, or of a step: of the type asked for, else of the first that has it."""
    asked, viewer = look.filters.get("type"), look.viewer
    steps = Steps(look.session, viewer.reader)
    for case_type in (asked,) if asked else case_types_of(viewer.configuration):
        try:
            digest = library.newest(look.session, viewer.region_id, case_type, viewer.today)
        except NotFound:
            continue
        if name == "type":
            return steps.case_title(digest)
        if steps.line(digest, value):
            return steps.title(digest, value)
    return None


def tone_words() -> dict[str, str]:
    """A short word for each tone, where a region's own would not fit."""
    return {tone: words(one) for tone, one in TONE_WORDS.items()}


def band_words(look: Looks, spans: Sequence[str]) -> dict[tuple[str, str | None], str]:
    """What the region calls the bands of each span, by span and key; none where the columns leave no room."""
    found: dict[tuple[str, str | None], str] = {}
    for span in spans if len(spans) <= FEW_SPANS else ():
        judged = look.viewer.book.judged(look.filters.year, span)
        bands = None if judged is None else judged.rules.bands_on(ACHIEVEMENT, judged.day)
        for row in () if bands is None else bands.rows:
            title = row.key if row.title is None else words(row.title)
            found[span, row.key] = title[:1].lower() + title[1:]
    return found
