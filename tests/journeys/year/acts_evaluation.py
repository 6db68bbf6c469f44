"""The evaluation of the region: its own answers, evidence looked at, assured, evaluated, signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from demo.performance_acts import plain_date
from demo.performance_evaluation import best_answer
from demo.performance_facts import facts
from sakip.answers import expand
from sakip.facts.evidence import Content, register
from sakip.facts.sheets import Sheet, sheet_of
from sakip.improving import kind_and_year
from tests.journeys.year.hands import Hands
from tests.journeys.year.regency import REGENCY, Played, stage_in

REGION = None  # whose parts are played: the region's own
COMPONENTS = ("planning", "measurement", "reporting", "evaluation")
AGENCIES = {
    "evidence_planning": ("planning", "measurement"), "bureau": ("reporting",),
    "evidence_inspectorate": ("evaluation",),
}  # fmt: skip


def evaluation(year: Played, fiscal: int) -> None:
    """From its opening to the signed report, and what is opened because of it."""
    said = facts()["evaluations"][fiscal]
    year.at(said["asked"])
    hands = year.sits("bureau_staff", REGION)
    hands.open("/cases/new/lke_evaluation")
    hands.fill("Tahun kinerja", str(fiscal))
    hands.choose({"subject": "region"})
    hands.press("Simpan dan periksa")
    hands.press("Mulai penilaian sendiri")
    case = hands.address.partition("?")[0]
    sheet = _registered(year, fiscal, said["verify"]["missing"])
    worksheet = f"/performance/worksheets/{case.rpartition('/')[2]}"
    year.kept |= {"evaluation": case, "worksheet": worksheet}
    _self(year, sheet, worksheet, said["self"])
    _verify(year, worksheet, said["verify"])
    _assure(year, sheet, worksheet, said["assure"])
    _final(year, sheet, worksheet, said)
    _signed(year, case, said)


def _self(year: Played, sheet: Sheet, worksheet: str, said: Mapping[str, Any]) -> None:
    """Every criterion is answered, a component at a time, and every registered piece used where it is asked."""
    hands = year.sits("bureau_staff", REGION)
    hands.open(worksheet)
    hands.press("Pakai semua bukti terdaftar")
    for component, answers in _answers(sheet, said["met"]):
        hands.open(f"{worksheet}?component={component}")
        hands.choose(answers)
        hands.press("Simpan draf")
    year.at(said["locked"])
    _locked(year, worksheet, "bureau_staff", "Kunci penilaian sendiri")


def _verify(year: Played, worksheet: str, said: Mapping[str, Any]) -> None:
    """Each agency looks at the evidence of its components."""
    begin = datetime.fromisoformat(said["done"])
    for hour, (part, components) in enumerate(AGENCIES.items()):
        year.at((begin + timedelta(hours=hour)).strftime("%Y-%m-%d %H:%M"))
        hands = year.sits(part, REGION)
        for component in components:
            hands.open(f"{worksheet}?component={component}")
            judged = {name: "accepted" for name in hands.fields() if name.startswith("judge:")}
            for path, pieces in said["refused"].items():
                if path.startswith(f"{component}."):
                    judged |= {f"judge:{path}:{piece}": "refused" for piece in pieces}
                    judged[f"note:{path}"] = said["note"]
            hands.choose(judged)
            hands.press("Simpan")
        _locked(year, worksheet, part, "Selesai memeriksa")


def _assure(year: Played, sheet: Sheet, worksheet: str, said: Mapping[str, Any]) -> None:
    year.at(said["locked"])
    _confirmed(year.sits("assurer", REGION), sheet, worksheet, said)
    _locked(year, worksheet, "assurer", "Kunci penjaminan mutu")


def _final(year: Played, sheet: Sheet, worksheet: str, said: Mapping[str, Any]) -> None:
    year.at(said["final"]["locked"])
    hands = year.sits("evaluator", REGION)
    _confirmed(hands, sheet, worksheet, said["final"])
    hands.follow("Ringkasan dan isian lain")
    told = [(row["path"], row["text"], plain_date(row["due_on"])) for row in said["recommendations"]]
    hands.fill("paste:recommendations", "\n".join("\t".join(row) for row in told))
    hands.press("Tambahkan baris ini", 1)  # the first is that of the answers
    hands.fill("summary", said["summary"])
    hands.press("Simpan draf")
    _locked(year, worksheet, "evaluator", "Kunci penilaian akhir")


def _signed(year: Played, case: str, said: Mapping[str, Any]) -> None:
    signed = said["final"]["signed"]
    year.at(signed)
    hands = year.sits("lead", REGION)
    hands.open(f"{case}/edit")
    hands.choose({"report_number": said["number"], "report_on": signed[:10]})
    hands.press("Simpan dan periksa")
    hands.press("Tetapkan dan tutup")
    year.work()


def _confirmed(hands: Hands, sheet: Sheet, worksheet: str, said: Mapping[str, Any]) -> None:
    """*Sama* for a whole part, but where the facts have another answer."""
    notes: Mapping[str, str] = said.get("notes", {})
    answers = dict(_answers(sheet, said["met"]))
    for component in COMPONENTS:
        hands.open(f"{worksheet}?component={component}")
        while hands.has("Sama untuk yang belum di sini"):
            hands.press("Sama untuk yang belum di sini")
        own = [path for path in notes if path.startswith(f"{component}.")]
        if own:
            hands.choose({f"answer:{path}": answers[component][f"answer:{path}"] for path in own})
            hands.choose({f"note:{path}": notes[path] for path in own})
            hands.press("Simpan")


def _locked(year: Played, worksheet: str, part: str, button: str) -> None:
    hands = year.sits(part, REGION)
    hands.open(worksheet)
    hands.press(button)
    assert f"{button}: selesai" in hands.text, hands.text
    year.work()


def _answers(sheet: Sheet, met: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """A component and what is chosen for each of its criteria: the best answer that is not above the share met."""
    chosen = {
        path: best_answer(sheet.questions[path], Fraction(str(share)))
        for path, share in expand(sheet.sections, met).items()
    }
    for component in COMPONENTS:
        yield component, {f"answer:{path}": key for path, key in chosen.items() if path.startswith(f"{component}.")}


def _registered(year: Played, fiscal: int, missing: Any) -> Sheet:
    """The evidence the region has is in its register, put there by what fills it in the demonstration too."""
    with year.database.writing.begin() as session:
        stage = stage_in(session)
        acts = stage.acts
        sheet = sheet_of(session, acts.region.id, None, fiscal)
        by = acts.person(stage.hand("bureau_staff")).id
        for name in dict.fromkeys(piece for pieces in sheet.pieces().values() for piece in pieces):
            kind, of_year = kind_and_year(name, fiscal)
            if kind not in missing:
                register(
                    session, acts.region.id, None, kind=kind, year=of_year, title=f"{kind} {of_year}", by=by,
                    content=Content(link=f"https://dokumen.example/{REGENCY}/{kind}-{of_year}"), now=year.clock(),
                )  # fmt: skip
    return sheet
