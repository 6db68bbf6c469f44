"""Settings: one frozen object read from the environment, every value documented where it stands.

``python -m config`` prints the reference of all variables as Markdown.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from engine.errors import EnvironmentFault

ROOT = Path(__file__).resolve().parent
ENVIRONMENTS = ("development", "production", "test")
WEAK_SECRETS = frozenset({"", "secret", "changeme", "dev", "development"})


def _setting(variable: str, default: Any, text: str) -> Any:
    return field(default=default, metadata={"variable": variable, "text": text})


def _secret(variable: str, default: Any, text: str) -> Any:
    """A setting that no log, traceback or test failure may show."""
    return field(default=default, repr=False, metadata={"variable": variable, "text": text})


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs. Build it with ``read_settings``; tests may build it directly."""

    environment: str = _setting("ALUR_ENV", "development", "`development`, `production` or `test`.")
    database_url: str = _setting(
        "ALUR_DATABASE_URL",
        f"sqlite:///{ROOT / 'var' / 'alur.sqlite'}",
        "Where the database is: `sqlite:///path` or `postgresql://user@host/name`.",
    )
    secret_key: str = _secret(
        "ALUR_SECRET_KEY",
        "",
        "Signs cookies and forms, seals second factors; 32 characters at least, in development one is made.",
    )
    base_url: str = _setting(
        "ALUR_BASE_URL",
        "http://127.0.0.1:8000",
        "The address people reach this at; links in mails start with it.",
    )
    report_url: str = _setting(
        "ALUR_REPORT_URL",
        "",
        "Where the public reaches the reporting pages, a host name of their own; empty: nowhere said.",
    )
    receipt_pepper: str = _secret(
        "ALUR_RECEIPT_PEPPER",
        "",
        "Mixed into receipts of sealed cases, 32 to 64 characters; lost or changed, every receipt is dead. "
        "In development one is made.",
    )
    files_dir: Path = _setting("ALUR_FILES_DIR", ROOT / "var" / "files", "Folder for uploaded files, by digest.")
    sealed_dir: Path = _setting(
        "ALUR_SEALED_DIR", ROOT / "var" / "sealed", "Folder for encrypted files of sealed cases, by random names."
    )
    backup_dir: Path = _setting(
        "ALUR_BACKUP_DIR", ROOT / "var" / "backups", "Folder `flask backup create` writes to; best on another machine."
    )
    backup_key: str = _setting(
        "ALUR_BACKUP_KEY", "", "Public key backups are encrypted for, as `flask backup key` prints it; empty for none."
    )
    cache_dir: Path = _setting(
        "ALUR_CACHE_DIR",
        ROOT / "var" / "compiled",
        "Folder for compiled definitions, this account's alone; it may be emptied at any time.",
    )
    mail_server: str = _setting("ALUR_MAIL_SERVER", "127.0.0.1", "Host name of the mail server.")
    mail_port: int = _setting("ALUR_MAIL_PORT", 8025, "Port of the mail server.")
    mail_username: str = _setting("ALUR_MAIL_USERNAME", "", "Account at the mail server, if it asks for one.")
    mail_password: str = _secret("ALUR_MAIL_PASSWORD", "", "Password of that account.")
    mail_use_tls: bool = _setting("ALUR_MAIL_USE_TLS", False, "Whether to use STARTTLS: `true` or `false`.")
    mail_sender: str = _setting(
        "ALUR_MAIL_SENDER", "notifikasi@alur.example", "Sender's address of every mail; its domain also names messages."
    )
    mail_reply_to: str = _setting("ALUR_MAIL_REPLY_TO", "", "Where answers to mails go; empty for none.")
    connectors_file: str = _setting(
        "ALUR_CONNECTORS", "", "File with the addresses outside that definitions may call; see the page on connectors."
    )
    default_language: str = _setting("ALUR_LANGUAGE", "id", "`id` or `en`: what visitors see before they choose.")
    demo: bool = _setting(
        "ALUR_DEMO", False, "Whether this is a demonstration: a bar on every page says so. Refused in production."
    )
    max_upload_megabytes: int = _setting("ALUR_MAX_UPLOAD_MB", 20, "Largest single attachment, in megabytes.")
    trusted_proxies: int = _setting(
        "ALUR_TRUSTED_PROXIES", 0, "How many reverse proxies stand before the server; 0 believes no forwarded address."
    )

    @property
    def is_production(self) -> bool:
        """Whether the strict rules of a production installation hold."""
        return self.environment == "production"

    @property
    def is_https(self) -> bool:
        """Whether people come by https, which makes cookies `Secure` and `__Host-`."""
        return self.base_url.startswith("https://")

    @property
    def largest_file(self) -> int:
        """The largest single attachment, in bytes."""
        return self.max_upload_megabytes * 1_000_000

    @property
    def pepper(self) -> bytes:
        """What receipts are mixed with. Raises EnvironmentFault when there is none."""
        found = self.receipt_pepper.encode()
        if not 32 <= len(found) <= 64 or self.receipt_pepper == self.secret_key:
            raise EnvironmentFault(
                "ALUR_RECEIPT_PEPPER must be 32 to 64 random characters of its own: sealed cases need it."
            )
        return found


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``environ`` (the process's own by default).

    Raises EnvironmentFault with one clear sentence when a value cannot be used.
    """
    source = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    for item in fields(Settings):
        raw = source.get(item.metadata["variable"])
        if raw is not None:
            values[item.name] = _convert(item.metadata["variable"], raw, item.default)
    if "database_url" in values:
        values["database_url"] = _database_url(str(values["database_url"]))
    if values.get("environment", "development") not in ENVIRONMENTS:
        raise EnvironmentFault(f"ALUR_ENV must be one of {', '.join(ENVIRONMENTS)}, not {values['environment']!r}.")
    if values.get("default_language", "id") not in ("id", "en"):
        raise EnvironmentFault(f"ALUR_LANGUAGE must be 'id' or 'en', not {values['default_language']!r}.")
    settings = _checked(Settings(**values))
    if settings.is_production and source.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false", "no"):
        raise EnvironmentFault("FLASK_DEBUG must not be set in production: it shows the program's inside to visitors.")
    return settings


def _convert(variable: str, raw: str, default: Any) -> Any:
    if isinstance(default, bool):
        if raw.lower() in ("true", "1", "yes"):
            return True
        if raw.lower() in ("false", "0", "no", ""):
            return False
        raise EnvironmentFault(f"{variable} must be 'true' or 'false', not {raw!r}.")
    if isinstance(default, int):
        try:
            return int(raw)
        except ValueError:
            raise EnvironmentFault(f"{variable} must be a whole number, not {raw!r}.") from None
    if isinstance(default, Path):
        return Path(raw).expanduser().resolve()
    return raw


def _database_url(url: str) -> str:
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise EnvironmentFault("ALUR_DATABASE_URL must begin with 'sqlite:///' or 'postgresql://'.")
    return url


def _checked(settings: Settings) -> Settings:
    if settings.is_production:
        if settings.demo:
            raise EnvironmentFault("ALUR_DEMO must not be set in production: its accounts have known passwords.")
        if len(settings.secret_key) < 32 or settings.secret_key.lower() in WEAK_SECRETS:
            raise EnvironmentFault("ALUR_SECRET_KEY must be at least 32 random characters in production.")
        return settings
    return replace(
        settings,
        secret_key=settings.secret_key or _local_secret("secret_key"),
        receipt_pepper=settings.receipt_pepper or _local_secret("receipt_pepper"),
    )


def _local_secret(name: str) -> str:
    """A development secret that survives restarts, so that nobody is signed out and no receipt dies by one."""
    path = ROOT / "var" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


def reference() -> str:
    """The reference page of all variables, Markdown."""
    head = "# Settings\n\nRead from the environment, once, at start. This page is generated: `python -m config`.\n\n"
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for item in fields(Settings):
        default = str(item.default).replace(str(ROOT) + "/", "")
        rows.append(
            f"| `{item.metadata['variable']}` | {f'`{default}`' if default else '–'} | {item.metadata['text']} |"
        )
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(reference(), end="")
