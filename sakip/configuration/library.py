"""The files of one folder, read and sorted: bases and overlays by name, with what is wrong in their heads."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.definitions.overlay import Overlay, base_version_fits, read_overlay_on
from engine.definitions.problems import Position, Problems, closest, did_you_mean, shorten
from engine.definitions.reading import Reader, first_line
from engine.definitions.source import MAP, NULL, TEXT, Entry, Node, read
from engine.definitions.tree import Grove
from engine.definitions.version_ranges import accepts
from sakip.configuration.files import is_history, region_folder
from sakip.configuration.heads import SCHEMAS
from sakip.configuration.parse_head import KEYS, schema_of
from sakip.configuration.unsure import TO_CONFIRM

MAXIMUM_LAYERS = 2
OTHER_SCHEMAS = ("sakip-vectors/1",)  # may lie beside the configuration and is none of it
_OVERLAY_KEYS = ("overlay", "extends", "region")


@dataclass(frozen=True, slots=True)
class Base:
    """A file that stands on its own."""

    schema: str
    key: str
    version: str
    root: Node


@dataclass(slots=True)
class FieldLibrary:
    """What one folder holds. Several bases of one name are its versions for other years."""

    bases: list[Base] = field(default_factory=list)
    overlays: dict[tuple[str, str], Overlay] = field(default_factory=dict)  # by schema and name
    older: dict[tuple[str, str], dict[str, Node]] = field(default_factory=dict)  # by schema and key, then version
    older_overlays: dict[tuple[str, str], dict[str, Overlay]] = field(default_factory=dict)  # by schema and name

    def regions(self) -> tuple[str, ...]:
        """Every region that has a file, by name."""
        return tuple(sorted({overlay.region for overlay in self.overlays.values()}))

    def chain(self, schema: str, overlay: Overlay) -> list[Overlay]:
        """The overlays from the one next to the base to this one; empty when one of them is not there."""
        found = [overlay]
        while found[0].base_kind == "overlay":
            below = self.overlays.get((schema, found[0].base))
            if below is None or below in found:
                return []
            found.insert(0, below)
        return found

    def bases_of(self, schema: str, overlay: Overlay) -> list[Base]:
        """The bases an overlay is laid on: all of its name whose version the chain accepts."""
        chain = self.chain(schema, overlay)
        if not chain or len(chain) > MAXIMUM_LAYERS:
            return []
        return [
            base
            for base in self.bases
            if (base.schema, base.key) == (schema, chain[0].base) and _fits(chain, base.version)
        ]

    def layers(self, base: Base, region: str | None) -> list[Overlay]:
        """The overlays a region has on a base, the lowest first."""
        for (schema, _), overlay in self.overlays.items():
            if schema == base.schema and overlay.region == region and base in self.bases_of(schema, overlay):
                return self.chain(schema, overlay)
        return []

    def regions_of(self, region: str | None) -> frozenset[str]:
        """The regions whose files make a region's configuration: itself, and what its overlays lie on."""
        chains = [self.chain(of, overlay) for (of, _), overlay in self.overlays.items() if overlay.region == region]
        return frozenset(layer.region for chain in chains for layer in chain)


def _fits(chain: list[Overlay], version: str) -> bool:
    """Whether every layer accepts what it is laid on; one without a version of its own has that of its base."""
    for overlay in chain:
        if overlay.version_at is not None and not accepts(overlay.version, version):
            return False
        own = overlay.root.get("version")
        version = version if own is None else str(own.value)
    return True


def read_field_library(grove: Grove, problems: Problems) -> FieldLibrary:
    """Read every file of a folder; findings in their YAML and their heads go to ``problems``."""
    library = FieldLibrary()
    for file in grove.files:
        found = Problems()
        root = read(file.content, file.shown, found)
        if is_history(file.inside):
            if root is not None and root.kind == MAP:
                _add_older(root, library)
            continue
        problems.take_all(found.sorted())
        if root is None:
            if not found.has_errors:
                problems.add("WF011", Position(file.shown, 1, 1), "Berkas kosong.", "The file is empty.")
        elif root.kind != MAP:
            Reader(problems).wrong_kind(root, MAP)
        else:
            _add(root, file.inside, library, problems)
    _check_bases(library, problems)
    return library


def _add_older(root: Node, library: FieldLibrary) -> None:
    schema, version = schema_of(root), root.get("version")
    if schema is None or version is None:
        return
    if "overlay" in root.entries:
        overlay = read_overlay_on(KEYS[schema], root, Reader(Problems()))
        if overlay is not None:
            library.older_overlays.setdefault((schema, overlay.name), {})[str(version.value)] = overlay
        return
    key = root.get(KEYS[schema])
    if key is not None:
        library.older.setdefault((schema, str(key.value)), {})[str(version.value)] = root


def _add(root: Node, inside: str, library: FieldLibrary, problems: Problems) -> None:
    reader = Reader(problems)
    schema = _schema(root, problems)
    if schema is None:
        return
    region = region_folder(inside)
    if "overlay" in root.entries or ("extends" in root.entries and "patch" in root.entries):
        overlay = read_overlay_on(KEYS[schema], _with_unsure_patch(root), reader)
        if overlay is not None:
            _check_folder(overlay, region, reader)
            _keep_overlay(schema, overlay, library, reader)
        return
    if region is not None:  # a region has patches, never a file of its own
        reader.missing(first_line(root).key, [name for name in _OVERLAY_KEYS if name not in root.entries], True)
        return
    key, version = root.get(KEYS[schema]), root.get("version")
    name = "" if key is None else str(key.value)
    library.bases.append(Base(schema, name, "" if version is None else str(version.value), root))


def _with_unsure_patch(root: Node) -> Node:
    """`to_confirm` on an overlay is about what it changes: it goes into the patch."""
    unsure, patch = root.entries.get(TO_CONFIRM), root.entries.get("patch")
    if unsure is None:
        return root
    entries = {key: entry for key, entry in root.entries.items() if key != TO_CONFIRM}
    if patch is None or patch.value.kind == NULL:  # parameters alone
        patch = Entry(unsure.key, Node(MAP, {}, unsure.key.position))
    if patch.value.kind == MAP and TO_CONFIRM not in patch.value.entries:
        entries["patch"] = Entry(patch.key, patch.value.with_value({**patch.value.entries, TO_CONFIRM: unsure}))
    return root.with_value(entries)


def _schema(root: Node, problems: Problems) -> str | None:
    """The schema a file says, or the one its keys mean where it says none."""
    written = root.get("schema")
    if written is None or written.kind == NULL:
        for schema, key in KEYS.items():
            extends = root.get("extends")
            if key in root.entries or (extends is not None and key in extends.entries):
                return schema
        Reader(problems).missing(first_line(root).key, ["schema"], True)
        return None
    if written.kind == TEXT and written.value in SCHEMAS:
        return str(written.value)
    if written.kind == TEXT and written.value in OTHER_SCHEMAS:
        return None
    if written.kind != TEXT:
        Reader(problems).wrong_kind(written, TEXT)
        return None
    near = closest(str(written.value), (*SCHEMAS, *OTHER_SCHEMAS))
    hint, shown = did_you_mean(near), shorten(str(written.value))
    problems.add(
        "WF006", written, f'Skema "{shown}" tidak dikenal.{hint.id}', f'Unknown schema "{shown}".{hint.en}', near
    )
    return None


def _check_folder(overlay: Overlay, region: str | None, reader: Reader) -> None:
    """An overlay lies in the folder of its region."""
    if region is not None and overlay.region != region:
        reader.wrong(
            overlay.root.entries["region"].value,
            f'Map daerah ini bernama "{shorten(region)}".',
            f'The folder of this region is named "{shorten(region)}".',
            region,
        )


def _keep_overlay(schema: str, overlay: Overlay, library: FieldLibrary, reader: Reader) -> None:
    if (schema, overlay.name) in library.overlays:
        reader.wrong(
            overlay.root.entries["overlay"].value,
            f'"{shorten(overlay.name)}" sudah ada di berkas lain.',
            f'"{shorten(overlay.name)}" is in another file already.',
        )
        return
    library.overlays[(schema, overlay.name)] = overlay


def _check_bases(library: FieldLibrary, problems: Problems) -> None:
    """Every overlay's base is there, in the version it asks for, at most two layers deep, one a region (WF110)."""
    taken: set[tuple[int, str]] = set()
    for (schema, _), overlay in library.overlays.items():
        chain = library.chain(schema, overlay)
        if not _is_there(schema, overlay, library, problems):
            continue
        if not chain or len(chain) > MAXIMUM_LAYERS:
            problems.add(
                "WF110",
                overlay.base_at,
                "Paling banyak dua lapis: provinsi, lalu kabupaten/kota.",
                "At most two layers: province, then district.",
            )
            continue
        fitting = library.bases_of(schema, overlay)
        if not fitting:
            base_version_fits(overlay, _below(schema, overlay, library), problems)
        for base in fitting:
            place = (id(base.root), overlay.region)
            if place in taken:
                problems.add(
                    "WF012",
                    overlay.root.entries["region"].value,
                    f'Daerah "{shorten(overlay.region)}" sudah punya lapisan atas dasar ini.',
                    f'The region "{shorten(overlay.region)}" has an overlay on this base already.',
                )
            taken.add(place)


def _is_there(schema: str, overlay: Overlay, library: FieldLibrary, problems: Problems) -> bool:
    keys = [base.key for base in library.bases if base.schema == schema]
    names = [name for of, name in library.overlays if of == schema]
    known = names if overlay.base_kind == "overlay" else keys
    if overlay.base in known:
        return True
    near = closest(overlay.base, [name for name in known if name != overlay.name])
    hint = did_you_mean(near)
    problems.add(
        "WF110",
        overlay.base_at,
        f'Dasar "{shorten(overlay.base)}" tidak ada.{hint.id}',
        f'There is no base "{shorten(overlay.base)}".{hint.en}',
        near,
    )
    return False


def _below(schema: str, overlay: Overlay, library: FieldLibrary) -> Node:
    """What an overlay lies on, to say its version: the layer below when it has one, else the newest base."""
    chain = library.chain(schema, overlay)
    if len(chain) > 1 and chain[-2].root.get("version") is not None:
        return chain[-2].root
    return [base.root for base in library.bases if (base.schema, base.key) == (schema, chain[0].base)][-1]
