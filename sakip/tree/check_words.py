"""The checks of a tree and the refusals of a change in words: what is at fault, in both languages (reference §4.7)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.model import Text

CHECK_WORDS: Mapping[str, Text] = {
    "circle": Text("Sasaran ini berada di bawah dirinya sendiri.", "This goal hangs below itself."),
    "parent_of_wrong_level": Text(
        "Induknya tidak ada atau bukan dari jenjang yang diperbolehkan.",
        "Its parent is not there or not of a level that is allowed.",
    ),
    "goal_without_regional_parent": Text(
        "Tujuan ini belum terhubung dengan sasaran daerah.", "This goal is not linked to a regional objective yet."
    ),
    "indicator_without_owner": Text("Indikator ini belum punya penanggung jawab.", "This indicator has no owner yet."),
    "node_without_indicator": Text("Indikatornya kurang dari yang diminta.", "It has fewer indicators than asked."),
    "method_does_not_fit_unit": Text(
        "Jenis satuan tidak cocok dengan metode atau konsolidasinya.",
        "The kind of unit does not fit the method or the consolidation.",
    ),
    "quarters_do_not_add_up": Text(
        "Jumlah target per periode berbeda dari target setahun.",
        "The targets of the periods do not add up to that of the year.",
    ),
    "annex_indicator_without_superior": Text(
        "Indikator ini masuk perjanjian tanpa indikator atasan.",
        "This indicator enters an agreement without an indicator of the superior.",
    ),
    "owner_vacant": Text("Jabatan penanggung jawabnya kosong.", "The position that owns it is vacant."),
    "child_repeats_parent": Text(
        "Satu-satunya turunan ini sama bunyinya dengan induknya.", "This only child says the same as its parent."
    ),
    "programme_without_objective": Text(
        "Program ini belum mendukung sasaran mana pun.", "This programme supports no objective yet."
    ),
    "node_without_success_factor": Text(
        "Faktor kunci keberhasilannya belum diisi.", "Its critical success factor is not filled in yet."
    ),
    "weights_not_100": Text(
        "Bobot indikatornya tidak lengkap atau tidak berjumlah 100.",
        "The weights of its indicators are incomplete or do not add up to 100.",
    ),
    "target_below_last_year": Text(
        "Targetnya lebih rendah daripada tahun lalu.", "The target is worse than last year's."
    ),
    "annex_differs_from_plan": Text(
        "Perjanjian yang berlaku berbeda dari pohon kinerja.", "An agreement in force differs from the tree."
    ),
    "same_wording_elsewhere": Text(
        "Indikator ini ada di tempat lain dengan bunyi yang sama, atau punya dua bunyi.",
        "This indicator stands elsewhere with the same words, or has two wordings.",
    ),
    "depth_not_reached": Text(
        "Cabang ini berhenti sebelum kedalaman yang dipantau.", "This branch ends before the depth that is watched."
    ),
    "crosscutting_unanswered": Text(
        "Mitra lintas perangkat daerah belum menjawab.", "The crosscutting partner has not answered yet."
    ),
}

REFUSAL_WORDS: Mapping[str, Text] = {
    "reason_missing": Text("Isi alasan dan dasar hukumnya.", "Fill in the reason and the legal basis."),
    "already_there": Text("Kunci ini sudah dipakai.", "This key is in use already."),
    "not_there": Text("Tidak ada lagi di pohon yang berlaku.", "It is not in the tree in force any more."),
    "too_early": Text(
        "Tanggal berlakunya sebelum perubahan terakhir.", "The date in force is before the latest change."
    ),
    "unknown_level": Text("Jenjang ini tidak dikenal.", "This level is unknown."),
    "wrong_tree": Text(
        "Jenjang ini bukan milik pohon daerah atau perangkat daerah ini.",
        "This level does not belong to the region's or the unit's tree.",
    ),
    "statement_missing": Text("Isi bunyi sasarannya.", "Fill in the statement."),
    "unknown_result_kind": Text(
        "Jenis hasil ini tidak ada pada jenjangnya.", "This kind of result does not exist at its level."
    ),
    "unknown_field": Text("Ada isian yang tidak dikenal.", "There is a field that is unknown."),
    "too_many_indicators": Text("Indikatornya terlalu banyak.", "It has too many indicators."),
    "one_only": Text("Jenjang ini hanya boleh ada satu.", "There may be only one of this level."),
    "indicator_twice": Text("Kunci indikator ini dipakai dua kali.", "The key of this indicator is used twice."),
    "negative_weight": Text("Bobot indikator ini di bawah nol.", "The weight of this indicator is below zero."),
    "unknown_edge": Text("Jenis kaitan ini tidak dikenal.", "This kind of link is unknown."),
    "edge_not_allowed": Text(
        "Kaitan ini tidak diperbolehkan antara kedua jenjang itu.", "This link is not allowed between these levels."
    ),
    "edge_weight": Text("Bobot kaitan ini di luar batas.", "The weight of this link is out of its range."),
    "unknown_owner": Text("Jabatan ini tidak ada di daerah ini.", "There is no such position in this region."),
    "unknown_tree": Text("Simpul ini bukan milik pohon yang diubah.", "This node is not of the tree to be changed."),
    "unreadable": Text(
        "Ada isian yang tidak terbaca: kunci kosong atau ganda, atau target yang bukan angka, rentang, atau predikat.",
        "Something cannot be read: a key missing or used twice, or a target that is no number, range or grade.",
    ),
    "no_levels": Text("Belum ada pengaturan jenjang untuk tahun itu.", "No levels are configured for that year yet."),
    "not_the_bureau": Text("Hanya Bagian Organisasi yang menetapkannya.", "Only the organisation bureau settles this."),
    "succession_count": Text(
        "Jumlahnya tidak cocok: satu dipecah menjadi beberapa, beberapa digabung menjadi satu, satu menjadi satu.",
        "The numbers do not fit: one is split into several, several are merged into one, one becomes one.",
    ),
    "same_unit": Text(
        "Perangkat daerah yang sama tidak dapat menjadi penerusnya sendiri.", "A unit cannot be its own successor."
    ),
    "succeeded_already": Text(
        "Penerusnya sudah tercatat menerima dari perangkat daerah ini.",
        "The successor is recorded as coming from this unit already.",
    ),
    "nothing_held": Text(
        "Pohonnya kosong pada tanggal itu; tidak ada yang beralih.", "Its tree is empty on that day: nothing goes over."
    ),
    "unknown_unit": Text("Perangkat daerah ini tidak ada.", "There is no such unit."),
    "succession_not_possible": Text("Ada simpul yang belum punya penerus.", "There is a node that nobody takes over."),
    "not_in_period": Text(
        "Tahun berikutnya di luar periode perencanaan ini. Salin ke periode berikutnya.",
        "The next year lies outside this planning period. Copy into the next period.",
    ),
    "open_period": Text(
        "Periode perencanaan ini belum punya tahun terakhir.", "This planning period has no last year yet."
    ),
    "no_next_period": Text(
        "Belum ada pengaturan jenjang untuk periode berikutnya. Administrator aturan menerbitkannya lebih dahulu.",
        "No levels are configured for the next period yet. The administrator of rules publishes them first.",
    ),
    "nothing_to_copy": Text("Pohon ini masih kosong.", "This tree is still empty."),
    "nothing_changes": Text(
        "Salinan tidak mengubah apa pun: rencana tidak punya target untuk tahun itu, atau sudah disalin.",
        "The copy would change nothing: the plan has no target of that year, or it was copied already.",
    ),
    "too_many_rows": Text(
        "Salinan ini mengubah lebih dari 500 simpul. Bawa masuk sebagai berkas: flask sakip import.",
        "This copy changes more than 500 nodes. Bring it in as a file: flask sakip import.",
    ),
    "no_day": Text("Isi tanggal mulai berlakunya.", "Fill in the day it comes in force."),
    "not_your_unit": Text(
        "Hanya pohon unit sendiri atau bawahannya yang dapat diubah.",
        "Only the tree of one's own unit or of one below it can be changed.",
    ),
}


def words_of(code: str) -> Text:
    """What a check or a refusal says; the code itself where it has no words."""
    return CHECK_WORDS.get(code) or REFUSAL_WORDS.get(code) or Text(code, code)
