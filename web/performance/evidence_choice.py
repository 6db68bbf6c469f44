"""Evidence for one place of a form: chosen from the register first, a new piece after that (reference §8.2, §13)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flask import g, request, url_for
from werkzeug.datastructures import MultiDict

from sakip.facts.evidence import LARGEST_ID
from sakip.facts.evidence_choosing import Choosable, choosable
from sakip.standing import configuration_of
from web.language import words
from web.performance.worksheet_view import MOST_NUMBERS, state_words
from web.transaction import db

LONGEST_NUMBER = 30  # the form refuses what is no number


@dataclass(frozen=True, slots=True)
class PieceChoice:
    """One piece as a box. ``state`` is its words, tone and sign; ``href`` its page, ``uses_href`` where it is used;
    ``owner`` whose it is, "" for the unit's own."""

    number: int
    title: str
    kind: str
    year: int
    state: tuple[str, str, str]
    is_refused: bool
    is_chosen: bool
    uses: int
    href: str
    uses_href: str
    owner: str


@dataclass(frozen=True, slots=True)
class EvidenceChoice:
    """What a place may use. ``name`` is that of the boxes in the form; ``pieces`` the chosen ones first; ``add_value``
    the value of the button ``op`` that keeps what was typed and leads to the form for a new piece ("": none)."""

    name: str
    pieces: tuple[PieceChoice, ...]
    add_value: str

    @property
    def chosen(self) -> int:
        """How many are chosen."""
        return sum(one.is_chosen for one in self.pieces)


@dataclass(frozen=True, slots=True)
class Choosing:
    """The register of a unit for a year, read once a page for all its places."""

    pieces: tuple[Choosable, ...]
    kinds: dict[str, str]

    @classmethod
    def of(cls, unit_id: int | None, year: int, chosen: Iterable[int] = ()) -> Choosing:
        """What a unit (None: the region) may use of a year, and pieces that are ``chosen`` somewhere already."""
        region_id = g.person.region_id
        rubrics = [one.model for one in configuration_of(db(), region_id).evaluations]
        titles = {kind.key: words(kind.title) for rubric in rubrics for kind in rubric.evidence_kinds.values()}
        return cls(tuple(choosable(db(), region_id, unit_id, year, chosen)), titles)

    def choice(
        self, name: str, chosen: Collection[int], *, kind: str | None = None, add_value: str = ""
    ) -> EvidenceChoice:
        """The boxes of one place: pieces of a ``kind`` (None: of every kind), and those chosen whatever they are."""
        found = [self._box(one, one.number in chosen) for one in self.pieces
                 if one.number in chosen or (one.is_offered and kind in (None, one.kind))]  # fmt: skip
        return EvidenceChoice(name, tuple(sorted(found, key=lambda one: not one.is_chosen)), add_value)

    def chosen(self, numbers: Collection[int]) -> list[PieceChoice]:
        """The pieces of one place that are chosen, for who only reads them."""
        return [self._box(one, True) for one in self.pieces if one.number in numbers]

    def _box(self, one: Choosable, is_chosen: bool) -> PieceChoice:
        href = url_for("evidence.show", piece_id=one.number)
        return PieceChoice(
            one.number, one.title, self.kinds.get(one.kind, one.kind), one.year, state_words(one.state),
            one.state == "refused", is_chosen, one.uses, href, f"{href}#uses", one.owner,
        )  # fmt: skip


def posted_numbers(posted: MultiDict[str, str], name: str) -> list[str]:
    """The numbers of the ticked boxes, as a form keeps them; the form refuses what is none."""
    found = list(dict.fromkeys(one[:LONGEST_NUMBER] for one in posted.getlist(name)))
    return found[: MOST_NUMBERS + 1]  # one too many is for the form to refuse


def add_address(unit_key: str, year: int, back: str, kind: str = "") -> str:
    """The form for a new piece of a unit (or the region, by its key); afterwards it leads ``back`` (an address of ours)
    with ``added`` in it, the number of the piece."""
    return url_for("evidence_add.form", unit=unit_key, year=year, kind=kind or None, back=back)


def added_piece() -> int | None:
    """The piece that was just registered for the place this page came back to; None for none."""
    text = request.args.get("added", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID else None
