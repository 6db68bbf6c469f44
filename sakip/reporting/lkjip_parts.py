"""Pieces of a printed report: headings, texts, lists, tables; Indonesian, as documents of record are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date

from sakip.reporting.lkjip_words import number

NONE = "–"
DOTS = "…………………………"
NOT_COMPUTABLE = "Tidak dapat dihitung"

Part = dict[str, Any]
Cell = str | dict[str, Any]


def heading(text: str, level: int = 2) -> Part:
    """A heading under a chapter: level 2 or 3."""
    return {"kind": "heading", "text": text, "level": level}


def paragraphs(text: str, instead: str = "") -> list[Part]:
    """What somebody wrote, ``instead`` where nobody wrote anything; none for neither."""
    said = text.strip() or instead
    return [{"kind": "text", "text": said}] if said else []


def note(text: str) -> Part:
    """A small line of explanation."""
    return {"kind": "note", "text": text}


def rows(*pairs: tuple[str, str]) -> Part:
    """Words and what they stand for, one beneath the other."""
    return {"kind": "rows", "rows": [list(pair) for pair in pairs]}


def table(
    caption: str, head: Sequence[str], lines: Sequence[Sequence[Cell]], widths: Sequence[float], *, source: str = "",
    right: Sequence[int] = (), centre: Sequence[int] = (), instead: str = "",
) -> Part:  # fmt: skip
    """A table with its caption; ``widths`` are shares of the page, ``right`` and ``centre`` columns set so. ``source``
    stands beneath it, ``instead`` where it has no line."""
    if not lines:
        return {"kind": "text", "text": instead}
    return {
        "kind": "table", "caption": caption, "head": list(head), "lines": [list(line) for line in lines],
        "widths": list(widths), "right": list(right), "centre": list(centre), "source": source,
    }  # fmt: skip


def cell(text: str, *, small: str = "", tone: str = "", is_strong: bool = False, is_quiet: bool = False) -> Cell:
    """A cell with a smaller line beneath, a tone, or strong or quiet letters."""
    return {"text": text, "small": small, "tone": tone, "strong": is_strong, "quiet": is_quiet}


def across(text: str) -> Cell:
    """Quiet letters over two columns: why there is neither of two values."""
    return {"text": text, "small": "", "tone": "", "strong": False, "quiet": True, "across": 2}


def span(text: str) -> Cell:
    """A line of a table that is one cell across: whose rows follow."""
    return {"text": text, "span": True}


def words(pair: Mapping[str, Any] | None) -> str:
    """A value or sentence in Indonesian; a dash for none."""
    return NONE if pair is None else str(pair["id"])


def sentence(figure: Mapping[str, Any]) -> str:
    """Why a figure has no number, as a sentence."""
    said = figure.get("sentence")
    return NOT_COMPUTABLE if said is None else f"{NOT_COMPUTABLE}: {said['id']}"


def judged(figure: Mapping[str, Any]) -> list[Cell]:
    """Two cells: the printed achievement and its band; or one across both that says why there is none."""
    if figure.get("shown") is None:
        return [across(sentence(figure))]
    return [percent(figure), band(figure)]


def percent(figure: Mapping[str, Any]) -> Cell:
    """The printed achievement, or why there is none."""
    if figure.get("shown") is None:
        return cell(sentence(figure), is_quiet=True)
    mark = "sementara" if figure.get("is_provisional") else ""
    return cell(f"{number(figure['shown'])} %", small=mark, is_strong=True)


def band(figure: Mapping[str, Any]) -> Cell:
    """The band of a figure with its tone."""
    if figure.get("band") is None:
        return NONE
    return cell(words(figure["band_title"]), tone=str(figure.get("tone") or ""))


def day(text: str | None) -> str:
    """A day as documents write it; dots where it is not known yet."""
    return DOTS if not text else str(format_date(date.fromisoformat(text[:10]), "d MMMM y", locale="id"))
