"""The canonical form of a definition and its digest: the same content gives the same version, whatever its layout."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.definitions.source import Node


def canonical(workflow: Node, forms: Mapping[str, Node], templates: Mapping[str, str]) -> str:
    """Workflow, the forms it uses and the mail texts it names as one JSON text.

    Comments, quotes and spacing are gone; the order of keys stays, for it decides in which order things happen.
    """
    content = {
        "workflow": workflow.plain(),
        "forms": {key: forms[key].plain() for key in sorted(forms)},
        "templates": {path: templates[path] for path in sorted(templates)},
    }
    return canonical_text(content)


def canonical_text(content: Any) -> str:
    """Plain values of a file (dict, list, str, int, Decimal, bool, None) as one JSON text."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_number)


def digest(text: str) -> str:
    """SHA-256 of a canonical form, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _number(value: Any) -> Any:
    """Decimals as numbers that keep their value: 1.50 and 1.5 are the same."""
    if isinstance(value, Decimal):
        plain = format(value.normalize(), "f")
        return {"decimal": plain}
    raise TypeError(f"no canonical form for {type(value).__name__}")
