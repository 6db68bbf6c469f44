"""The what-if as its page draws it: the heading, the band with two marks, steps by who does them, further ways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.definitions.model import Text
from sakip.bands import Band, Bands
from sakip.configuration.evaluation import Evaluation, Scale
from sakip.improving import Improvement
from sakip.reasons import Reason
from sakip.score import Judged
from sakip.whatif.model import FIXED, NEEDS, WEEKS, Answer, Choice, Step, Way
from sakip.whatif.plain import PLACES_OF_A_STEP
from web.language import day, words
from web.performance.evaluation_words import answer_words, band_words, count_words, number, piece_words, who_words

WHOLE = 100  # the width of the band, in percent
GAP = 0.4  # between two predicates, in percent
FROM, ABOVE = Text("mulai {}", "from {}"), Text("di atas {}", "above {}")


@dataclass(frozen=True, slots=True)
class Line:
    """One step: what is raised where, from and to which answer in words, what it adds, costs and takes."""

    path: str
    criterion: str
    part: str
    start: str
    end: str
    adds: str
    cost: int
    weeks: int
    missing: tuple[str, ...]
    adds_in_file: str


@dataclass(frozen=True, slots=True)
class Swap:
    """A choice: which it does not matter of, with those the way counts marked."""

    title: str
    criteria: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """What one of them does."""

    who: str
    lines: tuple[Line, ...]
    cost: int
    weeks: int
    swaps: tuple[Swap, ...]


@dataclass(frozen=True, slots=True)
class WayView:
    title: str
    groups: tuple[Group, ...]
    spares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One predicate of the band: where it lies in percent of the whole, and whether today's or the aimed one."""

    words: str
    title: str
    start: str
    x: float
    width: float
    is_today: bool
    is_after: bool


@dataclass(frozen=True, slots=True)
class Mark:
    words: str
    x: float


@dataclass(frozen=True, slots=True)
class BandPicture:
    """The predicates side by side with two marks; ``title`` says the same in a sentence."""

    segments: tuple[Segment, ...]
    today: Mark
    after: Mark | None
    title: str


@dataclass(frozen=True, slots=True)
class HoldList:
    """What keeps answers from being better, by what holds them."""

    title: str
    criteria: tuple[str, ...]


def heading(found: Improvement) -> str:
    """The page's sentence."""
    answer, sheet = found.answer, found.sheet
    if answer is None or sheet is None:
        return str(_("%(year)s is not evaluated", year=found.year))
    if isinstance(answer, Reason):
        return str(_("No way can be shown yet"))
    goal = _band(sheet.evaluation, answer.goal)
    if not answer.is_reachable:
        return _unreachable(found, answer, goal)
    start, score = band_words(answer.start.predicate), number(answer.start.printed)
    if not answer.way.cost:
        return str(_("%(goal)s is reached already: %(score)s", goal=goal, score=score))
    done = ngettext("%(num)d week", "%(num)d weeks", answer.way.weeks)
    return str(
        _("Cheapest way from %(start)s (%(score)s) to %(goal)s: effort %(cost)s, done in %(done)s at the earliest",
          start=start, score=score, goal=goal, cost=answer.way.cost, done=done)
    )  # fmt: skip


def _unreachable(found: Improvement, answer: Answer, goal: str) -> str:
    best = number(answer.way.judged.printed)
    until = found.whatif.target_date if found.whatif is not None else None
    if until is not None and found.wish.weeks_left == found.weeks:
        return str(_("%(goal)s is out of reach: at most %(best)s before %(day)s", goal=goal, best=best, day=day(until)))
    if found.wish.weeks_left is not None:
        weeks = ngettext("%(num)d week", "%(num)d weeks", found.wish.weeks_left)
        return str(_("%(goal)s is out of reach: at most %(best)s in %(weeks)s", goal=goal, best=best, weeks=weeks))
    return str(_("%(goal)s is out of reach: at most %(best)s", goal=goal, best=best))


def _band(evaluation: Evaluation, key: str) -> str:
    return next(band_words(row) for row in evaluation.predicate.rows if row.key == key)


# -- the band ------------------------------------------------------------------------------------------------------


def band_picture(evaluation: Evaluation, today: Judged, after: Judged | None) -> BandPicture:
    """The predicates from the lowest to the highest score, with today's mark and that of the way's end."""
    bands = evaluation.predicate
    low = bands.minimum if bands.minimum is not None else Fraction(0)
    high = bands.maximum if bands.maximum is not None else Fraction(WHOLE)
    starts = [low if row.start is None else max(row.start, low) for row in bands.rows]
    ends = [*starts[1:], high]
    segments = tuple(
        Segment(
            band_words(row), words(row.title) or band_words(row), _begins(bands, row, start), _place(start, low, high),
            max(_place(end, low, high) - _place(start, low, high) - GAP, 0), row.key == today.predicate.key,
            after is not None and row.key == after.predicate.key and row.key != today.predicate.key,
        )
        for row, start, end in zip(bands.rows, starts, ends, strict=True)
    )  # fmt: skip
    now = Mark(number(today.printed), _place(today.score, low, high))
    then = None if after is None else Mark(number(after.printed), _place(after.score, low, high))
    said = _("Predicates from %(first)s to %(last)s; today %(score)s, %(predicate)s.",
             first=segments[0].words, last=segments[-1].words, score=now.words,
             predicate=band_words(today.predicate))  # fmt: skip
    if after is not None and then is not None:
        said += " " + _("After these steps %(score)s, %(predicate)s.", score=then.words,
                        predicate=band_words(after.predicate))  # fmt: skip
    return BandPicture(segments, now, then, str(said))


def _place(value: Fraction, low: Fraction, high: Fraction) -> float:
    width = high - low
    return round(float(min(max((value - low) / width, Fraction(0)), Fraction(1)) * WHOLE), 2) if width > 0 else 0.0


def _begins(bands: Bands, row: Band, start: Fraction) -> str:
    """Where a predicate begins, in words: the boundary itself may belong to the one below."""
    return words(ABOVE if bands.is_above(row) else FROM).format(number(_short(start)))


def _short(value: Fraction) -> str:
    return f"{float(value):.4f}".rstrip("0").rstrip(".")


# -- ways ----------------------------------------------------------------------------------------------------------


def way_view(found: Improvement, way: Way) -> WayView:
    """A way with its steps grouped by who does them, in the order their first step stands in."""
    assert found.sheet is not None
    evaluation = found.sheet.evaluation
    scales = scales_of(found)
    grouped: dict[str, list[tuple[Step, Line]]] = {}
    for step in way.steps:
        grouped.setdefault(who_words(step.who, found.who), []).append((step, _line(found, evaluation, scales, step)))
    told: set[int] = set()
    groups = tuple(
        Group(
            who, tuple(line for _step, line in steps), sum(step.cost for step, _line in steps),
            max(step.weeks for step, _line in steps),
            tuple(_swaps(found, way.choices, {step.path for step, _line in steps}, told)),
        )
        for who, steps in grouped.items()
    )  # fmt: skip
    title = _(
        "Effort %(cost)s, %(weeks)s, %(predicate)s (%(score)s)", cost=way.cost,
        weeks=ngettext("%(num)d week", "%(num)d weeks", way.weeks), predicate=band_words(way.judged.predicate),
        score=number(way.judged.printed),
    )  # fmt: skip
    titles = part_titles(found)
    return WayView(str(title), groups, tuple(titles.get(path, path) for path in way.spares))


def _line(found: Improvement, evaluation: Evaluation, scales: dict[str, Scale | None], step: Step) -> Line:
    part = step.path if step.path in part_titles(found) else step.path.rpartition(".")[0]
    adds = evaluation.rounding.printed(step.adds, PLACES_OF_A_STEP).rstrip("0").rstrip(".")
    return Line(
        step.path, criterion_title(found, step.path), part_titles(found).get(part, part),
        answer_words(scales.get(step.path), step.start), answer_words(scales.get(step.path), step.end),
        number(adds), step.cost, step.weeks, tuple(piece_words(evaluation, piece) for piece in step.missing), adds,
    )  # fmt: skip


def _swaps(found: Improvement, choices: Sequence[Choice], paths: set[str], told: set[int]) -> Iterator[Swap]:
    for place, choice in enumerate(choices):
        if place not in told and paths & set(choice.chosen):
            told.add(place)
            title = _(
                "%(pick)s of %(all)s will do, whichever you choose",
                pick=count_words(choice.pick).capitalize(), all=count_words(len(choice.criteria)),
            )  # fmt: skip
            yield Swap(
                str(title), tuple((criterion_title(found, path), path in choice.chosen) for path in choice.criteria)
            )


def scales_of(found: Improvement) -> dict[str, Scale | None]:
    """The scale of every question by its path."""
    assert found.sheet is not None
    return {path: one.scale for path, one in found.sheet.questions.items()}


def part_titles(found: Improvement) -> dict[str, str]:
    """``Perencanaan Kinerja · Pemanfaatan`` by the path of a sub-component."""
    assert found.sheet is not None
    return {
        sub.path: f"{words(component.title)} · {words(sub.title)}"
        for component in found.sheet.evaluation.components.values()
        for sub in component.sub_components.values()
    }


def criterion_title(found: Improvement, path: str) -> str:
    """What a path asks in words."""
    assert found.sheet is not None
    question = found.sheet.questions.get(path)
    return words(question.title) if question is not None else path


def holds_of(found: Improvement, answer: Answer) -> tuple[HoldList, ...]:
    """What keeps the goal out of reach, the most frequent first."""
    titles: dict[str, str | Text] = {
        FIXED: _("Marked as not to be changed"), WEEKS: _("Takes longer than is left"),
        NEEDS: _("Waits for the criterion it rests on"),
    }  # fmt: skip
    grouped: dict[str, list[str]] = {}
    for hold in answer.holds:
        grouped.setdefault(hold.by, []).append(criterion_title(found, hold.path))
    rows = sorted(grouped.items(), key=lambda one: -len(one[1]))
    return tuple(HoldList(f"{titles.get(by, by)}: {len(criteria)}", tuple(criteria)) for by, criteria in rows)
