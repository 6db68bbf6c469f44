"""What the data of an agreement (schema ``sakip.pk/1``) mean as answers of the form ``performance_agreement``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.definitions.model import Form
from sakip.strict import Answers, Part
from sakip.units import Units

LEVELS = {
    "bupati": "region",
    "jpt": "agency",
    "camat": "agency",
    "administrator": "division",
    "pengawas": "section",
    "fungsional": "individual",
    "pelaksana": "individual",
}
STAGES = {"murni": "original", "perubahan": "revision"}
REASONS = {"mutasi": "official", "strategi": "strategy", "asumsi": "assumption"}
CAPACITIES = {"definitif": "definitive", "pj": "pj", "plt": "plt", "plh": "plh"}
DIRECTIONS = {"maksimal": "higher", "minimal": "lower"}
CONSOLIDATIONS = {"nilai_akhir": "last", "jumlah": "sum", "rata_rata": "average"}
BASES = {"dpa-skpd": "dpa", "dppa-skpd": "dppa"}
SOURCES = {"apbd": "apbd", "dak": "dak", "dau": "dau", "blud": "blud", "lainnya": "other"}
PLACES = {
    "tahun": "period",
    "jenis": "level",
    "tanggal_dokumen": "document_on",
    "misi_didukung": "missions",
    "sasaran": "goals",
    "program": "programmes",
}
QUARTERS = ("tw1", "tw2", "tw3", "tw4")


def read_agreement(agreement: Part, form: Form, answers: Answers) -> None:
    """Put every answer of ``agreement`` into ``answers``; what does not fit goes to its findings."""
    values = answers.values
    agreement.skip("id", "tipe", "jatuh_tempo", "riwayat")
    values["period"] = agreement.integer("tahun", required=True)
    values["level"] = agreement.choice("jenis", LEVELS, required=True)
    _version(agreement, values)
    _unit(agreement)
    values["document_on"] = agreement.date("tanggal_dokumen")
    _budget_basis(agreement, values)
    _party(agreement, "pihak_kesatu", "first_party", answers, required=True)
    _party(agreement, "pihak_kedua", "second_party", answers, required=values["level"] not in ("region", None))
    values["missions"] = [_mission(part) for part in agreement.parts("misi_didukung")]
    values["goals"] = _goals(agreement, form, answers, _superior(agreement))
    _programmes(agreement, answers)
    for key, answer in PLACES.items():
        node = agreement.node.get(key)
        if node is not None:
            answers.came_from(answer, agreement.at(key), node.line)
    agreement.close()
    answers.values = {key: value for key, value in values.items() if value is not None}


def _superior(agreement: Part) -> str | None:
    """The number of the agreement the indicators point at."""
    reference = agreement.part("rujukan_atasan")
    if reference is None:
        return None
    number = reference.text("agreement_id", required=True)
    reference.skip("tahun")
    reference.close()
    return number


def _version(agreement: Part, values: dict[str, Any]) -> None:
    values["stage"] = "original"
    version = agreement.part("versi")
    if version is None:
        return
    version.skip("nomor")
    values["stage"] = version.choice("nama", STAGES, required=True)
    values["replaces"] = version.text("menggantikan")
    values["revision_reason"] = version.choice("alasan", REASONS, required=values["stage"] == "revision")
    version.close()


def _unit(agreement: Part) -> None:
    unit = agreement.part("unit")
    if unit is not None:
        unit.skip("kode", "jenis")
        unit.text("nama", required=True)
        unit.close()


def _budget_basis(agreement: Part, values: dict[str, Any]) -> None:
    basis = agreement.part("dasar_anggaran")
    if basis is None:
        return
    values["budget_basis"] = basis.choice("dokumen", BASES, required=True)
    values["budget_basis_number"] = basis.text("nomor")
    values["budget_basis_on"] = basis.date("tanggal_pengesahan")
    basis.close()


def _party(agreement: Part, key: str, prefix: str, answers: Answers, required: bool) -> None:
    party = agreement.part(key, required)
    if party is None:
        return
    values = answers.values
    for name, theirs in (("name", "nama"), ("nip", "nip"), ("rank", "pangkat"), ("position", "jabatan")):
        answers.came_from(f"{prefix}_{name}", party.at(theirs), (party.node.get(theirs) or party.node).line)
    values[f"{prefix}_name"] = party.text("nama", required=True)
    values[f"{prefix}_nip"] = party.text("nip")
    rank = [text for text in (party.text("pangkat"), party.text("golongan")) if text]
    values[f"{prefix}_rank"] = ", ".join(rank) or None
    values[f"{prefix}_position"] = party.text("jabatan", required=True)
    party.skip("jabatan_kode", "jabatan_definitif")
    mandate = party.part("penugasan")
    values[f"{prefix}_capacity"] = "definitive"
    if mandate is not None:
        capacity = mandate.choice("jenis", CAPACITIES, required=True)
        values[f"{prefix}_capacity"] = capacity
        decree = mandate.text("nomor_sk", required=capacity not in ("definitive", None))
        values[f"{prefix}_decree"] = None if capacity == "definitive" else decree
        for day in ("tanggal_sk", "tmt", "selesai"):
            mandate.date(day)
        mandate.close()
    party.close()


def _mission(part: Part) -> dict[str, Any]:
    mission = {"number": part.integer("nomor", required=True), "statement": part.text("teks", required=True)}
    part.close()
    return mission


# -- the annex -----------------------------------------------------------------------------------------------------


def _goals(agreement: Part, form: Form, answers: Answers, superior: str | None) -> list[dict[str, Any]]:
    units = Units(form)
    goals = []
    for number, part in enumerate(agreement.parts("sasaran", required=True)):
        answers.came_from(f"goals.{number}", part.path, part.node.line)
        part.skip("label")
        goal: dict[str, Any] = {
            "code": part.text("kode", required=True),
            "statement": part.text("teks", required=True),
            "indicators": [],
        }
        above = part.text("rujukan_indikator_atasan")
        for place, indicator in enumerate(part.parts("indikator", required=True)):
            here = f"goals.{number}.indicators.{place}"
            answers.came_from(here, indicator.path, indicator.node.line)
            goal["indicators"].append(_indicator(indicator, units, above, superior))
        part.close()
        goals.append(goal)
    return goals


def _indicator(part: Part, units: Units, above: str | None, superior: str | None) -> dict[str, Any]:
    unit = units.read(part)
    row: dict[str, Any] = {
        "code": part.text("kode", required=True),
        "statement": part.text("nama", required=True),
        "unit": unit,
        "target": units.measure(part, "target", unit, required=True),
        "weight": part.number("bobot"),
        "is_key": part.flag("is_iku"),
        "direction": part.choice("arah", DIRECTIONS) or "higher",
        "consolidation": part.choice("konsolidasi", CONSOLIDATIONS) or "last",
        "data_source": part.text("sumber_data"),
        "meaning": part.text("definisi_operasional"),
        "formula": part.text("formula"),
    }
    baseline = part.part("baseline")
    if baseline is not None:
        baseline.skip("tahun")
        row["baseline"] = units.measure(baseline, "nilai", unit)
        baseline.close()
    quarters = part.part("target_triwulan")
    if quarters is not None:
        for number, key in enumerate(QUARTERS, 1):
            row[f"quarter_{number}"] = units.measure(quarters, key, unit)
        quarters.close()
        _quarters_add_up(part, row)
    reference = part.text("rujukan_indikator_atasan") or above
    if reference:
        row["parent_indicator"] = {"case": superior or reference, "item": reference, "title": reference}
    part.close()
    return {key: value for key, value in row.items() if value is not None}


def _quarters_add_up(part: Part, row: Mapping[str, Any]) -> None:
    given = [row.get(f"quarter_{number}") for number in (1, 2, 3, 4)]
    if row["consolidation"] != "sum" or not all(isinstance(one, Decimal) for one in given):
        return
    total = sum((one for one in given if isinstance(one, Decimal)), Decimal(0))
    if total != row.get("target"):
        (total_id, total_en), (target_id, target_en) = _number(total), _number(row.get("target"))
        part.report(
            "target_triwulan",
            f"Jumlah target triwulan {total_id}, target {target_id}. Samakan salah satunya.",
            f"The quarters add up to {total_en}, the target is {target_en}. Make them equal.",
        )


def _number(value: Any) -> tuple[str, str]:
    """A number as a sentence says it in Indonesian and in English."""
    return str(value).replace(".", ","), str(value)


def _programmes(agreement: Part, answers: Answers) -> None:
    rows: list[dict[str, Any]] = []
    for key in ("program", "kegiatan", "subkegiatan"):
        for part in agreement.parts(key):
            answers.came_from(f"programmes.{len(rows)}", part.path, part.node.line)
            part.skip("program", "kegiatan")
            row = {
                "code": part.text("kode", required=True),
                "name": part.text("nama", required=True),
                "budget": part.number("anggaran", required=True),
                "source": part.choice("sumber", SOURCES),
                "supports": ", ".join(part.texts("mendukung")) or None,
            }
            part.close()
            rows.append({name: value for name, value in row.items() if value is not None})
    answers.values["programmes"] = rows
    total = agreement.number("total_anggaran")
    counted = sum((row.get("budget", Decimal(0)) for row in rows), Decimal(0))
    if total is not None and total != counted:
        (total_id, total_en), (counted_id, counted_en) = _number(total), _number(counted)
        agreement.report(
            "total_anggaran",
            f"Total {total_id}, jumlah anggaran {counted_id}. Keduanya harus sama.",
            f"The total is {total_en}, the budgets add up to {counted_en}. They must be equal.",
        )
