"""The parts of a dashboard that speak of results: predicate, indicators by band, what is below, units by period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from flask import url_for
from sqlalchemy import case

from engine.definitions.model import Text
from sakip.behind_figures import doubts, head_of
from sakip.counted import counted
from sakip.due_indicators import bands_of, stored_of
from sakip.facts.models import ResultRow
from sakip.facts.stored_results import from_stored
from sakip.facts.stored_values import number_from_text
from sakip.figures import FIGURES
from sakip.figures.below_target import BAD
from sakip.figures.unit_results import by_unit, spans_of_year
from sakip.indicator_signs import indicator_signs
from sakip.indicator_trend import realised_so_far
from sakip.listing import Item
from sakip.predicates_of import Graded, before, graded, newest, subject_of
from sakip.reasons import CODES, Reason, deepest, short
from sakip.spans import TO
from sakip.unit_signs import UnitSign
from web.language import day, words
from web.performance.blocks import HALF_LEFT, HALF_RIGHT, WHOLE, Block, Count, Link
from web.performance.cells import in_unit, judged, number, numbers, on_page
from web.performance.figure_words import band_words, tone_words
from web.performance.looks import Looks
from web.performance.work_blocks import ALL, SHOWN, links

# What a unit's figure lacks stands below it: only rows without a number need what they keep of it.
WHY = case((ResultRow.reason.is_not(None), ResultRow.details)).label("details")
SIGNS = {"good": "check", "warn": "near", "bad": "late"}
PROVISIONAL = Text("sementara", "provisional")
NOT_COMPUTABLE = Text("Belum dapat dihitung", "Cannot be computed yet")
NOTHING_DUE = Text("Belum ada indikator yang diukur", "No indicator is measured yet")
NOTHING_COMPARED = Text("Belum ada yang dibandingkan dengan target", "Nothing is compared with a target yet")
NO_RESULTS = Text(
    "Belum ada hasil untuk tahun dan rentang ini. Hasil muncul setelah perjanjian berlaku dan realisasi dilaporkan.",
    "There are no results for this year and span yet. They appear once agreements are in force and realisations sent.",
)  # fmt: skip


def _doubts(look: Looks, name: str) -> tuple[str, ...]:
    figure = FIGURES.values()[name]
    return tuple(words(one) for one in doubts(figure, head_of(figure, look.viewer.configuration, look.filters.year)))


def indicators(look: Looks) -> Block:
    """Due indicators by band, those without a number apart with their reasons."""
    counts = look.due_indicators
    total = sum(counts.values())
    bands = bands_of(look.viewer, look.filters)
    lines: list[Count] = []
    for band in reversed(bands.rows if bands is not None else ()):
        held = sum(one for (key, _, reason, _), one in counts.items() if key == band.key and not reason)
        title = words(band.title) if band.title is not None else band.key
        lines.append(_line(look, title, held, total, band.tone, band=band.key))
    reasons: dict[str, int] = {}
    for (_, _, reason, _), one in counts.items():
        if reason:
            reasons[reason] = reasons.get(reason, 0) + one
    lines += [
        _line(look, words(short(reason)) if reason in CODES else reason, held, total, "none", reason=reason)
        for reason, held in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    good = sum(one for (_, tone, reason, _), one in counts.items() if tone == "good" and not reason)
    told = Text(f"{good} dari {total} indikator mencapai target",
                f"{good} of {counted(total, 'indicator', 'indicators')} on target")  # fmt: skip
    if not total:
        told = NOTHING_DUE
    none = sum(reasons.values())
    return Block(
        "bands", "indicators", words(told), _note(look), HALF_RIGHT, lines if total else [],
        links(look, "indicators") if total else (_trees(), *links(look, "indicators")[:1]),
        _doubts(look, "indicators"), words(NO_RESULTS),
        more={"total": total, "none": none, "none_words": words(NOT_COMPUTABLE), "href": look.list_href("indicators")},
    )  # fmt: skip


def _trees() -> Link:
    """Where somebody begins whose region has no results yet."""
    return Link(words(Text("Mulai dari pohon kinerja", "Begin with the tree of goals")), url_for("tree.index"))


def _note(look: Looks) -> str:
    note = Text("Yang belum dapat dihitung tidak dihitung nol.", "What cannot be computed never counts as zero.")
    return f"{look.span_title()} {look.filters.year}. {words(note)}"


def _line(look: Looks, title: str, count: int, total: int, tone: str, **values: str) -> Count:
    share = 100 * count / total if total else 0.0
    return Count(title, count, look.list_href("indicators", **values), share, tone, is_part=tone == "none")


def below_target(look: Looks) -> Block:
    """The first of the indicators below target, regional key indicators first."""
    total = sum(one for (_, tone, _, _), one in look.due_indicators.items() if tone == BAD)
    page = look.listing("below_target").page(look.session, None, SHOWN)
    keys = [item.leads_to[1] for item in page.items if item.leads_to is not None]
    trends = realised_so_far(look.session, look.viewer, look.filters, keys)
    signs = indicator_signs(look.session, look.viewer, keys, look.filters.year)
    rows = [_below(look, item, trends, signs) for item in page.items]
    title = Text(f"{total} indikator di bawah target",
                 counted(total, "indicator is below target", "indicators are below target"))  # fmt: skip
    empty = Text("Semua yang dapat dihitung mencapai atau mendekati target.", "All that is computed is near or above.")
    if not look.due_indicators:
        title, empty = NOTHING_COMPARED, NO_RESULTS
    more = Link(f"{words(ALL)} {total}", look.list_href("below_target"))
    return Block(
        "below", "below", words(title), _note(look), HALF_LEFT, rows,
        (more, *links(look, "below_target")) if total else links(look, "below_target"),
        _doubts(look, "below_target"),
        words(empty),
    )  # fmt: skip


def _below(
    look: Looks, item: Item, trends: Mapping[str, Sequence[Fraction]], signs: Mapping[str, UnitSign]
) -> dict[str, Any]:  # fmt: skip
    key = item.leads_to[1] if item.leads_to is not None else ""
    cells = {name: on_page(cell) for name, cell in item.cells.items()}
    if key in signs:
        cells |= {name: in_unit(item.cells.get(name), signs[key]) for name in ("realisation", "target")}
    achievement = item.cells.get("achievement")
    cells["achievement"] = number(achievement, 2) if isinstance(achievement, Fraction) else ""
    trend = trends.get(key, ())
    return {
        "cells": cells, "href": look.href("indicator.show", key=key), "tone": item.tone,
        "sign": SIGNS.get(item.tone, ""), "points": points(trend), "told": "; ".join(number(one) for one in trend),
    }  # fmt: skip


def points(trend: Sequence[Fraction]) -> list[tuple[int, int]]:
    """Where a small line of 72 by 24 has its points."""
    if len(trend) < 2:
        return []
    low, high = min(trend), max(trend)
    step = 64 / (len(trend) - 1)
    return [(round(4 + step * at), round(18 - 12 * float((one - low) / ((high - low) or 1))))
            for at, one in enumerate(trend)]  # fmt: skip


def units(look: Looks) -> Block:
    """Units by the spans to date of the year, in the order of names."""
    spans = spans_of_year(look.viewer, look.filters.year)
    found = by_unit(look.session, look.viewer, look.filters.year, spans, WHY)
    told = _Told(numbers(1), tone_words(), band_words(look, spans), words(PROVISIONAL))
    rows = [
        {"name": unit.name, "href": look.list_href("unit_parts", unit=unit.key),
         "cells": [_cell(look, told, found.get((unit.key, span)), unit.key, span) for span in spans]}
        for unit in look.units_shown
    ]  # fmt: skip
    note = Text("Persen, sampai akhir tiap periode. Urut nama.", "Per cent, up to the end of each period. By name.")
    return Block(
        "heat", "units", words(Text("Capaian per perangkat daerah dan periode", "Achievement by unit and period")),
        words(note), WHOLE, rows if found else [],
        (Link(words(ALL), look.list_href("unit_results")), *links(look, "unit_results"))
        if found else (_trees(), *links(look, "unit_results")),
        _doubts(look, "unit_results"), words(NO_RESULTS),
        more={"spans": [look.span_title(span.removeprefix(TO)) for span in spans]},
    )  # fmt: skip


class _Told(NamedTuple):
    """What hundreds of cells say, put into the reader's language once."""

    number: Callable[[Fraction], str]
    tones: Mapping[str, str]
    bands: Mapping[tuple[str, str | None], str]
    provisional: str


def _cell(look: Looks, told: _Told, row: Any, unit: str, span: str) -> dict[str, Any]:
    if row is None:
        return {"tone": "none", "shown": "", "word": words(Text("belum ada", "none yet")), "sign": "", "href": ""}
    href = look.list_href("unit_parts", unit=unit, span=span)
    if row.reason is not None:
        why = from_stored(stored_of(row))
        code = deepest(why).code if isinstance(why, Reason) else row.reason
        said = words(short(code)) if code in CODES else code
        return {"tone": "none", "shown": "", "word": said, "sign": "", "href": href}
    tone = row.tone if row.tone in SIGNS else "plain"
    word = told.provisional if row.is_provisional else told.bands.get((span, row.band), told.tones.get(tone, ""))
    shown = told.number(number_from_text(row.shown))
    return {"tone": tone, "shown": shown, "word": word, "sign": SIGNS.get(tone, ""), "href": href}


def predicate(look: Looks) -> Block:
    """The newest predicate with its date and source, last time's, and the points to the next one."""
    found = graded(look.session, look.viewer, look.filters)
    told = newest(found)
    title = Text("Predikat SAKIP belum ada", "No SAKIP predicate yet")
    empty = FIGURES.values()["predicates"].empty
    if told is None:
        return Block("predicate", "predicate", words(title), width=HALF_RIGHT, empty=words(empty),
                     links=links(look, "predicates"), doubts=_doubts(look, "predicates"))  # fmt: skip
    last = before(found, told)
    following = told.judged.next if told.judged is not None else None
    title = Text(f"Predikat SAKIP {told.year}: {told.short}", f"SAKIP predicate {told.year}: {told.short}")
    if following is not None:
        points = number(following.printed)
        title = Text(f"{title.id}, kurang {points} menuju {following.predicate.short}",
                     f"{title.en}, {points} short of {following.predicate.short}")  # fmt: skip
    others = [one for one in found if one.year == told.year and one is not told]
    table = Link(words(Text("Lihat tabel", "See the table")), look.list_href("predicates"))
    return Block(
        "predicate", "predicate", words(title), _sentence(told, last), HALF_RIGHT, _picture(look, told, last),
        (*_way(look, told), *_parts(look, told), table, *links(look, "predicates", year=str(told.year))[:1]),
        _doubts(look, "predicates"),
        more={"others": [_other(one) for one in others]},
    )  # fmt: skip


def _way(look: Looks, told: Graded) -> tuple[Link, ...]:
    """The cheapest way of whose predicate it is to the next one."""
    following = told.judged.next if told.judged is not None else None
    subject = subject_of(look.viewer, look.filters)
    if following is None or subject is None:
        return ()
    title = words(Text(f"Jalan menuju {following.predicate.short}", f"The way to {following.predicate.short}"))
    return (Link(title, url_for("whatif.show", name=subject[1], year=told.year)),)


def _parts(look: Looks, told: Graded) -> tuple[Link, ...]:
    if not told.details or told.score is None:
        return ()
    href = look.list_href("score_parts", year=str(told.year), source=told.source)
    return (Link(words(Text(f"Isi nilai {judged(told.score)}", f"What makes {judged(told.score)}")), href),)


def _sentence(told: Graded, last: Graded | None) -> str:
    score = "" if told.score is None else f"{judged(told.score)}. "
    if told.score is not None and last is not None and last.score is not None:
        gap = Fraction(told.score) - Fraction(last.score)
        word = Text("naik", "up") if gap > 0 else Text("turun", "down") if gap < 0 else Text("sama", "the same")
        by = f" {number(abs(gap), 2)}" if gap else ""
        score = words(Text(f"{judged(told.score)}, {word.id}{by} dari {last.year}. ",
                           f"{judged(told.score)}, {word.en}{by} from {last.year}. "))  # fmt: skip
    on = "" if told.on is None else f", {day(told.on)}"
    note = words(Text(" Sementara.", " Provisional.")) if told.is_provisional else ""
    return f"{score}{words(told.title)}{on}.{note}"


def _other(one: Graded) -> str:
    scored = f"{judged(one.score)} ({one.short})" if one.score else one.short
    told = scored if one.reason is None else words(one.reason)
    on = "" if one.on is None else f", {day(one.on)}"
    return f"{words(one.title)}: {told}{on}"


def _picture(look: Looks, told: Graded, last: Graded | None) -> dict[str, Any] | None:
    rubric = look.viewer.configuration.evaluation(told.year)
    if rubric is None or told.score is None or rubric.predicate.maximum is None:
        return None
    low, high = float(rubric.predicate.minimum or 0), float(rubric.predicate.maximum)
    rows = rubric.predicate.rows
    starts = [low if row.start is None else float(row.start) for row in rows] + [high]

    def at(value: float) -> float:
        return round(100 * (value - low) / ((high - low) or 1), 2)

    bands = [
        {"x": at(start), "width": max(at(end) - at(start) - 0.4, 0.2), "middle": (at(start) + at(end)) / 2,
         "short": row.short or row.key, "is_here": told.judged is not None and row.key == told.judged.predicate.key}
        for row, start, end in zip(rows, starts, starts[1:], strict=False)
    ]  # fmt: skip
    return {
        "bands": bands, "x": at(float(Fraction(told.score))), "score": judged(told.score),
        "last": None if last is None or last.score is None
        else {"x": at(float(Fraction(last.score))), "words": f"{last.year}: {judged(last.score)}"},
        "title": words(Text(f"Pita predikat; nilai {judged(told.score)} pada pita {told.short}.",
                            f"Bands of predicates; {judged(told.score)} lies in {told.short}.")),
    }  # fmt: skip
