"""The annual performance report as data of its printed form: cover, chapters I to IV, annexes; in Indonesian."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sakip.reporting.lkjip_chapter_3 import chapter_3, source_of
from sakip.reporting.lkjip_parts import (
    NONE,
    Cell,
    Part,
    cell,
    day,
    heading,
    note,
    paragraphs,
    rows,
    span,
    table,
    words,
)
from sakip.reporting.lkjip_words import number

FORM = "performance_report"  # the typeset form
TITLE = "Laporan Kinerja Instansi Pemerintah"
MOST = 1250  # thousandths a bar shows: beyond it only the number tells
Values = Mapping[str, Any]
LEVELS = {
    "agency": "Perangkat daerah", "district": "Kecamatan", "inspectorate": "Inspektorat", "division": "Bidang",
    "section": "Seksi atau subbagian", "region": "Pemerintah daerah", "secretariat": "Sekretariat",
}  # fmt: skip
STATEMENTS = {
    "reliable": "informasi kinerja dalam laporan ini akurat, andal, dan absah",
    "reservations": "informasi kinerja dalam laporan ini dapat diterima dengan catatan",
}


@dataclass(frozen=True, slots=True)
class Cover:
    """Whose report it is; ``seat`` is the place before the date. ``signer`` and ``signed`` are empty on a draft, and
    where no person may be named."""

    government: str
    address: str
    seat: str
    signer: str = ""
    nip: str = ""
    signed: str = ""


def cover_of(region: str, settings: Mapping[str, Any], **more: str) -> Cover:
    """The cover of a region's report by its name and settings."""
    government = str(settings.get("government") or f"Pemerintah {region}")
    return Cover(government, str(settings.get("address") or ""), str(settings.get("seat") or region), **more)


def lkjip_data(values: Values, cover: Cover, *, is_draft: bool) -> dict[str, Any]:
    """The data of the form for the values of ``sakip.reporting.lkjip``."""
    unit = values["name"]
    title = f"{TITLE} {values['year']}"
    return {
        "language": "id",
        "is_draft": is_draft,
        "title": f"{title}: {unit}",
        "reference": " · ".join(one for one in (f"LKjIP {values['year']}", unit, values["number"]) if one),
        "letterhead": {"government": cover.government, "unit": "", "address": cover.address},
        "cover": {
            "government": cover.government, "title": TITLE, "short": "LKjIP", "year": str(values["year"]),
            "unit": "" if unit.casefold() == cover.government.casefold() else unit,
            "lines": _cover_lines(values), "address": cover.address,
        },
        "chapters": [
            {"title": "Ikhtisar eksekutif", "number": "", "parts": _summary(values)},
            {"title": "Pendahuluan", "number": "I", "parts": _chapter_1(values)},
            {"title": "Perencanaan kinerja", "number": "II", "parts": _chapter_2(values)},
            {"title": "Akuntabilitas kinerja", "number": "III", "parts": chapter_3(values)},
            {"title": "Penutup", "number": "IV", "parts": _chapter_4(values)},
        ],
        "annexes": _annexes(values),
        "place": cover.seat,
        "date": day(values["on"]),
        "signer": {"position": values["signer"], "name": cover.signer, "nip": cover.nip, "signed": cover.signed},
    }  # fmt: skip


def _cover_lines(values: Values) -> list[str]:
    called = f"Nomor {values['number']}" if values["number"] else "Rancangan, belum bernomor"
    return [called, f"Data per {day(values['data_per'])}"]


def _summary(values: Values) -> list[Part]:
    tiles = [
        {
            "number": str(one["count"]),
            "tone": one["tone"] or "",
            "label": words(one["title"]) if one["title"] is not None else "tidak dapat dihitung",
        }
        for one in values["counts"]
    ]
    bars = [
        {
            "label": one["name"], "shown": None if one["shown"] is None else f"{number(one['shown'])} %",
            "thousandths": None if one["shown"] is None else max(0, min(int(Fraction(one["shown"]) * 10), MOST)),
            "tone": one.get("tone") or "", "instead": words(one.get("sentence")),
        }
        for objective in values["objectives"] for one in objective["indicators"]
    ]  # fmt: skip
    parts = paragraphs(values["narrative"]["summary"], "Ikhtisar belum ditulis.")
    if tiles:
        parts += [heading("Indikator menurut kategori"), {"kind": "tiles", "tiles": tiles}]
    if bars:
        parts += [heading("Capaian indikator"), {"kind": "bars", "bars": bars, "source": source_of(values)}]
    return parts


def _chapter_1(values: Values) -> list[Part]:
    narrative, organisation = values["narrative"], values["organisation"]
    units: list[Sequence[Cell]] = [
        [one["name"], LEVELS.get(one["level"], one["level"].replace("_", " ").capitalize()), one["head"] or NONE]
        for one in organisation["units"]
    ]
    staff = organisation["staff"]
    lines: list[Sequence[Cell]] = [
        [one["kind"], str(one["women"]), str(one["men"]), str(one["women"] + one["men"])] for one in staff
    ]
    if lines:
        women, men = sum(one["women"] for one in staff), sum(one["men"] for one in staff)
        lines.append([cell(text, is_strong=True) for text in ("Jumlah", str(women), str(men), str(women + men))])
    return [
        heading("A. Gambaran organisasi"),
        *paragraphs(narrative["organisation"], "Gambaran organisasi belum ditulis."),
        heading("B. Susunan organisasi"),
        table(
            f"Unit kerja per 31 Desember {values['year']}", ["Unit kerja", "Jenjang", "Dipimpin oleh"], units,
            [3.4, 1.6, 2.6], instead="Tidak ada unit kerja di bawahnya.",
        ),
        heading("C. Kepegawaian"),
        table(
            f"Pegawai per 31 Desember {values['year']}", ["Jenis", "Perempuan", "Laki-laki", "Jumlah"], lines,
            [3.4, 1.3, 1.3, 1.3], right=[1, 2, 3], instead="Jumlah pegawai belum diisi.",
            source="Diisi oleh penyusun laporan",
        ),
        heading("D. Isu strategis"),
        *paragraphs(narrative["issues"], "Isu strategis belum ditulis."),
    ]  # fmt: skip


def _chapter_2(values: Values) -> list[Part]:
    narrative, planning = values["narrative"], values["planning"]
    return [
        heading("A. Rencana strategis"),
        *paragraphs(narrative["planning"]),
        *_plan(values),
        heading("B. Rencana kerja tahunan"),
        *paragraphs(narrative["annual_plan"], "Rencana kerja tahunan belum diuraikan."),
        heading("C. Perjanjian kinerja"),
        *_agreements(values),
        table(
            f"Sasaran, indikator, dan target tahun {values['year']}", ["Indikator", "Satuan", "Target"],
            _goals(planning, lambda one: [words(one["unit_title"]), words(one["target"])]), [5, 1.5, 1.5],
            right=[2], source=source_of(values), instead="Belum ada sasaran dengan indikator untuk tahun ini.",
        ),
    ]  # fmt: skip


def _goals(planning: Values, rest: Any) -> list[Sequence[Cell]]:
    """A line an indicator under a line an objective."""
    lines: list[Sequence[Cell]] = []
    for at, objective in enumerate(planning["objectives"], 1):
        lines.append([span(f"{at}. {objective['statement']}")])
        lines += [[one["name"], *rest(one)] for one in objective["indicators"]]
    return lines


def _plan(values: Values) -> list[Part]:
    planning = values["planning"]
    years = planning["years"][-6:]
    if not years:
        return [note("Pohon kinerja tidak memuat target jangka menengah.")]
    standing = planning["revision"]
    parts = [table(
        "Target jangka menengah", ["Indikator", "Awal", *map(str, years)],
        _goals(planning, lambda one: [words(one["baseline"]), *(words(one["targets"].get(str(y))) for y in years)]),
        [3.4, 1, *([1] * len(years))], right=list(range(1, len(years) + 2)), source=source_of(values),
    )]  # fmt: skip
    if standing is not None:
        basis = f", dasar {standing['legal_basis']}" if standing["legal_basis"].strip(" -") else ""
        told = f"Pohon kinerja revisi {standing['number']}, berlaku sejak {day(standing['in_force_on'])}{basis}."
        parts.append(note(told))
    parts += [
        note(f"Revisi {one['number']} pada {day(one['in_force_on'])}: {one['reason']}.")
        for one in planning["revisions"] if one["number"] > 1
    ]  # fmt: skip
    return parts


def _agreements(values: Values) -> list[Part]:
    lines: list[Sequence[Cell]] = []
    for one in values["planning"]["agreements"]:
        state = "berlaku" if one["ended_on"] is None else f"sampai {day(one['ended_on'])}"
        lines.append([one["number"], day(one["in_force_on"]), state, str(one["indicators"])])
    return [table(
        f"Perjanjian kinerja tahun {values['year']} beserta perubahannya",
        ["Nomor", "Berlaku sejak", "Keadaan", "Indikator"], lines, [3, 1.8, 2, 1.1], centre=[3],
        instead="Belum ada perjanjian kinerja tahun ini di Alur; sasaran diambil dari pohon kinerja.",
    )]  # fmt: skip


def _chapter_4(values: Values) -> list[Part]:
    narrative = values["narrative"]
    return [
        heading("A. Simpulan"),
        *paragraphs(narrative["closing"], "Simpulan belum ditulis."),
        heading("B. Langkah perbaikan"),
        *paragraphs(narrative["improvements"], "Langkah perbaikan belum ditulis."),
    ]


def _annexes(values: Values) -> list[dict[str, Any]]:
    found = [{"title": "Cara menghitung", "parts": [_how(values), *_bands(values)]}]
    review = values["review"]
    if review is not None:
        found.append({"title": "Pernyataan telah direviu", "parts": _review(values, review)})
    if values["narrative"]["annexes"].strip():
        more = paragraphs(values["narrative"]["annexes"])
        found.append({"title": "Penghargaan dan lampiran lain", "parts": more})
    return found


def _how(values: Values) -> Part:
    lines: list[Sequence[Cell]] = []
    for objective in values["objectives"]:
        for one in objective["indicators"]:
            meant = one["formula"] or one["definition"] or NONE
            computed = one.get("computed_at")
            when = NONE if computed is None else day(computed)
            lines.append([
                cell(one["name"], small=one["source"]), meant, words(one["how"]),
                cell(when, small=f"aturan {one['digest'][:12]}" if one.get("digest") else ""),
            ])  # fmt: skip
    return table(
        "Rumus, cara mengukur, aturan, dan tanggal setiap angka",
        ["Indikator", "Rumus atau arti", "Cara mengukur", "Dihitung"], lines, [2.6, 3, 2.2, 1.5],
        source=source_of(values), instead="Tidak ada indikator.",
    )  # fmt: skip


def _begins(band: Values) -> str:
    """Where a band begins; its boundary may belong to the one below, of which documents of earlier days say nothing."""
    start = band["from"]
    return "di bawahnya" if start is None else f"{'di atas' if band.get('is_above') else 'mulai'} {start['id']}"


def _bands(values: Values) -> list[Part]:
    rules = values["rules"]
    if rules is None or not rules["bands"]:
        return []
    lines: list[Sequence[Cell]] = [
        [cell(words(one["title"]) if one["title"] else one["band"], tone=one["tone"]),
         _begins(one)]
        for one in rules["bands"]
    ]  # fmt: skip
    basis = "; ".join(rules["legal_basis"])
    doubts = [one["id"] for one in rules.get("to_confirm", ())]  # reports published earlier were kept without
    made = table(
        f"Kategori capaian yang berlaku pada 31 Desember {values['year']}",
        ["Kategori", "Capaian (%)"],
        lines,
        [2, 2],
        source=". ".join([*([f"Dasar: {basis}"] if basis else []), *doubts]),
    )
    return [made]


def _review(values: Values, review: Values) -> list[Part]:
    stated = STATEMENTS.get(str(review["statement"]), "laporan ini telah direviu")
    told = (
        f"Aparat pengawasan intern pemerintah telah mereviu {TITLE} {values['name']} tahun {values['year']} sesuai "
        f"pedoman reviu. Berdasarkan reviu itu, {stated}."
    )
    counts = f"{review['holds']} dari {review['of']} butir terpenuhi" if review["of"] else NONE
    return [
        rows(("Nomor", review["number"]), ("Tanggal", day(review["on"])), ("Daftar periksa", counts)),
        *paragraphs(told), *paragraphs(review["findings"]),
    ]  # fmt: skip
