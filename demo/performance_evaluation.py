"""Evaluations of the demonstration's years of performance: worksheet, tiers, report, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from demo.performance_acts import Acts, plain_date
from demo.performance_after import publish_rubric
from demo.performance_facts import Stage, facts
from sakip.answers import expand
from sakip.facts.evidence import Content, offered, register
from sakip.facts.grades import Given, record_grade
from sakip.facts.scores import piece_name
from sakip.facts.sheets import Sheet, sheet_of
from sakip.pieces_held import kind_and_year
from sakip.worksheet import Question

EVALUATION = "lke_evaluation"
EVERYTHING = "everything"  # evidence of every criterion is registered, whether it answers it or not
AGENCIES = {"bappeda": "evidence_planning", "organisation_bureau": "bureau", "inspectorate": "evidence_inspectorate"}


def play_evaluation(stage: Stage, year: int) -> None:
    """The region itself is evaluated for a year, through all tiers, until the report is signed."""
    said = facts()["evaluations"].get(year)
    if said is None:
        return
    acts = stage.acts
    begin = acts.moment(said["asked"])
    acts.reached(begin)
    publish_rubric(stage, year)
    case_id = acts.open(EVALUATION, stage.hand("bureau_staff"), begin, {"year": year, "subject": "region"})
    acts.do(case_id, stage.hand("bureau_staff"), "begin", begin + timedelta(minutes=20))
    sheet = sheet_of(acts.session, acts.region.id, None, year)
    pieces = _registered(stage, sheet, said["verify"]["missing"], begin)
    _self(stage, case_id, sheet, said, pieces)
    _verify(stage, case_id, sheet, said["verify"], pieces)
    _assure(stage, case_id, sheet, said)
    _final(stage, case_id, sheet, said)
    if "ministry" in said:
        _ministry(stage, year, said["ministry"])


def answers(sheet: Sheet, met: Mapping[str, Any], there: Mapping[str, int]) -> list[dict[str, Any]]:
    """A row a question: on its scale the best answer that is not above the share met; where evidence is the answer, the
    pieces that are there. ``met``: path or pattern -> share."""
    found = []
    for path, share in expand(sheet.sections, met).items():
        question = sheet.questions[path]
        asked = sheet.pieces()[path]
        row: dict[str, Any] = {"path": path, "question": question.title.id}
        if question.pieces is None:
            row["answer"] = best_answer(question, Fraction(str(share)))
        else:
            held = [piece for piece in question.pieces if piece in there]
            row |= {"pieces": held} if held else {"answer": "none"}
        found.append(row | {"evidence": [there[piece] for piece in asked if piece in there]})
    return found


def best_answer(question: Question, share: Fraction) -> str:
    """The best answer of a question's scale that is worth no more than what is met."""
    within = {key: worth for key, worth in question.shares.items() if worth <= share}
    return max(within, key=lambda key: within[key])


def checked(sheet: Sheet, said: Mapping[str, Any], there: Mapping[str, int]) -> list[dict[str, Any]]:
    """A row a criterion that asks for evidence: what is there is accepted, but for what the facts refuse."""
    agencies = sheet.evaluation.tiers["verify"].by_component
    found = []
    for path, asked in sheet.pieces().items():
        if asked:
            refused = [piece for piece in said["refused"].get(path, ()) if piece in there]
            row: dict[str, Any] = {
                "path": path, "agency": agencies[path.partition(".")[0]], "asked": list(asked),
                "pieces": [piece for piece in asked if piece in there and piece not in refused],
                "refused": refused, "checked": True,
            }  # fmt: skip
            found.append(row | ({"note": said["note"]} if refused else {}))
    return found


def _registered(stage: Stage, sheet: Sheet, missing: Any, at: datetime) -> dict[str, int]:
    """Every piece the worksheet asks and the region has, registered once, by its name in the worksheet."""
    acts, asked = stage.acts, sheet.pieces()
    if stage.own["evidence"] != EVERYTHING:
        asked = {path: question.pieces or () for path, question in sheet.questions.items()}
    wanted = dict.fromkeys(piece for pieces in asked.values() for piece in pieces)
    person = acts.person(stage.hand("bureau_staff"))
    found = {}
    for name in wanted:
        kind, year = kind_and_year(name, sheet.year)
        if kind in missing:
            continue
        known = offered(acts.session, acts.region.id, None, kind, year)
        piece = known[0] if known else register(
            acts.session, acts.region.id, None, kind=kind, year=year,
            title=f"{sheet.evaluation.evidence_kinds[kind].title.id} {year}",
            content=Content(link=f"https://dokumen.example/{acts.region.key}/{kind}-{year}"), by=person.id, now=at,
        )  # fmt: skip
        found[piece_name(sheet, piece)] = piece.id
    return found


def _self(stage: Stage, case_id: int, sheet: Sheet, said: Mapping[str, Any], pieces: Mapping[str, int]) -> None:
    acts, one = stage.acts, said["self"]
    last = {row["path"]: row for row in acts.rows(case_id, "self", acts.moment(one["locked"]))}
    rows = [{**last.get(row["path"], {}), **row} for row in answers(sheet, one["met"], pieces)]
    acts.do(case_id, stage.hand("bureau_staff"), "lock", acts.moment(one["locked"]), {"self": rows})


def _verify(stage: Stage, case_id: int, sheet: Sheet, said: Mapping[str, Any], pieces: Mapping[str, int]) -> None:
    at, rows = stage.acts.moment(said["done"]), checked(sheet, said, pieces)
    for place, (agency, part) in enumerate(AGENCIES.items()):
        moment = at + timedelta(hours=place)
        stage.acts.do(case_id, stage.hand(part), f"{agency}_done", moment, {"verify": rows})


def confirmed(acts: Acts, case_id: int, sheet: Sheet, tier: str, said: Mapping[str, Any], at: datetime) -> Any:
    """The rows of a tier that starts from an earlier one: what it found met, with a note where the facts have one."""
    met = expand(sheet.sections, said["met"])
    rows = []
    for row in acts.rows(case_id, tier, at):
        question = sheet.questions[row["path"]]
        if question.pieces is None:
            row["answer"] = best_answer(question, Fraction(str(met[row["path"]])))
        if row["path"] in said.get("notes", {}):
            row["note"] = said["notes"][row["path"]]
        rows.append(row | {"confirmed_in": tier})
    return rows


def _assure(stage: Stage, case_id: int, sheet: Sheet, said: Mapping[str, Any]) -> None:
    at = stage.acts.moment(said["assure"]["locked"])
    rows = confirmed(stage.acts, case_id, sheet, "assure", said["assure"], at)
    stage.acts.do(case_id, stage.hand("assurer"), "lock", at, {"assure": rows})


def recommendations(sheet: Sheet, said: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What the evaluator recommends: the facts' own, and advice for every answer so low that the rubric asks for it."""
    asked, rule = sheet.questions, sheet.evaluation.recommendations
    found = {
        row["path"]: {name: plain_date(value) for name, value in row.items()}
        for row in said["recommendations"]
        if row["path"] in asked
    }
    advice = expand(sheet.sections, said["advice"])
    for row in rows:
        worth = asked[row["path"]].shares.get(row.get("answer") or "")
        if rule is not None and worth is not None and worth < rule.required_below:
            found.setdefault(row["path"], {"path": row["path"], "text": advice[row["path"]]})
    return list(found.values())


def _final(stage: Stage, case_id: int, sheet: Sheet, said: Mapping[str, Any]) -> None:
    acts, one = stage.acts, said["final"]
    at = acts.moment(one["locked"])
    rows = confirmed(acts, case_id, sheet, "final", one, at)
    recommended = recommendations(sheet, said, rows)
    found = {"final": rows, "recommendations": recommended, "summary": said["summary"]}
    acts.do(case_id, stage.hand("evaluator"), "lock", at, found)
    signed = acts.moment(one["signed"])
    report = {"report_number": said["number"], "report_on": signed.date().isoformat()}
    acts.do(case_id, stage.hand("lead"), "close", signed, report)


def _ministry(stage: Stage, year: int, said: Mapping[str, Any]) -> None:
    acts, at = stage.acts, stage.acts.moment(said["typed"])
    acts.reached(at)
    given = Given(said["predicate"], said["score"], said["letter"], said["dated"])
    record_grade(acts.session, acts.region.id, None, year, given, by=acts.person(stage.hand("bureau")).id, now=at)
