"""The evaluation report as data of its printed form; in Indonesian, as documents of record are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

NOTHING = "…………………………"
NO_NUMBER = "–"


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose paper it is and whom it is about; ``seat`` is the place before the date, ``signed`` says how and when."""

    government: str
    unit: str
    address: str
    seat: str
    about: str
    signer: str
    signed: str = ""


def heading_of(region: str, settings: Mapping[str, Any], inspectorate: str | None, unit: str | None) -> Heading:
    """The heading of a region's report by names; ``unit`` None: the region itself is told about."""
    return Heading(
        str(settings.get("government") or f"Pemerintah {region}"), inspectorate or "Inspektorat",
        str(settings.get("address") or ""), str(settings.get("seat") or region), unit or f"Pemerintah {region}", "",
    )  # fmt: skip


def lhe_data(values: Mapping[str, Any], heading: Heading, *, is_draft: bool) -> dict[str, Any]:
    """The data of the form ``inspectorate_letter`` for the values of ``sakip.reporting.lhe``."""
    title = f"Laporan Hasil Evaluasi Akuntabilitas Kinerja Tahun {values['year']}"
    number = values["number"] or NOTHING
    return {
        "language": "id",
        "is_draft": is_draft,
        "title": f"{title}: {heading.about}",
        "reference": values["number"] or f"LHE {values['year']}",
        "letterhead": {"government": heading.government, "unit": heading.unit, "address": heading.address},
        "heading": title,
        "number": number,
        "nature": "Biasa",
        "subject": title,
        "addressed": [],
        "parts": _parts(values, heading),
        "place": heading.seat,
        "date": _day(values["on"]),
        "signer": {"position": "Inspektur", "name": heading.signer or NOTHING, "nip": "", "signed": heading.signed},
    }


def _parts(values: Mapping[str, Any], heading: Heading) -> list[dict[str, Any]]:
    parts = [
        _heading("A. Hasil evaluasi"),
        {"kind": "rows", "rows": _result_rows(values, heading)},
        *([_text(values["summary"])] if values["summary"] else []),
        _heading("B. Nilai menurut komponen"),
        {"kind": "table", "head": ["Komponen", "Bobot", "Nilai", "Tahun lalu"], "lines": _component_lines(values)},
        _heading("C. Temuan"),
        _findings(values),
        _heading("D. Rekomendasi"),
    ]
    recommended = values["recommendations"]
    if not recommended:
        return [*parts, _text("Tidak ada rekomendasi."), _basis(values)]
    lines = [[one["text"], _criterion(one), _day(one["due"])] for one in recommended]
    return [
        *parts,
        {"kind": "table", "head": ["Rekomendasi", "Kriteria", "Batas waktu"], "lines": lines},
        _basis(values),
    ]


def _criterion(recommendation: Mapping[str, Any]) -> str:
    title = recommendation["criterion"]
    return str(title["id"]) if title is not None else recommendation["path"] or NO_NUMBER


def _result_rows(values: Mapping[str, Any], heading: Heading) -> list[list[str]]:
    result, last = values["result"], values["last_year"]
    rows = [["Yang dievaluasi", heading.about], ["Nilai", _score(result)], ["Tahun lalu", _score(last)]]
    further = result.get("next")
    if further:
        rows.append(["Poin ke predikat berikutnya", f"{_number(further['points'])} ({further['short']})"])
    rows += [[f"Tahap {one['name']['id'].lower()}", _score(one)] for one in values["tiers"]]
    ministry = values["ministry"]
    if ministry is not None:
        score = "" if ministry["score"] is None else f"{_number(_with_two_places(ministry['score']))} "
        told = f"{score}({ministry['short']}), surat {ministry['letter']} tanggal {_day(ministry['on'])}"
        rows.append(["Predikat KemenPANRB", told])
    return rows


def _score(line: Mapping[str, Any]) -> str:
    if line["score"] is not None:
        title = line.get("title")
        name = str(line["predicate"]).upper() if title is None else title["id"]
        return f"{_number(line['score'])}, {name}" + (" (sementara)" if line.get("provisional") else "")
    sentence = line.get("sentence")
    return NO_NUMBER if sentence is None else f"Tidak dapat dihitung: {sentence['id']}"


def _component_lines(values: Mapping[str, Any]) -> list[list[str]]:
    lines = []
    for component in values["components"]:
        lines.append([component["title"]["id"], *_figures(component)])
        lines += [[f"– {sub['title']['id']}", *_figures(sub)] for sub in component["sub_components"]]
    return lines


def _figures(line: Mapping[str, Any]) -> list[str]:
    return [NO_NUMBER if line[name] is None else _number(line[name]) for name in ("weight", "score", "last_year")]


def _findings(values: Mapping[str, Any]) -> dict[str, Any]:
    titles = {
        sub["path"]: f"{component['title']['id']}, {sub['title']['id'].lower()}"
        for component in values["components"]
        for sub in component["sub_components"]
    }
    items = [f"{titles.get(one['path'], one['path'])}: {one['text']['id']}" for one in values["findings"]]
    return {"kind": "list", "items": items} if items else _text("Tidak ada subkomponen yang dibatasi.")


def _basis(values: Mapping[str, Any]) -> dict[str, Any]:
    basis = ", ".join(values["legal_basis"]) or NO_NUMBER
    doubts = "".join(f" {one['id']}." for one in values["to_confirm"])
    return _text(f"Dasar: {basis}. Dihitung menurut rubrik {values['digest'][:12]}.{doubts}")


def _with_two_places(text: str) -> str:
    """A typed score beside computed ones: ``64.10`` of ``64.1``, and all decimals of one that has more."""
    whole, _, places = text.partition(".")
    return f"{whole}.{places.ljust(2, '0')}"


def _number(text: str) -> str:
    return text.replace(".", ",")


def _day(text: str | None) -> str:
    return NOTHING if not text else str(format_date(date.fromisoformat(text[:10]), "d MMMM y", locale="id"))


def _text(text: str) -> dict[str, Any]:
    return {"kind": "text", "text": text}


def _heading(text: str) -> dict[str, Any]:
    return {"kind": "heading", "text": text}
