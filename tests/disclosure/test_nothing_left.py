"""What people wrote, a reporter's code and traces, looked for in everything on the machine: T01, T11, T21, T38."""

from __future__ import annotations

import pytest

from tests.disclosure.scene import ADDRESS, AGENT, PREFIX, TRACES, WRITTEN, Scene
from tests.disclosure.seized import dump, hits, spellings
from tests.factories import PASSWORD


def test_t21_nothing_anybody_wrote_lies_anywhere_in_the_open(scene: Scene) -> None:
    assert all(marker.startswith(PREFIX) for marker in WRITTEN.values())
    assert hits(scene, {"anything that was written": PREFIX}) == {}


def test_t11_neither_code_nor_cookie_nor_password_nor_sheet_lies_anywhere(scene: Scene) -> None:
    secrets = {"cookie": scene.cookie, "password": PASSWORD, "sheet": scene.sheets[0]}
    for name, code in (("code", scene.code), ("code of a draft", scene.draft_code)):
        bare = code.replace("-", "")
        secrets |= {
            name: code, f"{name} bare": bare, f"{name} unchecked": bare[:16],
            f"{name} with spaces": code.replace("-", " "),
            f"{name} in small letters": bare.lower(),
        }  # fmt: skip
    assert hits(scene, secrets) == {}


def test_t01_no_address_browser_or_referrer_of_a_reporter_lies_anywhere(scene: Scene) -> None:
    traces = {"address": ADDRESS, "its network": ADDRESS.rpartition(".")[0] + ".", "browser": AGENT}
    assert hits(scene, traces | {name: value for name, value in TRACES.items() if name == "Referer"}) == {}


def test_t38_no_number_of_a_case_leads_to_the_next(scene: Scene) -> None:
    with scene.database.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT id, number FROM cases WHERE is_sealed").all()
    assert all(case_id >= 2**52 and len(number) >= 14 for case_id, number in rows)


def test_what_lies_there_would_be_found(scene: Scene) -> None:
    assert set(hits(scene, {"number": scene.number})) == {"number"}
    tables = dump(scene.database)
    assert b"kab_contoh" in tables["table regions"]
    for hidden in (
        PREFIX.encode("utf-16-le"),
        PREFIX.encode("utf-16-be").hex().encode(),
        PREFIX.encode().hex().encode(),
    ):
        assert hidden in spellings(PREFIX)


@pytest.mark.parametrize("shift", range(3))
def test_base64_is_seen_wherever_it_begins(shift: int) -> None:
    import base64

    assert any(each in base64.b64encode(b"x" * shift + PREFIX.encode() + b"yz") for each in spellings(PREFIX))
