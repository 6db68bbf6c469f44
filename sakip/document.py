"""A performance agreement's case as the data of its printed document (PermenPANRB 53/2014, annex I)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from engine.definitions.model import Form
from engine.organisation.directory import StoreDirectory
from sakip.annex import Annex, rupiah
from sakip.signatures import Signature

TEMPLATE = "performance_agreement"
FORM = "performance_agreement"

ACTING = {"pj": "Pj.", "plt": "Plt.", "plh": "Plh."}
SIGNED_ALONE = frozenset({"region"})  # a head of region has no superior to sign with

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
    """Whose letterhead it is: ``settings`` of the region may hold government, address, seat, head_title (Wali Kota …)
    and agreement_texts."""

    region_name: str
    unit_name: str
    timezone: str
    settings: Mapping[str, Any]


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
    time. Numbers are written as the page of the case writes them: ``Rp4.100.832.755``, ``66,40``. The total is
    computed here from the programmes, whatever else says so.
    """
    level = str(answers.get("level") or "agency")
    alone = level in SIGNED_ALONE
    texts = {**TEXTS, **_mapping(office.settings.get("agreement_texts"))}
    goal_label, programme_label = LABELS.get(level, LABELS["agency"])
    heading = f"Perjanjian Kinerja Tahun {answers['period']}" if answers.get("period") else "Perjanjian Kinerja"
    programmes = answers.get("programmes") or ()
    annex = Annex(form)
    goals = [annex.goal(goal) for goal in answers.get("goals") or ()]
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
        "first": _party(answers, "first_party", signatures, office),
        "second": None if alone else _party(answers, "second_party", signatures, office),
        "place": answers.get("place") or office.settings.get("seat") or office.region_name,
        "date": _day(answers.get("document_on") or answers.get("signed_on")),
        "annex_of": _party_position(answers, "first_party") or office.unit_name,
        "missions": [f"Misi {row.get('number')}: {row.get('statement')}" for row in answers.get("missions") or ()],
        "labels": {"goal": goal_label, "programme": programme_label},
        "has_weights": any(it["weight"] for goal in goals for it in goal["indicators"]),
        "has_sources": any(row.get("source") for row in programmes),
        "has_quarters": annex.has_quarters,
        "more_indicator_columns": annex.more_indicator_titles,
        "more_programme_columns": annex.more_programme_titles,
        "is_wide": annex.is_wide,
        "goals": goals,
        "programmes": [annex.programme(at, row) for at, row in enumerate(programmes, 1)],
        "total": rupiah(sum((row.get("budget") or Decimal(0) for row in programmes), Decimal(0))),
    }


def _party(
    answers: Mapping[str, Any], party: str, signatures: Sequence[Signature], office: Office
) -> dict[str, str | None]:
    signed = [_signed(signature, office.timezone) for signature in signatures if signature.place == party]
    return {
        "name": answers.get(f"{party}_name") or "…",
        "nip": answers.get(f"{party}_nip"),
        "rank": answers.get(f"{party}_rank"),
        "position": _party_position(answers, party) or _head_title(answers, party, office) or "…",
        "unit": None,  # the position names it
        "signed": signed[-1] if signed else None,
    }


def _head_title(answers: Mapping[str, Any], party: str, office: Office) -> str:
    """What the head of region is called here, where it is the head who signs as this party."""
    is_head = (party, answers.get("level")) in (("first_party", "region"), ("second_party", "agency"))
    return str(office.settings.get("head_title") or "") if is_head else ""


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


def _day(value: date | None) -> str:
    return "…………………………" if value is None else str(format_date(value, "d MMMM y", locale="id"))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
