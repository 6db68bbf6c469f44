"""Mails a case type may send: to whom, by which channel, and their text or the folder that holds it (reference §5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.definitions.compiling import Compiler
from engine.definitions.model import Notification, Text
from engine.definitions.patterns import MAIL_VARIABLES, check_variables, variables
from engine.definitions.source import MAP, TEXT, Entry, Node

AUDIENCES = ("candidates", "principal", "substitute", "escalation_point")


def parse_notifications(compiler: Compiler, templates: Collection[str] | None) -> Mapping[str, Notification]:
    """All notifications; ``templates`` are the folders that exist (with the variables of each, where they are known),
    or None when that is not known here."""
    found = {}
    known = _variables(compiler)
    for key, entry in compiler.keyed(compiler.root.get("notifications")).items():
        given = compiler.keys(entry, ("channel", "to", "template", "urgent", "title"), ("to", "template"))
        channel = _channel(given.get("channel"), compiler)
        to = compiler.roles_in(given.get("to"), AUDIENCES)
        compiler.title(given.get("title"))
        name, subject, body = _template(given.get("template"), known, templates, compiler)
        found[key] = Notification(key, channel, to, name, subject, body, compiler.boolean(given.get("urgent")))
    return found


def _channel(entry: Entry | None, compiler: Compiler) -> str:
    if entry is None:
        return "email"
    known = compiler.vocabulary.channels
    return compiler.known_name(entry.value, known, "WF027", "saluran", "channel") or "email"


def _variables(compiler: Compiler) -> frozenset[str]:
    ordinary = [field.key for field in compiler.fields.values() if field.classification == "ordinary"]
    return MAIL_VARIABLES | frozenset(ordinary) | {f"case.{key}" for key in ordinary}


def _template(
    entry: Entry | None, known: Collection[str], templates: Collection[str] | None, compiler: Compiler
) -> tuple[str | None, Text | None, Text | None]:
    if entry is None:
        return None, None, None
    if entry.value.kind == TEXT:
        name = str(entry.value.value)
        if templates is not None and name not in templates:
            compiler.unknown("WF027", entry.value, "Tidak ada templat", "There is no template", templates)
        elif compiler.is_sealed and isinstance(templates, Mapping) and templates[name]:
            _tells_too_much(entry.value, compiler)
        return name, None, None
    if entry.value.kind != MAP:
        compiler.wrong_kind(entry.value, TEXT, MAP)
        return None, None, None
    given = compiler.keys(entry, ("subject", "body"), ("subject", "body"))
    for part in given.values():
        _check_texts(part, known, compiler)
    return None, compiler.optional_title(given.get("subject")), compiler.optional_title(given.get("body"))


def _check_texts(entry: Entry, known: Collection[str], compiler: Compiler) -> None:
    texts = list(entry.value.entries.values()) if entry.value.kind == MAP else [entry]
    is_sealed = compiler.is_sealed
    for text in texts:
        if text.value.kind != TEXT:
            continue
        named = list(variables(text.value.value))
        if is_sealed and named:
            _tells_too_much(text.value, compiler)
        else:
            check_variables(text.value, text.value.value, known, compiler)


def _tells_too_much(at: Node, compiler: Compiler) -> None:
    compiler.problems.add(
        "WF070",
        at,
        "Surat kasus tersegel tidak boleh memuat data kasus.",
        "A mail of a sealed case may carry no case data.",
    )
