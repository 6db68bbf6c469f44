"""Trees nobody would draw: circles, thousands of children, very long chains. Pages stay pages, and nothing goes on."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from engine.database import Database
from engine.organisation.models import Unit
from sakip.tree.history import Revision
from sakip.tree.models import TreeRevision
from sakip.tree.revising import apply_revision
from sakip.tree.values import Node
from tests.web.browser import Browser
from tests.web.region import Regency

TREE = "/performance/trees/diskominfo"


def in_force(database: Database, regency: Regency, nodes: Iterable[Node]) -> None:
    """Put nodes into the tree of Diskominfo, as an import would."""
    with database.writing.begin() as session:
        unit = session.scalars(select(Unit.id).where(Unit.region_id == regency.id, Unit.key == "diskominfo")).one()
        revision = Revision("Impor", "Perbup 1/2026", new={one.key: one for one in nodes})
        done = apply_revision(session, regency.id, unit, revision, date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC))
        assert isinstance(done, TreeRevision), done


def rows(table: str, *cells: dict[str, Any]) -> dict[str, Any]:
    """Rows as the form of the case posts them."""
    posted = {f"{table}.{number}.{name}": value for number, row in enumerate(cells) for name, value in row.items()}
    return {f"{table}.#": len(cells), **posted}


@pytest.fixture
def hostile(eko: Browser, draft: str) -> str:
    """A draft whose rows make a circle, name what nobody knows, and hold numbers that cannot be read."""
    programme = {"act": "new", "level": "programme_outcome", "statement": "Melingkar"}
    posted = rows(
        "nodes", {**programme, "key": "x.1", "parent": "x.2"}, {**programme, "key": "x.2", "parent": "x.1"},
        {"act": "new", "key": "x.3", "level": "<b>", "parent": "r.v", "statement": "A" * 500},
        {"act": "changed", "key": "d.p", "level": "programme_outcome", "parent": "d.a", "statement": "Melingkar",
         "indicators.#": "1", "indicators.0.key": "i", "indicators.0.name": "I", "indicators.0.targets": "q1: ???",
         "indicators.0.plan_targets": "1/0"},
        {"act": "ended", "key": "nothing"}, {"act": "new", "key": "x.1", "statement": "Kembar"},
    )  # fmt: skip
    answer = eko.post(f"/case/{draft.rpartition('/')[2]}/edit?section=changes", posted)
    assert answer.status_code == 303, answer.text
    return draft


def test_a_draft_with_circles_and_nonsense_is_shown_with_every_reason_and_not_submitted(
    eko: Browser, hostile: str
) -> None:
    for address in ("", "?node=x.1", "?node=d.p", "?view=picture", "?view=picture&node=x.2", "?view=table",
                    "?only=circle", "/nodes/x.1", "/nodes/x.1/move", "/nodes/d.p", "/nodes/d.p/end"):  # fmt: skip
        answer = eko.get(hostile + address)
        assert answer.status_code == 200, (address, answer.text[-600:])
    page = eko.get(hostile).text
    reasons = page.partition('id="reasons"')[2].partition("</details>")[0]
    for said in ("berada di bawah dirinya sendiri", "Jenjang ini tidak dikenal", "Tidak ada lagi di pohon"):
        assert said in reasons, said
    assert "btn off" in page and "<b>" not in reasons.replace("<b>1", "").partition("<ul")[2]
    case = hostile.rpartition("/")[2]
    sent = eko.post(f"/case/{case}/edit?section=send", {"act": "submit|drafting|", "revision": "1"})
    assert sent.status_code in (303, 409, 422)
    assert "Penyusunan" in eko.get(f"/case/{case}").text  # it still stands where it stood


def test_five_thousand_children_are_a_page_that_can_be_read(
    eko: Browser, pages_database: Database, regency: Regency
) -> None:
    many = (Node(f"m.{number}", "programme_outcome", "diskominfo", "d.o", f"Hasil {number}", number)
            for number in range(5_000))  # fmt: skip
    in_force(pages_database, regency, many)
    eko.get(TREE)  # what is read once a process is read
    begun = time.perf_counter()
    page = eko.get(f"{TREE}?node=d.o").text
    assert time.perf_counter() - begun < 5
    assert len(page) < 400_000
    assert "4941 lagi di bawahnya" in page
    following = unescape(re.findall(r'href="([^"]*below=[^"]*)#n-d.o"', page)[0])
    second = eko.get(following).text.partition("tree-list")[2].partition("</section>")[0]
    assert "Hasil 59<" in second and "Hasil 58<" not in second and "60 sebelum ini" in second
    assert "4881 lagi di bawahnya" in second
    phone = eko.get(following).text.partition("tree-level")[2].partition("</nav>")[0]
    assert "Hasil 59<" in phone and "4881 sesudah ini" in phone and "60 sebelum ini" in phone
    deep = eko.get(f"{TREE}?node=m.4000").text  # one far down is shown among its neighbours
    assert 'id="n-m.4000"' in deep and 'aria-current="true">Hasil 4000<' in deep and 'id="n-m.1"' not in deep
    assert eko.get(f"{TREE}?node=d.o&below=nothing").status_code == 200
    table = eko.get(f"{TREE}?view=table").text
    assert table.count('<th scope="row">') < 300 and 'rel="next"' in table
    assert eko.get(f"{TREE}.csv").text.count("\n") > 5_000


def test_a_chain_of_hundreds_begins_again_lower_down(eko: Browser, pages_database: Database, regency: Regency) -> None:
    chain = [Node(f"c.{number}", "activity_output", "diskominfo", f"c.{number - 1}" if number else "d.p", "Rantai")
             for number in range(600)]  # fmt: skip
    in_force(pages_database, regency, chain)
    for address in ("", "?node=c.599", "?view=picture&node=c.300", "?open=all"):
        answer = eko.get(TREE + address)
        assert answer.status_code == 200, address
        assert "Rantai" in answer.text or not address, address
    assert 'id="n-c.599"' in eko.get(f"{TREE}?node=c.599").text
