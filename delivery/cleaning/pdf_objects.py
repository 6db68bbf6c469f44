"""Every object that the pages of a PDF reach: traces in it removed, its pictures cleaned, its size measured."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from delivery.cleaning import jpeg
from delivery.cleaning.job import Job
from delivery.cleaning.picture import rebuilt
from delivery.cleaning.unfit import Unfit

_MOST_OBJECTS = 500_000
_LARGEST_STREAM = 64 * 1024 * 1024  # bytes, unpacked, of one stream that is no picture
# Keys that showing a page does not need: who, when, with which program; files and scripts; ways to other places.
_NAMES = (
    "Metadata PieceInfo LastModified AF EF FS AA A OpenAction JS JavaScript Thumb Annots StructParent StructParents "
    "OPI PtData Measure ID SpiderInfo Alternates Ref Usage CreatorInfo Author Creator Producer CreationDate ModDate "
    "Title Subject Keywords Lang OC"
)
_REMOVED = frozenset(f"/{name}" for name in _NAMES.split())
_OUTSIDE = ("/F", "/FFilter", "/FDecodeParms")  # of a stream: its content is in a file somewhere else
_OF_PICTURE = (
    "Type Subtype Width Height ColorSpace BitsPerComponent Intent ImageMask Mask Decode Interpolate SMask SMaskInData "
    "Matte Filter DecodeParms Length"
)
_OF_FORM = "Type Subtype FormType BBox Matrix Resources Group Filter DecodeParms Length"
_KEPT = {
    "/Image": frozenset(f"/{name}" for name in _OF_PICTURE.split()),
    "/Form": frozenset(f"/{name}" for name in _OF_FORM.split()),
}
# Dictionaries whose keys are names that the document made up: "/A" is a letter there, not an action.
_MAPS = {"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties", "/CharProcs"}
_MAPS |= {"/Colorants"}
_COLOURS = {1: Name.DeviceGray, 3: Name.DeviceRGB, 4: Name.DeviceCMYK}
_INLINE_PICTURE = re.compile(rb"\bBI\b[^\x00]{0,600}?/(DCT|JPX)")


def clean_objects(pdf: Pdf, job: Job) -> None:
    """Changes every object reachable from the catalog of ``pdf`` in place. Raises Unfit."""
    left = job.inflated
    for thing, is_map in _reachable(pdf):
        if isinstance(thing, Array):
            for place, value in enumerate(thing):
                colour = _plain_colour(value)
                if colour is not None:
                    thing[place] = colour
            continue
        if not is_map:
            _remove_keys(thing)
        _replace_profiles(thing, is_map)
        if isinstance(thing, Stream):
            left -= _clean_stream(pdf, thing, job)
            if left < 0:
                raise Unfit("too_much_inside")


def _reachable(pdf: Pdf) -> Iterator[tuple[Object, bool]]:
    """(object, whether its keys are made-up names), parents first, so that what a parent loses is not visited."""
    waiting: list[tuple[Object, bool]] = [(pdf.Root, False)]
    seen: set[tuple[int, int]] = set()
    count = 0
    while waiting:
        thing, is_map = waiting.pop()
        if thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        count += 1
        if count > _MOST_OBJECTS:
            raise Unfit("too_much_inside")
        yield thing, is_map
        if isinstance(thing, Array):
            waiting += [(value, False) for value in thing if isinstance(value, (Array, Dictionary, Stream))]
            continue
        for key, value in thing.items():
            if isinstance(value, (Array, Dictionary, Stream)):
                # A map inside a map is no map: "/Font << /Font << /A ... >> >>" hides nothing.
                waiting.append((value, key in _MAPS and not is_map and isinstance(value, Dictionary)))


def _remove_keys(thing: Object) -> None:
    kept = _KEPT.get(str(thing.get("/Subtype"))) if isinstance(thing, Stream) else None
    for key in list(thing.keys()):
        is_outside = isinstance(thing, Stream) and key in _OUTSIDE
        if key in _REMOVED or is_outside or (kept is not None and key not in kept):
            del thing[key]


def _replace_profiles(thing: Object, is_map: bool) -> None:
    """Colour profiles name the screen, scanner or printer they were measured on; plain colours say the same page."""
    for key, value in list(thing.items()):
        colour = _plain_colour(value)
        if colour is None:
            continue
        if is_map and key in ("/DefaultGray", "/DefaultRGB", "/DefaultCMYK"):
            del thing[key]
        else:
            thing[key] = colour


def _plain_colour(value: object) -> Name | None:
    if not isinstance(value, Array) or len(value) != 2 or value[0] != Name.ICCBased:
        return None
    profile = value[1]
    components = profile.get("/N") if isinstance(profile, Stream) else None
    if not isinstance(components, int) or components not in _COLOURS:
        raise Unfit("damaged")
    return _COLOURS[components]


def _clean_stream(pdf: Pdf, stream: Object, job: Job) -> int:
    """Cleans a picture, or measures anything else; how many unpacked bytes it counts for."""
    filters = _filters(stream)
    is_picture = stream.get("/Subtype") == Name.Image
    if is_picture:
        width, height = stream.get("/Width"), stream.get("/Height")
        if not isinstance(width, int) or not isinstance(height, int) or width < 1 or height < 1:
            raise Unfit("damaged")
        if width * height > job.pixels:
            raise Unfit("too_much_inside")
    if filters and filters[-1] in ("/DCTDecode", "/DCT"):
        content = jpeg.without_traces(_before_last_filter(pdf, stream, filters))
        stream.write(content, filter=Name.DCTDecode, decode_parms=_last_parameters(stream))
        return 0
    if filters and filters[-1] == "/JPXDecode":
        _as_jpeg(stream, rebuilt(_before_last_filter(pdf, stream, filters), "jp2", job.pixels))
        return 0
    if is_picture:
        return 0  # readers unpack no more of it than its width and height ask for
    content = _unpacked(stream, filters)
    if _INLINE_PICTURE.search(content):
        raise Unfit("damaged")  # a photo written into the commands of a page, which no program does today
    return len(content)


def _filters(stream: Object) -> list[str]:
    found = stream.get("/Filter")
    if isinstance(found, Array):
        return [str(each) for each in found]
    return [] if found is None else [str(found)]


def _last_parameters(stream: Object) -> Dictionary | None:
    """How the colours of a JPEG were turned, which may be said outside it."""
    found = stream.get("/DecodeParms")
    last = found[-1] if isinstance(found, Array) and len(found) else found
    turned = last.get("/ColorTransform") if isinstance(last, Dictionary) else None
    return Dictionary(ColorTransform=turned) if isinstance(turned, int) else None


def _before_last_filter(pdf: Pdf, stream: Object, filters: list[str]) -> bytes:
    """What the last filter, a picture's own, would be given."""
    raw = stream.read_raw_bytes()
    if len(filters) == 1:
        return bytes(raw)
    outer = Stream(pdf, raw)
    outer.Filter = Array([Name(each) for each in filters[:-1]])
    return bytes(outer.read_bytes(pikepdf.StreamDecodeLevel.specialized))


def _as_jpeg(stream: Object, content: bytes) -> None:
    """Writes a JPEG in place of a JPEG 2000, whose boxes may hold anything."""
    is_grey = jpeg.components(content) == 1
    stream.write(content, filter=Name.DCTDecode)
    stream.ColorSpace = Name.DeviceGray if is_grey else Name.DeviceRGB
    stream.BitsPerComponent = 8
    for key in ("/Decode", "/SMaskInData"):
        if key in stream:
            del stream[key]


def _unpacked(stream: Object, filters: list[str]) -> bytes:
    if not filters:
        return bytes(stream.read_raw_bytes())
    if filters in (["/FlateDecode"], ["/Fl"]):
        # Unpacked by hand only as far as allowed; the library would unpack all of it first. Damaged ends are common.
        unpacking = zlib.decompressobj()
        try:
            content = unpacking.decompress(bytes(stream.read_raw_bytes()), _LARGEST_STREAM + 1)
        except zlib.error:
            content = bytes(stream.read_bytes())
    else:
        content = bytes(stream.read_bytes(pikepdf.StreamDecodeLevel.specialized))
    if len(content) > _LARGEST_STREAM:
        raise Unfit("too_much_inside")
    return content
