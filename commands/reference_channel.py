"""The reference page of reporting channels, from the loader's table: ``python -m commands.reference_channel``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.channel.schema import KEYS, KINDS, SCHEMA, Key

HEAD = f"""# Reporting channels

What a region asks of who reports misconduct, what it promises and what it allows is a file. `channel_config/base.yaml`
is what every region has; `channel_config/regions/<region>.yaml` says what is different in one, by the same keys: maps
are merged over the base's, `null` takes an entry away, everything else is replaced whole. A file is read as definitions
are: unknown keys, missing texts and values that do not fit are told with file, line and column, all at once
(WF001–WF013, WF060 as in [Findings](codes.md)), and every text has Indonesian and English.

`flask disclosure lint [REGION]` holds the files against the case types: every question has to be one the first task
lets be filled in and a reporter may read, required fields have to be asked on pages that cannot be skipped, every
public title needs its words, and files may not be larger than the form takes. A page can ask texts, choices, numbers,
days and units; never a person or a position of the organisation, since that would show a stranger who works here.
Names of people are texts: one a row, the position after a comma.

A file begins with `schema: {SCHEMA}`, a region's also with `region: <key>`. The region's published form decides what
a report can hold; a field that is not in it is not asked. Files are read once, when a process starts,
which in production does not start with a file that cannot be used; `flask doctor` holds the files against what is
published. Who may open an identity is not said here (the members of the group `custodians`), nor who takes a case that
nobody else may handle (`outside_inspectorate`).

This page is generated: `python -m commands.reference_channel > docs/reference/reporting-channel.md`.

## Keys

Unless it says *optional*, a key is needed in what comes of base and region together.

"""


def channel_page() -> str:
    """The whole page."""
    kinds = "".join(f"| {kind} | {text} |\n" for kind, text in KINDS.items())
    return (
        HEAD
        + "".join(_rows(KEYS))
        + "".join(_blocks())
        + f"\n## Kinds of value\n\n| Kind | Written |\n|---|---|\n{kinds}"
    )


def _rows(keys: Mapping[str, Key]) -> Iterator[str]:
    yield "| Key | Kind | Meaning |\n|---|---|---|\n"
    for name, key in keys.items():
        yield f"| `{name}` | {_kind(key)} | {_about(key)} |\n"


def _blocks() -> Iterator[str]:
    for name, key in KEYS.items():
        if key.inner:
            yield f"\n### {name}\n\n"
            yield from _rows(key.inner)


def _kind(key: Key) -> str:
    limits = ""
    if key.minimum is not None:
        limits = f", {key.minimum} to {key.maximum}" if key.maximum is not None else f", at least {key.minimum}"
    return key.kind + limits + ("" if key.is_needed else ", *optional*")


def _about(key: Key) -> str:
    named = ", ".join(f"`{one}`" for one in key.choices)
    return f"{key.about} One of {named}." if key.choices and named not in key.about else key.about


if __name__ == "__main__":
    print(channel_page(), end="")
