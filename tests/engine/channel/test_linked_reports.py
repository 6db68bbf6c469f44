"""A request for protection and a report of retaliation: case types of their own, reached from a report and kept from
the people of it."""

from __future__ import annotations

import pytest

from engine.cases.models import Case
from engine.cases.pages import case_page
from engine.channel import drafting, report_page, sending, settings
from engine.channel.drafting import Draft, DraftRef
from engine.channel.keys import CaseRef
from engine.channel.model import Channel
from engine.channel.sending import Sent
from engine.disclosure.primitives import pair_of
from engine.errors import NotFound
from tests.engine.channel.outside import Outside

OWN = {"protection": "protection_request", "retaliation": "retaliation_report"}


@pytest.fixture
def channel(outside: Outside) -> Channel:
    """The door of a region that has published all there is."""
    for case_type in OWN.values():
        outside.office.publish(case_type)
    return settings.channel(outside.session, outside.office.region.key, outside.now)


def _filled(outside: Outside, channel: Channel, kind: str, about: CaseRef) -> DraftRef:
    """A linked draft with a word on every page that has texts."""
    ref = drafting.new_draft(outside.session, channel, outside.now, kind=kind, about=about)
    _save(outside, channel, ref, way="anonymous")
    form = channel.of(kind).form
    for page in channel.of(kind).questions:
        texts = {key: "Saya dipindahkan" for key in page.fields if form.fields[key].type in ("text", "paragraph")}
        rows = {key: ["Tono, kepala seksi"] for key in page.fields if form.fields[key].type == "list"}
        _save(outside, channel, ref, question=page.key, answers={**texts, **rows})
    return ref


def _save(outside: Outside, channel: Channel, ref: DraftRef, **given: object) -> None:
    saved = drafting.save_draft(outside.session, ref, channel, outside.now, **given)  # type: ignore[arg-type]
    assert isinstance(saved, Draft), saved


@pytest.mark.parametrize("kind", OWN)
def test_each_opens_a_case_of_its_own_type_with_its_own_clocks_and_names_the_first_report(
    outside: Outside, channel: Channel, kind: str
) -> None:
    first = outside.report()
    number = outside.session.get_one(Case, first.case_id).number
    ref = _filled(outside, channel, kind, first)
    fresh = outside.receipt()
    sent = sending.send(outside.session, ref, channel, fresh, outside.now)
    assert isinstance(sent, Sent)
    assert outside.session.get_one(Case, sent.case.case_id).case_type == OWN[kind]
    assert [title.id.split(" kepada")[0] for title, _ in sent.dates] == ["Jawaban"]
    page = report_page.report_page(outside.session, sent.case, channel, outside.now)
    assert (page.kind, page.status.id) == (kind, "Diterima dan dinilai")
    assert "Saya dipindahkan" in [one.shown.id for one in page.told]
    assert number not in str(page.told)
    outside.office.at_work("rani")
    theirs = case_page(outside.session, outside.office.people["rani"].id, sent.case.case_id, outside.now)
    assert theirs.sealed is not None
    assert theirs.sealed.about == number
    outside.office.at_work("ida")  # who registers complaints has no part in it
    with pytest.raises(NotFound):
        case_page(outside.session, outside.office.people["ida"].id, sent.case.case_id, outside.now)


def test_a_request_for_protection_asks_what_is_needed_and_whether_the_agency_may_be_told(
    outside: Outside, channel: Channel
) -> None:
    asked = [key for page in channel.of("protection").questions for key in page.fields]
    assert asked == ["threats", "reported_aliases", "wanted", "urgency", "unit", "agrees", "evidence"]
    first = outside.report()
    ref = _filled(outside, channel, "protection", first)
    _save(outside, channel, ref, question="agency", answers={"agrees": "true"})
    sent = sending.send(outside.session, ref, channel, outside.receipt(), outside.now)
    assert isinstance(sent, Sent)
    outside.office.case_id, outside.office.receipt = sent.case.case_id, pair_of(sent.case.private)
    outside.office.now = outside.now
    assert outside.office.do("rani", "propose", assessment_note="Ancaman nyata") is None
    assert outside.office.do("irma", "refer", answer="Kami merujuk Anda ke LPSK.") is None
    page = report_page.report_page(outside.session, sent.case, channel, outside.now)
    assert page.status.id == "Dirujuk ke LPSK"
    assert page.meaning.id == "Permohonan Anda sudah dirujuk ke LPSK, tanpa nama Anda."


def test_where_a_region_has_not_published_them_they_are_taken_as_complaints(outside: Outside) -> None:
    """Somebody who is threatened is never turned away because a definition is missing."""
    channel = settings.channel(outside.session, outside.office.region.key, outside.now)
    assert channel.others == {}
    first = outside.report()
    ref = drafting.new_draft(outside.session, channel, outside.now, kind="protection", about=first)
    assert drafting.read_draft(outside.session, ref).answers == {"category": "retaliation"}
    _save(outside, channel, ref, way="anonymous")
    _save(outside, channel, ref, question="what", answers={"summary": "Saya diancam"})
    sent = sending.send(outside.session, ref, channel, outside.receipt(), outside.now)
    assert isinstance(sent, Sent)
    assert outside.session.get_one(Case, sent.case.case_id).case_type == "complaint_investigation"
