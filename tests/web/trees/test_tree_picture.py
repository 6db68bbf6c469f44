"""The picture of a tree: as many levels as a page can hold, every word to be had, lines between parent and child."""

from __future__ import annotations

import re

from web.performance.tree_picture import ROOM, picture
from web.performance.tree_view import Box

LONG = "Meningkatnya kualitas pertanggungjawaban kinerja perangkat daerah yang menyelenggarakan pelayanan publik"


def box(key: str, *children: Box, statement: str = "Layanan membaik", level: str = "Sasaran") -> Box:
    return Box(
        key, level, 1, statement, f"/t?node={key}", (), children, 0, "", 0, "", True, False, True, "", ""
    )  # fmt: skip


def chain(levels: int, statement: str = "Layanan membaik") -> Box:
    found = box("n1", statement=statement)
    for number in range(2, levels + 1):
        found = box(f"n{number}", found, statement=statement)
    return found


def width(drawn: str) -> int:
    found = re.search(r'width="(\d+)" height', drawn)
    assert found is not None
    return int(found[1])


def test_eight_levels_fit_a_page_and_a_ninth_is_moved_to() -> None:
    for levels in range(1, 9):
        drawn = picture((chain(levels),), "Pohon")
        assert width(drawn.svg) <= ROOM and drawn.fits == ("narrow" if levels < 4 else "page"), levels
    drawn = picture((chain(9),), "Pohon")
    assert width(drawn.svg) > ROOM and drawn.fits == ""


def test_words_that_find_no_room_are_there_as_the_name_of_the_box() -> None:
    drawn = picture((chain(8, LONG),), "Pohon").svg
    assert drawn.count(f"<title>Sasaran 1: {LONG}</title>") == 8
    assert drawn.count(" …</text>") == 8
    assert picture((chain(2),), "Pohon").svg.count("<title") == 1  # the picture's own


def test_lines_lead_from_the_middle_of_a_parent_to_the_middle_of_each_child() -> None:
    drawn = picture((box("top", box("left"), box("right")),), "Pohon").svg
    boxes = [(int(x), int(y), int(wide), int(tall)) for x, y, wide, tall in re.findall(
        r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', drawn)]  # fmt: skip
    lines = [tuple(map(int, one)) for one in re.findall(r'd="M(\d+) (\d+)H\d+V(\d+)H(\d+)"', drawn)]
    (x, y, wide, tall), *children = boxes
    assert lines == [(x + wide, y + tall // 2, child[1] + tall // 2, child[0]) for child in children]


def test_nothing_is_drawn_of_an_empty_tree() -> None:
    assert picture((), "Pohon").svg == ""


def test_markup_in_a_statement_is_text() -> None:
    assert "<b>" not in picture((chain(8, "<b>Tebal</b> " + LONG),), "Pohon").svg
