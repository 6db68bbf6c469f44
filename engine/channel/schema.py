"""The keys of a reporting channel's file, one table: the loader walks it, and the reference page is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.channel.model import LINKED, PAGES
from engine.disclosure.declared import WAYS

SCHEMA = "channel/1"


@dataclass(frozen=True, slots=True)
class Key:
    """One key. ``kind`` says what stands there (``KINDS``); ``inner`` are the keys of a block, or of each entry."""

    kind: str
    about: str
    is_needed: bool = True
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()  # of a choice, or of the entries' names
    inner: Mapping[str, Key] = field(default_factory=lambda: MappingProxyType({}))


KINDS: Mapping[str, str] = {
    "text": "`{id: …, en: …}`, what people read",
    "word": "a text",
    "integer": "a whole number",
    "boolean": "`true` or `false`",
    "choice": "one of the words named",
    "names": "a list of texts",
    "size": "a size like `500 kB` or `10 MB`",
    "address": "an address beginning with `https://`",
    "onion": "an address of an onion service",
    "day": "a day, `2026-12-31`",
    "times": 'a list of local times, `["08:00"]`',
    "networks": "a list of networks like `10.0.0.0/8` or `2001:db8::/32`",
    "values": "answers by field",
    "block": "a block of keys",
    "entries": "a map of entries, by a name of your own; shown by `order`",
}

ORDER = Key("integer", "Where it stands among the others.", minimum=0, maximum=100_000)
TITLE = Key("text", "What people read.")
_SENTENCES: Mapping[str, Key] = {"order": ORDER, "text": TITLE}

_WAY: Mapping[str, Key] = {
    "order": ORDER,
    "title": TITLE,
    "effect": Key("text", "Who may learn who the reporter is, said plainly."),
}
_IDENTITY: Mapping[str, Key] = {
    "order": ORDER,
    "title": TITLE,
    "required": Key("boolean", "Whether it has to be told by who reports in confidence or openly.", False),
}
_QUESTION: Mapping[str, Key] = {
    "order": ORDER,
    "kind": Key("choice", "`story` (one long text), `fields`, `people` (rows of names) or `evidence`.", choices=PAGES),
    "title": TITLE,
    "help": Key("text", "More about it, folded away.", False),
    "warning": Key("text", "Stands before the fields it warns of.", False),
    "fields": Key("names", "Fields of the form the region publishes; the first task has to let them be filled in."),
    "skip": Key("boolean", "Whether the page may be passed without an answer.", False),
}
_CLOSING: Mapping[str, Key] = {
    "from": Key("day", "The first closed day."),
    "until": Key("day", "The last closed day."),
    "text": Key("text", "Until when, and whom else to turn to."),
}
_FILES: Mapping[str, Key] = {
    "types": Key("names", "Endings of names that are taken."),
    "largest": Key("size", "The largest file."),
    "most": Key("integer", "Files a case.", minimum=0, maximum=100),
    "most_bytes": Key("size", "Bytes of all files of a case."),
    "most_a_day": Key("integer", "Files a case and day.", minimum=1, maximum=1000),
    "keep_original": Key("boolean", "Whether the file as sent is kept, sealed apart, beside the cleaned copy.", False),
}
_RETENTION: Mapping[str, Key] = {
    "closed_years": Key("integer", "Years until a closed case is destroyed.", minimum=1, maximum=30),
    "rejected_years": Key("integer", "The same for one that was not taken up.", minimum=1, maximum=30),
    "rejected_states": Key("names", "Final states that count as not taken up."),
    "grace_days": Key("integer", "Days after the newest content.", minimum=7, maximum=365),
}
_MAIL: Mapping[str, Key] = {
    "slots": Key("times", "When mails go out on working days, local time."),
    "jitter_minutes": Key("integer", "Each mail is late by up to so many minutes.", minimum=0, maximum=180),
    "steady": Key(
        "boolean",
        "One mail to every holder of a key at the first slot of every working day, whether or not there is news, and "
        "no others: nobody who sees a mailbox learns when something came. The cost: people learn to pass over it.",
        False,
    ),
    "urgent": Key("boolean", "Whether what is urgent leaves at the next quarter of an hour; `true` by default.", False),
    "link": Key("boolean", "Whether the mail names the page for signing in; a forged copy could do so too.", False),
}
_RATES: Mapping[str, Key] = {
    "tries": Key("integer", "Wrong receipts from one network in a quarter of an hour.", minimum=3, maximum=1000),
    "tries_under_attack": Key(
        "integer", "The same, once all together tried more than `tries_of_all`.", minimum=1, maximum=1000
    ),
    "tries_of_all": Key("integer", "Wrong receipts from everywhere in a quarter of an hour.", minimum=10),
    "reports": Key("integer", "Reports from one network in an hour.", minimum=1, maximum=1000),
    "alarm_reports": Key("integer", "Reports in an hour at which the region is alarmed; nothing stops.", minimum=1),
    "shared_networks": Key("networks", "Exits many people share, as of Tor or a mobile carrier: never stopped.", False),
    "message_length": Key("integer", "Characters of one message.", minimum=200, maximum=100_000),
}
_STATUS: Mapping[str, Key] = {
    "titles": Key("names", "Public titles (Indonesian) of states this is said of."),
    "meaning": Key("text", "One sentence: what it means."),
    "next": Key("text", "One sentence: what comes next."),
}
_LINKED: Mapping[str, Key] = {
    "order": ORDER,
    "title": TITLE,
    "help": Key("text", "What it is for."),
    "case_type": Key(
        "word", "The sealed case type it opens; where the region has not published it, that of the channel."
    ),
    "questions": Key("entries", "Its pages, where the case type is not the channel's.", False, inner=_QUESTION),
    "answers": Key("values", "What is filled in beforehand, of what the form has.", False),
    "tells_the_first": Key("boolean", "Whether the people of the first report learn of it.", False),
}

KEYS: Mapping[str, Key] = {
    "case_type": Key("word", "The sealed case type a report opens."),
    "title": Key("text", "The channel's name."),
    "ways": Key("entries", "How one may report: `anonymous`, `confidential`, `open`.", choices=WAYS, inner=_WAY),
    "identity": Key("entries", "What is asked of who tells their name.", inner=_IDENTITY),
    "questions": Key("entries", "The pages of a report, one a page.", inner=_QUESTION),
    "minutes": Key("integer", "How long a report takes, in minutes.", minimum=1, maximum=120),
    "accepts": Key("entries", "What can be reported here.", inner=_SENTENCES),
    "refuses": Key(
        "entries",
        "What cannot, and where to go with it.",
        inner={**_SENTENCES, "url": Key("address", "Where to go with it.", False)},
    ),
    "promises": Key("entries", "What the channel promises.", inner=_SENTENCES),
    "limits": Key("entries", "What it cannot protect against.", inner=_SENTENCES),
    "elsewhere": Key(
        "entries",
        "Other bodies a reporter may turn to.",
        inner={
            "order": ORDER,
            "title": TITLE,
            "note": Key("text", "What for.", False),
            "url": Key("address", "Their site."),
        },
    ),
    "contact": Key("text", "How else to reach the office: address, telephone."),
    "exit_url": Key("address", "The neutral site quick exit leads to."),
    "onion_url": Key("onion", "The channel's onion service.", False),
    "audited": Key("boolean", "Whether somebody outside has examined the program. False is told on the page.", False),
    "closings": Key("entries", "Days the channel is closed.", False, inner=_CLOSING),
    "office_networks": Key("networks", "The region's own networks: who comes from there is warned.", False),
    "files": Key("block", "What files are taken.", inner=_FILES),
    "draft_days": Key("integer", "Days a report not sent is kept for its receipt.", minimum=1, maximum=30),
    "retention": Key("block", "How long cases are kept.", inner=_RETENTION),
    "mail": Key("block", "When officers get mail.", inner=_MAIL),
    "rates": Key("block", "How much is taken, of whom.", inner=_RATES),
    "suppress_below": Key("integer", "Counts smaller than this are not told in statistics.", minimum=3, maximum=20),
    "statuses": Key("entries", "What the public titles of the case type mean to a reporter.", inner=_STATUS),
    "shown_at_the_end": Key("names", "Fields the reporter reads when it is their turn, or the case has ended.", False),
    "linked": Key("entries", "What may be reported on top of a report.", choices=LINKED, inner=_LINKED),
}
