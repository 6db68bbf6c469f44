"""The fixed words of a performance agreement, as the regulation's form has them (PermenPANRB 53/2014, annex I)."""

from __future__ import annotations

from engine.definitions.model import Text

HEADING = Text("Perjanjian Kinerja Tahun {year}", "Performance Agreement {year}")
REVISION = Text("Perubahan", "Revision")
NO_DATE = Text("belum ditandatangani", "not signed yet")
SIGNED = Text("Ditandatangani secara elektronik oleh {who}, {moment}", "Signed electronically by {who}, {moment}")
ON_BEHALF = Text("{name} atas nama {principal}", "{name} on behalf of {principal}")

TEXTS = {
    "opening": Text(
        "Dalam rangka mewujudkan manajemen pemerintahan yang efektif, transparan, dan "
        "akuntabel serta berorientasi pada "
        "hasil, yang bertanda tangan di bawah ini:",
        "To bring about effective, transparent and accountable public administration that works towards results, the "
        "undersigned:",
    ),
    "alone": Text("selaku kepala daerah,", "as the head of the region,"),
    "promise": Text(
        "Pihak Kesatu berjanji akan mewujudkan target kinerja yang seharusnya sesuai "
        "lampiran perjanjian ini, dalam rangka "
        "mencapai target kinerja jangka menengah seperti yang telah ditetapkan dalam "
        "dokumen perencanaan. Keberhasilan dan "
        "kegagalan pencapaian target kinerja tersebut menjadi tanggung jawab Pihak Kesatu.",
        "The First Party promises to reach the performance targets of the annex to this "
        "agreement, towards the medium-term "
        "targets set in the planning documents. Success and failure in reaching them are "
        "the responsibility of the First "
        "Party.",
    ),
    "supervision": Text(
        "Pihak Kedua akan melakukan supervisi yang diperlukan serta melakukan evaluasi terhadap capaian kinerja dari "
        "perjanjian ini dan mengambil tindakan yang diperlukan dalam rangka pemberian penghargaan dan sanksi.",
        "The Second Party will supervise as needed, evaluate the performance reached "
        "under this agreement, and take the "
        "steps needed for reward and sanction.",
    ),
}

_STRATEGIC = {"goal": Text("Sasaran Strategis", "Strategic goal"), "programme": Text("Program", "Programme")}
LABELS = {
    "region": _STRATEGIC,
    "agency": _STRATEGIC,
    "division": {"goal": Text("Sasaran Program", "Programme goal"), "programme": Text("Kegiatan", "Activity")},
    "section": {"goal": Text("Sasaran Kegiatan", "Activity goal"), "programme": Text("Subkegiatan", "Sub-activity")},
    "individual": {"goal": Text("Sasaran Kinerja", "Performance goal"), "programme": Text("Kegiatan", "Activity")},
}
