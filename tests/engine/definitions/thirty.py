"""A case type of thirty steps, as large offices have them: reception, three examining branches, decision, appeal."""

from __future__ import annotations

from engine import vocabulary
from engine.definitions.load import build
from engine.definitions.model import Definition

HEAD = """\
schema: casework/1
case_type: thirty
version: 1.0.0
title: {id: Izin usaha besar, en: Large permit}
legal_basis: [PP 5/2021]
roles:
  applicant: {title: {id: Pemohon, en: Applicant}, resolve: initiator}
  officer: {title: {id: Petugas loket, en: Counter officer}, resolve: {group: counter}}
  expert: {title: {id: Tenaga ahli, en: Expert}, resolve: {group: experts}}
  head: {title: {id: Kepala dinas, en: Head of agency}, resolve: {group: heads}}
lifecycle:
  initial: drafting
  states:
"""

# key, titles, who, and where its actions lead: action -> (title id, title en, target)
STEPS = [
    ("drafting", "Penyusunan berkas", "Drafting", "applicant", {"submit": ("Ajukan", "Submit", "reception")}),
    ("reception", "Penerimaan di loket", "Reception", "officer",
     {"accept": ("Terima", "Accept", "completeness"), "refuse": ("Tolak", "Refuse", "refused")}),
    ("completeness", "Pemeriksaan kelengkapan", "Completeness check", "officer",
     {"complete": ("Lengkap", "Complete", "registration"), "return": ("Kembalikan", "Return", "completion")}),
    ("completion", "Perbaikan berkas", "Completing the file", "applicant",
     {"resubmit": ("Ajukan lagi", "Submit again", "completeness"), "withdraw": ("Batalkan", "Withdraw", "withdrawn")}),
    ("registration", "Pencatatan", "Registration", "officer",
     {"register": ("Catat", "Register", "fee_billing")}),
    ("fee_billing", "Penagihan retribusi", "Billing the fee", "officer",
     {"bill": ("Tagih", "Bill", "fee_payment")}),
    ("fee_payment", "Pembayaran retribusi", "Paying the fee", "applicant",
     {"pay": ("Bayar", "Pay", "examination"), "withdraw": ("Batalkan", "Withdraw", "withdrawn")}),
    ("site_visit_plan", "Rencana peninjauan", "Planning the visit", "expert",
     {"plan": ("Jadwalkan", "Plan", "site_visit")}),
    ("site_visit", "Peninjauan lapangan", "Site visit", "expert",
     {"report": ("Laporkan", "Report", "minutes")}),
    ("minutes", "Berita acara", "Minutes", "expert",
     {"sign": ("Tandatangani", "Sign", "recommendation"), "repeat": ("Ulangi", "Repeat", "site_visit_plan")}),
    ("recommendation", "Rekomendasi teknis", "Recommendation", "expert",
     {"recommend": ("Rekomendasikan", "Recommend", "section_review")}),
    ("section_review", "Telaah kepala seksi", "Section review", "head",
     {"approve": ("Setujui", "Approve", "division_review"), "return": ("Kembalikan", "Return", "recommendation")}),
    ("division_review", "Telaah kepala bidang", "Division review", "head",
     {"approve": ("Setujui", "Approve", "secretary_review"), "return": ("Kembalikan", "Return", "section_review")}),
    ("secretary_review", "Telaah sekretaris", "Secretary's review", "head",
     {"approve": ("Setujui", "Approve", "decree_draft"), "return": ("Kembalikan", "Return", "division_review")}),
    ("decree_draft", "Konsep keputusan", "Drafting the decree", "officer",
     {"send": ("Kirim", "Send", "decree_signing")}),
    ("decree_signing", "Penandatanganan", "Signing", "head",
     {"sign": ("Tandatangani", "Sign", "delivery"), "reject": ("Tolak", "Reject", "rejection_letter")}),
    ("rejection_letter", "Surat penolakan", "Letter of refusal", "officer",
     {"send": ("Kirim", "Send", "objection_time")}),
    ("objection_time", "Masa keberatan", "Time to object", "applicant",
     {"object": ("Keberatan", "Object", "objection"), "accept": ("Terima", "Accept", "refused")}),
    ("objection", "Penelaahan keberatan", "Looking at the objection", "head",
     {"uphold": ("Kabulkan", "Uphold", "examination"), "dismiss": ("Tolak", "Dismiss", "refused")}),
    ("delivery", "Penyerahan izin", "Delivery", "officer",
     {"deliver": ("Serahkan", "Deliver", "in_force")}),
    ("in_force", "Izin berlaku", "In force", "applicant",
     {"renew": ("Perpanjang", "Renew", "reception"), "close": ("Tutup", "Close", "closed")}),
]  # fmt: skip
BRANCHES = {
    "environment": ("environment_check", "Lingkungan hidup", "Environment"),
    "spatial": ("spatial_check", "Tata ruang", "Spatial plan"),
    "safety": ("safety_check", "Keselamatan", "Safety"),
}
ENDS = {
    "refused": ("Ditolak", "Refused"),
    "withdrawn": ("Dibatalkan", "Withdrawn"),
    "closed": ("Selesai", "Closed"),
}


def text_of_thirty() -> str:
    """The YAML text."""
    lines = [HEAD]
    for key, indonesian, english, role, actions in STEPS:
        lines.append(
            f"    {key}:\n      title: {{id: {indonesian}, en: {english}}}\n      task: {{candidates: [{role}]}}\n"
        )
        lines.append("      transitions:\n")
        for action, (one, other, to) in actions.items():
            lines.append(f"        {action}: {{to: {to}, title: {{id: {one}, en: {other}}}}}\n")
        if key == "fee_payment":
            lines.append(_examination())
    for key, (indonesian, english) in ENDS.items():
        lines.append(f"    {key}: {{type: final, title: {{id: {indonesian}, en: {english}}}}}\n")
    return "".join(lines)


def _examination() -> str:
    """A parallel state of three branches, in the middle of it all."""
    text = "    examination:\n      type: parallel\n      title: {id: Pemeriksaan teknis, en: Examination}\n"
    text += "      join: {all_of: [environment, spatial, safety]}\n      regions:\n"
    for region, (key, indonesian, english) in BRANCHES.items():
        text += (
            f"        {region}:\n          initial: {key}\n          states:\n"
            f"            {key}:\n              title: {{id: {indonesian}, en: {english}}}\n"
            f"              task: {{candidates: [expert]}}\n"
            f"              transitions: {{fit: {{to: {key}_done, title: {{id: Layak, en: Fit}}}}}}\n"
            f"            {key}_done: {{type: final, title: {{id: {indonesian} layak, en: {english} is fit}}}}\n"
        )
    return text + "      transitions: {done: {to: site_visit_plan, title: {id: Layak semua, en: All fit}}}\n"


def thirty() -> Definition:
    """The definition; without errors."""
    definition, problems = build({"workflows/thirty.yaml": text_of_thirty()}, "thirty", vocabulary.load())
    assert definition is not None, [problem.message.en for problem in problems if problem.is_error]
    return definition
