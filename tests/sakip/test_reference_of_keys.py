"""docs/reference/sakip-keys.md is what the program asks for."""

from __future__ import annotations

from commands.reference_sakip import keys_page
from config import ROOT


def test_the_page_of_keys_is_what_the_parsers_ask_for():
    written = (ROOT / "docs" / "reference" / "sakip-keys.md").read_text(encoding="utf-8")
    assert written == keys_page(), "python -m commands.reference_sakip > docs/reference/sakip-keys.md"


def test_the_page_holds_the_keys_of_every_kind_of_map():
    page = keys_page()
    for path in ("levels.<key>.indicators", "bands.<key>.rows.<key>", "tiers.<key>.window", "effort.criteria.<key>"):
        assert f"| `{path}` |" in page
    assert "`components.<key>.sub_components.<key>.criteria.<key>.scale.answers.<key>`" in page
