"""Each numbered sentence of the e-SAKIP reference has a test named after it: ``test_5_7_…`` for the seventh of §5."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = {4: 9, 5: 15, 7: 12, 8: 5, 9: 8}  # by section; §6 is a table, held by tests/sakip/test_reason_order.py
NAMED = re.compile(r"^\s*def test_(?:\w+_and_)?(\d+)_(\d+)_", re.MULTILINE)


def test_every_numbered_sentence_has_a_test_of_its_number() -> None:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "sakip").glob("test_*.py"))
    found = {(int(section), int(number)) for text in texts for section, number in NAMED.findall(text)}
    wanted = {(section, number) for section, last in SENTENCES.items() for number in range(1, last + 1)}
    assert wanted - found == set()
