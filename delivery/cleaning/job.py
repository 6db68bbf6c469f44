"""One file to clean, as the confined process has it in hand."""

from __future__ import annotations

from dataclasses import dataclass, field

from delivery.cleaning.kinds import Kind


@dataclass(frozen=True)
class Job:
    """The numbers are those of ``outcome.Limits``; ``notes`` gets keys of ``outcome.NOTES`` on the way."""

    content: bytes
    kind: Kind
    pixels: int
    pages: int
    parts: int
    inflated: int
    notes: set[str] = field(default_factory=set)
