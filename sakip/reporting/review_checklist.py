"""What internal audit (APIP) looks at in a performance report, as rows of its case (PermenPANRB 53/2014, annex III)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.field_types.question import Context
from engine.field_types.table import ROW_KEY

# The three parts of the annex in our own words; what a region asks besides, it writes into further rows.
ITEMS: Mapping[str, tuple[str, ...]] = {
    "format": (
        "Data penting perangkat daerah dimuat",
        "Target kinerja disajikan",
        "Capaian kinerja disajikan memadai",
        "Lampiran mendukung isi laporan",
        "Upaya perbaikan disajikan",
        "Akuntabilitas keuangan disajikan",
    ),
    "mechanism": (
        "Disusun oleh unit yang bertugas untuk itu",
        "Informasinya didukung data yang memadai",
        "Ada mekanisme penyampaian data dari unit kerja ke penyusun",
        "Penanggung jawab pengumpulan data ditetapkan di setiap unit kerja",
        "Data kinerja diyakini keandalannya",
        "Analisisnya diketahui unit kerja yang bersangkutan",
    ),
    "substance": (
        "Sasaran sesuai dengan perjanjian kinerja",
        "Sasaran selaras dengan rencana strategis",
        "Ketidaksesuaian dengan perjanjian atau rencana dijelaskan",
        "Sasaran dan indikator sesuai dengan indikator kinerja utama",
        "Capaian dibandingkan dengan tahun lalu, target jangka menengah, dan standar nasional bila ada",
        "Indikator cukup mengukur sasarannya",
        "Penyebab keberhasilan dan kegagalan dianalisis",
        "Penghematan sumber daya dianalisis",
        "Program yang menopang capaian dijelaskan",
    ),
}


def review_checklist(
    session: Session, region_id: int, context: Context, values: Mapping[str, Any]  # noqa: ARG001
) -> list[dict[str, Any]]:  # fmt: skip
    """One row an item, not answered yet."""
    return [
        {ROW_KEY: f"{group}_{at}", "group": group, "item": item}
        for group, items in ITEMS.items()
        for at, item in enumerate(items, 1)
    ]
