"""DOCX, XLSX and PPTX: only parts that are reached from the document by a known relation come along."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from xml.sax.saxutils import quoteattr

from delivery.cleaning import archive, picture, xml_parts
from delivery.cleaning.archive import Archive, written
from delivery.cleaning.inner_pictures import inner_picture
from delivery.cleaning.job import Job
from delivery.cleaning.open_xml_traces import without_traces
from delivery.cleaning.unfit import Unfit
from delivery.cleaning.xml_parts import local, parse, serialise

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_FAMILIES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/",
    "http://purl.oclc.org/ooxml/officeDocument/relationships/",
)
# Relations by which a document reaches what it shows. All others are left with what they lead to: properties,
# previews, printer settings, people, custom data, connections, and whatever is invented next.
_NAMES = (
    "styles settings webSettings fontTable numbering theme themeOverride header footer footnotes endnotes "
    "comments chart chartUserShapes diagramData diagramLayout diagramQuickStyle diagramColors worksheet "
    "chartsheet dialogsheet sharedStrings drawing vmlDrawing table pivotTable pivotCacheDefinition "
    "pivotCacheRecords sheetMetadata externalLink slide slideLayout slideMaster notesSlide notesMaster "
    "handoutMaster tableStyles viewProps presProps commentAuthors image"
)
_SHOWN = frozenset(_NAMES.split())
_SHOWN_BY_MICROSOFT = {
    "http://schemas.microsoft.com/office/2007/relationships/diagramDrawing": "diagramDrawing",
    "http://schemas.microsoft.com/office/2011/relationships/chartStyle": "chartStyle",
    "http://schemas.microsoft.com/office/2011/relationships/chartColorStyle": "chartColorStyle",
}
_SHOWN_ROLES = _SHOWN | set(_SHOWN_BY_MICROSOFT.values())
_NOTED = {"package", "oleObject", "audio", "video", "media", "control", "activeXControlBinary", "aFChunk"}
_MAIN = {"docx": "wordprocessingml.document.main", "xlsx": "spreadsheetml.sheet.main"}
_MAIN["pptx"] = "presentationml.presentation.main"
_MARKS = (b"PK\x03\x04", b"Rar!", b"7z\xbc", b"MZ", b"\x7fELF")
_ARCHIVES = (".zip", ".rar", ".7z", ".gz", ".tgz", ".jar", ".exe", ".dll")


@dataclass(frozen=True)
class _Relation:
    key: str
    type: str
    target: str
    is_external: bool


@dataclass
class _Package:
    job: Job
    archive: Archive
    types: _ContentTypes
    parts: dict[str, bytes] = field(default_factory=dict)  # name -> cleaned content, in the order reached
    carried: set[str] = field(default_factory=set)  # parts known to be left behind, with a note


def prepare() -> None:
    """Loads the readers of zip, XML and pictures."""
    archive.prepare()
    xml_parts.prepare()
    picture.prepare()


def cleaned(job: Job) -> bytes:
    """The document without traces, in a new zip. Raises Unfit."""
    opened = Archive(job.content, job.parts, job.inflated)
    if "[Content_Types].xml" not in opened or "_rels/.rels" not in opened:
        raise Unfit("other_than_named")
    package = _Package(job, opened, _ContentTypes(opened))
    main = _main_part(package)
    _walk(package, main)
    _require_no_strangers(package)
    order = [(name, part, not name.lower().endswith((".png", ".jpg", ".jpeg"))) for name, part in package.parts.items()]
    first = [
        ("[Content_Types].xml", package.types.written(list(package.parts)), True),
        ("_rels/.rels", _written_relations([_Relation("rId1", _FAMILIES[0] + "officeDocument", main, False)]), True),
    ]
    return written(first + order)


def _main_part(package: _Package) -> str:
    for relation in _relations(package, ""):
        if relation.type.endswith("/digital-signature/origin"):
            package.job.notes.add("signature")
    for relation in _relations(package, ""):
        if any(relation.type == family + "officeDocument" for family in _FAMILIES):
            name = _resolved("", relation.target)
            of_type = package.types.of(name).lower()
            if "macroenabled" in of_type:
                raise Unfit("macros")
            if name not in package.archive or _MAIN[package.job.kind.extension] not in of_type:
                raise Unfit("other_than_named")
            return name
    raise Unfit("other_than_named")


def _walk(package: _Package, main: str) -> None:
    """Cleans the main part and everything it reaches, without recursion: relations may go in circles."""
    waiting = [(main, "officeDocument")]
    seen = {main}
    while waiting:
        name, role = waiting.pop()
        if role == "image":
            content = package.archive.read(name)
            package.parts[name] = inner_picture(name, content, package.job.pixels, package.job.notes)
            continue
        kept, reached = _kept_relations(package, name)
        part = parse(package.archive.read(name))
        without_traces(part.root, {relation.key for relation in kept})
        package.parts[name] = serialise(part)
        if kept:
            package.parts[_relations_name(name)] = _written_relations(kept)
        for target, target_role in reached:
            if target not in seen:
                seen.add(target)
                waiting.append((target, target_role))


def _kept_relations(package: _Package, name: str) -> tuple[list[_Relation], list[tuple[str, str]]]:
    """The relations of a part that come along, and the parts they lead to with their roles."""
    kept, reached = [], []
    for relation in _relations(package, name):
        role = _role(relation.type)
        if role == "vbaProject":
            raise Unfit("macros")
        if relation.is_external:
            target = _harmless(role, relation.target)
            if target:
                kept.append(_Relation(relation.key, relation.type, target, True))
            continue
        target = _resolved(name, relation.target)
        if role in _NOTED:
            package.job.notes.add("embedded")
            package.carried.add(target)
        # An SVG stands beside a picture that is shown without it, and would be shown blank with it.
        shown = role in _SHOWN_ROLES and not (role == "image" and target.lower().endswith(".svg"))
        if shown and target in package.archive:
            kept.append(_Relation(relation.key, relation.type, "/" + target, False))
            reached.append((target, role))
    return kept, reached


def _role(type_: str) -> str:
    for family in _FAMILIES:
        if type_.startswith(family):
            return type_[len(family) :]
    if type_ in _SHOWN_BY_MICROSOFT:
        return _SHOWN_BY_MICROSOFT[type_]
    last = type_.rpartition("/")[2]
    return last if last == "vbaProject" or last in _NOTED else ""


def _harmless(role: str, target: str) -> str | None:
    """An address outside that may stay: a link to press. Nothing that a reader fetches by itself, and no path."""
    if role == "hyperlink" and urlsplit(target).scheme.lower() in ("http", "https", "mailto"):
        return target
    if role == "externalLinkPath":
        return "workbook.xlsx"  # formulas need the relation; the path would tell a folder and often a name
    return None


def _relations(package: _Package, name: str) -> list[_Relation]:
    stored = _relations_name(name)
    if stored not in package.archive:
        return []
    found = []
    for element in parse(package.archive.read(stored)).root:
        key, type_, target = (element.get(part, "") for part in ("Id", "Type", "Target"))
        found.append(_Relation(key, type_, target, element.get("TargetMode", "").lower() == "external"))
    return found


def _relations_name(name: str) -> str:
    folder, _, last = name.rpartition("/")
    return posixpath.join(folder, "_rels", f"{last}.rels")


def _resolved(name: str, target: str) -> str:
    target = unquote(target.partition("#")[0])
    joined = target if target.startswith("/") else posixpath.join("/", posixpath.dirname(name), target)
    return posixpath.normpath(joined).lstrip("/")


def _written_relations(relations: list[_Relation]) -> bytes:
    lines = [
        f"<Relationship Id={quoteattr(each.key)} Type={quoteattr(each.type)} Target={quoteattr(each.target)}"
        + (' TargetMode="External"/>' if each.is_external else "/>")
        for each in relations
    ]
    return f'<Relationships xmlns="{_RELATIONS}">{"".join(lines)}</Relationships>'.encode()


def _require_no_strangers(package: _Package) -> None:
    """An archive or program among the parts, by name or by how it begins, that no relation explains."""
    for name in package.archive.names:
        if name in package.parts or name in package.carried or name.endswith((".rels", ".xml")):
            continue
        if name.lower().endswith(_ARCHIVES) or package.archive.begins(name, _MARKS):
            raise Unfit("carries_files")


class _ContentTypes:
    """What each part says it is, by its name or its extension."""

    def __init__(self, opened: Archive) -> None:
        self._by_extension: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        for element in parse(opened.read("[Content_Types].xml")).root:
            if local(element.tag) == "Default":
                self._by_extension[element.get("Extension", "").lower()] = element.get("ContentType", "")
            elif local(element.tag) == "Override":
                self._by_name[element.get("PartName", "").lstrip("/")] = element.get("ContentType", "")

    def of(self, name: str) -> str:
        return self._by_name.get(name) or self._by_extension.get(name.rpartition(".")[2].lower(), "")

    def written(self, names: list[str]) -> bytes:
        """The list for these parts alone."""
        defaults = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
        overrides = []
        for name in names:
            extension = name.rpartition(".")[2].lower()
            if name in self._by_name:
                of_type = quoteattr(self._by_name[name])
                overrides.append(f"<Override PartName={quoteattr('/' + name)} ContentType={of_type}/>")
            elif extension in self._by_extension:
                defaults.setdefault(extension, self._by_extension[extension])
        lines = [
            f"<Default Extension={quoteattr(extension)} ContentType={quoteattr(of_type)}/>"
            for extension, of_type in sorted(defaults.items())
        ]
        return f'<Types xmlns="{_TYPES}">{"".join(lines + overrides)}</Types>'.encode()
