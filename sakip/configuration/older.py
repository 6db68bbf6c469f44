"""What a file was when a region's overlay on it was written (reference §2.2, language §10).

An overlay in a file names no digest; its range of versions says where it began, and who has looked at a newer base says
so by raising it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.definitions.overlay import Overlay, apply
from engine.definitions.overlay_bases import lowest_accepted, version_of
from engine.definitions.overlay_changes import changed_under, tell_changes
from engine.definitions.problems import Problems
from engine.definitions.source import Node
from sakip.configuration.library import Base, FieldLibrary


def report_changes(chain: Sequence[Overlay], base: Base, now: Node, library: FieldLibrary, problems: Problems) -> None:
    """WF113 at each token of the last overlay of ``chain`` whose node changed under it; ``now`` is what it lies on."""
    old = _then(chain, base, library)
    if old is not None and old is not now:
        version = version_of(chain[-2].root if len(chain) > 1 else old) or version_of(old) or ""
        tell_changes(changed_under(chain[-1], old, now), version, problems)


def _then(chain: Sequence[Overlay], base: Base, library: FieldLibrary) -> Node | None:
    """What the last overlay was written on; None where nothing says so."""
    overlay = chain[-1]
    if len(chain) == 1:
        return lowest_accepted(overlay, _kept(base, library))
    below = chain[-2]
    own = version_of(below.root)
    if own is None:  # a province without versions: the district's range is about the base
        root = lowest_accepted(overlay, _kept(base, library)) or base.root
    else:
        kept = library.older_overlays.get((base.schema, below.name), {})
        below = lowest_accepted(overlay, {**kept, own: below}) or below
        root = _then([*chain[:-2], below], base, library) or base.root
    if root is base.root and below is chain[-2]:
        return None
    return apply(below, root, Problems())[0]


def _kept(base: Base, library: FieldLibrary) -> Mapping[str, Node]:
    """The versions of a base that are there, this one among them."""
    return {**library.older.get((base.schema, base.key), {}), base.version: base.root}
