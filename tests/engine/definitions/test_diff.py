"""What changed between two definitions: sentences an administrator understands, the alarming first."""

from __future__ import annotations

import re

import pytest

from config import ROOT
from engine.definitions.diff import Difference, changed_states, differences
from tests.engine.definitions.journey import JOURNEY, JOURNEY_FORM, journey

LEGAL_STEP = (
    """    checks:
      title: {id: Pemeriksaan""",
    """    legal_opinion:
      title: {id: Telaah hukum, en: Legal opinion}
      task: {candidates: [legal], form: journey, due: {working_days: 3, calendar: office}}
      transitions: {approve: {to: checks, title: {id: Setujui, en: Approve}}}
    checks:
      title: {id: Pemeriksaan""",
)
TO_LEGAL = ("approve: {to: checks,", "approve: {to: legal_opinion,")
VERIFY = "candidates: [head], excluded: [traveller], form: journey"


def told(*changes: tuple[str, str]) -> list[Difference]:
    return list(differences(journey(), journey(*changes)))


def told_of_form(*changes: tuple[str, str]) -> list[Difference]:
    return list(differences(journey(), journey(form=changes)))


def test_a_new_step_is_told_with_its_place_its_deadline_and_its_people() -> None:
    found = told(LEGAL_STEP, TO_LEGAL)
    sentences = [each.sentence.id for each in found]
    assert "Langkah baru 'Telaah hukum' setelah 'Verifikasi'; batas 3 hari kerja; oleh Bagian Hukum" in sentences
    assert "'Verifikasi', 'Setujui': kini ke 'Telaah hukum', semula ke 'Pemeriksaan'" in sentences
    english = [each.sentence.en for each in found]
    assert "New step 'Legal opinion' after 'Verification'; due in 3 working days; by Legal bureau" in english
    assert changed_states(found) == {"legal_opinion", "verification"}
    assert len(found) == 2


def test_the_same_text_and_the_same_meaning_in_other_layout_are_no_difference() -> None:
    assert told() == []
    assert told(("version: 1.0.0", "version: '1.0.0'   # a comment\n")) == []
    assert told(("legal_basis: [PMK 113/2012]", "legal_basis:\n  - PMK 113/2012")) == []


def test_what_is_written_in_another_way_is_told_as_such() -> None:
    found = told(("trips:\n      title", "trips:\n      resting: false\n      title"))
    assert [(each.kind, each.weight) for each in found] == [("rewritten", "words")]
    assert changed_states(found) == frozenset()


def test_removed_scenarios_come_first_then_steps_permissions_and_exclusions() -> None:
    found = told(
        (VERIFY, "candidates: [head, legal], form: journey"),
        ("  discarded:\n    given: {uses: people}\n    steps: [{as: sari, do: discard, expect: {ended: true}}]\n", ""),
        ("window: window, recallable: true", "recallable: true"),
        ("title: {id: Laporan, en: Reports}", "title: {id: Lapor diri, en: Reporting}"),
        ('quick: {order: 10, guard: "case.cost < 1000", to: done}\n', "\n"),
    )
    assert [each.kind for each in found] == [
        "scenario_removed",
        "permission_widened",
        "exclusion_removed",
        "window_changed",
        "transition_removed",
        "title_changed",
    ]
    assert [each.weight for each in found] == ["alarm", "alarm", "alarm", "relaxed", "rule", "words"]


def test_a_removed_step_is_an_alarm() -> None:
    removed = re.search(r"    sorting:.*?(?=    signing:)", JOURNEY, re.S)
    assert removed is not None
    found = told((removed.group(), ""), ("done: {to: sorting,", "done: {to: signing,"))
    assert (found[0].kind, found[0].weight, found[0].state) == ("state_removed", "alarm", "sorting")
    assert found[0].sentence.id == "Langkah 'Pemilahan' dihapus"
    assert {"sorting", "checks"} <= changed_states(found)


def test_titles_alone_are_words_only() -> None:
    found = told(
        ("title: {id: Verifikasi, en: Verification}", "title: {id: Pengesahan, en: Attestation}"),
        ("instructions: {id: Periksa., en: Check.}", "instructions: {id: Teliti., en: Look closely.}"),
        ("guard_message: {id: Isi biaya., en: Give the cost.}", "guard_message: {id: Biaya kosong., en: No cost.}"),
        ("subject: {id: Ingat, en: Remember}", "subject: {id: Jangan lupa, en: Do not forget}"),
    )
    assert {each.weight for each in found} == {"words"}
    assert changed_states(found) == frozenset()
    sentences = [each.sentence.id for each in found]
    assert "Judul langkah kini 'Pengesahan', semula 'Verifikasi'" in sentences


# old text, new text, kind, weight, what the sentence says, the states it touches
CHANGES = [
    ("guard: \"case.cost > 0\"", "guard: \"case.cost > 5\"", "guard_changed", "rule",
     "'Usulan', 'Ajukan': syarat kini `case.cost > 5`, semula `case.cost > 0`", {"draft"}),
    ("guard: \"case.cost > 0\", guard_message: {id: Isi biaya., en: Give the cost.}, ", "", "guard_removed", "relaxed",
     "'Usulan', 'Ajukan': tidak lagi bersyarat; semula `case.cost > 0`", {"draft"}),
    ("requires: [comment], effects", "effects", "requires_removed", "relaxed",
     "'Verifikasi', 'Kembalikan': catatan tidak lagi wajib", {"verification"}),
    ("requires: [comment], effects", "requires: [comment, second_factor], effects", "requires_added", "rule",
     "'Verifikasi', 'Kembalikan': kini wajib kode verifikasi", {"verification"}),
    (VERIFY, "candidates: [head, legal], excluded: [traveller], form: journey", "permission_widened", "alarm",
     "'Verifikasi': kini boleh juga Bagian Hukum", {"verification"}),
    ("candidates: [traveller, secretary]", "candidates: [traveller]", "permission_narrowed", "rule",
     "'Laporan': tidak lagi untuk Sekretaris", {"trips"}),
    (VERIFY, "candidates: [head], form: journey", "exclusion_removed", "alarm",
     "'Verifikasi': Pelaksana tidak lagi dikecualikan", {"verification"}),
    ("return: {to: draft,", "return: {to: draft, by: [head, legal],", "permission_widened", "alarm",
     "'Verifikasi', 'Kembalikan': kini boleh juga Bagian Hukum", {"verification"}),
    ("resolve: {group: legal}", "resolve: {group: lawyers}", "permission_changed", "alarm",
     "Peran 'Bagian Hukum': kini anggota kelompok 'lawyers', semula anggota kelompok 'legal'", {"lawful"}),
    ("level: section", "level: division", "permission_changed", "alarm",
     "Peran 'Kepala seksi': kini pemegang jabatan 'head' tingkat 'division' dari initiator.unit, semula pemegang "
     "jabatan 'head' tingkat 'section' dari initiator.unit", {"verification", "signing", "trips"}),
    ("may: [approve, return]", "may: [approve, return, submit]", "permission_widened", "alarm",
     "Pengganti 'Plt.': kini boleh juga 'submit'", {"draft"}),
    ("requires: [reason, until]", "requires: [reason]", "substitution_changed", "relaxed",
     "Pengganti 'Penerima': 'requires' kini reason, semula reason, until", set()),
    ("exclude_when: \"user in case.companions\"", "exclude_when: \"user == initiator\"", "exclusion_changed", "alarm",
     "Pemisahan tugas 'companions': kini tidak boleh bila `user == initiator`, semula bila `user in case.companions`",
     {"budget", "signing"}),
    ("applies_to: [finance]", "applies_to: [finance, legal]", "exclusion_added", "rule",
     "Pemisahan tugas 'companions': Bagian Hukum kini dikecualikan", {"budget", "signing", "lawful"}),
    ("due: {working_days: 5, calendar: office}", "due: {working_days: 1, calendar: office}", "deadline_changed", "rule",
     "'Tanda tangan': batas kini 1 hari kerja, semula 5 hari kerja", {"signing"}),
    ("due: {working_days: 5, calendar: office}\n", "\n", "deadline_removed", "relaxed",
     "'Tanda tangan': tidak lagi ada batas; semula 5 hari kerja", {"signing"}),
    ("completion: {quorum: 2}", "completion: any", "quorum_changed", "relaxed",
     "'Tanda tangan': cukup bila disetujui satu saja, semula paling sedikit 2", {"signing"}),
    ("completion: {quorum: 2}", "completion: all", "quorum_changed", "rule",
     "'Tanda tangan': cukup bila disetujui semua, semula paling sedikit 2", {"signing"}),
    (", veto: true", "", "veto_removed", "relaxed",
     "'Tanda tangan', 'Sekretaris': tidak lagi punya hak veto", {"signing"}),
    ("same_person: skip", "same_person: each", "approval_changed", "relaxed",
     "'Tanda tangan': orang yang memegang beberapa tempat kini memutus untuk tiap tempat, semula dilewati",
     {"signing"}),
    ("same_person: skip", "outcomes: {accept: sign}\n        same_person: skip", "approval_changed", "rule",
     "'Tanda tangan': tindakan kini 'sign', 'reject', semula 'approve', 'reject'", {"signing"}),
    ("ordering: sequential", "ordering: parallel", "approval_changed", "rule",
     "'Tanda tangan': keputusan kini diminta bersamaan, semula berurutan", {"signing"}),
    ("          head: {candidates: [head], order: 10}\n", "", "approver_removed", "rule",
     "'Tanda tangan': tidak lagi diputus Kepala seksi", {"signing"}),
    (", needed_when: \"case.cost > 5000\"", "", "guard_removed", "relaxed",
     "'Tanda tangan', 'Keuangan': tidak lagi bersyarat; semula `case.cost > 5000`", {"signing"}),
    ("lapse: {after: {days: 30}", "lapse: {after: {days: 60}", "timer_changed", "rule",
     "'Verifikasi', pengatur waktu 'lapse': kini setelah 60 hari, semula setelah 30 hari", {"verification"}),
    ("        lapse: {after: {days: 30}, to: refused}\n", "", "timer_removed", "rule",
     "'Verifikasi': pengatur waktu 'lapse' dihapus; semula setelah 30 hari: pindah ke 'Batal'", {"verification"}),
    (", at_most: 3}", ", at_most: 5}", "timer_changed", "rule",
     "'Verifikasi', pengatur waktu 'remind': kini diulang tiap 1 hari, paling banyak 5 kali, semula diulang tiap 1 "
     "hari, paling banyak 3 kali", {"verification"}),
    ("pick: {decide: route}, ", "", "effect_removed", "rule",
     "'Verifikasi', 'Setujui': tidak lagi memakai tabel keputusan 'route'", {"verification"}),
    ("pick: {decide: route}, tell: {notify: reminder}", "tell: {notify: reminder}, pick: {decide: route}",
     "effects_reordered", "rule", "'Verifikasi', 'Setujui': efek berjalan dalam urutan lain", {"verification"}),
    ("join: {all_of: [money, law]}", "join: {quorum: 1}", "join_changed", "relaxed",
     "'Pemeriksaan': kini menunggu 1 cabang, semula 'money', 'law'", {"checks"}),
    ("ordering: parallel, completion: all", "ordering: parallel, completion: any", "multi_instance_changed", "relaxed",
     "'Laporan': kini satu tugas untuk tiap `case.companions`, bersamaan, selesai bila satu saja, semula satu tugas "
     "untuk tiap `case.companions`, bersamaan, selesai bila semua", {"trips"}),
    ("quick: {order: 10", "quick: {order: 5", "rewritten", "words", "Teks atau susunannya berubah", set()),
    ("guard: \"case.cost < 1000\", to: done", "guard: \"case.cost < 10\", to: done", "guard_changed", "rule",
     "'Pemilahan', otomatis 'quick': syarat kini `case.cost < 10`, semula `case.cost < 1000`", {"sorting"}),
    ("note: hidden", "note: read", "permission_widened", "alarm",
     "'Usulan': isian 'Catatan' kini hanya dibaca, semula tersembunyi", {"draft"}),
    ("discard: {to: refused, title: {id: Buang, en: Discard}, answers: incomplete}",
     "discard: {to: refused, title: {id: Buang, en: Discard}}", "transition_changed", "rule",
     "'Usulan', 'Buang': isian wajib kini harus lengkap", {"draft"}),
    ("recallable: true", "recallable: false", "transition_changed", "rule",
     "'Usulan', 'Ajukan': tidak lagi dapat ditarik kembali", {"draft"}),
    ("maximum: 10, title: {id: Hari telaah", "maximum: 20, title: {id: Hari telaah", "parameter_changed", "rule",
     "Parameter 'Hari telaah': batas atas kini 20, semula 10", set()),
    ("mon, tue, wed, thu, fri, sat]", "mon, tue, wed, thu, fri]", "calendar_changed", "rule",
     "Kalender 'field': hari kerja kini Senin, Selasa, Rabu, Kamis, Jumat, semula Senin, Selasa, Rabu, Kamis, Jumat, "
     "Sabtu", set()),
    ("holidays: [2026-03-20]", "holidays: [2026-03-20, 2026-03-23]", "calendar_changed", "rule",
     "Kalender 'office': hari libur kini 2026-03-20, 2026-03-23, semula 2026-03-20", {"verification", "signing"}),
    ("small: {order: 10, when: {amount: \"amount < 1000\"}", "small: {order: 10, when: {amount: \"amount < 500\"}",
     "table_rule_changed", "rule",
     "Tabel keputusan 'route': aturan 'small' kini bila amount `amount < 500` maka path short, semula bila amount "
     "`amount < 1000` maka path short", {"verification"}),
    ("high: {from: 60", "high: {from: 70", "band_changed", "rule",
     "Rentang nilai 'bands': 'Tinggi' kini mulai 70, semula mulai 60", set()),
    ("target: {working_days: 10}", "target: {working_days: 15}", "deadline_changed", "rule",
     "Janji layanan 'answered': batas kini 15 hari kerja, semula 10 hari kerja", {"draft", "done", "refused"}),
    ("pause_in: [draft]", "pause_in: [draft, trips]", "sla_changed", "rule",
     "Janji layanan 'answered': berhenti sementara di 'Usulan', 'Laporan', semula 'Usulan'",
     {"draft", "done", "refused", "trips"}),
    ("at_risk: {at: 0.8", "at_risk: {at: 0.5", "sla_changed", "rule",
     "Janji layanan 'answered': peringatan kini pada 0.5, semula 0.8", {"draft", "done", "refused"}),
    ("1, 2)\", to", "1, 5)\", to", "schedule_changed", "rule",
     "Jadwal 'Masa usul': kini dibuka `date(year(today), 1, 5)`, semula `date(year(today), 1, 2)`", {"draft"}),
    ("extendable_by: [secretary]", "extendable_by: [secretary, head]", "permission_widened", "alarm",
     "Jadwal 'Masa usul': kini boleh juga Kepala seksi", {"draft"}),
    ("registered: [verification]", "registered: [draft]", "milestone_changed", "rule",
     "Tonggak 'registered' kini 'Usulan', semula 'Verifikasi'", set()),
    ("\"SPD/{year}/{seq:04}\"", "\"SPD/{seq:04}\"", "numbering_changed", "rule",
     "Pola nomor kini SPD/{seq:04}, semula SPD/{year}/{seq:04}", set()),
    ("to: [traveller]", "to: [traveller, head]", "notification_changed", "rule",
     "Pemberitahuan 'late': kini untuk Pelaksana, Kepala seksi, semula Pelaksana", {"verification"}),
    ("sealed_nodes: {\"lifecycle.states.signing\": PMK 113/2012}\n", "", "seal_removed", "relaxed",
     "Segel atas lifecycle.states.signing dilepas; semula: PMK 113/2012", set()),
    ("      - {as: budi, do: return, with: {comment: why}}\n", "", "scenario_changed", "relaxed",
     "Skenario 'short' dipersingkat: kini 1 langkah, semula 2", set()),
    ("data: {place: Jakarta, cost: 10}", "data: {place: Jakarta, cost: 20}", "fixture_changed", "rule",
     "Data uji 'people' berubah", set()),
    ("version: 1.0.0", "version: 1.1.0", "version_changed", "words", "Versi kini 1.1.0, semula 1.0.0", set()),
    ("initial: draft", "initial: verification", "initial_changed", "rule",
     "Kasus kini mulai di 'Verifikasi', semula 'Usulan'", {"draft", "verification"}),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "kind", "weight", "sentence", "states"), CHANGES)
def test_one_change_is_one_sentence(
    old: str, new: str, kind: str, weight: str, sentence: str, states: set[str]
) -> None:
    found = [each for each in told((old, new)) if each.weight != "words" or kind in (each.kind, "rewritten")]
    assert [(each.kind, each.weight) for each in found] == [(kind, weight)]
    assert found[0].sentence.id.startswith(sentence)
    assert found[0].states == states


FORM_CHANGES = [
    ("  twice: {type", "  extra: {type: text, title: {id: Tambahan, en: Extra}, required: true}\n  twice: {type",
     "field_added", "rule", "Formulir 'Perjalanan': isian baru 'Tambahan', wajib diisi"),
    ("required: true, max_length: 100", "max_length: 100", "field_optional", "relaxed",
     "Formulir 'Perjalanan', 'Tujuan': tidak lagi wajib diisi"),
    ("id: Jam, en: Hours}}", "id: Jam, en: Hours}, required: true}", "field_required", "rule",
     "Formulir 'Perjalanan', 'Rincian', 'Jam': kini wajib diisi"),
    ("max_length: 100", "max_length: 50", "field_changed", "rule",
     "Formulir 'Perjalanan', 'Tujuan': panjang paling banyak kini 50, semula 100"),
    ("classification: restricted", "classification: ordinary", "classification_changed", "relaxed",
     "Formulir 'Perjalanan', 'Catatan': golongan kini biasa, semula terbatas"),
    (", abroad: {title: {id: Luar negeri, en: Abroad}}", "", "option_removed", "rule",
     "Formulir 'Perjalanan', 'Jenis': pilihan dihapus: 'Luar negeri'"),
    ("computed: \"case.cost * 2\"", "computed: \"case.cost * 3\"", "field_changed", "rule",
     "Formulir 'Perjalanan', 'Dua kali': rumus kini case.cost * 3, semula case.cost * 2"),
    ("visible_when: \"case.cost > 0\"", "visible_when: \"case.cost > 1\"", "condition_changed", "rule",
     "Formulir 'Perjalanan', 'Jenis': kini ditampilkan bila `case.cost > 1`, semula bila `case.cost > 0`"),
    ("required_when: \"case.cost > 9000\", ", "", "condition_changed", "relaxed",
     "Formulir 'Perjalanan', 'Catatan': kini wajib diisi tidak pernah, semula bila `case.cost > 9000`"),
    ("visible_when: \"not in_state('draft')\", ", "", "condition_changed", "rule",
     "Formulir 'Perjalanan', bagian 'Telaah': kini ditampilkan selalu, semula bila `not in_state('draft')`"),
    ("case.cost <= 90000", "case.cost <= 80000", "form_check_changed", "rule",
     "Formulir 'Perjalanan': pemeriksaan 'affordable' kini `case.cost <= 80000`, semula `case.cost <= 90000`"),
    ("checks:\n  affordable: {that: \"case.cost <= 90000\", message: {id: Terlalu mahal., en: Too expensive.}}\n", "",
     "form_check_removed", "relaxed",
     "Formulir 'Perjalanan': pemeriksaan 'affordable' dihapus; semula `case.cost <= 90000`"),
    ("kind: {order: 40, visible_when: \"case.cost > 0\"}, ", "", "field_not_shown", "rule",
     "Formulir 'Perjalanan': isian 'Jenis' tidak lagi ditanyakan"),
    ("title: {id: Tujuan, en: Destination}", "title: {id: Kota tujuan, en: City}", "title_changed", "words",
     "Isian kini bernama 'Kota tujuan', semula 'Tujuan'"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "kind", "weight", "sentence"), FORM_CHANGES)
def test_one_change_of_a_form_is_one_sentence(old: str, new: str, kind: str, weight: str, sentence: str) -> None:
    found = told_of_form((old, new))
    assert [(each.kind, each.weight) for each in found] == [(kind, weight)]
    assert found[0].sentence.id == sentence
    shown = {"draft", "verification", "budget", "lawful", "signing", "trips"}
    assert found[0].states == (shown if weight != "words" else frozenset())


def test_a_changed_parameter_is_told_and_so_is_what_follows_from_it() -> None:
    found = told(("review_days: {type: integer, default: 3", "review_days: {type: integer, default: 2"))
    assert [(each.kind, each.path) for each in found] == [
        ("deadline_changed", "lifecycle.states.verification.task.due"),
        ("parameter_changed", "parameters.review_days.default"),
    ]


def test_nothing_that_means_something_changes_without_a_sentence() -> None:
    """Every single line of the example that can be left out is told about, in its own words."""
    silent = []
    for whole, is_form in ((JOURNEY, False), (JOURNEY_FORM, True)):
        for piece in sorted(set(re.findall(r"[a-z_]+: (?:[a-z0-9_.-]+|\"[^\"]*\"|\[[^\[\]]*\]), ", whole))):
            try:
                changed = journey(form=((piece, ""),)) if is_form else journey((piece, ""))
            except AssertionError:
                continue  # it cannot be left out
            found = differences(journey(), changed)
            if not found or found[0].kind == "rewritten":
                silent.append(piece.strip(", "))
    defaults = {"working_days: [mon, tue, wed, thu, fri]", "channel: email", 'id: "{url}"', "ordering: parallel"}
    orders = {"order: 10", "order: 20", "order: 30", "order: 40"}
    assert set(silent) <= defaults | orders


def test_every_kind_is_in_the_reference() -> None:
    page = (ROOT / "docs/reference/differences.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([a-z_]+)`", page))
    endings = "added|removed|changed|widened|narrowed|retargeted|moved|reordered|required|optional|shown"
    written = {
        kind
        for path in (ROOT / "engine/definitions/diff").glob("*.py")
        for kind in re.findall(rf'[^f]"([a-z_]+_(?:{endings}))"', path.read_text(encoding="utf-8"))
    }
    tried = {row[2] for row in (*CHANGES, *FORM_CHANGES)}
    assert len(written) > 60
    assert written | tried | {"rewritten", "unread"} <= documented


def test_a_question_moved_to_where_it_is_shown_later_is_a_rule() -> None:
    found = told_of_form(
        ("days: {order: 50}", "twice: {order: 60}"),
        ("fields: {note: {order: 10,", "fields: {days: {order: 5}, note: {order: 10,"),
    )
    assert [(each.kind, each.weight) for each in found if each.kind != "field_shown"] == [("field_moved", "rule")]
    assert next(each for each in found if each.kind == "field_moved").sentence.id == (
        "Formulir 'Perjalanan', 'Rincian': kini di bagian 'Telaah', semula 'Perjalanan'"
    )


def test_a_title_changed_in_one_language_is_told_in_the_other_as_well() -> None:
    (found,) = told(("title: {id: Usulan, en: Proposal}", "title: {id: Rencana, en: Proposal}"))
    assert found.sentence.id == "Judul langkah kini 'Rencana', semula 'Usulan'"
    assert found.sentence.en == "The step is now called 'Rencana (id)', before 'Usulan (id)'"


def test_how_many_people_a_case_role_holds_is_told() -> None:
    many = "legal: {title: {id: Bagian Hukum, en: Legal bureau}, resolve: {case_role: true, cardinality: many}}"
    one = many.replace("many", "one")
    written = "legal: {title: {id: Bagian Hukum, en: Legal bureau}, resolve: {group: legal}}"
    (found,) = differences(journey((written, many)), journey((written, one)))
    assert found.sentence.en.endswith("now one person chosen for the case, before people chosen for the case")
