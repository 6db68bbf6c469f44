"""A tier's worksheet as somebody works on it: every row with what stands beside it, and the three numbers (§13.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from engine.definitions.model import Text
from sakip.configuration.evaluation import Component, SubComponent, Tier
from sakip.facts.evidence import ACCEPTED, REFUSED, offered_of
from sakip.facts.scores import piece_name
from sakip.facts.sheets import EVIDENCE, Sheet, accepted_before, tier_answers
from sakip.framework_words import framework_sentences
from sakip.pieces_held import kind_and_year, kinds_by_year
from sakip.reasons import Reason
from sakip.score import Scored, judge, score
from sakip.shares import Given, is_open
from sakip.suggested import suggested_for
from sakip.tiers import TierAnswer, counting
from sakip.worksheet import Question, Section
from sakip.worksheet_items import (
    CHANGED,
    LIMITED,
    OPEN,
    REFUSED_ROWS,
    Asked,
    Item,
    Panel,
    Registered,
    Row,
    Worksheet,
    differs,
    differs_from_last,
    plain_row,
)

MOST_OFFERED = 60  # pieces of one kind and year a row offers, the newest; a row uses 40 of them at most


def worksheet_desk(
    session: Session, sheet: Sheet, tier: Tier, rows: Iterable[Row], answers: Mapping[str, Any]
) -> Worksheet:
    """The worksheet of a tier with these rows (as typed or stored). ``answers`` are the case's, for the tiers before
    that this reader may see."""
    by_path = {row["path"]: row for one in rows if (row := plain_row(one)).get("path")}
    builder = _Builder(session, sheet, tier, by_path, answers)
    return builder.evidence() if tier.answers == EVIDENCE else builder.criteria()


class _Builder:
    """What is looked up once for all rows."""

    def __init__(
        self, session: Session, sheet: Sheet, tier: Tier, rows: Mapping[str, dict[str, Any]], answers: Mapping[str, Any]
    ) -> None:
        self.sheet, self.tier, self.rows = sheet, tier, rows
        self.pieces = sheet.pieces()
        self.register = _register(session, sheet, self.pieces.values())
        self.uses: dict[int, int] = {}
        for row in rows.values():
            for number in row["evidence"]:
                self.uses[number] = self.uses.get(number, 0) + 1
        self.checked = _checked(sheet, answers)
        accepted = accepted_before(sheet, tier, answers)
        self.own = tier_answers(sheet, tier, rows.values(), accepted)
        before = sheet.evaluation.tiers.get(tier.starts_from or "")
        kept = [plain_row(row) for row in answers.get(before.key) or ()] if before is not None else []
        self.notes = {row["path"]: str(row.get("note") or "") for row in kept if row.get("path")}
        self.earlier = tier_answers(sheet, before, kept, accepted) if before is not None else {}

    # -- a tier that answers criteria -----------------------------------------------------------------------------

    def criteria(self) -> Worksheet:
        sheet = self.sheet
        found = score(sheet.evaluation, sheet.subject, sheet.unit_type, counting(self.own))
        scored = None if isinstance(found, Reason) else found
        said = framework_sentences(sheet.evaluation, sheet.sections, scored) if scored is not None else {}
        panels = tuple(
            Panel(
                component, section.sub, None if scored is None else scored.shares.get(section.sub.path),
                said.get(section.sub.path),
                tuple(self._criterion(component, section, one, scored, said) for one in section.questions),
            )
            for component, section in _sections(sheet)
        )  # fmt: skip
        items = [item for panel in panels for item in panel.items]
        judged = found if isinstance(found, Reason) else judge(sheet.evaluation, found.score)
        return Worksheet(
            sheet, self.tier, panels, judged, scored, sum(item.is_done for item in items), len(items),
            *self._accepted(), scored is None or scored.may_be_locked,
        )  # fmt: skip

    def _criterion(
        self, component: Component, section: Section, one: Question, scored: Scored | None, said: Mapping[str, Text]
    ) -> Item:
        row = self.rows.get(one.path, {"evidence": (), "checked": False})
        own: TierAnswer | None = self.own.get(one.path)
        given = own.given if own is not None else None
        is_done = own is not None and own.is_confirmed and not is_open(given)
        earlier = self.earlier[one.path].given if one.path in self.earlier else None
        sub = section.sub
        ticks = self.sheet.ticks(one.path)
        ticked = [path for path in row.get("met", ()) if path in ticks]
        proposed = suggested_for(self.sheet.evaluation, sub, self.sheet.subject, self.sheet.unit_type, ticked)
        asked = tuple(self._asked(one.path, row, piece) for piece in self.pieces.get(one.path, ()))
        share = None if scored is None else scored.answers.get(one.path)
        rule = self.sheet.evaluation.recommendations
        return Item(
            one.path, component.key, one.title, one, row, given, is_done, earlier, self.notes.get(one.path, ""), asked,
            tuple((path, _criterion_title(sub, path)) for path in ticks),
            proposed if isinstance(proposed, str) and ticked else "", said.get(one.path), "",
            frozenset(self._marks(one, sub.path, given, earlier, row, asked, scored, is_done)),
            rule is not None and share is not None and share < rule.required_below,
        )  # fmt: skip

    def _marks(
        self, one: Question, sub: str, given: Given, earlier: Given, row: Row, asked: Sequence[Asked],
        scored: Scored | None, is_done: bool,
    ) -> Iterator[str]:  # fmt: skip
        if not is_done:
            yield OPEN
        if any(piece.judged == REFUSED or any(found.is_used and found.state == REFUSED for found in piece.registered)
               for piece in asked):  # fmt: skip
            yield REFUSED_ROWS
        if scored is not None and (sub in scored.limited or one.path in scored.warned or sub in scored.warned):
            yield LIMITED
        if is_done and (differs(given, earlier) if self.earlier else differs_from_last(one, given, row)):
            yield CHANGED

    # -- a tier that looks at evidence -----------------------------------------------------------------------------

    def evidence(self) -> Worksheet:
        panels = []
        for component, section in _sections(self.sheet):
            paths = [path for path in self.rows if path == section.sub.path or path.rpartition(".")[0] ==
                     section.sub.path]  # fmt: skip
            items = tuple(self._check(component, section.sub, path) for path in paths if self.pieces.get(path))
            if items:
                panels.append(Panel(component, section.sub, None, None, items))
        items = tuple(item for panel in panels for item in panel.items)
        return Worksheet(
            self.sheet, self.tier, tuple(panels), None, None, sum(item.is_done for item in items), len(items),
            sum(len(set(item.row.get("pieces", ())) & set(self.pieces[item.path])) for item in items),
            sum(len(self.pieces[item.path]) for item in items),
        )  # fmt: skip

    def _check(self, component: Component, sub: SubComponent, path: str) -> Item:
        row = self.rows[path]
        asked = tuple(self._asked(path, row, piece) for piece in self.pieces[path])
        marks = {OPEN} if not row["checked"] else set()
        marks |= {REFUSED_ROWS} if row.get("refused") else set()
        title = sub.title if path == sub.path else _criterion_title(sub, path)
        return Item(
            path, component.key, title, None, row, None, row["checked"], None, self.notes.get(path, ""), asked, (), "",
            None, str(row.get("agency") or ""), frozenset(marks), False,
        )  # fmt: skip

    # -- evidence ---------------------------------------------------------------------------------------------------

    def _asked(self, path: str, row: Row, piece: str) -> Asked:
        kind, year = kind_and_year(piece, self.sheet.year)
        known = self.register.get(piece, ())
        registered = tuple(
            Registered(one.number, one.title, one.state, one.number in row["evidence"], self.uses.get(one.number, 0),
                       one.link)
            for place, one in enumerate(known)
            if place < MOST_OFFERED or one.number in row["evidence"]
        )  # fmt: skip
        if self.tier.answers == EVIDENCE:
            judged = ACCEPTED if piece in row.get("pieces", ()) else REFUSED if piece in row.get("refused", ()) else ""
        else:
            judged = self.checked.get((path, piece), "")
        return Asked(piece, kind, year, registered, judged, len(known) - len(registered))

    def _accepted(self) -> tuple[int, int]:
        """How many of the asked pieces are accepted: by the check, before it by the register."""
        pairs = [(path, piece) for path in self.sheet.questions for piece in self.pieces.get(path, ())]
        good = sum(
            self.checked[pair] == ACCEPTED if pair in self.checked
            else any(one.state == ACCEPTED for one in self.register.get(pair[1], ()))
            for pair in pairs
        )  # fmt: skip
        return good, len(pairs)


def _sections(sheet: Sheet) -> Iterator[tuple[Component, Section]]:
    components = {
        sub.path: component
        for component in sheet.evaluation.components.values()
        for sub in component.sub_components.values()
    }
    return ((components[section.sub.path], section) for section in sheet.sections if section.questions)


def _criterion_title(sub: SubComponent, path: str) -> Text:
    return next((one.title for one in sub.criteria.values() if one.path == path), sub.title)


def _register(
    session: Session, sheet: Sheet, asked: Iterable[Collection[str]]
) -> dict[str, tuple[Registered, ...]]:  # fmt: skip
    """What the register has of each asked piece, the newest first."""
    names = {piece for pieces in asked for piece in pieces}
    found: dict[str, list[Registered]] = {}
    for year, kinds in sorted(kinds_by_year(names, sheet.year).items()):
        for one in offered_of(session, sheet.region_id, sheet.unit_id, kinds, year):
            name = piece_name(sheet, one)
            if name in names:
                found.setdefault(name, []).append(Registered(one.id, one.title, one.state, False, 0, one.link))
    return {name: tuple(pieces) for name, pieces in found.items()}


def _checked(sheet: Sheet, answers: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """How the tiers that look at evidence judged each piece at each row, as far as the answers show it."""
    found: dict[tuple[str, str], str] = {}
    for tier in sheet.evaluation.tiers.values():
        if tier.answers != EVIDENCE:
            continue
        for one in answers.get(tier.key) or ():
            row = plain_row(one)
            if row["checked"] and row.get("path"):
                found |= {(row["path"], piece): ACCEPTED for piece in row.get("pieces", ())}
                found |= {(row["path"], piece): REFUSED for piece in row.get("refused", ())}
    return found
