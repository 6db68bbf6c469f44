"""The life of a message that waits to leave: claimed with a lease, sent, tried again, or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message to one person, leased to a worker. ``content`` holds the variables of the template.

    ``message_id`` is the identity the mail must carry at every attempt, so a mail server or a reader can tell a
    second copy; ``thread_id`` is the same for all mails of a case.
    """

    id: int
    region_id: int
    case_id: int
    case_number: str
    case_title: str
    case_type: str
    digest: str
    task: int
    notification: str
    reason: str
    person_id: int
    content: Mapping[str, Any]
    is_urgent: bool
    created_at: datetime
    attempts: int
    message_id: str
    thread_id: str
