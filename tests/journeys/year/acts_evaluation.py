"""The evaluation of the region: its own answers, evidence looked at, assured, evaluated, signed.

All of it goes by what its people see on their pages, but for the evidence of 2026: the same form was filled in for
every piece of the year before. *Sama* is pressed in one tier; in the others the answers are chosen. Where acts alike
are not repeated, all of 2026 goes as in the demonstration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from demo.performance_acts import plain_date
from demo.performance_evaluation import best_answer, play_evaluation
from demo.performance_facts import facts
from sakip.answers import expand
from sakip.facts.models import ScoreRow
from sakip.facts.sheets import Sheet
from tests.journeys.year.acts_evidence import put_into_register, registered, sheet_in
from tests.journeys.year.hands import Hands
from tests.journeys.year.regency import Played, stage_in

REGION = None  # whose parts are played: the region's own
COMPONENTS = ("planning", "measurement", "reporting", "evaluation")
AGENCIES = {
    "evidence_planning": ("planning", "measurement"), "bureau": ("reporting",),
    "evidence_inspectorate": ("evaluation",),
}  # fmt: skip
NEXT = "Simpan dan lanjut"


def evaluation(year: Played) -> None:
    """Of 2025, from its opening to the signed report, and what is opened because of it."""
    year.kept["worksheet"] = _evaluated(year, 2025, registered, _confirm)


def next_evaluation(year: Played) -> None:
    """Of 2026: what the way to the next predicate raised is found raised."""

    if year.repeats:
        year.publish_rubric(2026)
        year.kept["later"] = _evaluated(year, 2026, put_into_register, _answer)
        return
    year.at(facts()["evaluations"][2026]["final"]["signed"])
    with year.database.writing.begin() as session:
        stage = stage_in(session)
        play_evaluation(stage, 2026)
        case_id = session.scalars(select(ScoreRow.case_id).where(ScoreRow.year == 2026)).first()
    year.kept["later"] = f"/performance/worksheets/{case_id}"


def _evaluated(
    year: Played, fiscal: int, evidence: Callable[..., None], assured: Callable[[Hands, Sheet, Mapping[str, Any]], None]
) -> str:
    """Through every tier; the address of the worksheet. ``evidence`` fills the register, ``assured`` a tier."""
    said = facts()["evaluations"][fiscal]
    year.at(said["asked"])
    case = _opened(year.sits("bureau_staff", REGION), fiscal)
    worksheet = f"/performance/worksheets/{case.rpartition('/')[2]}"
    sheet = sheet_in(year, fiscal)
    evidence(year, sheet, worksheet, said["verify"]["missing"])
    year.at(said["self"]["locked"])
    hands = year.sits("bureau_staff", REGION)
    hands.open(worksheet)
    hands.press("Pakai semua bukti terdaftar")
    _answer(hands, sheet, said["self"])
    _lock(year, hands, "Kunci penilaian sendiri")
    _verify(year, worksheet, said["verify"])
    year.at(said["assure"]["locked"])
    hands = year.sits("assurer", REGION)
    hands.open(worksheet)
    assured(hands, sheet, said["assure"])
    year.look(year.hand("assurer", REGION), hands.address)
    _lock(year, hands, "Kunci penjaminan mutu")
    _finish(year, sheet, worksheet, said)
    _sign(year, case, said)
    return worksheet


def _opened(hands: Hands, fiscal: int) -> str:
    """The address of the case."""
    hands.open("/cases/new/lke_evaluation")
    hands.fill("Tahun kinerja", str(fiscal))
    hands.choose({"subject": "region"})
    hands.press("Simpan dan periksa")
    hands.press("Mulai penilaian sendiri")
    return hands.address.partition("?")[0]


def _answer(hands: Hands, sheet: Sheet, said: Mapping[str, Any]) -> None:
    """Every criterion is answered, a component at a time from the page of the first, with notes; back at that page."""
    for component, answers in _answers(sheet, said["met"]).items():
        hands.choose(answers | _notes(said, component))
        hands.press(NEXT)


def _confirm(hands: Hands, sheet: Sheet, said: Mapping[str, Any]) -> None:
    """The same, but the first component by *Sama* for whole parts, where the facts have no other answer."""
    first, *others = _answers(sheet, said["met"]).items()
    while hands.has("Sama untuk yang belum di sini"):
        hands.press("Sama untuk yang belum di sini")
    notes = _notes(said, first[0])
    hands.choose({f"answer:{name.partition(':')[2]}": first[1][f"answer:{name.partition(':')[2]}"] for name in notes})
    hands.choose(notes)
    hands.press(NEXT)
    for component, answers in others:
        hands.choose(answers | _notes(said, component))
        hands.press(NEXT)


def _verify(year: Played, worksheet: str, said: Mapping[str, Any]) -> None:
    """Each agency looks at the evidence of its components."""
    begin = datetime.fromisoformat(said["done"])
    for hour, (part, components) in enumerate(AGENCIES.items()):
        year.at((begin + timedelta(hours=hour)).strftime("%Y-%m-%d %H:%M"))
        hands = year.sits(part, REGION)
        hands.open(f"{worksheet}?component={components[0]}")
        for component in components:
            judged = {name: "accepted" for name in hands.fields() if name.startswith("judge:")}
            for path, pieces in said["refused"].items():
                if path.startswith(f"{component}."):
                    judged |= {f"judge:{path}:{piece}": "refused" for piece in pieces}
                    judged[f"note:{path}"] = said["note"]
            hands.choose(judged)
            hands.press(NEXT)
        _lock(year, hands, "Selesai memeriksa")


def _finish(year: Played, sheet: Sheet, worksheet: str, said: Mapping[str, Any]) -> None:
    """The last tier, with what is recommended."""
    final = said["final"]
    year.at(final["locked"])
    hands = year.sits("evaluator", REGION)
    hands.open(worksheet)
    _answer(hands, sheet, final)
    hands.follow("Ringkasan dan isian lain")
    told = [(row["path"], row["text"], plain_date(row["due_on"])) for row in said["recommendations"]]
    hands.fill("paste:recommendations", "\n".join("\t".join(row) for row in told))
    hands.press("Tambahkan baris ini: Rekomendasi")
    hands.fill("summary", said["summary"])
    hands.press("Simpan draf")
    hands.open(worksheet)
    _lock(year, hands, "Kunci penilaian akhir")


def _sign(year: Played, case: str, said: Mapping[str, Any]) -> None:
    signed = said["final"]["signed"]
    year.at(signed)
    hands = year.sits("lead", REGION)
    hands.open(f"{case}/edit")
    hands.choose({"report_number": said["number"], "report_on": signed[:10]})
    hands.press("Simpan dan periksa")
    hands.press("Tetapkan dan tutup")
    year.work()


def _lock(year: Played, hands: Hands, button: str) -> None:
    hands.press(button)
    assert f"{button}: selesai" in hands.text, hands.text
    year.work()


def _notes(said: Mapping[str, Any], component: str) -> dict[str, str]:
    notes: Mapping[str, str] = said.get("notes", {})
    return {f"note:{path}": note for path, note in notes.items() if path.startswith(f"{component}.")}


def _answers(sheet: Sheet, met: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """By component what is chosen for each criterion: the best answer that is not above the share met."""
    return {
        component: {
            f"answer:{path}": best_answer(sheet.questions[path], Fraction(str(share)))
            for path, share in expand(sheet.sections, met).items()
            if path.startswith(f"{component}.")
        }
        for component in COMPONENTS
    }
