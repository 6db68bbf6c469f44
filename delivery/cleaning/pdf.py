"""PDF: its pages are copied into a new document, and what is not for showing a page stays behind."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from delivery.cleaning import picture
from delivery.cleaning.job import Job
from delivery.cleaning.pdf_objects import clean_objects
from delivery.cleaning.unfit import Unfit

_DEEPEST_TREE = 60
_KEPT = ("/Type", "/Resources", "/Contents", "/Rotate", "/UserUnit", "/Group")
_BOXES = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_AFTER_END = 1024  # bytes; mail programs and scanners add line ends and zeros
_SILENT = b" \t\r\n\x00"


def prepare() -> None:
    """Loads what opening and writing need later, when no file can be opened."""
    picture.prepare()
    blank = pikepdf.new()
    blank.add_blank_page()
    blank.save(io.BytesIO(), deterministic_id=True)


def cleaned(job: Job) -> bytes:
    """The pages alone, in a new PDF: no properties, attachments, scripts, links, layers or older revisions.

    What annotations and form fields show becomes part of the page. Raises Unfit."""
    _require_end(job.content)
    try:
        with Pdf.open(io.BytesIO(job.content), inherit_page_attributes=False, suppress_warnings=True) as old:
            _require_small_tree(old, job.pages)
            _note_what_is_lost(old, job.notes)
            if "/AcroForm" in old.Root:
                old.generate_appearance_streams()
            old.flatten_annotations("all")
            return _from_pages(old, job)
    except pikepdf.PasswordError:
        raise Unfit("locked") from None


def _require_end(content: bytes) -> None:
    """Nothing but silence may follow the end: a reader of another kind would find its file there."""
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise Unfit("damaged")
    if content[end + 5 :].strip(_SILENT) or len(content) - end > _AFTER_END:
        raise Unfit("two_in_one")


def _require_small_tree(pdf: Pdf, most_pages: int) -> None:
    """Counts pages by hand: asked for its pages, the library makes a copy of each, however often the tree names it."""
    waiting: list[tuple[Object | None, int]] = [(pdf.Root.get("/Pages"), 0)]
    visited = 0
    while waiting:
        node, depth = waiting.pop()
        visited += 1
        if visited > 2 * most_pages + _DEEPEST_TREE or depth > _DEEPEST_TREE:
            raise Unfit("too_much_inside")
        if not isinstance(node, Dictionary):
            continue
        kids = node.get("/Kids")
        if isinstance(kids, Array):
            if len(kids) > most_pages:
                raise Unfit("too_much_inside")
            waiting += [(kid, depth + 1) for kid in kids]
    if len(pdf.pages) > most_pages:
        raise Unfit("too_much_inside")
    if not len(pdf.pages):
        raise Unfit("damaged")


def _note_what_is_lost(pdf: Pdf, notes: set[str]) -> None:
    root = pdf.Root
    names = root.get("/Names")
    if "/AF" in root or (isinstance(names, Dictionary) and "/EmbeddedFiles" in names):
        notes.add("attachments")
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary) and (int(form.get("/SigFlags", 0)) & 1 or "/Perms" in root):
        notes.add("signature")
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        for annotation in annotations if isinstance(annotations, Array) else ():
            kind = annotation.get("/Subtype") if isinstance(annotation, Dictionary) else None
            if kind == Name.FileAttachment:
                notes.add("attachments")
            elif kind not in (None, Name.Link, Name.Popup):
                notes.add("annotations")


def _from_pages(old: Pdf, job: Job) -> bytes:
    with pikepdf.new() as new:
        for page in old.pages:
            _strip(page.obj)
            new.pages.append(page)
        for page in new.pages:
            _strip(page.obj)
        clean_objects(new, job)
        out = io.BytesIO()
        new.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _strip(page: Object) -> None:
    """Only what shows the page; inherited values are written down on the page itself first."""
    holder, steps = page.get("/Parent"), 0
    while isinstance(holder, Dictionary) and steps < _DEEPEST_TREE:
        for key in _INHERITED:
            if key not in page and key in holder:
                page[key] = holder[key]
        holder, steps = holder.get("/Parent"), steps + 1
    for key in list(page.keys()):
        if key not in _KEPT and key not in _BOXES and key != "/Parent":
            del page[key]
