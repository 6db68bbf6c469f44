"""Words and values in, one letter out: a subject, a plain text and an HTML part that say the same thing.

The layout of a body, which authors of definitions write too:

    {case.title} is waiting for you.        the first paragraph is the message in one sentence

    Step: {task.title}                      lines of the form "Name: value" are facts; empty ones are left out
    Due: {task.due}

    Open and check: {url}                   a paragraph that ends with {url}: its last sentence is the button

    Opening this link approves nothing.     any other paragraph
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from delivery.wording import TEMPLATES, Wording, fill, plain

FACT = re.compile(r"([^\W\d_][^:{}\n]{0,23}): (\S.*)")
LINE_LENGTH = 76
LONGEST_SUBJECT = 160

_pages = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a letter. ``facts`` are (name, value) pairs, of ``links`` (words, address) pairs under the title
    in ``text``; a ``button`` has its label in ``text``. ``note`` stands small beneath a title."""

    kind: Literal["lead", "text", "facts", "links", "button"]
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every letter: greeting, why it came, where to change that, whom to ask ("" for none)."""

    greeting: str
    why: str
    settings_label: str = ""
    settings_url: str = ""
    help_label: str = ""
    help_address: str = ""
    mark: str = ""  # before the subject, for demonstration data


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail without its envelope."""

    subject: str
    text: str
    html: str
    language: str


def render(
    wording: Wording, values: Mapping[str, str], frame: Frame, language: str, brief: Mapping[str, str] | None = None
) -> Letter:
    """The letter in ``language`` ("id" or "en").

    ``values`` are texts by variable name, ``url`` among them, ``brief`` shorter ones for the subject. They are made
    harmless here, whatever is in them, and are never read as a template.
    """
    url = values.get("url", "")
    safe = {name: value if name == "url" else plain(value, language) for name, value in values.items()}
    short = {name: plain(value, language) for name, value in (brief or {}).items()}
    subject = fill(wording.subject.into(language), {**safe, **short}) or safe.get("case.title", "")
    subject = plain(f"{frame.mark} {subject}", language, LONGEST_SUBJECT)
    frame = replace(frame, greeting=plain(frame.greeting, language))
    blocks = _blocks(wording.body.into(language), safe)
    html = _pages.get_template("frame.html").render(
        blocks=blocks, url=url, frame=frame, subject=subject, language=language, ends=None
    )
    return Letter(subject, _plain_text(blocks, url, frame), html, language)


def render_blocks(
    subject: str, blocks: Sequence[Block], url: str, frame: Frame, language: str, ends: Block | None = None
) -> Letter:
    """A letter of our own blocks, whose addresses are ours; ``ends`` stands small beneath everything."""
    subject = plain(f"{frame.mark} {subject}", language, LONGEST_SUBJECT)
    frame = replace(frame, greeting=plain(frame.greeting, language))
    html = _pages.get_template("frame.html").render(
        blocks=blocks, url=url, frame=frame, subject=subject, language=language, ends=ends
    )
    text = _plain_text(blocks, url, frame)
    foot = "" if ends is None else "".join(f"{words}: {address}\n" for words, address in ends.facts)
    return Letter(subject, text + foot, html, language)


def _blocks(body: str, values: Mapping[str, str]) -> list[Block]:
    blocks: list[Block] = []
    for paragraph in filter(None, re.split(r"\n\s*\n", body.strip())):
        lines = [line.strip() for line in paragraph.splitlines()]
        label = None
        if lines[-1].endswith("{url}"):
            lines, label = _before_the_button(" ".join(lines).removesuffix("{url}"))
        block = _block(lines, values, is_first=not blocks) if lines else None
        if block is not None:
            blocks.append(block)
        if label is not None and values.get("url"):
            blocks.append(Block("button", fill(label, values) or values["url"]))
    return blocks


def _before_the_button(text: str) -> tuple[list[str], str]:
    """What a paragraph says before its last sentence, as lines, and that sentence without its colon."""
    before, end, last = re.fullmatch(r"(?:(.*[.?!])(\s+))?(.*)", text.strip()).groups()  # type: ignore[union-attr]
    return ([before] if end else []), last.rstrip(": ")


def _block(lines: Sequence[str], values: Mapping[str, str], is_first: bool) -> Block | None:
    named = [FACT.fullmatch(line) for line in lines]
    if not is_first and all(named):
        told = [(found.group(1), fill(found.group(2), values)) for found in named if found]
        facts = tuple((name, value) for name, value in told if value)
        return Block("facts", facts=facts) if facts else None
    text = " ".join(filled for line in lines if (filled := fill(line, values)))
    return Block("lead" if is_first else "text", text) if text else None


def _plain_text(blocks: Sequence[Block], url: str, frame: Frame) -> str:
    parts = [frame.greeting, *(_plain_block(block, url) for block in blocks)]
    foot = ["-- ", _wrapped(frame.why)]
    if frame.settings_url:
        foot.append(f"{frame.settings_label}: {frame.settings_url}")
    if frame.help_address:
        foot.append(f"{frame.help_label}: {frame.help_address}")
    return "\n\n".join([*parts, "\n".join(foot)]) + "\n"


def _plain_block(block: Block, url: str) -> str:
    if block.kind == "button":
        return f"{block.text}:\n{url}"
    if block.kind == "links":
        head = [block.text, *([_wrapped(block.note)] if block.note else [])]
        return "\n".join([*head, *(f"- {words}\n  {address}" for words, address in block.facts)])
    if block.kind == "facts":
        width = max(len(name) for name, _ in block.facts)
        return "\n".join(_wrapped(f"{name.ljust(width)} : {value}", " " * (width + 3)) for name, value in block.facts)
    return _wrapped(block.text)


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(text, LINE_LENGTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
