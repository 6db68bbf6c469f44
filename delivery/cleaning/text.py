"""Plain text: the signs that are read, and none that only a machine sees."""

from __future__ import annotations

import codecs
import re
import unicodedata

from delivery.cleaning.job import Job
from delivery.cleaning.unfit import Unfit

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TRAILING = re.compile(r"[ \t\u00a0\u2000-\u200a]+$", re.MULTILINE)  # spaces at line ends can count something
# Joiners shape letters of some scripts; beside plain letters they are only seen by whoever put them there.
_JOINERS = "\u200c\u200d"
# A cell that begins so is a formula to a spreadsheet; numbers with a sign are not.
_FORMULA = re.compile(r"(^|[,;\t|])(\"?)([=@]|[+-](?![\d.,\s]|$))", re.MULTILINE)
_MOST_CONTROLS = 0.01
_FEW = 8


def prepare() -> None:
    """Codecs are loaded on first use; later no file can be opened."""
    for name in ("utf-8-sig", "utf-16", "cp1252"):
        codecs.lookup(name)


def cleaned(job: Job) -> bytes:
    """The text in UTF-8 with line ends of one kind, without control, direction, and invisible signs. Raises Unfit."""
    text = _LINE_ENDS.sub("\n", _decoded(job.content))
    plain = "".join(_kept(text))
    controls = sum(1 for sign in text if unicodedata.category(sign) == "Cc" and sign not in "\n\t")
    if controls > max(_FEW, _MOST_CONTROLS * len(text)):
        raise Unfit("other_than_named")
    is_table = job.kind.extension == "csv"
    lines = _FORMULA.sub(r"\1\2'\3", plain) if is_table else _TRAILING.sub("", plain)
    if not lines.strip():
        raise Unfit("empty")
    return (lines.rstrip("\n") + "\n").encode()


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    try:
        if encoding:
            return content.decode(encoding)
        if b"\x00" in content:
            raise Unfit("other_than_named")
        return content.decode("utf-8")
    except UnicodeDecodeError:
        if encoding:
            raise Unfit("damaged") from None
    try:
        return content.decode("cp1252")  # what older programs on Windows write
    except UnicodeDecodeError:
        raise Unfit("other_than_named") from None


def _kept(text: str) -> list[str]:
    kept: list[str] = []
    for place, sign in enumerate(text):
        if sign in "\n\t" or (sign.isascii() and sign.isprintable()):
            kept.append(sign)
        elif sign in _JOINERS:
            neighbours = text[place - 1 : place] + text[place + 1 : place + 2]
            if len(neighbours) == 2 and not any(other.isascii() or other in _JOINERS for other in neighbours):
                kept.append(sign)
        elif unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") or "\U000e0100" <= sign <= "\U000e01ef":
            continue
        else:
            kept.append(sign)
    return kept
