"""The answers of a performance agreement as the data its printed document is set from (statement and annex)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

from engine.definitions.model import Form, Text
from sakip import document_words as words

PREFIXES = {"pj": "Pj.", "plt": "Plt.", "plh": "Plh."}
STAND_INS = {"acting_official": "Plt.", "daily_executor": "Plh."}

# Which approver of the state ``signing`` is which party, by the level of the agreement.
PARTIES: Mapping[str, tuple[str, str | None]] = {
    "region": ("region_head", None),
    "agency": ("agency_head", "region_head"),
    "division": ("division_head", "agency_head"),
    "section": ("section_head", "division_head"),
    "individual": ("employee", "agency_head"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature as the history keeps it. ``place`` is the approver's key; ``principal_name`` in whose name it was
    given, None in one's own; ``kind`` of the substitution; ``at`` aware."""

    place: str
    name: str
    at: datetime
    principal_name: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """What stands at the head of the paper, and where it is signed."""

    government: str
    unit: str = ""
    address: str = ""
    seat: str = ""
    timezone: str = "Asia/Jakarta"


def agreement_document(
    answers: Mapping[str, Any],
    form: Form,
    *,
    number: str,
    office: Office,
    signatures: Sequence[Signature] = (),
    is_draft: bool = False,
    language: str = "id",
) -> dict[str, Any]:
    """The JSON-able data of the template ``performance_agreement``. ``answers`` are typed; empty ones may be absent.

    Amounts read ``Rp4.100.832.755`` in both languages: the document is an Indonesian one.
    """
    level = answers.get("level") or "individual"
    year = answers.get("period") or ""
    heading = words.HEADING.into(language).format(year=year)
    first, second = PARTIES[level]
    goals = [_goal(goal, form, language) for goal in answers.get("goals") or ()]
    programmes = list(answers.get("programmes") or ())
    return {
        "language": language,
        "is_draft": is_draft,
        "title": f"{heading}, {office.unit or office.government}",
        "reference": number,
        "number": number,
        "letterhead": {"government": office.government, "unit": office.unit, "address": office.address},
        "heading": heading,
        "stage": words.REVISION.into(language) if answers.get("stage") == "revision" else "",
        "texts": {name: text.into(language) for name, text in words.TEXTS.items()},
        "labels": {name: text.into(language) for name, text in words.LABELS[level].items()},
        "first": _party(answers, "first_party", office, _signed(signatures, first, office, language)),
        "second": _party(answers, "second_party", office, _signed(signatures, second, office, language))
        if second
        else None,
        "place": answers.get("place") or office.seat or office.government,
        "date": _day(answers.get("document_on") or answers.get("signed_on"), language),
        "annex_of": office.unit or office.government,
        "missions": [str(mission.get("statement", "")) for mission in answers.get("missions") or ()],
        "has_weights": any(row["weight"] for goal in goals for row in goal["indicators"]),
        "goals": goals,
        "has_sources": any(row.get("source") for row in programmes),
        "programmes": [_programme(place, row, form, language) for place, row in enumerate(programmes, 1)],
        "total": rupiah(sum((row.get("budget") or Decimal(0) for row in programmes), Decimal(0))),
    }


def rupiah(amount: Decimal | int) -> str:
    """``Rp4.100.832.755``: whole rupiah, as in official documents."""
    return f"Rp{format_decimal(amount, format='#,##0', locale='id')}"


def _party(answers: Mapping[str, Any], key: str, office: Office, signed: str) -> dict[str, str]:
    prefix = PREFIXES.get(answers.get(f"{key}_capacity") or "", "")
    position = answers.get(f"{key}_position") or ""
    return {
        "name": answers.get(f"{key}_name") or "",
        "nip": answers.get(f"{key}_nip") or "",
        "rank": answers.get(f"{key}_rank") or "",
        "position": f"{prefix} {position}".strip(),
        "unit": office.unit if key == "first_party" else "",
        "signed": signed,
    }


def _signed(signatures: Sequence[Signature], place: str | None, office: Office, language: str) -> str:
    found = next((one for one in reversed(signatures) if one.place == place), None)
    if found is None:
        return ""
    local = found.at.astimezone(ZoneInfo(office.timezone))
    clock = local.strftime("%H.%M" if language == "id" else "%H:%M")
    moment = f"{format_date(local, 'd MMMM y', locale=language)}, {clock} {local.tzname()}"
    who = found.name
    if found.principal_name:
        as_what = STAND_INS.get(found.kind or "", "")
        who = words.ON_BEHALF.into(language).format(
            name=f"{as_what} {found.name}".strip(), principal=found.principal_name
        )
    return words.SIGNED.into(language).format(who=who, moment=moment)


def _day(value: date | None, language: str) -> str:
    return format_date(value, "d MMMM y", locale=language) if value is not None else words.NO_DATE.into(language)


# -- the annex -----------------------------------------------------------------------------------------------------


def _goal(goal: Mapping[str, Any], form: Form, language: str) -> dict[str, Any]:
    rows = [_indicator(row, form, language) for row in goal.get("indicators") or ()]
    return {"code": goal.get("code") or "", "statement": goal.get("statement") or "", "indicators": rows}


def _indicator(row: Mapping[str, Any], form: Form, language: str) -> dict[str, Any]:
    unit: Mapping[str, Any] = form.units_of_measure.get(row.get("unit") or "") or {}
    return {
        "code": row.get("code") or "",
        "name": row.get("statement") or "",
        "is_key": bool(row.get("is_key")),
        "note": "",
        "target": measure(row.get("target"), unit, language),
        "unit": _title(unit, language),
        "weight": _number(row.get("weight"), 0, language),
    }


def measure(value: Any, unit: Mapping[str, Any], language: str) -> str:
    """A target as people read it: the word of a scale as it is, a number with the unit's decimals."""
    if value is None:
        return ""
    return _number(value, int(unit.get("places") or 0), language) if isinstance(value, Decimal | int) else str(value)


def _number(value: Decimal | int | None, places: int, language: str) -> str:
    if value is None:
        return ""
    decimals = max(places, -min(0, int(Decimal(value).normalize().as_tuple().exponent)))
    pattern = "#,##0" + (f".{'0' * decimals}" if decimals else "")
    return str(format_decimal(value, format=pattern, locale=language))


def _programme(place: int, row: Mapping[str, Any], form: Form, language: str) -> dict[str, str]:
    options = form.fields["programmes"].columns["source"].options.get("options") or {}
    source = options.get(row.get("source") or "")
    return {
        "kind": "row",
        "no": str(place),
        "code": row.get("code") or "",
        "name": row.get("name") or "",
        "budget": rupiah(row.get("budget") or Decimal(0)),
        "source": _short(source, language),
    }


def _title(thing: Any, language: str) -> str:
    title = thing.get("title") if isinstance(thing, Mapping) else None
    if isinstance(title, Text):
        return title.into(language)
    if isinstance(title, Mapping):
        return str(title.get(language) or title.get("id") or "")
    return str(title or "")


def _short(option: Any, language: str) -> str:
    """``APBD`` of "Regional budget (APBD)": what stands in the narrow column."""
    title = _title(option, language)
    return title.rpartition("(")[2].rstrip(")") if "(" in title else title
