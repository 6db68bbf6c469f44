"""The shares of the sub-components: answers in, what each is worth before and after the logical framework (§7.2–§7.7).

For the what-if the pieces are: ``worksheet(...)`` says what is asked, ``Section.parts`` how much of a section's share
each question carries (the share is Σ part × share of the answer), ``limited`` what the
framework leaves of shares.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sakip.configuration.evaluation import FULL, REFUSE, WARN, Evaluation, FrameworkRule
from sakip.reasons import CRITERION_OPEN, NOTHING_APPLIES, UNKNOWN_ANSWER, Reason
from sakip.worksheet import ALL, NONE, NOT_APPLICABLE, Question, Section, worksheet

# A key of the scale or `na`; of S4 the accepted pieces, `all` or `none`. None and "" are open.
Given = str | Collection[str] | None

ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Share:
    """What a sub-component is worth, from 0 to 1: ``raw`` by its answers, ``counted`` after the framework.

    ``limited_by`` is the sub-component that holds it down (`cap`, `refuse`), ``warned_by`` the one it stands above
    without counting less (`warn`); ``is_refused`` when the tier may not be locked like this.
    """

    raw: Fraction
    counted: Fraction
    limited_by: str | None = None
    warned_by: str | None = None
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class AnswerShares:
    """The share of every question that counts, by path; left out by `na` is None."""

    of: Mapping[str, Fraction | None]


def shares(
    evaluation: Evaluation, subject: str, unit_type: str | None, answers: Mapping[str, Given]
) -> Mapping[str, Share] | Reason:
    """The share of every sub-component that asks this subject something, by path in the order of the worksheet.

    ``answers`` by path of criterion, or of the sub-component under `graded`; what is not asked is passed over.
    A sub-component without weight that asks nothing has no share, neither limits nor is limited. A ``Reason`` names the
    ``paths`` it is about, in the order of the worksheet.
    """
    sections = worksheet(evaluation, subject, unit_type)
    answered = answer_shares(sections, answers)
    return answered if isinstance(answered, Reason) else framed(evaluation, sections, answered)


def answer_shares(sections: tuple[Section, ...], answers: Mapping[str, Given]) -> AnswerShares | Reason:
    """What each answer is worth, or the first reason that holds: open, unknown, nothing that applies."""
    found: dict[str, Fraction | None] = {}
    opened: list[Question] = []
    unknown: list[Question] = []
    for section in sections:
        for question in section.questions:
            given = answers.get(question.path)
            if is_open(given):
                opened.append(question)
                continue
            try:
                found[question.path] = answer_share(question, given)
            except KeyError:
                unknown.append(question)
    if opened:
        return Reason(CRITERION_OPEN, {"count": len(opened), "paths": tuple(one.path for one in opened)})
    if unknown:
        paths = tuple(one.path for one in unknown)
        return Reason(UNKNOWN_ANSWER, {"answer": str(answers[paths[0]]), "path": unknown[0].title, "paths": paths})
    empty = [one.sub for one in sections if one.counts and not _carries(one, found)]
    if empty:
        return Reason(NOTHING_APPLIES, {"path": empty[0].title, "paths": tuple(one.path for one in empty)})
    return AnswerShares(found)


def is_open(given: Given) -> bool:
    """Whether nobody has answered. An empty list of pieces is an answer: none was accepted."""
    return given is None or given == ""


def answer_share(question: Question, given: Given) -> Fraction | None:
    """What an answer is worth, from 0 to 1; None when it leaves the question out. KeyError for an unknown answer."""
    if given == NOT_APPLICABLE and question.not_applicable is not None:
        return ONE if question.not_applicable == FULL else None
    if question.pieces is None:
        if not isinstance(given, str):
            raise KeyError(question.path)
        return question.shares[given]
    if isinstance(given, str):
        return {ALL: ONE, NONE: Fraction(0)}[given]
    if isinstance(given, Mapping) or not isinstance(given, Collection) or not question.pieces:
        raise KeyError(question.path)
    # What was accepted but is not asked here adds nothing: the rubric says what is asked.
    return Fraction(sum(piece in given for piece in question.pieces), len(question.pieces))


def _carries(section: Section, found: Mapping[str, Fraction | None]) -> bool:
    left = [one for one in section.questions if found[one.path] is not None]
    return bool(left) and any(section.parts(left))


def framed(evaluation: Evaluation, sections: tuple[Section, ...], answered: AnswerShares) -> Mapping[str, Share]:
    """The shares of the sections after the framework, in the order of the worksheet."""
    raw = {one.sub.path: section_share(one, answered.of) for one in sections if one.questions}
    return limited(evaluation, raw)


def section_share(section: Section, found: Mapping[str, Fraction | None]) -> Fraction:
    """Σ part × share over the questions that are not left out."""
    left = [(one, share) for one in section.questions if (share := found[one.path]) is not None]
    parts = section.parts([one for one, _share in left])
    return sum((part * share for part, (_one, share) in zip(parts, left, strict=True)), Fraction(0))


def limited(evaluation: Evaluation, raw: Mapping[str, Fraction]) -> Mapping[str, Share]:
    """What the logical framework leaves of raw shares, in their order, so that limits chain (§7.7).

    `refuse` counts like `cap`: what may not be locked must not look better than what may.
    """
    rules: dict[str, list[FrameworkRule]] = {}
    for rule in evaluation.framework:
        rules.setdefault(rule.limits, []).append(rule)
    found: dict[str, Share] = {}
    for path, share in raw.items():
        found[path] = _framed(share, rules.get(path, ()), found)
    return found


def _framed(raw: Fraction, rules: Collection[FrameworkRule], found: Mapping[str, Share]) -> Share:
    counted, limited_by, warned_by, is_refused = raw, None, None, False
    for rule in rules:
        by = [path for path in rule.by if path in found]
        if not by:
            continue
        least = min(by, key=lambda path: found[path].counted)
        if found[least].counted >= counted:
            continue
        if rule.then == WARN:
            warned_by = least
        else:
            counted, limited_by, is_refused = found[least].counted, least, is_refused or rule.then == REFUSE
    return Share(raw, counted, limited_by, warned_by, is_refused)
