"""From answers to the cheapest way: the question put to the search, and what it found in words of the worksheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from sakip.configuration.evaluation import Evaluation
from sakip.configuration.patterns import ANY_TEXT, pattern_of
from sakip.configuration.whatif import WhatIf
from sakip.reasons import ALREADY_HIGHEST, Reason
from sakip.score import judge, score
from sakip.shares import Given
from sakip.whatif.choices import choices
from sakip.whatif.goals import Threshold, at_start, threshold
from sakip.whatif.model import NEEDS, NEXT, Answer, Hold, Step, Way, WhatIfFault, Wish
from sakip.whatif.search import Search, Spending
from sakip.whatif.sheet import Part, Sheet, Terms, sheet
from sakip.worksheet import worksheet

AS_THE_FILE_SAYS = Wish()


def cheapest(
    evaluation: Evaluation,
    whatif: WhatIf,
    subject: str,
    unit_type: str | None,
    answers: Mapping[str, Given],
    wish: Wish = AS_THE_FILE_SAYS,
    held: frozenset[str] = frozenset(),
) -> Answer | Reason:
    """The cheapest way to a predicate from answers by path (as ``sakip.shares.shares`` takes them), and further ways.

    ``held`` are the pieces of evidence there already (``agreements``, ``annual_plan-1``), which no step lists as
    missing. A reason when there is no score to start from, or the goal is the next predicate and there is none. Raises
    WhatIfFault for a goal or a fixed path that the evaluation does not have.
    """
    fixed = _fixed(evaluation, whatif, wish)
    started = score(evaluation, subject, unit_type, answers)
    if isinstance(started, Reason):
        return started
    goal = _goal(evaluation, wish.goal or whatif.goal, started.score)
    if isinstance(goal, Reason):
        return goal
    margin = whatif.margin if wish.margin is None else wish.margin
    limit = threshold(evaluation, goal, margin)
    if not margin:
        limit = at_start(evaluation, goal, started.score, limit)
    terms = Terms(whatif, fixed, wish.weeks_left, held)
    paper = sheet(evaluation, worksheet(evaluation, subject, unit_type), answers, started.answers, terms)
    further = whatif.alternatives if wish.alternatives is None else wish.alternatives
    return _answer(evaluation, paper, started.score, goal, limit, max(further, 0))


def _answer(evaluation: Evaluation, paper: Sheet, start: Fraction, goal: str, limit: Threshold, further: int) -> Answer:
    search = Search(paper, limit.whole(paper.scale))
    is_reachable = search.is_reachable
    found = search.ways(1 + further) if is_reachable else [search.furthest()]
    ways = [_way(evaluation, paper, search, one, found[0]) for one in found]
    holds = () if is_reachable else tuple(_holds(paper, search))
    return Answer(judge(evaluation, start), start, goal, limit.least, is_reachable, ways[0], tuple(ways[1:]), holds)


def _fixed(evaluation: Evaluation, whatif: WhatIf, wish: Wish) -> frozenset[str]:
    """What the file and the wish fix together; ``*`` in a path is any text, as in answers."""
    known = {*evaluation.components, *(sub.path for sub in evaluation.sub_components())}
    known.update(one.path for sub in evaluation.sub_components() for one in sub.criteria.values())
    found: set[str] = set()
    for path in (*whatif.fixed, *wish.fixed):
        named = {path} & known if ANY_TEXT not in path else set(filter(pattern_of(path).fullmatch, known))
        if not named and path in wish.fixed:
            raise WhatIfFault(f"{path!r} is no criterion of {evaluation.head.key}")
        found |= named
    return frozenset(found)


def _goal(evaluation: Evaluation, goal: str, start: Fraction) -> str | Reason:
    if goal != NEXT:
        rows = evaluation.predicate.rows
        named = [row.key for row in rows if goal == row.key] or [
            row.key for row in rows if goal.casefold() in (row.key.casefold(), row.short.casefold())
        ]
        if not named:
            raise WhatIfFault(f"{goal!r} is no predicate of {evaluation.head.key}")
        return named[0]
    following = judge(evaluation, start).next
    return following.predicate.key if following is not None else Reason(ALREADY_HIGHEST)


def _way(evaluation: Evaluation, paper: Sheet, search: Search, found: Spending, first: Spending) -> Way:
    levels = [table.levels(spent) for table, spent in zip(search.tables, found.spends, strict=True)]
    steps = tuple(_steps(paper, levels))
    exact = Fraction(found.total, paper.scale)
    spends = {part.path: spent * paper.effort for part, spent in zip(paper.parts, found.spends, strict=True) if spent}
    spares = [
        part.path for part, own, theirs in zip(paper.parts, found.spends, first.spends, strict=True) if own < theirs
    ]
    return Way(
        found.cost * paper.effort,
        exact,
        judge(evaluation, exact),
        max((step.weeks for step in steps), default=0),
        steps,
        tuple(one for part, own in zip(paper.parts, levels, strict=True) for one in choices(part, own)),
        spends,
        tuple(spares),
    )


def _steps(paper: Sheet, levels: Sequence[Sequence[int]]) -> Iterator[Step]:
    """The steps in an order in which each may be taken: by sub-component, what is needed before what needs it."""
    shares = [part.start for part in paper.parts]
    before = paper.total(shares)
    for at, part in enumerate(paper.parts):
        for place in _in_order(part, part.roots):
            item = part.items[place]
            for level in range(1, levels[at][place] + 1):
                shares[at] += item.gains[level] - item.gains[level - 1]
                after = paper.total(shares)
                yield Step(
                    item.path,
                    item.answers[level - 1],
                    item.answers[level],
                    (item.costs[level] - item.costs[level - 1]) * paper.effort,
                    item.weeks,
                    item.who,
                    Fraction(after - before, paper.scale),
                    item.missing,
                )
                before = after


def _in_order(part: Part, places: Iterable[int]) -> Iterator[int]:
    for place in places:
        yield place
        yield from _in_order(part, part.dependents(place))


def _holds(paper: Sheet, search: Search) -> Iterator[Hold]:
    """What keeps answers from being the best, once everything offered is done."""
    for part, table in zip(paper.parts, search.tables, strict=True):
        for item, level in zip(part.items, table.highest(), strict=True):
            if item.kept is not None:
                yield Hold(item.path, item.kept)
            elif level < len(item.shares) - 1:
                yield Hold(item.path, NEEDS)
