"""What a decision in an approval is called, in both languages; a definition may name its own outcomes."""

from __future__ import annotations

from engine.definitions.model import Text

VOTES = {
    "approve": Text("Setujui", "Approve"),
    "reject": Text("Tolak", "Reject"),
    "verify": Text("Verifikasi", "Verify"),
    "refuse": Text("Tolak", "Refuse"),
    "send_back": Text("Kembalikan", "Send back"),
    "sign": Text("Tanda tangani", "Sign"),
    "decline": Text("Tolak menandatangani", "Decline to sign"),
}


def vote_title(action: str) -> Text:
    """What people read on the button of a decision, and later about it; an unusual outcome's own key, in words."""
    return VOTES.get(action) or _in_words(action)


def _in_words(key: str) -> Text:
    words = key.replace("_", " ").capitalize()
    return Text(words, words)
