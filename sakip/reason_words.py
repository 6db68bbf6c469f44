"""The words of each reason in Indonesian and English, and of its remedy: one row a code, in the order of §6.

What a region called its periods stands in English behind a colon: "Fourth quarter", written as a title, would read ill
in the middle of a sentence, and nobody knows whether it may be written small ("January").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definitions.model import Text


@dataclass(frozen=True, slots=True)
class Wording:
    """Variants of a sentence and of a remedy; the first whose values are known is used, so the last names none."""

    says: tuple[Text, ...]
    remedy: tuple[Text, ...]


def _of(says: tuple[Text, ...] | Text, remedy: tuple[Text, ...] | Text) -> Wording:
    return Wording(says if isinstance(says, tuple) else (says,), remedy if isinstance(remedy, tuple) else (remedy,))


_CORRECT = Text("Nilainya perlu dibetulkan.", "The value has to be corrected.")
_OTHER_METHOD = Text(
    "Bagian Organisasi memilih metode lain untuk indikator ini.",
    "Bagian Organisasi chooses another method for this indicator.",
)
_FILL = (
    Text(
        "Penanggung jawab mengisi {periods}, verifikator memeriksa {unverified}.",
        "To be filled in by the person in charge: {periods}. To be looked at by the verifier: {unverified}.",
    ),
    Text("Verifikator memeriksa {unverified}.", "To be looked at by the verifier: {unverified}."),
    Text("{who} mengisinya paling lambat {until}.", "{who} fills it in by {until}."),
    Text("{who} mengisinya.", "{who} fills it in."),
    Text("Penanggung jawab indikator mengisinya.", "The person in charge of the indicator fills it in."),
)
_WORKSHEET = Text("Lanjutkan di lembar kerja pada baris itu.", "Continue in the worksheet at that row.")

WORDS: Mapping[str, Wording] = {
    "no_method": _of(
        (
            Text("tanpa metode: {method} tidak dikenal", "no method: {method} is unknown"),
            Text("tanpa metode", "no method"),
        ),
        Text(
            "Bagian Organisasi menetapkan metode atau arah indikator ini.",
            "Bagian Organisasi sets the method or the direction of this indicator.",
        ),
    ),
    "wrong_kind": _of(
        (
            Text("jenis nilai tidak cocok: {value}", "the kind of value does not fit: {value}"),
            Text("jenis satuan tidak cocok: {unit} dengan {rule}", "the kind of unit does not fit: {unit} with {rule}"),
            Text("jenis satuan tidak cocok", "the kind of unit does not fit"),
        ),
        (
            Text("Nilai {value} perlu dibetulkan.", "The value {value} has to be corrected."),
            Text(
                "Satuan, metode, atau penggabungan indikator ini perlu dibetulkan.",
                "The unit, method or consolidation of this indicator has to be corrected.",
            ),
        ),
    ),
    "not_due": _of(
        (
            Text(
                "tidak diukur pada periode ini, tetapi pada {due}",
                "not measured in this period; it is measured in: {due}",
            ),
            Text("tidak diukur pada periode ini", "not measured in this period"),
        ),
        Text("Tidak ada yang perlu dilakukan.", "Nothing needs to be done."),
    ),
    "no_target": _of(
        (Text("tanpa target: {periods}", "no target: {periods}"), Text("tanpa target", "no target")),
        Text(
            "Target ditetapkan dalam perjanjian kinerja atau revisinya.",
            "The target is set in the performance agreement or its revision.",
        ),
    ),
    "not_issued": _of(
        (
            Text("nilai belum terbit: {periods}", "the value has not been issued yet: {periods}"),
            Text("nilai belum terbit", "the value has not been issued yet"),
        ),
        (
            Text("Menunggu nilai dari {source}.", "Wait for the value from {source}."),
            Text("Menunggu lembaga yang menerbitkannya.", "Wait for the institution that issues it."),
        ),
    ),
    "no_realisation": _of(
        (
            Text("belum diverifikasi: {unverified}", "not verified yet: {unverified}"),
            Text("belum diisi: {periods}", "not filled in yet: {periods}"),
            Text("belum diisi", "not filled in yet"),
        ),
        _FILL,
    ),
    "incomplete": _of(
        (
            Text(
                "periode belum lengkap: {periods}; belum diverifikasi: {unverified}",
                "periods are incomplete: {periods}; not verified yet: {unverified}",
            ),
            Text(
                "periode belum lengkap, belum diverifikasi: {unverified}",
                "periods are incomplete, not verified yet: {unverified}",
            ),
            Text("periode belum lengkap: {periods}", "periods are incomplete: {periods}"),
            Text("periode belum lengkap", "periods are incomplete"),
        ),
        _FILL,
    ),
    "no_scale": _of(
        (Text("satuan {unit} tanpa skala", "the unit {unit} has no scale"), Text("tanpa skala", "no scale")),
        Text("Bagian Organisasi menetapkan skala satuan ini.", "Bagian Organisasi sets the scale of this unit."),
    ),
    "unknown_grade": _of(
        (
            Text(
                "predikat {value} tidak dikenal; maksudnya {proposal}?",
                "the grade {value} is unknown; do you mean {proposal}?",
            ),
            Text(
                "predikat {value} tidak dikenal; yang ada: {known}", "the grade {value} is unknown; there are: {known}"
            ),
            Text("predikat {value} tidak dikenal", "the grade {value} is unknown"),
            Text("predikat tidak dikenal", "the grade is unknown"),
        ),
        _CORRECT,
    ),
    "target_does_not_fit": _of(
        (
            Text("target tidak cocok dengan metode {method}", "the target does not fit the method {method}"),
            Text("target tidak cocok dengan metode", "the target does not fit the method"),
        ),
        (
            Text(
                "Target diperbaiki dalam revisi perjanjian, atau dipilih metode lain.",
                "The target is corrected in a revision of the agreement, or another method is chosen.",
            ),
        ),
    ),
    "negative_value": _of(
        (
            Text("nilai negatif: {value}", "a negative value: {value}"),
            Text("nilai negatif", "a negative value"),
        ),
        Text(
            "Bagian Organisasi memilih metode yang menerima nilai negatif, misalnya makin dekat makin baik.",
            "Bagian Organisasi chooses a method that takes negative values, such as the closer the better.",
        ),
    ),
    "zero_target": _of(Text("target nol", "the target is zero"), _OTHER_METHOD),
    "zero_realisation": _of(Text("realisasi nol", "the realisation is zero"), _OTHER_METHOD),
    "no_bands": _of(
        (
            Text("kategori belum ditetapkan untuk {day}", "no categories are set for {day}"),
            Text("kategori belum ditetapkan", "no categories are set"),
        ),
        Text(
            "Bagian Organisasi menetapkan kategori yang berlaku dalam konfigurasi.",
            "Bagian Organisasi sets the categories that apply in the configuration.",
        ),
    ),
    "item_not_computable": _of(
        (
            Text("dari {item}: {because}", "from {item}: {because}"),
            Text("dari yang di bawahnya: {because}", "from what is below it: {because}"),
            Text("ada yang di bawahnya belum dapat dihitung", "something below it cannot be computed"),
        ),
        Text("Buka daftar rinciannya.", "Open the list of its items."),
    ),
    "nothing_to_aggregate": _of(
        (
            Text("tidak ada yang dapat dihitung dari {total}", "none of {total} can be counted"),
            Text("tidak ada yang dapat dihitung", "there is nothing to count"),
        ),
        Text("Buka daftar rinciannya.", "Open the list of its items."),
    ),
    "no_weight": _of(
        (Text("tanpa bobot: {items}", "no weight: {items}"), Text("tanpa bobot", "no weight")),
        Text("Bobot dilengkapi pada pohon kinerja.", "The weights are completed in the tree of goals."),
    ),
    "no_budget": _of(
        Text("tanpa anggaran", "no budget"),
        Text(
            "Anggaran program ditetapkan dalam perjanjian kinerja atau revisinya.",
            "The budget of programmes is set in the performance agreement or its revision.",
        ),
    ),
    "no_absorption": _of(
        (
            Text("serapan anggaran belum diisi: {programmes}", "spending not filled in yet: {programmes}"),
            Text("serapan anggaran belum diverifikasi: {unverified}", "spending not verified yet: {unverified}"),
            Text("serapan anggaran belum diisi", "spending not filled in yet"),
        ),
        Text(
            "Serapan diisi dalam laporan pengukuran periode itu, lalu diverifikasi.",
            "Spending is filled in with the measurement report of that period, and verified.",
        ),
    ),
    "criterion_open": _of(
        (
            Text("kriteria belum dijawab: {count}", "criteria not answered yet: {count}"),
            Text("ada kriteria yang belum dijawab", "some criteria are not answered yet"),
        ),
        _WORKSHEET,
    ),
    "unknown_answer": _of(
        (
            Text("jawaban {answer} tidak dikenal pada {path}", "the answer {answer} is unknown at {path}"),
            Text("jawaban tidak dikenal pada {path}", "an answer is unknown at {path}"),
            Text("jawaban tidak dikenal", "an answer is unknown"),
        ),
        _WORKSHEET,
    ),
    "nothing_applies": _of(
        (
            Text("tidak ada kriteria yang berlaku pada {path}", "no criterion applies in {path}"),
            Text("tidak ada kriteria yang berlaku", "no criterion applies"),
        ),
        _WORKSHEET,
    ),
    "tier_missing": _of(
        (
            Text("penilaian belum ada: {tiers}", "an assessment is missing: {tiers}"),
            Text("ada penilaian yang belum ada", "an assessment is missing"),
        ),
        Text("Tunggu tahap penilaian itu selesai.", "Wait until that tier of the evaluation is done."),
    ),
    "already_highest": _of(
        Text("sudah predikat tertinggi", "already the highest predicate"),
        Text("Tidak ada yang perlu dilakukan.", "Nothing needs to be done."),
    ),
    "not_a_number": _of(
        (
            Text("{text} bukan angka; maksudnya {proposal}?", "{text} is not a number; do you mean {proposal}?"),
            Text("{text} bukan angka", "{text} is not a number"),
            Text("bukan angka", "not a number"),
        ),
        Text(
            "Tulis angka seperti 1.250 atau 34,49; bila nilainya belum ada, pilih Belum terbit.",
            "Write a number like 1.250 or 34,49; if there is no value yet, choose Not issued yet.",
        ),
    ),
    "too_many_places": _of(
        (
            Text("{text} punya lebih dari {places} desimal", "{text} has too many decimals (at most {places})"),
            Text("terlalu banyak desimal", "too many decimals"),
        ),
        Text("Bulatkan sesuai satuannya.", "Round it to what the unit takes."),
    ),
}
