"""How the pages of evaluation write scores, answers, predicates, pieces of evidence and who does a step."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from sakip.bands import Band
from sakip.configuration.evaluation import Evaluation, Scale
from sakip.pieces_held import kind_and_year
from sakip.worksheet import ALL, NONE, NOT_APPLICABLE
from web.language import language, words

MOST_IN_WORDS = 10
LONGEST_GRADE = 2  # keys so short are grades people know: BB


def number(printed: str) -> str:
    """A number as printed with a point (``66.25``) as the reader's language has it."""
    return printed.replace(".", ",") if language() == "id" else printed


def band_words(band: Band) -> str:
    """The short name of a predicate (BB), otherwise its title, otherwise its key."""
    return band.short or words(band.title) or band.key.upper()


def answer_words(scale: Scale | None, answer: str) -> str:
    """An answer as people say it, without its number: the title on its scale; ``3/4`` is three of four pieces."""
    held, _slash, asked = answer.partition("/")
    if asked and held.isdigit() and asked.isdigit():
        return str(ngettext("%(held)s of %(num)d piece", "%(held)s of %(num)d pieces", int(asked), held=held))
    known = None if scale is None else scale.answers.get(answer)
    if known is None:
        fixed = {ALL: _("all pieces"), NONE: _("no piece"), NOT_APPLICABLE: _("does not apply")}
        return str(fixed.get(answer, answer))
    title, grade = words(known.title), answer.upper() if len(answer) <= LONGEST_GRADE else ""
    if not title:
        return grade or answer.replace("_", " ").capitalize()
    return f"{grade}: {title}" if grade and not title.startswith(grade) and answer not in ("y", "t") else title


def piece_words(evaluation: Evaluation, piece: str) -> str:
    """A piece of evidence with the year it is of: ``Rencana aksi 2024``."""
    kind, year = kind_and_year(piece, evaluation.year)
    known = evaluation.evidence_kinds.get(kind)
    return f"{words(known.title) if known is not None else kind} {year}"


def who_words(who: str | None, known: Mapping[str, str]) -> str:
    """Who does a step: the region's own name for it, otherwise ours, otherwise its key."""
    if who is None:
        return str(_("Nobody named"))
    ours = {
        "agency_head": _("Head of agency"), "bappeda": _("Planning bureau"), "inspectorate": _("Inspektorat"),
        "organisation_bureau": _("Organisation bureau"), "planning_division": _("Planning division"),
        "personnel": _("Personnel bureau"), "communication_agency": _("Communication agency"),
    }  # fmt: skip
    return known.get(who) or str(ours.get(who) or who.replace("_", " ").capitalize())


def count_words(count: int) -> str:
    """A small number in words (``dua``), a larger one in digits."""
    small = (
        _("zero"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
        _("ten"),
    )  # fmt: skip
    return str(small[count]) if count <= MOST_IN_WORDS else str(count)
