"""A region's patch on a base: one definition, every node with the file and line it came from (reference §10)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from engine.definitions.merge import Missing, merge
from engine.definitions.overlay_seals import NAMES, Touch, check_sealed
from engine.definitions.problems import Problems, closest, did_you_mean, shorten
from engine.definitions.reading import KEY, Reader
from engine.definitions.source import MAP, NULL, TEXT, Entry, Node
from engine.definitions.version_ranges import accepts

OVERLAY_KEYS = ("schema", "overlay", "extends", "region", "parameters", "patch", "version", "title")
FORM_OVERLAY_KEYS = ("schema", "overlay", "extends", "region", "patch", "version", "title")
OVERLAY_REQUIRED = ("schema", "overlay", "extends", "region")
FORM_SCHEMA = "casework-form/1"
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """The head of an overlay file. ``base_kind`` is case_type, form or overlay; ``base`` the name after it."""

    name: str
    region: str
    base_kind: str
    base: str
    base_at: Node
    version: str
    version_at: Node | None
    root: Node

    @property
    def is_form(self) -> bool:
        """Whether it lies on a form."""
        return self.base_kind == "form" or getattr(self.root.get("schema"), "value", None) == FORM_SCHEMA


def read_overlay(root: Node, is_form: bool, reader: Reader) -> Overlay | None:
    """The head of an overlay on a case type or a form; findings go to the reader, None when it cannot be used."""
    if is_form:
        return read_overlay_on("form", root, reader, FORM_OVERLAY_KEYS)
    return read_overlay_on("case_type", root, reader)


def read_overlay_on(
    base_kind: str, root: Node, reader: Reader, keys: tuple[str, ...] = OVERLAY_KEYS
) -> Overlay | None:  # fmt: skip
    """The head of an overlay whose ``extends`` names a ``base_kind`` (or another overlay); ``keys`` are those it may
    have. Findings go to the reader, None when it cannot be used."""
    whole = Entry(Node(TEXT, "", root.position._replace(line=1, column=1)), root)
    given = reader.keys(whole, keys, OVERLAY_REQUIRED, whole_file=True)
    name, region = reader.optional_text(given.get("overlay")), reader.optional_text(given.get("region"))
    if "patch" in given and given["patch"].value.kind not in (MAP, NULL):
        reader.wrong_kind(given["patch"].value, MAP)
    if region is not None and not KEY.match(region):
        reader.wrong(given["region"].value, "Kunci daerah tidak sah.", "This is no region's key.")
    if "extends" not in given:
        return None
    base_keys = (base_kind, "overlay", "version")
    extends = reader.keys(given["extends"], base_keys, ("version",))
    written = [kind for kind in base_keys[:2] if kind in extends]
    if len(written) != 1:
        if given["extends"].value.kind == MAP:
            reader.missing(given["extends"].key, [base_keys[0]])
        return None
    base = reader.optional_text(extends[written[0]])
    version = reader.optional_text(extends.get("version"))
    if name is None or region is None or base is None:
        return None
    version_at = extends["version"].value if version is not None else None
    return Overlay(name, region, written[0], base, extends[written[0]].value, version or "*", version_at, root)


def base_version_fits(overlay: Overlay, base: Node, problems: Problems) -> bool:
    """Whether the base's version lies in the range the overlay asks for (WF110); an unreadable range is WF012."""
    if overlay.version_at is None:
        return True
    version = base.get("version")
    actual = str(version.value) if version is not None else ""
    fits = accepts(overlay.version, actual)
    if fits is None:
        problems.add("WF012", overlay.version_at, "Rentang versi tidak terbaca.", "The version range cannot be read.")
    elif not fits:
        problems.add(
            "WF110",
            overlay.version_at,
            f'Dasar berversi {shorten(actual)}, bukan "{shorten(overlay.version)}".',
            f'The base has version {shorten(actual)}, not "{shorten(overlay.version)}".',
        )
    return bool(fits)


def apply(
    overlay: Overlay, base: Node, problems: Problems, names: Collection[str] = NAMES, open_ends: Collection[str] = ()
) -> tuple[Node, list[Touch]]:
    """The base with the overlay's patch and parameters, and everything the overlay touches. ``names`` are the keys that
    say what a base is, which no overlay changes; ``open_ends`` those whose null is a value like any other, so that a
    patch may write it where nothing was."""
    patch = overlay.root.get("patch")
    merged, touches = base, []
    removed_nothing = _missing_reporter(problems, open_ends)
    if patch is not None and patch.kind == MAP:
        touches = list(_touches(patch, base, ()))
        merged = merge(base, patch, removed_nothing)
    parameters = overlay.root.entries.get("parameters")
    if parameters is not None:
        merged = _with_defaults(merged, parameters, touches, problems)
    check_sealed(base, merged, touches, problems, names)
    return _with_seals_of(base, merged), touches


def _with_seals_of(base: Node, merged: Node) -> Node:
    """A province cannot break a seal for its districts either."""
    seals = base.entries.get("sealed_nodes")
    if seals is None or merged.entries.get("sealed_nodes") is seals:
        return merged
    return merged.with_value({**merged.entries, "sealed_nodes": seals})


def _missing_reporter(problems: Problems, open_ends: Collection[str]) -> Missing:
    def report(entry: Entry, owner: Node) -> None:
        if entry.name in open_ends:
            return
        near = closest(entry.name, owner.entries)
        hint = did_you_mean(near)
        problems.add(
            "WF112",
            entry.key,
            f'"{shorten(entry.name)}" tidak ada, jadi tidak bisa dibuang.{hint.id}',
            f'"{shorten(entry.name)}" is not there to be removed.{hint.en}',
            near,
        )

    return report


def _touches(patch: Node, base: Node | None, path: Path) -> Iterator[Touch]:
    for name, entry in patch.entries.items():
        inner = (*path, name)
        present = base.entries.get(name) if base is not None else None
        if entry.value.kind == MAP and entry.value.entries and (present is None or present.value.kind == MAP):
            if present is None:
                yield Touch(inner, entry.key, entry.value)
            yield from _touches(entry.value, present.value if present is not None else None, inner)
        else:
            yield Touch(inner, entry.key, entry.value)


def _with_defaults(base: Node, parameters: Entry, touches: list[Touch], problems: Problems) -> Node:
    reader = Reader(problems)
    section = base.entries.get("parameters")
    known: Mapping[str, Entry] = section.value.entries if section is not None else {}
    changed = dict(known)
    for name, entry in reader.map(parameters).items():
        if name not in known:
            reader.unknown("WF027", entry.key, "Tidak ada parameter", "There is no parameter", known)
            continue
        touches.append(Touch(("parameters", name), entry.key, entry.value))
        old = known[name].value
        inner = dict(old.entries)
        inner["default"] = Entry(entry.key, entry.value)
        changed[name] = Entry(known[name].key, Node(MAP, inner, old.position))
    if section is None:
        return base
    entries = dict(base.entries)
    entries["parameters"] = Entry(section.key, section.value.with_value(changed))
    return base.with_value(entries)
