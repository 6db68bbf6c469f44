"""Where calls go: a file of the installation names the addresses, with what proves that a call is ours.

e_office:
  url: https://office.example/hooks/alur
  secret: at-least-thirty-two-characters-known-to-both
  timeout: 10
  allow_private: false
  regions:
    kab_contoh: {url: https://kab.example/hook, secret: another-secret-of-thirty-two-characters}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engine.connectors import NAME
from engine.definitions import source
from engine.definitions.problems import Problems
from engine.errors import EnvironmentFault

SHORTEST_SECRET = 32
LONGEST_TIMEOUT = 60
_KEYS = frozenset({"url", "secret", "timeout", "allow_private"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where one connector's calls go. ``timeout`` in seconds; ``allows_private`` lets it be on one's own network, and
    plain http."""

    url: str
    secret: str = field(repr=False)
    timeout: int = 10
    allows_private: bool = False


Addresses = Mapping[tuple[str, str | None], Address]  # by connector and region; None: every other region


def read_addresses(path: str) -> Addresses:
    """The addresses of the file ``path``; none without one. Raises EnvironmentFault, in one sentence."""
    if not path:
        return {}
    try:
        text = Path(path).read_bytes()
    except OSError as fault:
        raise EnvironmentFault(f"ALUR_CONNECTORS: {path} cannot be read ({fault.strerror}).") from fault
    problems = Problems()
    node = source.read(text, path, problems)
    faults = [problem for problem in problems.sorted() if problem.is_error]
    if faults:
        raise EnvironmentFault(f"{path}:{faults[0].line}: {faults[0].message.en}")
    written = None if node is None else node.plain()
    if not isinstance(written, dict):
        raise EnvironmentFault(f"{path}: must be a map from connector to address.")
    found: dict[tuple[str, str | None], Address] = {}
    for name, entry in written.items():
        _refuse(not NAME.fullmatch(name) or "." in name, f"{path}: '{name}' is no name for a connector.")
        _refuse(not isinstance(entry, dict), f"{path}: '{name}' must be a map.")
        regions = entry.pop("regions", None) or {}
        _refuse(not isinstance(regions, dict), f"{path}: '{name}.regions' must be a map.")
        if entry:
            found[name, None] = _address(entry, f"{path}: '{name}'")
        for region, own in regions.items():
            where = f"{path}: '{name}.regions.{region}'"
            _refuse(not isinstance(own, dict), f"{where} must be a map.")
            found[name, region] = _address({**entry, **own}, where)
    return found


def address_of(addresses: Addresses, name: str, region: str) -> Address | None:
    """The region's own address of a connector, otherwise the one for all."""
    return addresses.get((name, region)) or addresses.get((name, None))


def _address(entry: Mapping[str, Any], where: str) -> Address:
    unknown = sorted(set(entry) - _KEYS)
    _refuse(bool(unknown), f"{where}: unknown key '{unknown[0] if unknown else ''}'.")
    url, secret = entry.get("url"), entry.get("secret")
    timeout, allows_private = entry.get("timeout", 10), entry.get("allow_private", False)
    _refuse(not isinstance(allows_private, bool), f"{where}: allow_private must be true or false.")
    schemes = ("https", "http") if allows_private else ("https",)
    parts = urlsplit(url) if isinstance(url, str) else None
    is_usable = parts is not None and parts.scheme in schemes and bool(parts.hostname) and parts.username is None
    _refuse(not is_usable, f"{where}: url must be an https address without a password (http only with allow_private).")
    _refuse(
        not isinstance(secret, str) or len(secret) < SHORTEST_SECRET,
        f"{where}: secret must have {SHORTEST_SECRET} characters or more.",
    )
    is_whole = isinstance(timeout, int) and not isinstance(timeout, bool)
    _refuse(not is_whole or not 1 <= timeout <= LONGEST_TIMEOUT, f"{where}: timeout must be 1 to {LONGEST_TIMEOUT} s.")
    return Address(str(url), str(secret), timeout, allows_private)


def _refuse(is_wrong: bool, sentence: str) -> None:
    if is_wrong:
        raise EnvironmentFault(sentence)
