"""Which regions have a door, when it is closed, and what it asks where the published form differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.channel import files, settings
from engine.channel.model import Channel
from engine.channel.published import faults_of_files, faults_of_regions
from engine.channel.settings import NOT_READY, is_from_office
from engine.disclosure.models import DisclosureRegion
from engine.errors import NotFound
from tests.engine.channel.outside import Outside
from tests.factories import a_region


def door(outside: Outside) -> Channel:
    return settings.channel(outside.session, outside.office.region.key, outside.now)


def test_a_region_with_a_published_sealed_case_type_has_a_door(outside: Outside) -> None:
    a_region(outside.session, "kab_tanpa", name="Kabupaten Tanpa")
    assert settings.channels(outside.session, outside.now) == (("kab_contoh", outside.office.region.name),)
    assert door(outside).title.en == "Report to Kabupaten Contoh" and door(outside).closed is None
    for key in ("kab_tanpa", "kab_entah"):
        with pytest.raises(NotFound):
            settings.channel(outside.session, key, outside.now)


def test_before_the_key_ceremony_the_door_says_that_it_is_not_ready(outside: Outside) -> None:
    row = outside.session.get_one(DisclosureRegion, outside.office.region.id)
    row.escrow_public = None
    outside.session.flush()
    assert door(outside).closed == NOT_READY
    assert settings.channels(outside.session, outside.now) == (), "nobody is sent to a door that never opened"
    outside.session.delete(row)
    outside.session.flush()
    assert door(outside).closed == NOT_READY


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """``base(old, new, more)``: from now on the base's file says ``new``, and ``more`` at its end."""

    def changed(old: str = "", new: str = "", more: str = "") -> None:
        text = (files.FOLDER / "base.yaml").read_text(encoding="utf-8")
        (tmp_path / "base.yaml").write_text(text.replace(old, new, 1) + more, encoding="utf-8")
        files.use_folder(tmp_path)

    yield changed
    files.use_folder(None)


def test_the_door_is_closed_on_the_days_the_file_says(outside: Outside, base: Callable[..., None]) -> None:
    base(more="closings:\n  pause: {from: 2026-03-01, until: 2026-03-02, text: {id: Tutup., en: Closed.}}\n")
    shut = door(outside)
    assert shut.closed is not None and shut.closed.en == "Closed." and shut.settings.closings[0].ends_on.day == 2
    outside.office.now = outside.now.replace(hour=17)  # the third of March in Jakarta
    assert door(outside).closed is None


def test_a_field_that_is_not_published_is_not_asked(outside: Outside, base: Callable[..., None]) -> None:
    base("fields: [reason, manner]", "fields: [motive, manner]")
    asked = {one.key: one.fields for one in door(outside).questions}
    assert asked["why_and_how"] == ("manner",)
    base("fields: [reason, manner]", "fields: [motive]")
    assert "why_and_how" not in {one.key for one in door(outside).questions}


@pytest.mark.parametrize(
    ("address", "is_office"),
    [("10.20.3.4", True), ("::ffff:10.20.3.4", True), ("2001:db8:20:1::9", True), ("10.21.0.1", False), ("", False),
     ("unknown", False)],
)  # fmt: skip
def test_visitors_from_the_offices_network_are_known(outside: Outside, address: str, is_office: bool) -> None:
    assert is_from_office(outside.channel, address) is is_office


def test_starting_and_the_doctor_know_files_that_cannot_be_used_or_do_not_fit(
    outside: Outside, base: Callable[..., None]
) -> None:
    assert faults_of_files() == () and faults_of_regions(outside.session, outside.now) == {"kab_contoh": ()}
    base("minutes: 10", "minuts: 10")
    assert "WF010" in [one.code for one in faults_of_files()]
    base("fields: [reason, manner]", "fields: [motive, manner]")
    assert faults_of_files() == ()
    found = faults_of_regions(outside.session, outside.now)["kab_contoh"]
    assert [one.message.en for one in found] == ['The first task does not let this be filled in: "motive".']
