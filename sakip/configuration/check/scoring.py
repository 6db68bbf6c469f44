"""WF202 and WF223: names a worksheet uses, and scorings without what they need."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.model import Text
from engine.definitions.problems import WARNING, closest, did_you_mean, shorten
from engine.definitions.source import LIST, MAP, TEXT, Entry, Node
from sakip.configuration.check.around import Around
from sakip.configuration.check.findings import BELOW, Cause, Findings
from sakip.configuration.check.look import entries, text
from sakip.configuration.check.measurement import SCALE
from sakip.configuration.check.methods import one_of
from sakip.configuration.check.sheet import Part, Question, parts_of

ANSWER, EVIDENCE = Text("jawaban", "answer"), Text("jenis bukti", "evidence kind")
CASE_TYPE, MILESTONE = Text("jenis kasus", "case type"), Text("tonggak", "milestone")


def check_worksheet_names(root: Node, around: Around, found: Findings) -> None:
    """Scales, answers, evidence kinds and scorings that are named somewhere."""
    scales, kinds = entries(root, "scales"), entries(root, "evidence_kinds")
    for part in parts_of(root):
        one_of(part.entry.value.get("scoring"), around.kinds.scorings, found)
        found.known(_named(part.entry), SCALE, scales, ("scales",))
        for question in part.questions:
            found.known(_named(question.entry), SCALE, scales, ("scales",))
            for asked in entries(question.entry.value, "evidence").values():
                found.known(asked.key, EVIDENCE, kinds, ("evidence_kinds",))
    for suggested in entries(root, "suggested_grades").values():
        if found.known(suggested.key, SCALE, scales, ("scales",)):
            _check_suggested(suggested, root, found)


def check_criteria_meant(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """A criterion without a title beside one of nearly the same name (WF060): a patch that mistypes a key adds a
    criterion nobody wanted and changes none."""
    for part in parts_of(root):
        titled = [question.entry.name for question in part.questions if "title" in entries(question.entry.value)]
        for question in part.questions:
            name = question.entry.name
            near = None if name in titled else closest(name, titled)
            if near is not None:
                hint = did_you_mean(near)
                found.add(
                    "WF060",
                    question.entry.key,
                    f'Kriteria "{shorten(name)}" belum punya judul.{hint.id}',
                    f'The criterion "{shorten(name)}" has no title.{hint.en}',
                    [question.place],
                    near,
                    WARNING,
                )


def _named(entry: Entry) -> Node | None:
    scale = entry.value.get("scale")
    return scale if scale is not None and scale.kind == TEXT else None


def _check_suggested(suggested: Entry, root: Node, found: Findings) -> None:
    place = ("scales", suggested.name, "answers")
    answers = entries(root, *place)
    for name in ("none", "all"):
        found.known(suggested.value.get(name), ANSWER, answers, place)
    for row in entries(suggested.value, "between", "rows").values():
        found.known(row.key, ANSWER, answers, place)


def check_case_names(root: Node, around: Around, found: Findings) -> None:
    """Case types and their milestones, where the tree has case types."""
    if around.case_types is None:
        return
    for at in (root.get("case_type"), root.get("recommendations", "case_type")):
        if around.looks_up(at):
            found.known(at, CASE_TYPE, around.case_types)
    for kind in entries(root, "evidence_kinds").values():
        case_type = kind.value.get("from_case", "case_type")
        if case_type is None or not around.looks_up(case_type):
            continue
        if found.known(case_type, CASE_TYPE, around.case_types):
            milestones = around.case_types[str(case_type.value)].milestones
            found.known(kind.value.get("from_case", "milestone"), MILESTONE, milestones)


def check_scoring(root: Node, around: Around, found: Findings) -> None:
    """A scoring has a scale to answer on; what is answered by evidence asks for some (WF223)."""
    for part in parts_of(root):
        scoring = around.kinds.scorings.get(part.scoring or "")
        at = part.entry.value.entries.get("scoring")
        if scoring is None or at is None:
            continue
        if _lacks_scale(part, scoring.has_one_grade):
            found.add(
                "WF223",
                at.value,
                f'"{part.path}" dinilai dengan {part.scoring} tetapi tidak punya skala.',
                f'"{part.path}" is scored by {part.scoring} but has no scale.',
                [(*part.place, "scale"), (*part.place, "scoring"), (*part.place, "answered_by")],
            )
        for question in [] if scoring.has_one_grade else part.active():
            if question.is_answered_by_evidence and not _asks_pieces(question):
                _tell_no_evidence(part, question, found)


def _lacks_scale(part: Part, has_one_grade: bool) -> bool:
    if "scale" in entries(part.entry.value):
        return False
    answered = [question for question in part.active() if not question.is_answered_by_evidence]
    return has_one_grade or any("scale" not in entries(question.entry.value) for question in answered)


def _asks_pieces(question: Question) -> bool:
    evidence = question.entry.value.get("evidence")
    if evidence is not None and evidence.kind != MAP:
        return True  # told where it is read
    asked: Mapping[str, Entry] = entries(question.entry.value, "evidence")
    return any(_years(entry) for entry in asked.values())


def _years(asked: Entry) -> bool:
    years = asked.value.get("years")
    return years is None or years.kind != LIST or bool(years.items)


def _tell_no_evidence(part: Part, question: Question, found: Findings) -> None:
    own = question.entry.value.entries.get("answered_by")
    found.add(
        "WF223",
        question.entry.key if own is None or text(own.value) is None else own.value,
        f'"{question.path}" dijawab dengan bukti tetapi tidak meminta bukti.',
        f'"{question.path}" is answered by evidence but asks for none.',
        [
            (*question.place, "evidence"),
            (*question.place, "answered_by"),
            (*question.place, "active"),
            (*part.place, "answered_by"),
            (*part.place, "scoring"),
        ],
    )


def check_asked_kinds(root: Node, around: Around, found: Findings) -> None:  # noqa: ARG001
    """An evidence kind that no criterion asks for, active or not (WF229)."""
    asked = {
        kind
        for part in parts_of(root)
        for question in part.questions
        for kind in entries(question.entry.value, "evidence")
    }
    for key, kind in entries(root, "evidence_kinds").items():
        if key not in asked:
            found.add(
                "WF229",
                kind.key,
                f'Tidak ada kriteria yang meminta bukti "{key}".',
                f'No criterion asks for the evidence "{key}".',
                [("evidence_kinds", key), Cause(("components", BELOW), losing=key)],
            )
