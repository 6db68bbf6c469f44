"""The reference page of all commands, Markdown, made from the commands themselves: ``python -m commands.reference``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from commands import COMMANDS, of_parts

HEAD = """# Commands

`flask COMMAND --help` says the same. Results go to stdout, progress and faults to stderr.
Exit codes: 0 ok · 1 findings, failures or a refusal · 2 usage · 3 an approval or decision is missing · 4 the machine, a
setting or the database is not as it must be. This page is generated: `python -m commands.reference`.
"""


def reference() -> str:
    """The whole page."""
    return HEAD + "".join(
        text for command in (*COMMANDS, *of_parts.COMMANDS) for text in _told(command, command.name or "")
    )


def _told(command: click.Command, path: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        yield f"\n## flask {path}\n\n{_sentence(command)}\n"
        for name in sorted(command.commands):
            yield from _told(command.commands[name], f"{path} {name}")
        return
    level = "###" if " " in path else "##"
    arguments = [one.make_metavar(click.Context(command)) for one in command.params if isinstance(one, click.Argument)]
    yield f"\n{level} flask {' '.join([path, *arguments])}\n\n{_sentence(command)}\n"
    options = [one for one in command.params if isinstance(one, click.Option)]
    if options:
        yield "\n| Option | Meaning |\n|---|---|\n" + "".join(
            f"| `{_written(one)}` | {_meaning(one)} |\n" for one in options
        )


def _sentence(command: click.Command) -> str:
    return " ".join((command.help or "").split())


def _written(option: click.Option) -> str:
    name = max(option.opts, key=len)
    if option.is_flag:
        return name
    if isinstance(option.type, click.Choice):
        return f"{name} {'/'.join(option.type.choices)}"
    return f"{name} {option.make_metavar(click.Context(click.Command('x')))}"


def _meaning(option: click.Option) -> str:
    parts = [option.help or ""]
    if option.required:
        parts.append("Needed.")
    if option.show_default and option.default is not None and not option.is_flag:
        parts.append(f"Default: `{option.default}`.")
    return " ".join(part for part in parts if part) or "–"


if __name__ == "__main__":
    click.echo(reference(), nl=False)
