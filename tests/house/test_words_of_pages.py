"""No page says a word that is not in both languages: what stands in a template outside a translation is found."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = [path for folder in ("web", "admin") for path in sorted((ROOT / folder / "templates").rglob("*.html"))]
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<script.*?</script>", re.S)
SAID_IN_TAGS = re.compile(r'\s(?:title|alt|placeholder|aria-label)="([^"]*)"')
TAG = re.compile(r"""<[^>]*>|[\w-]+="[^"]*"|\bdata-[\w-]+""", re.S)  # macros write attributes outside of a tag
WORD = re.compile(r"[^\W\d_]{2,}")
BROWSERS = {"Browser", "Chrome", "Edge", "Firefox", "Safari", "Tor"}
THE_SAME_IN_BOTH = {"Alur", "CSV", "DOCX", "PDF", "SHA", "Word", "XLSX", "amp", "nbsp"} | BROWSERS


def test_templates_say_only_what_is_translated() -> None:
    bare = {}
    for path in TEMPLATES:
        text = CODE.sub(" ", path.read_text(encoding="utf-8"))
        said = [*SAID_IN_TAGS.findall(text), TAG.sub(" ", text)]
        words = {word for part in said for word in WORD.findall(part)} - THE_SAME_IN_BOTH
        if words:
            bare[path.relative_to(ROOT).as_posix()] = sorted(words)
    assert bare == {}
