"""Why an act is not possible: every code of the reference with its sentence, its values and the next step to offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from types import MappingProxyType
from typing import Any

from engine.changes import FieldFault, Refusal
from engine.definitions.model import Text


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence with values in braces, and what to do next."""

    sentence: Text
    next_step: Text | None = None


_WATCH = Text("Ikuti kasus ini", "Follow this case")
_WHO_MAY = Text("Lihat siapa yang boleh", "See who may")
_FIELD = Text("Ke isian", "Go to the field")

WORDINGS: Mapping[str, Wording] = MappingProxyType(
    {
        "unknown_event": Wording(
            Text("Langkah ini tidak mengenal '{action}'.", "This step does not know '{action}'."), _WATCH
        ),
        "not_candidate": Wording(
            Text("Langkah ini dikerjakan {who}.", "This step is done by {who}."),
            _WATCH,
        ),
        "not_your_turn": Wording(
            Text("Menunggu keputusan {who} lebih dahulu.", "Waiting for the decision of {who} first."),
            Text("Lihat siapa yang pertama", "See who is first"),
        ),
        "claimed_by_other": Wording(
            Text("Sedang dipegang {who} sejak {since}.", "Held by {who} since {since}."),
            Text("Minta kepadanya", "Ask for it"),
        ),
        "excluded": Wording(
            Text(
                "Anda menyusun atau memproses dokumen ini. Langkah ini harus dikerjakan orang lain.",
                "You prepared or handled this document. Somebody else has to take this step.",
            ),
            _WHO_MAY,
        ),
        "separation_of_duties": Wording(
            Text(
                "Ada benturan kepentingan: Anda tidak boleh bertindak sebagai {role} pada kasus ini.",
                "There is a conflict of interest: you may not act as {role} in this case.",
            ),
            _WHO_MAY,
        ),
        "not_within_acting_powers": Wording(
            Text("{kind} tidak berwenang melakukan '{action}'.", "As {kind} you have no power to '{action}'."),
            _WHO_MAY,
        ),
        "mandate_expired": Wording(
            Text("Mandat {kind} Anda berakhir {until}.", "Your mandate as {kind} ended on {until}."),
            Text("Hubungi bagian kepegawaian", "Ask the personnel office"),
        ),
        "comment_required": Wording(
            Text("Tulis alasan atau catatan untuk '{action}'.", "Write a reason or comment for '{action}'."), _FIELD
        ),
        "attachment_required": Wording(
            Text("Lampirkan berkas untuk '{action}'.", "Attach a file for '{action}'."), _FIELD
        ),
        "field_invalid": Wording(
            Text(
                "{count} isian belum lengkap atau belum benar: {fields}.",
                "{count} answers are missing or not right: {fields}.",
            ),
            Text("Ke isian", "Go to the fields"),
        ),
        "guard": Wording(
            Text("Belum memenuhi syarat: {reason}", "A condition is not met: {reason}"),
            Text("Lihat nilainya", "See the values"),
        ),
        "already_decided": Wording(
            Text(
                "{who} sudah memutus '{outcome}' pada {when}.{missing}",
                "{who} decided '{outcome}' on {when}.{missing}",
            )
        ),
        "unknown_item": Wording(
            Text("Butir ini tidak ada atau sudah selesai.", "There is no such item, or it is finished.")
        ),
        "waiting_for_branch": Wording(
            Text("Menunggu {branches} selesai.", "Waiting for {branches} to finish."),
            Text("Lihat cabang itu", "See the branch"),
        ),
        "outside_schedule": Wording(
            Text("{schedule} dibuka {opens} sampai {closes}.", "{schedule} is open from {opens} to {closes}."),
            Text("Bila masanya sudah lewat, minta perpanjangan", "If it is over, ask for more time"),
        ),
        "suspended": Wording(
            Text("Kasus dijeda{since}: {reason}.", "The case is paused{since}: {reason}."),
            Text("Lihat alasannya", "See the reason"),
        ),
        "stale_revision": Wording(
            Text(
                "Dokumen berubah sejak Anda membukanya. Catatan Anda tetap tersimpan.",
                "The document changed since you opened it. What you typed is kept.",
            ),
            Text("Muat ulang; ketikan Anda tidak hilang", "Reload; nothing typed is lost"),
        ),
        "not_recallable": Wording(
            Text(
                "Langkah terakhir pada kasus ini tidak dapat ditarik kembali.",
                "The last step of this case cannot be taken back.",
            )
        ),
        "second_factor_required": Wording(
            Text("Masukkan kode verifikasi.", "Enter the verification code."), Text("Kode verifikasi", "The code")
        ),
    }
)  # fmt: skip

CODES = frozenset(WORDINGS)
INCIDENTS = frozenset(
    {"no_candidate", "effect_failed", "timer_failed", "no_rule_matched", "message_failed", "migration_blocked"}
)

_MONTHS = (
    Text("Januari", "January"), Text("Februari", "February"), Text("Maret", "March"), Text("April", "April"),
    Text("Mei", "May"), Text("Juni", "June"), Text("Juli", "July"), Text("Agustus", "August"),
    Text("September", "September"), Text("Oktober", "October"), Text("November", "November"),
    Text("Desember", "December"),
)  # fmt: skip


def refuse(code: str, *, faults: tuple[FieldFault, ...] = (), **values: Any) -> Refusal:
    """The refusal ``code`` with its sentence filled in; values are Text or shown as they are."""
    wording = WORDINGS[code]
    return Refusal(code, fill(wording.sentence, values), wording.next_step, values, faults)


def fill(sentence: Text, values: Mapping[str, Any]) -> Text:
    """``sentence`` with its braces filled, per language."""
    shown = {language: {name: _shown(value, language) for name, value in values.items()} for language in ("id", "en")}
    return Text(sentence.id.format_map(shown["id"]), sentence.en.format_map(shown["en"]))


def _shown(value: Any, language: str) -> str:
    return value.into(language) if isinstance(value, Text) else str(value)


def day_text(day: date) -> Text:
    """ "4 Mei 2026" and "4 May 2026"."""
    month = _MONTHS[day.month - 1]
    return Text(f"{day.day} {month.id} {day.year}", f"{day.day} {month.en} {day.year}")


def moment_text(moment: datetime, zone: tzinfo) -> Text:
    """ "4 Mei 2026 pukul 09.12 WIB" and "4 May 2026 09:12 WIB", in ``zone``."""
    local = moment.astimezone(zone)
    day, name = day_text(local.date()), local.tzname() or ""
    return Text(f"{day.id} pukul {local:%H.%M} {name}", f"{day.en} {local:%H:%M} {name}")


def either(texts: Sequence[Text], nobody: Text) -> Text:
    """ "A, B atau C": the alternatives in one phrase; ``nobody`` when there are none."""
    if not texts:
        return nobody
    if len(texts) == 1:
        return texts[0]
    return Text(
        f"{', '.join(text.id for text in texts[:-1])} atau {texts[-1].id}",
        f"{', '.join(text.en for text in texts[:-1])} or {texts[-1].en}",
    )


def missing_fields(faults: tuple[FieldFault, ...], titles: Mapping[str, Text]) -> Refusal:
    """``field_invalid`` naming the questions by their titles."""
    names: list[Text] = []
    for fault in faults:
        title = titles.get(fault.path.partition(".")[0]) or Text(fault.path, fault.path)
        if title not in names:
            names.append(title)
    fields = Text(", ".join(name.id for name in names), ", ".join(name.en for name in names))
    return refuse("field_invalid", faults=faults, count=len(names), fields=fields)
