"""The proxy configuration we ship for the reporting pages keeps nothing of a visitor, and passes nothing on."""

from __future__ import annotations

import re
from pathlib import Path

CONFIGURATION = Path(__file__).resolve().parents[2] / "docs" / "examples" / "nginx" / "reports.conf"
TELLING = (
    "X-Forwarded-For", "X-Real-IP", "X-Client-IP", "Forwarded", "Via", "True-Client-IP", "CF-Connecting-IP",
    "User-Agent", "Referer", "Accept-Language", "X-Forwarded-Host",
)  # fmt: skip


def _lines() -> list[str]:
    text = re.sub(r"#.*", "", CONFIGURATION.read_text(encoding="utf-8"))
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def _servers() -> list[str]:
    return re.findall(r"^server \{.*?^\}", re.sub(r"#.*", "", CONFIGURATION.read_text(encoding="utf-8")), re.M | re.S)


def test_t02_the_shipped_proxy_writes_no_access_log_and_no_errors_with_addresses() -> None:
    lines = _lines()
    assert [line for line in lines if line.startswith(("access_log", "log_format"))] == ["access_log off;"] * 2
    assert {line for line in lines if line.startswith("error_log")} == {"error_log /dev/null crit;"}
    assert len(_servers()) == 2
    assert all("access_log off;" in server for server in _servers())


def test_the_shipped_proxy_passes_on_nothing_of_who_asks() -> None:
    text = "\n".join(_lines())
    assert [name for name in TELLING if f'proxy_set_header {name} "";' not in text] == []
    assert re.findall(r"\$(?:remote_|binary_remote|proxy_add|http_|realip|geoip)\w*", text) == []


def test_t22_the_shipped_proxy_writes_neither_uploads_nor_answers_to_a_disk() -> None:
    lines = _lines()
    assert "proxy_request_buffering off;" in lines
    assert "proxy_max_temp_file_size 0;" in lines
    assert "proxy_cache off;" in lines


def test_the_shipped_proxy_sets_no_header_the_pages_set_themselves() -> None:
    assert [line for line in _lines() if line.startswith(("add_header", "expires"))] == []
    assert "etag off;" in _lines()
