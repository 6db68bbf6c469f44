"""The words of the register of evidence: kinds, states, places of use, what was done; filters of its list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from engine.definitions.model import Text
from engine.errors import NotFound
from sakip.configuration.evaluation import Evaluation
from sakip.configuration.folder import Configuration
from sakip.entry_desk import period_title
from sakip.evidence_begun import MOST
from sakip.evidence_pages import STATES, Shown
from sakip.evidence_rights import Keeper
from sakip.facts.evidence_uses import CRITERION, USED, Place
from sakip.facts.models import EvidenceAct, EvidencePiece, EvidenceUse
from web.language import clock, day, short_moment, size, words
from web.officer.listing import FilterField
from web.performance.worksheet_view import anchor, state_words

REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class UseRow:
    """One place of use: what it is called, where it is, how it stands, whether it is the reader's to judge."""

    number: int
    words: str
    beside: str
    href: str
    state: tuple[str, str, str]
    is_refused: bool
    may_be_judged: bool


@dataclass(frozen=True, slots=True)
class ActLine:
    """One thing that was done, for the history."""

    at: object
    time: str
    sentence: str
    comment: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class ActDay:
    heading: str
    lines: tuple[ActLine, ...]


def kind_titles(configuration: Configuration) -> dict[str, Text]:
    """Every kind of evidence the rubrics know; of one name that of the newest year."""
    rubrics = [one.model for one in configuration.evaluations]
    return {kind.key: kind.title for rubric in rubrics for kind in rubric.evidence_kinds.values()}


def kinds_to_add(configuration: Configuration, chosen: str = "") -> list[tuple[str, str]]:
    """The kinds somebody may register by hand, by their words: what registers itself is left out unless it is asked."""
    rubrics = [one.model for one in configuration.evaluations]
    by_itself = {
        kind.key for rubric in rubrics for kind in rubric.evidence_kinds.values() if kind.from_case or kind.is_from_tree
    }
    titles = kind_titles(configuration)
    found = [(key, words(title)) for key, title in titles.items() if key not in by_itself or key == chosen]
    return sorted(found, key=lambda one: one[1].casefold())


def kind_words(configuration: Configuration, kind: str) -> str:
    """A kind as people call it; its key where no rubric knows it any more."""
    known = kind_titles(configuration).get(kind)
    return kind.replace("_", " ").capitalize() if known is None else words(known)


def unit_words(keeper: Keeper, unit_id: int | None) -> str:
    """Whose a piece is."""
    return keeper.region_name if unit_id is None else keeper.viewer.unit_name(unit_id)


def filter_fields(keeper: Keeper, values: dict[str, str], years: list[int]) -> tuple[FilterField, ...]:
    """The questions of the filter form."""
    configuration = keeper.viewer.configuration
    kinds = sorted(((key, words(title)) for key, title in kind_titles(configuration).items()), key=lambda one: one[1])
    units = [(keeper.region_key, keeper.region_name)]
    readable = keeper.readable_units()
    rows = keeper.viewer.organisation.units.values()
    named = [one for one in rows if (keeper.reads_all() or one.id in readable) and one.parent_id is not None]
    units += [(one.key, one.name) for one in sorted(named, key=lambda one: (one.name, one.key))]
    states = [(one, state_words(one)[0]) for one in STATES]
    asked = (
        ("unit", words(Text("Perangkat daerah", "Unit")), units),
        ("year", _("Year"), [(str(one), str(one)) for one in years]),
        ("kind", _("Kind"), kinds), ("state", words(Text("Keadaan", "State")), states),
    )  # fmt: skip
    return tuple(
        FilterField(name, str(title), (("", str(_("All"))), *choices), values.get(name, ""))
        for name, title, choices in asked
    )


def content_words(piece: EvidencePiece) -> tuple[str, str, str]:
    """What a piece is: its words, the address that opens it ("": none), the icon."""
    if piece.file_digest is not None:
        words_ = f"{piece.file_name} ({size(piece.file_bytes or 0)})"
        return words_, url_for("evidence.file", piece_id=piece.id), "file"
    if piece.link is not None:
        return piece.link, piece.link, "out"
    return "", "", "file"


def use_rows(shown: Shown, keeper: Keeper) -> list[UseRow]:
    """Every place that uses a piece, in words."""
    return [_use_row(one, shown, keeper) for one in shown.uses]


def begun_rows(shown: Shown, keeper: Keeper) -> list[tuple[str, str, str]]:
    """Every place that names a piece in what is not sent yet: words, what is beside them, the address."""
    found = []
    for one in shown.begun[:MOST]:
        title, beside = _place(one.place, shown, keeper)
        if one.place.subject == CRITERION:
            component = one.place.place.partition(".")[0]
            href = url_for("worksheet.show", case_id=one.case_id, component=component) + f"#{anchor(one.place.place)}"
        else:
            href = url_for("case.show", case_id=one.case_id)
        found.append((title, f"{beside}, {one.number}", href))
    return found


def _use_row(use: EvidenceUse, shown: Shown, keeper: Keeper) -> UseRow:
    title, beside = _place(use, shown, keeper)
    is_readable = use.case_id is not None and use.case_id in shown.use_cases
    href = ""
    if is_readable and use.subject == CRITERION:
        component = use.place.partition(".")[0]
        href = url_for("worksheet.show", case_id=use.case_id, component=component) + f"#{anchor(use.place)}"
    elif is_readable:
        href = url_for("case.show", case_id=use.case_id)
    is_refused = use.state == REFUSED
    state = state_words(REFUSED) if is_refused or shown.piece.state == REFUSED else (str(_("In use")), "", "check")
    return UseRow(use.id, title, beside, href, state, is_refused, keeper.may_judge_use(shown.piece, use.unit_id))


def _place(use: EvidenceUse | Place, shown: Shown, keeper: Keeper) -> tuple[str, str]:
    configuration = keeper.viewer.configuration
    unit = unit_words(keeper, use.unit_id)
    if use.subject == CRITERION:
        rubric = configuration.evaluation(use.year)
        said = None if rubric is None else criterion_title(rubric, use.place)
        return (use.place if said is None else words(said)), str(_("Worksheet %(year)s", year=use.year)) + f", {unit}"
    rules = configuration.measurement(use.year)
    period = use.period if rules is None else words(period_title(rules, use.period))
    return shown.indicators.get(use.place, use.place), f"{period} {use.year}, {unit}"


def criterion_title(rubric: Evaluation, path: str) -> Text | None:
    """What a criterion or a sub-component is called; None for one the rubric does not have."""
    for component in rubric.components.values():
        for sub in component.sub_components.values():
            if sub.path == path:
                return sub.title
            for one in sub.criteria.values():
                if one.path == path:
                    return one.title
    return None


def history_days(shown: Shown, keeper: Keeper) -> tuple[ActDay, ...]:
    """What was done with a piece and its uses, the newest first, by day."""
    places = {use.id: _place(use, shown, keeper)[0] for use in shown.uses}
    found: dict[str, list[ActLine]] = {}
    for act in reversed(shown.acts):
        found.setdefault(day(act.at), []).append(
            ActLine(act.at, clock(act.at), _sentence(act, shown, places), act.reason)
        )
    return tuple(ActDay(heading, tuple(lines)) for heading, lines in found.items())


def _sentence(act: EvidenceAct, shown: Shown, places: dict[int, str]) -> str:
    who = shown.names.get(act.by or 0) or "Alur"
    if act.use_id is not None:
        place = places.get(act.use_id, "")
        if act.state == USED:
            return str(_("%(who)s takes it as evidence for: %(place)s", who=who, place=place))
        return str(_("%(who)s does not take it as evidence for: %(place)s", who=who, place=place))
    said = {
        "registered": _("%(who)s registered it", who=who), "accepted": _("%(who)s accepted it", who=who),
        "refused": _("%(who)s refused it", who=who), "repaired": _("%(who)s put it right", who=who),
    }  # fmt: skip
    return str(said.get(act.state, act.state))


def version_lines(shown: Shown) -> Iterator[tuple[str, str, str]]:
    """The version before and the newer one: words, title, address."""
    for said, one in ((_("Newer version"), shown.newer), (_("Takes the place of"), shown.before)):
        if one is not None:
            yield (
                str(said),
                f"{one.title}, {short_moment(one.registered_at)}",
                url_for("evidence.show", piece_id=one.id),
            )


def unit_key(keeper: Keeper, unit_id: int | None) -> str:
    """A unit's key in addresses, the region's for None. Raises NotFound for no unit."""
    if unit_id is None:
        return keeper.region_key
    unit = keeper.viewer.organisation.units.get(unit_id)
    if unit is None:
        raise NotFound("There is no such unit.")
    return unit.key
