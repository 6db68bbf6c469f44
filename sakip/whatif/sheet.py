"""The worksheet as whole numbers: what can be raised in each sub-component, by how much, at what cost (§9.2–9.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from sakip.configuration.evaluation import WARN, Evaluation
from sakip.configuration.whatif import Effort, WhatIf
from sakip.shares import Given
from sakip.whatif.model import FIXED, WEEKS
from sakip.worksheet import ALL, NONE, NOT_APPLICABLE, Question, Section


@dataclass(frozen=True, eq=False, slots=True)
class Item:
    """One question with the answers it can still be raised to.

    Position 0 of ``answers``, ``shares``, ``gains`` and ``costs`` is where it stands; the others follow upwards.
    ``gains`` and ``costs`` (each the sheet's ``effort``) are added up from there; ``shares`` (in 1/unit of the sheet)
    compare what ``needs``, a place among the items of the part. ``kept`` says why the better answers are not offered,
    when there are any.
    """

    path: str
    answers: tuple[str, ...]
    shares: tuple[int, ...]
    gains: tuple[int, ...]
    costs: tuple[int, ...]
    needs: int | None
    part: Fraction
    weeks: int
    who: str | None
    missing: tuple[str, ...]
    kept: str | None

    def allowed(self, needed: int) -> int:
        """The highest level when the needed one stands at ``needed``: level 0 always, above it no higher share."""
        level = len(self.shares) - 1
        while level and self.shares[level] > needed:
            level -= 1
        return level


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """A sub-component: ``start`` is its share today, ``weight`` its points per share, both whole; ``by`` are the
    places of the parts its counted share is limited by."""

    path: str
    weight: int
    start: int
    items: tuple[Item, ...]
    by: tuple[int, ...]

    @property
    def roots(self) -> tuple[int, ...]:
        """The items that need no other."""
        return tuple(at for at, item in enumerate(self.items) if item.needs is None)

    def dependents(self, at: int) -> tuple[int, ...]:
        """The items that need the one at this place."""
        return tuple(place for place, item in enumerate(self.items) if item.needs == at)


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """All sub-components that ask something, in the order of the worksheet. A score is a total / ``scale``, an effort
    a cost * ``effort``: tables are as long as costs are high, so a factor common to all of them is left out."""

    parts: tuple[Part, ...]
    scale: int
    effort: int

    def counted(self, shares: list[int]) -> list[int]:
        """Shares after the framework, in order, so that limits chain."""
        found: list[int] = []
        for part, share in zip(self.parts, shares, strict=True):
            found.append(min(share, *(found[at] for at in part.by)) if part.by else share)
        return found

    def total(self, shares: list[int]) -> int:
        """The score of raw shares, in 1/``scale`` points."""
        return sum(part.weight * one for part, one in zip(self.parts, self.counted(shares), strict=True))


@dataclass(frozen=True, eq=False, slots=True)
class Terms:
    """What decides which steps are offered: the file, what is fixed, the weeks left (None: no limit)."""

    whatif: WhatIf
    fixed: frozenset[str]
    weeks_left: int | None
    held: frozenset[str]


def sheet(
    evaluation: Evaluation,
    sections: tuple[Section, ...],
    answers: Mapping[str, Given],
    shares: Mapping[str, Fraction | None],
    terms: Terms,
) -> Sheet:
    """The sheet of answers whose shares are known (None: left out)."""
    ladders = [_ladders(section, answers, shares, terms) for section in sections if section.questions]
    asked = [section for section in sections if section.questions]
    unit = lcm(1, *(one.denominator for rows in ladders for ladder in rows for one in ladder.fractions()))
    points = lcm(1, *(section.sub.weight.denominator for section in asked))
    effort = gcd(*(cost for rows in ladders for ladder in rows for cost in ladder.costs)) or 1
    places = {section.sub.path: at for at, section in enumerate(asked)}
    limits = _limits(evaluation, places)
    parts = [
        Part(
            section.sub.path,
            int(section.sub.weight * points),
            sum(ladder.whole(ladder.shares[0] * ladder.part, unit) for ladder in rows),
            _items(rows, unit, effort),
            limits.get(at, ()),
        )
        for at, (section, rows) in enumerate(zip(asked, ladders, strict=True))
    ]
    return Sheet(tuple(parts), unit * points, effort)


def _limits(evaluation: Evaluation, places: Mapping[str, int]) -> dict[int, tuple[int, ...]]:
    """Who is limited by whom: `refuse` counts like `cap`, `warn` limits nothing; only what comes earlier limits."""
    found: dict[int, set[int]] = {}
    for rule in evaluation.framework:
        at = places.get(rule.limits)
        if at is not None and rule.then != WARN:
            found.setdefault(at, set()).update(places[one] for one in rule.by if places.get(one, at) < at)
    return {at: tuple(sorted(by)) for at, by in found.items()}


@dataclass(frozen=True, eq=False, slots=True)
class _Ladder:
    question: Question
    part: Fraction
    answers: tuple[str, ...]
    shares: tuple[Fraction, ...]
    costs: tuple[int, ...]
    effort: Effort
    missing: tuple[str, ...]
    kept: str | None

    def fractions(self) -> tuple[Fraction, ...]:
        """Everything that has to become whole."""
        return (*self.shares, *(share * self.part for share in self.shares))

    @staticmethod
    def whole(share: Fraction, unit: int) -> int:
        """A share in 1/unit."""
        return share.numerator * (unit // share.denominator)


def _ladders(
    section: Section, answers: Mapping[str, Given], shares: Mapping[str, Fraction | None], terms: Terms
) -> list[_Ladder]:
    left = [question for question in section.questions if shares[question.path] is not None]
    return [
        _ladder(section, question, part, answers[question.path], shares[question.path] or Fraction(0), terms)
        for question, part in zip(left, section.parts(left), strict=True)
    ]


def _ladder(
    section: Section, question: Question, part: Fraction, given: Given, share: Fraction, terms: Terms
) -> _Ladder:
    effort = _effort(terms.whatif, question.path, section.sub.path)
    if question.pieces is not None:
        rungs = _pieces(question.pieces, given)
        item = terms.whatif.evidence_item
        effort = Effort(item.step, item.weeks, item.who or effort.who)
        costs = [effort.step] * (len(rungs) - 1)
        have = question.pieces if given in (ALL, NOT_APPLICABLE) else () if given == NONE else given or ()
        missing = tuple(one for one in question.pieces if one not in have)
    else:
        rungs = _rungs(question, str(given), share)
        best = max(question.shares.values())
        costs = [effort.step * (terms.whatif.last_step if one == best else 1) for _answer, one in rungs[1:]]
        missing = tuple(one for one in _asked(section, question) if one not in terms.held)
    kept = None
    if len(rungs) > 1:
        kept = FIXED if _is_fixed(question.path, terms.fixed) else None
        if kept is None and terms.weeks_left is not None and effort.weeks > terms.weeks_left:
            kept = WEEKS
    if kept is not None:
        rungs, costs = rungs[:1], []
    answers = tuple(answer for answer, _share in rungs)
    return _Ladder(question, part, answers, tuple(one for _, one in rungs), tuple(costs), effort, missing, kept)


def _asked(section: Section, question: Question) -> tuple[str, ...]:
    """The pieces of evidence a question asks, the grade of a sub-component those of all its criteria."""
    criteria = [one for one in section.sub.criteria.values() if question.path in (one.path, section.sub.path)]
    return tuple(dict.fromkeys(piece for one in criteria if one.is_active for piece in one.pieces()))


def _rungs(question: Question, given: str, share: Fraction) -> list[tuple[str, Fraction]]:
    """The answer given and every better value of the scale, upwards."""
    better = sorted((one, key) for key, one in question.shares.items() if one > share)
    return [(given, share), *((key, one) for one, key in better)]


def _pieces(pieces: tuple[str, ...], given: Given) -> list[tuple[str, Fraction]]:
    """How many pieces are accepted, and every number above."""
    of = len(pieces)
    if given in (ALL, NOT_APPLICABLE):
        return [(f"{of}/{of}", Fraction(1))]
    have = 0 if given is None or given == NONE else sum(piece in given for piece in pieces)
    return [(f"{number}/{of}", Fraction(number, of)) for number in range(have, of + 1)]


def _effort(whatif: WhatIf, path: str, sub: str) -> Effort:
    """The nearest of criterion, sub-component, default."""
    return whatif.criteria.get(path) or whatif.sub_components.get(sub) or whatif.default


def _is_fixed(path: str, fixed: frozenset[str]) -> bool:
    """Whether the question, its sub-component or its component is named."""
    steps = path.split(".")
    return any(".".join(steps[:length]) in fixed for length in range(1, len(steps) + 1))


def _items(rows: list[_Ladder], unit: int, effort: int) -> tuple[Item, ...]:
    places = {ladder.question.path: at for at, ladder in enumerate(rows)}
    return tuple(_item(ladder, unit, effort, places) for ladder in rows)


def _item(ladder: _Ladder, unit: int, effort: int, places: Mapping[str, int]) -> Item:
    start = ladder.shares[0]
    costs = [0]
    for cost in ladder.costs:
        costs.append(costs[-1] + cost // effort)
    return Item(
        ladder.question.path,
        ladder.answers,
        tuple(ladder.whole(one, unit) for one in ladder.shares),
        tuple(ladder.whole((one - start) * ladder.part, unit) for one in ladder.shares),
        tuple(costs),
        # What it needs may be left out by `na`: then nothing holds it.
        places.get(ladder.question.needs) if ladder.question.needs else None,
        ladder.part,
        ladder.effort.weeks,
        ladder.effort.who,
        ladder.missing,
        ladder.kept,
    )
