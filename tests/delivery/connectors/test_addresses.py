"""The installation's file of addresses: read strictly, refused in one sentence, a region's own first."""

from __future__ import annotations

from pathlib import Path

import pytest

from delivery.connectors.addresses import address_of, read_addresses
from engine.errors import EnvironmentFault

SECRET = "s" * 32
GOOD = f"""
e_office:
  url: https://office.example/hook
  secret: {SECRET}
  regions:
    kab_satu: {{url: "https://satu.example/hook"}}
simpeg:
  regions:
    kab_dua: {{url: "http://10.0.0.5/", secret: {SECRET}, allow_private: true, timeout: 3}}
"""


def read(tmp_path: Path, text: str):
    path = tmp_path / "connectors.yaml"
    path.write_text(text, encoding="utf-8")
    return read_addresses(str(path))


def test_without_a_file_there_is_no_address() -> None:
    assert read_addresses("") == {}


def test_a_region_has_its_own_address_or_the_one_for_all(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD)
    assert address_of(found, "e_office", "kab_satu").url == "https://satu.example/hook"
    assert address_of(found, "e_office", "kab_dua").url == "https://office.example/hook"
    assert address_of(found, "simpeg", "kab_satu") is None
    private = address_of(found, "simpeg", "kab_dua")
    assert (private.allows_private, private.timeout) == (True, 3)
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("e_office: {url: 'https://x.example'}", "secret must have 32"),
        (f"e_office: {{url: 'http://x.example', secret: {SECRET}}}", "must be an https address"),
        (f"e_office: {{url: 'https://a:b@x.example', secret: {SECRET}}}", "must be an https address"),
        (f"e_office: {{url: 'file:///etc/passwd', secret: {SECRET}, allow_private: true}}", "must be an https address"),
        (f"e_office: {{url: 'https://x.example', secret: {SECRET}, timeout: 600}}", "timeout must be 1 to 60"),
        (f"e_office: {{url: 'https://x.example', secret: {SECRET}, redirects: true}}", "unknown key 'redirects'"),
        (f"a.b: {{url: 'https://x.example', secret: {SECRET}}}", "is no name for a connector"),
        ("- a\n- b\n", "must be a map"),
        ("a: 1\na: 2\n", ":2: "),
        ("e_office: nowhere", "must be a map"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(EnvironmentFault, match=sentence) as fault:
        read(tmp_path, text)
    assert "\n" not in str(fault.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="cannot be read"):
        read_addresses(str(tmp_path / "nothing.yaml"))
