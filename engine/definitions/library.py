"""The files of one tree, read and sorted: workflows, forms and overlays by name, with what is wrong in their heads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from engine.definitions.model import Definition
from engine.definitions.overlay import FORM_SCHEMA, Overlay, apply, base_version_fits, read_overlay
from engine.definitions.overlay_seals import Touch
from engine.definitions.parse import WORKFLOW_REQUIRED
from engine.definitions.parse_form_files import check_form_keys
from engine.definitions.parse_forms import FORM_KEYS
from engine.definitions.problems import Position, Problems, closest, did_you_mean, shorten
from engine.definitions.reading import Reader, first_line
from engine.definitions.source import MAP, TEXT, Node, read
from engine.definitions.tree import SUFFIXES, Grove

WORKFLOW_SCHEMA = "casework/1"
SCHEMAS = (WORKFLOW_SCHEMA, FORM_SCHEMA)
MAXIMUM_LAYERS = 2
T = TypeVar("T")


@dataclass(slots=True)
class Library:
    """What one tree holds. Names map to root nodes; ``files`` says from which file each file's root came."""

    workflows: dict[str, Node] = field(default_factory=dict)
    forms: dict[str, Node] = field(default_factory=dict)
    workflow_overlays: dict[str, Overlay] = field(default_factory=dict)
    form_overlays: dict[str, Overlay] = field(default_factory=dict)
    older: dict[tuple[str, str, str], Node] = field(default_factory=dict)  # (workflow or form, name, version)
    older_overlays: dict[tuple[str, str], Overlay] = field(default_factory=dict)  # (name, version)
    older_read: dict[str, dict[str, Definition]] = field(default_factory=dict)  # by case type and version
    unread: set[str] = field(default_factory=set)  # paths in the tree of files that are there and cannot be read
    today: Library | None = None  # the same tree with the bases it has, where other ones are tried

    def chain(self, overlay: Overlay) -> list[Overlay]:
        """The overlays from the one next to the base to this one; empty when the base is not there."""
        found = [overlay]
        overlays = self.form_overlays if overlay.is_form else self.workflow_overlays
        while found[0].base_kind == "overlay":
            below = overlays.get(found[0].base)
            if below is None or below in found:
                return []
            found.insert(0, below)
        return found

    def overlays_of(self, case_type: str) -> list[Overlay]:
        """The workflow overlays on a case type, directly or over another layer."""
        return [
            overlay
            for overlay in self.workflow_overlays.values()
            if (chain := self.chain(overlay)) and chain[0].base == case_type
        ]

    def form_overlays_of(self, regions: list[str]) -> dict[str, Overlay]:
        """By form the overlay of the innermost of a region's ``regions`` that has one."""
        found: dict[str, Overlay] = {}
        for region in regions:
            for overlay in self.form_overlays.values():
                chain = self.chain(overlay)
                if overlay.region == region and chain and chain[0].base in self.forms:
                    found[chain[0].base] = overlay
        return found

    def regions_of(self, region: str | None) -> frozenset[str]:
        """The regions whose files make a region's definitions: itself, and what its overlays are laid on."""
        if region is None:
            return frozenset()
        overlays = [*self.workflow_overlays.values(), *self.form_overlays.values()]
        own = [overlay for overlay in overlays if overlay.region == region]
        return frozenset({region}) | {layer.region for overlay in own for layer in self.chain(overlay)}

    def region_forms(self, regions: list[str], problems: Problems) -> dict[str, Node]:
        """The forms as a region has them: each with the overlay of the innermost of its ``regions`` that has one."""
        forms = dict(self.forms)
        for key, overlay in self.form_overlays_of(regions).items():
            merged = self.merged(overlay, problems)
            if merged is not None:
                forms[key] = merged[0]
        return forms

    def merged(self, overlay: Overlay, problems: Problems) -> tuple[Node, list[Touch]] | None:
        """The base with all layers up to this overlay, and what the last one touches; None without a base."""
        chain = self.chain(overlay)
        if not chain:
            return None
        bases = self.forms if overlay.is_form else self.workflows
        root = bases.get(chain[0].base)
        if root is None:
            return None
        touches: list[Touch] = []
        for layer in chain:
            root, touches = apply(layer, root, problems if layer is overlay else Problems())
        return root, touches

    def is_form_unread(self, name: str, regions: Collection[str]) -> bool:
        """Whether the file of a form is there, the base's or that of one of ``regions``, and cannot be read."""
        folders = ["forms_config", *(f"forms_config/regions/{region}" for region in regions)]
        return any(f"{folder}/{name}{suffix}" in self.unread for folder in folders for suffix in SUFFIXES)


def is_of_another_region(path: str, regions: Collection[str]) -> bool:
    """Whether a file of a tree lies in the folder of a region that is none of ``regions``."""
    parts = path.split("/")
    return parts[1:2] == ["regions"] and len(parts) > 3 and parts[2] not in regions


def read_library(grove: Grove, problems: Problems) -> Library:
    """Read every file of a tree; findings in their YAML and their heads go to ``problems``."""
    library = Library()
    for file in grove.files:
        found = Problems()
        root = read(file.content, file.shown, found)
        if file.is_history:
            if root is not None and root.kind == MAP:
                _add_older(root, file.inside, library)
            continue
        problems.take_all(found.sorted())
        if root is None or root.kind != MAP or _has_unknown_schema(root):
            library.unread.add(file.inside)
        if root is None:
            if not found.has_errors:
                problems.add("WF011", Position(file.shown, 1, 1), "Berkas kosong.", "The file is empty.")
            continue
        if root.kind != MAP:
            Reader(problems).wrong_kind(root, MAP)
            continue
        _add(root, file.inside, library, problems)
    _check_bases(library, problems)
    return library


def _add_older(root: Node, inside: str, library: Library) -> None:
    if "overlay" in root.entries:
        overlay = read_overlay(root, _looks_like_form(root, inside), Reader(Problems()))
        version = root.get("version")
        if overlay is not None and version is not None:
            library.older_overlays[(overlay.name, str(version.value))] = overlay
        return
    for kind, key in (("workflow", "case_type"), ("form", "form")):
        name, version = root.get(key), root.get("version")
        if name is not None and version is not None:
            library.older[(kind, str(name.value), str(version.value))] = root


def _add(root: Node, inside: str, library: Library, problems: Problems) -> None:
    reader = Reader(problems)
    is_form = _looks_like_form(root, inside)
    schema = root.get("schema")
    if schema is not None and _has_unknown_schema(root):
        near = closest(str(schema.value), SCHEMAS)
        hint = did_you_mean(near)
        written = shorten(str(schema.value))
        problems.add(
            "WF006",
            schema,
            f'Skema "{written}" tidak dikenal.{hint.id}',
            f'Unknown schema "{written}".{hint.en}',
            near,
        )
        return
    if "overlay" in root.entries or ("extends" in root.entries and "patch" in root.entries):
        overlay = read_overlay(root, is_form, reader)
        _check_folder(root, inside, reader)
        if overlay is not None:
            overlays = library.form_overlays if is_form else library.workflow_overlays
            _keep(overlay.name, overlay, overlays, root, "overlay", reader)
        return
    if is_form:
        check_form_keys(root, reader)
        _keep_root(root, "form", library.forms, reader)
    else:
        name = root.get("case_type")
        if name is None or name.kind != TEXT:
            whole = first_line(root)
            reader.keys(whole, root.entries.keys(), WORKFLOW_REQUIRED, whole_file=True)
            if name is not None:
                reader.text(root.entries["case_type"])
                return
            library.workflows[f"?{root.file}"] = root
            return
        _keep_root(root, "case_type", library.workflows, reader)


def _has_unknown_schema(root: Node) -> bool:
    schema = root.get("schema")
    return schema is not None and schema.value not in SCHEMAS


def _check_folder(root: Node, inside: str, reader: Reader) -> None:
    """An overlay lies in the folder of its region."""
    parts = inside.split("/")
    region = root.get("region")
    if parts[1:2] == ["regions"] and len(parts) > 3 and region is not None and region.value != parts[2]:
        reader.wrong(
            region,
            f'Map daerah ini bernama "{shorten(parts[2])}".',
            f'The folder of this region is named "{shorten(parts[2])}".',
            parts[2],
        )


def _keep_root(root: Node, key: str, found: dict[str, Node], reader: Reader) -> None:
    name = root.get(key)
    if name is not None and name.kind == TEXT:
        _keep(str(name.value), root, found, root, key, reader)


def _keep(name: str, value: T, found: dict[str, T], root: Node, key: str, reader: Reader) -> None:
    if name in found:
        at = root.entries[key].value
        reader.wrong(
            at, f'"{shorten(name)}" sudah ada di berkas lain.', f'"{shorten(name)}" is in another file already.'
        )
        return
    found[name] = value


def _looks_like_form(root: Node, inside: str) -> bool:
    schema = root.get("schema")
    if schema is not None and schema.value in (WORKFLOW_SCHEMA, FORM_SCHEMA):
        return bool(schema.value == FORM_SCHEMA)
    if "form" in root.entries or "case_type" in root.entries:
        return "form" in root.entries and "case_type" not in root.entries
    if inside.startswith("forms_config/"):
        return True
    return not inside.startswith("workflows/") and root.entries.keys() <= FORM_KEYS and "fields" in root.entries


def _check_bases(library: Library, problems: Problems) -> None:
    """Every overlay's base is there, in the version it asks for, at most two layers deep (WF110)."""
    for overlays, bases in (
        (library.workflow_overlays, library.workflows),
        (library.form_overlays, library.forms),
    ):
        _one_a_region(overlays, library, problems)
        for overlay in overlays.values():
            known: Mapping[str, object] = overlays if overlay.base_kind == "overlay" else bases
            if overlay.base not in known:
                near = closest(overlay.base, known)
                hint = did_you_mean(near)
                problems.add(
                    "WF110",
                    overlay.base_at,
                    f'Dasar "{shorten(overlay.base)}" tidak ada.{hint.id}',
                    f'There is no base "{shorten(overlay.base)}".{hint.en}',
                    near,
                )
                continue
            chain = library.chain(overlay)
            if not chain or len(chain) > MAXIMUM_LAYERS:
                problems.add(
                    "WF110",
                    overlay.base_at,
                    "Paling banyak dua lapis: provinsi, lalu kabupaten/kota.",
                    "At most two layers: province, then district.",
                )
                continue
            base_root = overlays[overlay.base].root if overlay.base_kind == "overlay" else bases[overlay.base]
            if overlay.base_kind == "overlay" and base_root.get("version") is None:
                base_root = bases.get(chain[0].base, base_root)
            base_version_fits(overlay, base_root, problems)


def _one_a_region(overlays: Mapping[str, Overlay], library: Library, problems: Problems) -> None:
    """A region has one overlay on a base: of two nobody could say which counts."""
    taken: set[tuple[str, str]] = set()
    for overlay in overlays.values():
        chain = library.chain(overlay)
        at = overlay.root.get("region")
        if not chain or at is None:
            continue
        place = (chain[0].base, overlay.region)
        if place in taken:
            problems.add(
                "WF012",
                at,
                f'Daerah "{shorten(overlay.region)}" sudah punya lapisan atas dasar ini.',
                f'The region "{shorten(overlay.region)}" has an overlay on this base already.',
            )
        taken.add(place)
