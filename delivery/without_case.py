"""A letter about no case: numbers with their lists, as a part of the installation put them into the outbox.

Its content, words as ``{"id": …, "en": …}`` and addresses as paths of this site:

    {"subject": words, "lead": words, "why": words, "button": {"words": words, "path": "/performance"},
     "parts": [{"title": words, "note": words, "lines": [{"words": words, "path": "/performance/list/…"}]}],
     "settings": {"words": words, "path": "/performance/monthly"}, "stop": "/performance/monthly/stop/"}
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from config import Settings
from delivery.channels import Envelope
from delivery.render import Block, Frame, Letter, render_blocks
from delivery.stopping import stop_token
from engine.definitions.model import Text
from engine.organisation.models import Person, Region
from engine.outbox.messages import DueMessage

STOP = Text("Berhenti menerima surel ini", "Stop receiving this mail")


def letter(message: DueMessage, language: str, frame: Frame, settings: Settings) -> Letter:
    """The letter in the reader's language. ``frame`` has its greeting, its mark and whom to ask."""
    content, base = message.content, settings.base_url.rstrip("/")

    def said(words: Mapping[str, str] | None) -> str:
        return str((words or {}).get(language) or (words or {}).get("id") or "")

    blocks = [Block("lead", said(content.get("lead")))]
    for part in content.get("parts") or ():
        lines = tuple((said(line["words"]), base + line["path"]) for line in part["lines"])
        blocks.append(Block("links", said(part["title"]), lines, said(part.get("note"))))
    button = content.get("button")
    if button:
        blocks.append(Block("button", said(button["words"])))
    stop = stop_address(message, settings)
    ends = Block("links", "", ((STOP.into(language), stop),)) if stop else None
    return render_blocks(
        said(content.get("subject")), blocks, base + button["path"] if button else "", frame, language, ends
    )


def stop_address(message: DueMessage, settings: Settings) -> str:
    """Where a reader, or their mail program, ends these mails; "" where they have no such address."""
    path = str(message.content.get("stop") or "")
    token = stop_token(settings.secret_key, message.notification, message.person_id)
    return f"{settings.base_url.rstrip('/')}{path}{token}" if path else ""


def why_and_settings(content: Mapping[str, Any], language: str, settings: Settings) -> tuple[str, str, str]:
    """Why the reader gets it, and the words and the address where they choose otherwise."""
    given = content.get("settings") or {}
    words = dict(given.get("words") or {}).get(language, "")
    address = f"{settings.base_url.rstrip('/')}{given['path']}" if given else ""
    return str(dict(content.get("why") or {}).get(language, "")), str(words), address


def envelope(message: DueMessage, person: Person, region: Region, settings: Settings) -> Envelope:
    """To whom, from whom; the same identity at every attempt, and no thread."""
    identity = hmac.new(settings.secret_key.encode(), f"letter {message.id}".encode(), hashlib.sha256).hexdigest()[:24]
    return Envelope(
        to_name=person.name,
        to_address=str(person.email),
        from_name=f"Alur {region.name}",
        list_key=region.key,
        reason=message.reason,
        message_id=f"<letter.{identity}@{settings.mail_sender.rpartition('@')[2]}>",
        stop_url=stop_address(message, settings),
    )
