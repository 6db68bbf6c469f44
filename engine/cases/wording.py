"""What acts, states and places are called, in both languages."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from engine.cases.vote_titles import VOTES
from engine.definitions.model import Definition, Text
from engine.organisation.directory import StoreDirectory

ACTS = {
    "open": Text("Membuka kasus", "Open the case"),
    "claim": Text("Mengambil tugas", "Take the task"),
    "release": Text("Melepas tugas", "Give the task back"),
    "assign": Text("Menugaskan", "Assign the task"),
    "delegate": Text("Mendelegasikan", "Delegate the task"),
    "recall": Text("Menarik kembali langkah terakhir", "Take the last step back"),
    "timer": Text("Batas waktu berjalan", "A timer"),
    "attach": Text("Melampirkan berkas", "Attach a file"),
    "reoffer": Text("Menawarkan kembali tugas", "Offer the task again"),
    "signal": Text("Kabar dari kasus terkait", "Word from a linked case"),
    "migrate": Text("Memindahkan ke versi lain", "Move to another version"),
    "migrate_close": Text("Menutup kasus", "Close the case"),
    "migrate_undo": Text("Mengembalikan ke versi lama", "Take back to the older version"),
    "suspend": Text("Menjeda kasus", "Pause the case"),
    "continue": Text("Melanjutkan kasus", "Continue the case"),
    **VOTES,
    "approved": Text("Disetujui", "Approved"),
    "rejected": Text("Ditolak", "Rejected"),
    "done": Text("Selesai", "Done"),
}
ENDED = Text("Selesai", "Finished")


def action_title(definition: Definition, state: str | None, action: str) -> Text:
    """What people read for an action taken in a state: its own title, or the usual one."""
    key = state
    while key is not None and key in definition.states:
        here = definition.states[key]
        if action in here.transitions:
            return here.transitions[action].title
        key = here.parent
    return ACTS.get(action) or Text(action, action)


def state_title(definition: Definition, state: str | None) -> Text:
    """What people read for a state; its key where the definition no longer knows it."""
    if state is None:
        return ENDED
    found = definition.states.get(state)
    return found.title if found is not None else Text(state, state)


def place_title(definition: Definition, state: str, place: str | None) -> Text | None:
    """What people read for a place of an approval: the titles of the roles asked there."""
    if place is None:
        return None
    approval = definition.states[state].approval
    for approver in approval.approvers if approval else ():
        if approver.key == place:
            roles = [definition.roles[role].title for role in approver.candidates if role in definition.roles]
            return either(roles) or Text(place, place)
    return Text(place, place)


def either(texts: list[Text]) -> Text | None:
    """ "A / B" in both languages; None for nothing."""
    if not texts:
        return None
    return Text(" / ".join(text.id for text in texts), " / ".join(text.en for text in texts))


def leaves(definition: Definition, active: dict[str, int] | list[str]) -> list[str]:
    """The active states that hold no other active one, in document order."""
    parents = {definition.states[key].parent for key in active if key in definition.states}
    found = [key for key in active if key not in parents and key in definition.states]
    return sorted(found, key=lambda key: definition.states[key].position)


def states_title(definition: Definition, active: dict[str, int] | list[str]) -> Text:
    """Where the case stands, all branches in one text; where somebody is asked to act, only those branches."""
    here = leaves(definition, active)
    going_on = [key for key in here if definition.states[key].kind != "final"]  # a branch that has ended is silent
    asked = [key for key in going_on if definition.states[key].task or definition.states[key].approval]
    titles = [definition.states[key].title for key in asked or going_on or here]
    if not titles:
        return ENDED
    return Text(" · ".join(title.id for title in titles), " · ".join(title.en for title in titles))


def zone_of(definition: Definition, directory: StoreDirectory) -> ZoneInfo:
    """The zone dates are told in: the case type's only calendar's, otherwise the region's."""
    if len(definition.calendars) == 1:
        return ZoneInfo(next(iter(definition.calendars.values())).timezone)
    return directory.timezone
