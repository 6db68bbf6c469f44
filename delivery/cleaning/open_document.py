"""ODT and ODS: the document, its styles and pictures; nothing else that stood in the zip."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from delivery.cleaning import archive, picture, xml_parts
from delivery.cleaning.archive import Archive, written
from delivery.cleaning.inner_pictures import inner_picture
from delivery.cleaning.job import Job
from delivery.cleaning.open_xml_fields import FETCHING_FORMULA
from delivery.cleaning.unfit import Unfit
from delivery.cleaning.xml_parts import local, parents, parse, remove, serialise, space

_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_DOCUMENT = re.compile(r"(Object \d+/)?(content|styles)\.xml")
_PICTURE = re.compile(r"(Object \d+/)?Pictures/[^/]+")
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".jar", ".exe", ".dll", ".odt", ".ods", ".docx", ".xlsx")
_MARKS = (b"PK\x03\x04", b"Rar!", b"7z\xbc", b"MZ", b"\x7fELF")
# Elements that say who and when, run something, or fetch from elsewhere.
_REMOVED = {"scripts", "event-listeners", "creator-initials", "sender-initials", "meta", "settings", "dde-source"}
_REMOVED |= {
    "applet",
    "plugin",
    "database-display",
    "table-source",
    "cell-range-source",
    "dde-links",
    "dde-connection-decls",
    "protection",
}
_NAMES = {"creator", "author-name", "author-initials", "initial-creator", "printed-by", "file-name", "template-name"}
_MOMENTS = {"date", "date-string", "creation-date", "creation-time", "modification-date", "modification-time"}
_MOMENTS |= {"print-date", "print-time", "editing-duration", "editing-cycles"}
_TOLD = {"rsid", "paragraph-rsid", "creator", "author", "user-name", "protection-key"}
_DC = "http://purl.org/dc/elements/1.1/"
_META = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_SVG = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
_DESCRIPTIONS = {("title", _SVG), ("desc", _SVG)}
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"


def prepare() -> None:
    """Loads the readers of zip, XML and pictures."""
    archive.prepare()
    xml_parts.prepare()
    picture.prepare()


def cleaned(job: Job) -> bytes:
    """The document without traces, in a new zip. Raises Unfit."""
    package = Archive(job.content, job.parts, job.inflated)
    if "mimetype" not in package or package.size("mimetype") > 200:
        raise Unfit("other_than_named")
    if package.read("mimetype").strip() != job.kind.media_type.encode() or "content.xml" not in package:
        raise Unfit("other_than_named")
    _require_open(package)
    parts: dict[str, bytes] = {}
    for name in package.names:
        if _DOCUMENT.fullmatch(name):
            part = parse(package.read(name))
            _without_traces(part.root, package)
            parts[name] = serialise(part)
        elif _PICTURE.fullmatch(name):
            parts[name] = inner_picture(name, package.read(name), job.pixels, job.notes)
        else:
            _left_behind(job, package, name)
    first = [("mimetype", job.kind.media_type.encode(), False), ("META-INF/manifest.xml", _manifest(job, parts), True)]
    return written(first + [(name, part, True) for name, part in parts.items()])


def _require_open(package: Archive) -> None:
    """Raises Unfit for a document with a password or with macros: both are told in the manifest and the folders."""
    if "META-INF/manifest.xml" in package:
        manifest = parse(package.read("META-INF/manifest.xml")).root
        if any(local(element.tag) == "encryption-data" for element in manifest.iter()):
            raise Unfit("locked")
    macros = [name for name in package.names if name.startswith(("Basic/", "Scripts/"))]
    if any(not name.endswith(("-lb.xml", "-lc.xml", "script-lc.xml")) for name in macros):
        raise Unfit("macros")


def _left_behind(job: Job, package: Archive, name: str) -> None:
    if name == "META-INF/documentsignatures.xml":
        job.notes.add("signature")
    if name.endswith((".xml", ".rdf")) or name == "mimetype" or name.startswith("Thumbnails/"):
        return
    if name.lower().endswith(_ARCHIVES) or package.begins(name, _MARKS):
        raise Unfit("carries_files")
    if not name.startswith(("ObjectReplacements/", "Fonts/", "layout-cache", "Configurations2/")):
        job.notes.add("embedded")


def _without_traces(root: Element, package: Archive) -> None:
    for parent, child in parents(root):
        name, in_space = local(child.tag), space(child.tag)
        if name in _REMOVED or (name in _MOMENTS and in_space in (_DC, _META)) or (name, in_space) in _DESCRIPTIONS:
            remove(parent, child)
            continue
        is_name = name in _NAMES or name.startswith("sender-")
        if is_name and in_space in (_DC, _META, _TEXT):
            child.text = ""
            for inner in list(child):
                child.remove(inner)
        elif name in _MOMENTS and in_space == _TEXT and name not in ("date", "date-string"):
            child.text = ""
        _scrub(child, package)


def _scrub(element: Element, package: Archive) -> None:
    name = local(element.tag)
    for key in list(element.keys()):
        attribute = local(key)
        if key == _XLINK_HREF:
            if not _is_harmless(name, element.get(key, ""), package):
                element.set(key, "")
        elif attribute in _TOLD or (attribute == "formula" and FETCHING_FORMULA.search(element.get(key, ""))):
            del element.attrib[key]
        elif attribute == "name" and name == "frame":
            del element.attrib[key]  # programs put the picture's file name here


def _is_harmless(name: str, target: str, package: Archive) -> bool:
    """A part that comes along, a place in the document, or a link to press; nothing fetched unasked, and no path."""
    if target.startswith("#") or not target:
        return True
    inside = target.removeprefix("./")
    if _PICTURE.fullmatch(inside) or _DOCUMENT.fullmatch(f"{inside}/content.xml"):
        return inside in package or f"{inside}/content.xml" in package
    return name == "a" and target.lower().startswith(("http://", "https://", "mailto:"))


def _manifest(job: Job, parts: dict[str, bytes]) -> bytes:
    """What is in the zip. An inner document is told as a folder of its own."""
    entries = [("/", job.kind.media_type)]
    for name in parts:
        folder, _, last = name.rpartition("/")
        if last == "content.xml" and folder:
            entries.append((f"{folder}/", "application/vnd.oasis.opendocument.chart"))
        entries.append((name, "text/xml" if last.endswith(".xml") else ""))
    lines = [
        f"<manifest:file-entry manifest:full-path={quoteattr(path)} manifest:media-type={quoteattr(kind)}/>"
        for path, kind in entries
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    body = (
        f'<manifest:manifest xmlns:manifest="{_MANIFEST}" manifest:version="1.2">{"".join(lines)}</manifest:manifest>'
    )
    return (head + body).encode()
