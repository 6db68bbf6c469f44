"""A report not yet sent: what is kept of it, what is refused, and how long it stays."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.channel import drafting
from engine.channel.drafting import DraftRef, Faults, Missing, Unfit
from engine.channel.model import Question
from engine.definitions.load import build
from engine.definitions.model import Text
from engine.disclosure.models import ReporterDraft, SealedFile
from engine.disclosure.primitives import new_key
from engine.errors import InvalidInput, NotFound
from engine.publishing.texts import gather
from engine.vocabulary import load
from tests.engine.channel.outside import STORY, Outside
from tests.sealed_office import COMPLAINT, ROOT
from tests.sealed_type import rows_with


def faults(outside: Outside, ref: DraftRef, **given: object) -> dict[str, str]:
    saved = drafting.save_draft(outside.session, ref, outside.channel, outside.now, **given)  # type: ignore[arg-type]
    assert isinstance(saved, Faults), saved
    return {key: text.en for key, text in saved.by_field.items()}


def lacking(outside: Outside, ref: DraftRef) -> list[tuple[str, str]]:
    draft = drafting.read_draft(outside.session, ref)
    return [(one.question, one.field) for one in drafting.missing(draft, outside.channel)]


def test_a_draft_keeps_what_was_told_and_only_its_key_opens_it(outside: Outside) -> None:
    ref = outside.draft(place="Pasar Baru")
    draft = drafting.read_draft(outside.session, ref)
    assert draft.answers == {"summary": STORY, "place": "Pasar Baru"}
    assert draft.answered == {"what", "where_and_when"}
    assert rows_with(outside.session, "Pasar Baru") == [] and rows_with(outside.session, "retribusi") == []
    with pytest.raises(NotFound):
        drafting.read_draft(outside.session, DraftRef(ref.id, new_key()))


def test_no_way_is_chosen_beforehand_and_it_can_be_changed_until_it_is_sent(outside: Outside) -> None:
    ref = drafting.new_draft(outside.session, outside.channel, outside.now)
    assert lacking(outside, ref)[0] == ("way", "way")
    assert "way" in faults(outside, ref, way="loudly")
    assert "way" in faults(outside, ref, question="what", answers={"summary": STORY})
    outside.save(ref, way="confidential")
    outside.answer(ref, summary=STORY)
    assert lacking(outside, ref) == [("identity", "identity.name")]
    assert faults(outside, ref, identity={"name": " "}) == {"identity.name": "Name: must be filled in."}
    assert outside.save(ref, identity={"name": " Sari  Dewi ", "contact": ""}).identity == {"name": "Sari Dewi"}
    assert outside.save(ref, way="open").identity == {"name": "Sari Dewi"}
    assert outside.save(ref, way="anonymous").identity == {}


def test_a_page_with_faults_keeps_nothing(outside: Outside) -> None:
    ref = outside.draft()
    told = faults(outside, ref, question="where_and_when", answers={"place": "x" * 301, "happened_on": "Maret"})
    assert list(told) == ["place"]
    assert drafting.read_draft(outside.session, ref).answers == {"summary": STORY}
    assert "summary" in faults(outside, ref, question="what", answers={"summary": "  "})


def test_a_field_of_another_page_is_not_taken(outside: Outside) -> None:
    ref = outside.draft()
    saved = outside.save(ref, question="who", answers={"reported_aliases": ["Budi"], "findings": "x", "place": "y"})
    assert saved.answers == {"summary": STORY, "reported_aliases": ["Budi"]}


def ask_why_at_markets_only(outside: Outside) -> None:
    """Another form and another page, as a region's files would say it."""
    path = "forms_config/complaint.yaml"
    gathered, _ = gather(ROOT / "workflows" / f"{COMPLAINT}.yaml", ROOT, ROOT / "delivery" / "templates", load())
    assert gathered is not None
    condition = "visible_when: \"case.place == 'pasar'\", required_when: \"case.place == 'pasar'\""
    form, count = re.subn(r"reason:( +)\{order: 90\}", rf"reason:\1{{order: 90, {condition}}}", gathered.files[path])
    definition, problems = build({**gathered.files, path: form}, COMPLAINT, load())
    assert count == 1 and definition is not None, problems
    why = Question("why", "fields", Text("Mengapa?", "Why?"), None, None, ("reason",), may_skip=False)
    others = tuple(one for one in outside.channel.questions if one.key != "why_and_how")
    settings = replace(outside.channel.settings, questions=(*others, why))
    outside.channel = replace(
        outside.channel, form=definition.forms["complaint"], definition=definition, settings=settings
    )


def test_t73_hidden_conditional_answers_are_not_kept_and_visible_required_ones_are_asked(outside: Outside) -> None:
    ask_why_at_markets_only(outside)
    ref = outside.draft(place="kantor")
    draft = drafting.read_draft(outside.session, ref)
    assert "why" not in [one.key for one in drafting.visible_questions(draft, outside.channel)]
    with pytest.raises(NotFound):  # a page out of order
        outside.save(ref, question="why", answers={"reason": "iri"})
    assert lacking(outside, ref) == []
    outside.answer(ref, place="pasar")
    assert lacking(outside, ref) == [("why", "reason")]
    assert faults(outside, ref, question="why", answers={"reason": ""}) == {"reason": "This must be filled in."}
    outside.save(ref, question="why", answers={"reason": "iri"})
    assert outside.answer(ref, place="kantor").answers == {"summary": STORY, "place": "kantor"}


def test_t18_a_story_with_the_receipt_in_it_is_refused(outside: Outside) -> None:
    ref = outside.draft()
    receipt = drafting.take_receipt(outside.session, ref, outside.channel, outside.receipt(), outside.now)
    for written in (receipt, receipt.lower(), f"kode saya {receipt[:4]}-{receipt[4:8]} {receipt[8:12]}-{receipt[12:]}"):
        told = faults(outside, ref, question="what", answers={"summary": written}, receipt=receipt)
        assert "Take the code out" in told["summary"]
    assert "summary" in faults(outside, ref, question="what", answers={"summary": f"kode: {receipt}"})  # even unknown
    outside.save(ref, question="what", answers={"summary": "rekening 1234-5678-9012-3456 atas nama Budi"})


def test_a_draft_can_be_come_back_to_once_it_has_a_receipt(outside: Outside) -> None:
    ref = outside.draft()
    drafting.take_receipt(outside.session, ref, outside.channel, outside.receipt(), outside.now)
    draft = drafting.read_draft(outside.session, ref)
    assert draft.has_receipt and draft.expires_on(outside.channel) == draft.day + timedelta(days=7)
    with pytest.raises(InvalidInput):
        drafting.take_receipt(outside.session, ref, outside.channel, outside.receipt(), outside.now)


def test_giving_up_leaves_nothing(outside: Outside) -> None:
    ref = outside.draft()
    file = outside.attach(ref)
    drafting.give_up(outside.session, ref, outside.vault)
    drafting.give_up(outside.session, ref, outside.vault)
    assert outside.session.scalars(select(ReporterDraft)).all() == []
    assert outside.session.scalars(select(SealedFile)).all() == []
    assert not outside.vault.path(file.id).exists()


# -- files ----------------------------------------------------------------------------------------------------------


def test_a_file_goes_with_its_draft_and_can_be_taken_off(outside: Outside) -> None:
    ref = outside.draft()
    file = outside.attach(ref, b"xisi foto", "bukti.jpg")
    assert [(one.name, one.size) for one in drafting.read_draft(outside.session, ref).files] == [("bukti.jpg", 8)]
    other = outside.draft()
    with pytest.raises(NotFound):
        drafting.detach_from_draft(outside.session, other, file.id, outside.vault)
    drafting.detach_from_draft(outside.session, ref, file.id, outside.vault)
    assert drafting.read_draft(outside.session, ref).files == () and not outside.vault.path(file.id).exists()


@pytest.mark.parametrize(
    ("rules", "told"),
    [({"most": 2}, "A report holds 2 files."), ({"most_a_day": 2}, "enough for today"),
     ({"most_bytes": 150_000}, "All files together")],
)  # fmt: skip
def test_t55_one_file_too_many_is_refused_and_leaves_nothing(
    outside: Outside, rules: dict[str, int], told: str
) -> None:
    outside.channel = replace(
        outside.channel,
        settings=replace(outside.channel.settings, files=replace(outside.channel.settings.files, **rules)),
    )
    ref = outside.draft()
    kept = [outside.attach(ref), outside.attach(ref)]
    received = outside.take_in(b"satu lagi")
    refused = drafting.attach_to_draft(outside.session, ref, outside.channel, received, outside.vault, outside.now)
    assert isinstance(refused, Unfit) and refused.status == 413 and told in refused.reason.en
    lying = {path.name for path in outside.vault.folder.rglob("*") if path.is_file()}
    assert lying == {file.id for file in kept}


def test_a_missing_draft_gives_up_the_file_that_came_for_it(outside: Outside) -> None:
    received = outside.take_in(b"foto")
    with pytest.raises(NotFound):
        drafting.attach_to_draft(
            outside.session, DraftRef("0" * 32, new_key()), outside.channel, received, outside.vault, outside.now
        )
    assert [path for path in outside.vault.folder.rglob("*") if path.is_file()] == []


def test_what_is_missing_says_where(outside: Outside) -> None:
    ref = drafting.new_draft(outside.session, outside.channel, outside.now)
    outside.save(ref, way="anonymous")
    draft = drafting.read_draft(outside.session, ref)
    found = drafting.missing(draft, outside.channel)
    assert [(one.question, one.field) for one in found] == [("what", "summary")] and isinstance(found[0], Missing)
