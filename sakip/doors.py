"""Everything the field registers with the engine: kinds of definition, connectors, sources (reference §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from engine.publishing.kinds import Kind, register
from sakip import all_models
from sakip.published import KIND_NAMES, build_of, prove_of

__all__ = ["KINDS", "all_models"]


def _impact(session: Session, files: Mapping[str, str], key: str, region: int | None) -> Sequence[Mapping[str, Any]]:  # noqa: ARG001
    return ()


KINDS = {
    schema: register(Kind(name, build=partial(build_of, schema), prove=prove_of, impact=_impact))
    for schema, name in KIND_NAMES.items()
}
