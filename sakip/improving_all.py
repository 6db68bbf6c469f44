"""The cheapest way of every subject at once: for the list of ways and for the command line (§9, §12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.organisation.snapshot import organisation
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.whatif import WhatIf
from sakip.facts.scores import answers_of_all
from sakip.facts.sheets import Sheet, sheets_of
from sakip.improving import Standing, standings, way_from, withheld
from sakip.pieces_held import pieces_held
from sakip.reasons import Reason
from sakip.standing import configuration_of
from sakip.subjects_seen import seen_by
from sakip.whatif.goals import weeks_left
from sakip.whatif.model import Answer, Wish


@dataclass(frozen=True, slots=True)
class Listed:
    """A subject in the list: where it stands and its way, as the reader's page of it has it. None: the way was not
    asked for, or nobody scored it yet."""

    standing: Standing
    answer: Answer | Reason | None


@dataclass(frozen=True, slots=True)
class Ways:
    """The list of a performance year. ``weeks`` are those left by the file (None: no date). ``evaluation`` and
    ``whatif`` are None where nothing governs the year."""

    year: int
    years: tuple[int, ...]
    rows: tuple[Listed, ...]
    evaluation: Evaluation | None
    whatif: WhatIf | None
    weeks: int | None


def ways_listed(session: Session, person_id: int, year: int | None, wish: Wish | None, now: datetime) -> Ways:
    """Every subject a person may read of, where it stands, and with a wish its cheapest way.

    Weeks nobody named are those left to the file's target date. Raises WhatIfFault for a goal that is none.
    """
    asked, years, rows = standings(session, person_id, year, now)
    viewer = seen_by(session, person_id, now).viewer
    evaluation, whatif = viewer.configuration.evaluation(asked), viewer.configuration.whatif(asked)
    if evaluation is None or whatif is None:
        return Ways(asked, years, tuple(Listed(one, None) for one in rows), None, None, None)
    found: dict[int | None, Answer | Reason] = {}
    if wish is not None:
        ids = frozenset(one.subject.unit_id for one in rows)
        found = {
            sheet.unit_id: answer
            for sheet, answer in ways_of_all(
                session, viewer.region_id, asked, wish, viewer.today, lambda sheet: withheld(session, viewer, sheet)
            )
            if sheet.unit_id in ids
        }
    listed = tuple(Listed(one, found.get(one.subject.unit_id)) for one in rows)
    return Ways(asked, years, listed, evaluation, whatif, weeks_left(whatif.target_date, viewer.today))


def ways_of_all(
    session: Session, region_id: int, year: int, wish: Wish, today: date,
    without: Callable[[Sheet], frozenset[str]] = lambda sheet: frozenset(),
) -> Iterator[tuple[Sheet, Answer | Reason]]:  # fmt: skip
    """The way of everything in a region that somebody scored in that year, the region itself first, then units by key;
    of each ``without`` the tiers that are not for whoever asks.

    Empty where no efforts govern the year. Raises WhatIfFault for a goal that is none, NotAsked without a rubric.
    """
    whatif = configuration_of(session, region_id).whatif(year)
    if whatif is None:
        return
    left = weeks_left(whatif.target_date, today) if wish.weeks_left is None else wish.weeks_left
    full = Wish(wish.goal, wish.margin, left, wish.fixed, wish.alternatives)
    given = answers_of_all(session, region_id, year)
    keys = organisation(session, region_id).units
    scored = sorted(given, key=lambda one: "" if one is None else keys[one].key)
    sheets = sheets_of(session, region_id, scored, year) if scored else []
    held = pieces_held(session, region_id, sheets)
    for sheet in sheets:
        hidden = without(sheet)
        answers = {key: tier for key, tier in given[sheet.unit_id].items() if key not in hidden}
        yield sheet, way_from(sheet, whatif, full, answers, held[sheet.unit_id])[1]
