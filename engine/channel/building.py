"""Values read from a channel's file become its settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.channel.model import (
    Closing,
    Elsewhere,
    FileRules,
    IdentityField,
    LinkedReport,
    Question,
    Rates,
    Refused,
    Retention,
    Settings,
    StatusWords,
    Way,
)
from engine.disclosure.mail_rules import MailRules

Values = Mapping[str, Any]


def settings_of(values: Values) -> Settings:
    """The settings of values without faults (``written.Written.whole``)."""
    return Settings(
        case_type=values["case_type"],
        title=values["title"],
        ways=tuple(Way(key, each["title"], each["effect"]) for key, each in values["ways"].items()),
        identity_fields=tuple(
            IdentityField(key, each["title"], each.get("required", False)) for key, each in values["identity"].items()
        ),
        questions=tuple(_question(key, each) for key, each in values["questions"].items()),
        minutes=values["minutes"],
        accepts=_sentences(values["accepts"]),
        refuses=tuple(Refused(each["text"], each.get("url")) for each in values["refuses"].values()),
        promises=_sentences(values["promises"]),
        limits=_sentences(values["limits"]),
        elsewhere=tuple(
            Elsewhere(each["title"], each.get("note"), each["url"]) for each in values["elsewhere"].values()
        ),
        contact=values["contact"],
        exit_url=values["exit_url"],
        onion_url=values.get("onion_url"),
        is_audited=values["audited"],
        closings=tuple(
            Closing(each["from"], each["until"], each["text"]) for each in values.get("closings", {}).values()
        ),
        office_networks=values.get("office_networks", ()),
        files=_files(values["files"]),
        draft_days=values["draft_days"],
        retention=Retention(**values["retention"]),
        mail=_mail(values["mail"]),
        rates=Rates(**{"shared_networks": (), **values["rates"]}),
        suppress_below=values["suppress_below"],
        statuses={
            title: StatusWords(each["meaning"], each["next"])
            for each in values["statuses"].values()
            for title in each["titles"]
        },
        shown_at_the_end=values.get("shown_at_the_end", ()),
        linked={key: _linked(key, each) for key, each in values["linked"].items()},
    )


def _sentences(values: Values) -> tuple[Any, ...]:
    return tuple(each["text"] for each in values.values())


def _question(key: str, values: Values) -> Question:
    return Question(
        key,
        values["kind"],
        values["title"],
        values.get("help"),
        values.get("warning"),
        values["fields"],
        values.get("skip", False),
    )


def _files(values: Values) -> FileRules:
    return FileRules(
        extensions=tuple(each.lower().lstrip(".") for each in values["types"]),
        largest=values["largest"],
        most=values["most"],
        most_bytes=values["most_bytes"],
        most_a_day=values["most_a_day"],
        keeps_original=values.get("keep_original", False),
    )


def _mail(values: Values) -> MailRules:
    return MailRules(
        values["slots"], values["jitter_minutes"], values.get("steady", False), values.get("urgent", True),
        values.get("link", False),
    )  # fmt: skip


def _linked(key: str, values: Values) -> LinkedReport:
    return LinkedReport(
        key,
        values["title"],
        values["help"],
        values["case_type"],
        values.get("answers", {}),
        values.get("tells_the_first", False),
        tuple(_question(name, each) for name, each in values.get("questions", {}).items()),
    )
