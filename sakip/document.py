"""A performance agreement's case as the data of its printed document (PermenPANRB 53/2014, annex I)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from engine.cases.views import CasePage
from engine.definitions.model import Form
from engine.organisation.directory import StoreDirectory

TEMPLATE = "performance_agreement"
FORM = "performance_agreement"

ACTING = {"pj": "Pj.", "plt": "Plt.", "plh": "Plh."}
SIGNED_ALONE = frozenset({"region"})  # a head of region has no superior to sign with

# Who signs as first and as second party (the approvers of the state ``signing``), by whose agreement it is.
SIGNERS = {
    "individual": ("employee", "agency_head"),
    "section": ("section_head", "division_head"),
    "division": ("division_head", "agency_head"),
    "agency": ("agency_head", "region_head"),
    "region": ("region_head", ""),
}
SENDS_BACK = frozenset({"decline", "return", "reject", "recall"})

# What goals and programmes are called depends on whose agreement it is (PermenPANRB 53/2014, PermenPANRB 89/2021).
LABELS = {
    "region": ("Sasaran Strategis", "Program"),
    "agency": ("Sasaran Strategis", "Program"),
    "division": ("Sasaran Program", "Kegiatan"),
    "section": ("Sasaran Kegiatan", "Subkegiatan"),
    "individual": ("Sasaran", "Kegiatan"),
}

# The statement's wording is the regulation's; a region may put its own into settings["agreement_texts"].
TEXTS = {
    "opening": (
        "Dalam rangka mewujudkan manajemen pemerintahan yang efektif, transparan, dan akuntabel serta berorientasi "
        "pada hasil, kami yang bertanda tangan di bawah ini:"
    ),
    "opening_alone": (
        "Dalam rangka mewujudkan manajemen pemerintahan yang efektif, transparan, dan akuntabel serta berorientasi "
        "pada hasil, yang bertanda tangan di bawah ini:"
    ),
    "promise": (
        "Pihak Kesatu berjanji akan mewujudkan target kinerja yang seharusnya sesuai lampiran perjanjian ini, dalam "
        "rangka mencapai target kinerja jangka menengah seperti yang telah ditetapkan dalam dokumen perencanaan. "
        "Keberhasilan dan kegagalan pencapaian target kinerja tersebut menjadi tanggung jawab Pihak Kesatu."
    ),
    "promise_alone": (
        "berjanji akan mewujudkan target kinerja tahunan sesuai lampiran perjanjian ini, dalam rangka mencapai target "
        "kinerja jangka menengah seperti yang telah ditetapkan dalam dokumen perencanaan. Keberhasilan dan kegagalan "
        "pencapaian target kinerja tersebut menjadi tanggung jawab kami."
    ),
    "supervision": (
        "Pihak Kedua akan melakukan supervisi yang diperlukan serta akan melakukan evaluasi terhadap capaian kinerja "
        "dari perjanjian ini dan mengambil tindakan yang diperlukan dalam rangka pemberian penghargaan dan sanksi."
    ),
}


@dataclass(frozen=True, slots=True)
class Office:
    """Whose letterhead it is: ``settings`` of the region may hold government, address, seat and agreement_texts."""

    region_name: str
    unit_name: str
    timezone: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Signature:
    """An act of signing: ``place`` is first_party or second_party; ``principal_name`` when somebody stood in, then
    ``kind`` is their capacity as people read it (Plt.)."""

    place: str
    person_name: str
    at: datetime
    principal_name: str | None = None
    kind: str | None = None


def signatures_of(page: CasePage) -> tuple[Signature, ...]:
    """The signatures that count in a case: those since it was last sent back, oldest first."""
    first, second = SIGNERS.get(str(page.answers.get("level")), SIGNERS["agency"])
    parties = {first: "first_party", second: "second_party"}
    found: list[Signature] = []
    for line in sorted(page.history, key=lambda line: line.seq):
        if line.action in SENDS_BACK:
            found.clear()
        if line.action != "sign" or line.actor_name is None:
            continue
        known = page.definition.substitution.get(line.kind or "")
        kind = known.title.id if known is not None else None
        for place in (line.details or {}).get("places", ()):
            if place in parties:
                found.append(Signature(parties[place], line.actor_name, line.at, line.principal_name, kind))
    return tuple(found)


def agency_name(directory: StoreDirectory, unit: Any) -> str:
    """Whose letterhead a unit writes on: the agency it belongs to, itself where no agency stands above it."""
    row = directory.unit(unit)
    if row is None:
        return ""
    above = [directory.unit(int(step)) for step in row.path.split("/") if step]
    return next((found.name for found in reversed(above) if found is not None and found.level == "agency"), row.name)


def performance_agreement_data(
    answers: Mapping[str, Any],
    form: Form,
    number: str,
    office: Office,
    signatures: Sequence[Signature] = (),
    *,
    is_draft: bool,
) -> dict[str, Any]:
    """What the document template ``performance_agreement`` wants, as JSON-able values.

    ``answers`` are typed answers of ``form``; missing ones leave their place empty, so a draft can be printed at any
    time. Numbers are written as Indonesian officials write them: ``Rp4.100.832.755``, ``66,4``. The total is
    computed here from the programmes, whatever else says so.
    """
    level = str(answers.get("level") or "agency")
    alone = level in SIGNED_ALONE
    texts = {**TEXTS, **_mapping(office.settings.get("agreement_texts"))}
    goal_label, programme_label = LABELS.get(level, LABELS["agency"])
    heading = f"Perjanjian Kinerja Tahun {answers['period']}" if answers.get("period") else "Perjanjian Kinerja"
    programmes = answers.get("programmes") or ()
    goals = [_goal(goal, form) for goal in answers.get("goals") or ()]
    return {
        "language": "id",
        "is_draft": is_draft,
        "title": f"{heading}, {_party_position(answers, 'first_party') or office.unit_name}",
        "reference": number,
        "letterhead": {
            "government": office.settings.get("government") or f"Pemerintah {office.region_name}",
            "unit": "" if alone else office.unit_name,
            "address": office.settings.get("address") or "",
        },
        "heading": heading,
        "stage": "Perubahan" if answers.get("stage") == "revision" else "",
        "number": number,
        "texts": {
            "opening": texts["opening_alone" if alone else "opening"],
            "alone": texts["promise_alone"],
            "promise": "" if alone else texts["promise"],
            "supervision": texts["supervision"],
        },
        "first": _party(answers, "first_party", signatures, office.timezone),
        "second": None if alone else _party(answers, "second_party", signatures, office.timezone),
        "place": answers.get("place") or office.settings.get("seat") or office.region_name,
        "date": _day(answers.get("document_on") or answers.get("signed_on")),
        "annex_of": _party_position(answers, "first_party") or office.unit_name,
        "missions": [f"Misi {row.get('number')}: {row.get('statement')}" for row in answers.get("missions") or ()],
        "labels": {"goal": goal_label, "programme": programme_label},
        "has_weights": any(it["weight"] for goal in goals for it in goal["indicators"]),
        "has_sources": any(row.get("source") for row in programmes),
        "goals": goals,
        "programmes": [_programme(at, row, form) for at, row in enumerate(programmes, 1)],
        "total": _rupiah(sum((row.get("budget") or Decimal(0) for row in programmes), Decimal(0))),
    }


def _party(
    answers: Mapping[str, Any], party: str, signatures: Sequence[Signature], timezone: str
) -> dict[str, str | None]:
    signed = [_signed(signature, timezone) for signature in signatures if signature.place == party]
    return {
        "name": answers.get(f"{party}_name") or "…",
        "nip": answers.get(f"{party}_nip"),
        "rank": answers.get(f"{party}_rank"),
        "position": _party_position(answers, party) or "…",
        "unit": None,  # the position names it
        "signed": signed[-1] if signed else None,
    }


def _party_position(answers: Mapping[str, Any], party: str) -> str:
    position = answers.get(f"{party}_position") or ""
    prefix = ACTING.get(str(answers.get(f"{party}_capacity")), "")
    # Somebody may have typed the prefix already; it is never printed twice.
    if not prefix or not position or position.lower().startswith(prefix.lower()):
        return str(position)
    return f"{prefix} {position}"


def _signed(signature: Signature, timezone: str) -> str:
    local = signature.at.astimezone(ZoneInfo(timezone))
    lines = ["Ditandatangani melalui Alur"]
    if signature.principal_name:
        lines.append(f"oleh {signature.kind or ''} {signature.person_name}".replace("  ", " "))
        lines.append(f"atas nama {signature.principal_name}")
    lines.append(f"{_day(local.date())}, {local:%H.%M} {local.tzname()}")
    return "\n".join(lines)


def _goal(goal: Mapping[str, Any], form: Form) -> dict[str, Any]:
    return {
        "statement": str(goal.get("statement") or ""),
        "indicators": [_indicator(row, form) for row in goal.get("indicators") or ()] or [_indicator({}, form)],
    }


def _indicator(row: Mapping[str, Any], form: Form) -> dict[str, Any]:
    unit = _mapping(form.units_of_measure.get(str(row.get("unit"))))
    title = _mapping(unit.get("title"))
    weight = row.get("weight")
    return {
        "name": str(row.get("statement") or ""),
        "is_key": bool(row.get("is_key")),
        "note": None,
        "target": _measure(row.get("target"), int(unit.get("places") or 0)),
        "unit": str(title.get("id") or row.get("unit") or ""),
        "weight": "" if weight is None else _number(weight, 2),
    }


def _programme(at: int, row: Mapping[str, Any], form: Form) -> dict[str, Any]:
    budget = row.get("budget")
    return {
        "kind": "row",
        "no": str(at),
        "code": str(row.get("code") or ""),
        "name": str(row.get("name") or ""),
        "budget": "" if budget is None else _rupiah(budget),
        "source": _source(str(row.get("source") or ""), form),
    }


def _source(key: str, form: Form) -> str:
    """The short name of where money comes from. Keys are the abbreviations themselves, but for *other*."""
    options = _mapping(form.fields["programmes"].columns["source"].options.get("options"))
    title = _mapping(_mapping(options.get(key)).get("title")).get("id")
    return str(title or key.upper())


def _measure(value: Any, places: int) -> str:
    """A target as printed: numbers the Indonesian way, a predicate (``BB``) as it is."""
    if value is None:
        return ""
    return _number(value, places) if isinstance(value, int | Decimal) else str(value)


def _number(value: int | Decimal, places: int) -> str:
    return str(format_decimal(value, format=f"#,##0{'.' + '#' * places if places else ''}", locale="id"))


def _rupiah(value: int | Decimal) -> str:
    pattern = "¤#,##0" if value == int(value) else "¤#,##0.00"
    return str(format_currency(value, "IDR", format=pattern, locale="id", currency_digits=False))


def _day(value: date | None) -> str:
    return "…………………………" if value is None else str(format_date(value, "d MMMM y", locale="id"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
