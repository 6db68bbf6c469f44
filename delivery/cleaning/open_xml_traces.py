"""What inside a part of DOCX, XLSX or PPTX tells of people, machines, moments and places, and how it goes."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from delivery.cleaning.open_xml_fields import quiet_fields, quiet_formulas
from delivery.cleaning.xml_parts import local, parents, remove, space

NOBODY = "-"  # where a name must stand
_OFFICE = "urn:schemas-microsoft-com:office:office"
_RELATION_SPACES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
# Elements that say who, where, or which program; and protections, whose digests are those of somebody's password.
_ELEMENTS = (
    "absPath revisionPtr creationId fileSharing fileVersion rsids docVars docId attachedTemplate mailMerge "
    "presenceInfo customWorkbookViews customSheetViews webPublishItems activeWritingStyle saveThroughXslt "
    "documentProtection writeProtection workbookProtection sheetProtection protectedRanges modifyVerifier "
    "smartTagType dataBinding chartTrackingRefBased webPublishing"
)
_TOLD = frozenset(_ELEMENTS.split())
_ATTRIBUTES = (
    "initials userId providerId userName user refreshedBy refreshedDate refreshedDateIso dateUtc paraId textId "
    "descr dt lastEdited lowestEdited rupBuild codeName"
)
_TOLD_ATTRIBUTES = frozenset(_ATTRIBUTES.split())
_NAMED_OBJECTS = ("cNvPr", "docPr")
_ONLY_ITS_ATTRIBUTE = ("hyperlink", "pageSetup", "blip", "imagedata")
_HOLDERS = {"ext", "extLst", "controls", "oleObjects", "custDataLst", "customProperties", "Choice", "AlternateContent"}


def without_traces(root: Element, kept_relations: set[str]) -> None:
    """Changes a part in place: names become ``NOBODY``, moments and marks of versions go, and what pointed to a part
    that was left behind (its key is not in ``kept_relations``) goes with it."""
    _forget_authors_of_sheet_comments(root)
    quiet_fields(root)
    quiet_formulas(root)
    for parent, child in parents(root):
        if local(child.tag) in _TOLD or _points_nowhere(child, kept_relations):
            remove(parent, child)
            continue
        _scrub(child, kept_relations)
    _scrub(root, kept_relations)
    _prune(root)


def _scrub(element: Element, kept_relations: set[str]) -> None:
    name = local(element.tag)
    for key in list(element.keys()):
        attribute, in_space = local(key), space(key)
        if in_space in _RELATION_SPACES or attribute == "relid":
            if element.get(key) not in kept_relations and element.get(key) != "":
                del element.attrib[key]
        elif attribute == "author" or (name == "cmAuthor" and attribute in ("name", "initials")):
            element.set(key, NOBODY)
        elif attribute in _TOLD_ATTRIBUTES or _tells_of_versions(attribute, in_space):
            del element.attrib[key]
        elif name in _NAMED_OBJECTS and attribute == "name":
            element.set(key, f"Object {element.get('id', '')}")  # programs put the file's name here
        elif attribute == "alt" or _describes(attribute, name, in_space):
            del element.attrib[key]


def _describes(attribute: str, name: str, in_space: str) -> bool:
    """Descriptions that programs fill in with the path of the picture."""
    return (attribute == "title" and name in _NAMED_OBJECTS) or (in_space == _OFFICE and attribute in ("title", "href"))


def _tells_of_versions(attribute: str, in_space: str) -> bool:
    """Marks of editing sessions, which show two documents to be of one hand."""
    if "wordprocessingml" in in_space or in_space.endswith("/word"):
        return attribute.startswith("rsid") or attribute == "date"
    return "spreadsheetml" in in_space and "/revision" in in_space


def _points_nowhere(element: Element, kept_relations: set[str]) -> bool:
    if local(element.tag) in _ONLY_ITS_ATTRIBUTE:
        return False
    keys = [key for key, _ in element.items() if space(key) in _RELATION_SPACES]
    return any(element.get(key) and element.get(key) not in kept_relations for key in keys)


def _prune(root: Element) -> None:
    """Lists that lost all they held: readers take an empty one for damage."""
    for parent, child in reversed(list(parents(root))):
        if local(child.tag) in _HOLDERS and not len(child) and not (child.text or "").strip():
            remove(parent, child)


def _forget_authors_of_sheet_comments(root: Element) -> None:
    """A sheet's comments name their authors in a list, and again at the beginning of each comment."""
    if local(root.tag) != "comments":
        return
    names = []
    for author in (each for each in root.iter() if local(each.tag) == "author"):
        names.append((author.text or "").strip())
        author.text = NOBODY
    for comment in (each for each in root.iter() if local(each.tag) == "comment"):
        number = comment.get("authorId", "")
        name = names[int(number)] if number.isdecimal() and int(number) < len(names) else ""
        first = next((each for each in comment.iter() if local(each.tag) == "t" and (each.text or "").strip()), None)
        if name and first is not None and (first.text or "").lstrip().startswith(name):
            first.text = (first.text or "").lstrip()[len(name) :].lstrip(":")
