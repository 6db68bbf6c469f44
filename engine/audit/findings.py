"""What a check of the audit reports, and the sentences it says it in."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.model import Text

Origin = tuple[int | None, int]  # (case id or None, seq)


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is not as it was written.

    ``kind`` is changed, missing, moved, added, head, case_removed, anchor or publication. ``case_id`` is None for the
    administration's chain, for anchors and publications; ``seq`` is the row in question (of a publication the entry
    that vouches for it, None without one), ``origin`` where a moved row was.
    """

    kind: str
    region_id: int | None
    case_id: int | None
    number: str | None
    seq: int | None
    sentence: Text
    origin: Origin | None = None

    @property
    def place(self) -> tuple[int | None, int | None, int | None]:
        """Which row it is about: (region id, case id, seq)."""
        return self.region_id, self.case_id, self.seq


@dataclass(frozen=True, slots=True)
class ChainName:
    """Whose chain it is: a case's, or (``case_id`` None) the administration's of a region."""

    region_id: int | None
    case_id: int | None
    number: str | None

    @property
    def text(self) -> Text:
        """As people read it."""
        if self.case_id is None:
            return Text(f"tata usaha daerah {self.region_id}", f"administration of region {self.region_id}")
        called = self.number or f"#{self.case_id}"
        return Text(f"kasus {called}", f"case {called}")

    def changed(self, seq: int) -> AuditFinding:
        return self._finding(
            "changed",
            seq,
            f"baris {seq} tidak cocok dengan sidiknya: isinya diubah, atau baris sebelumnya diganti.",
            f"row {seq} does not fit its hash: it was changed, or the row before it was replaced.",
        )

    def rewritten(self, seq: int, anchor: int) -> AuditFinding:
        return self._finding(
            "changed",
            seq,
            f"baris {seq} atau sebelumnya ditulis ulang sejak jangkar {anchor}.",
            f"row {seq} or one before it was rewritten since anchor {anchor}.",
        )

    def missing(self, seq: int) -> AuditFinding:
        return self._finding("missing", seq, f"baris {seq} hilang.", f"row {seq} is missing.")

    def moved(self, seq: int, origin: int) -> AuditFinding:
        where = (self.case_id, origin)
        return self._finding("moved", seq, f"baris {seq} semula baris {origin}.", f"row {seq} was row {origin}.", where)

    def moved_from(self, seq: int, other: ChainName, origin: int) -> AuditFinding:
        indonesian = f"baris {seq} berasal dari {other.text.id}, baris {origin}."
        english = f"row {seq} comes from {other.text.en}, row {origin}."
        return self._finding("moved", seq, indonesian, english, (other.case_id, origin))

    def added(self, seq: int) -> AuditFinding:
        return self._finding("added", seq, f"baris {seq} tidak pernah dicatat.", f"row {seq} was never recorded.")

    def not_the_last(self, seq: int) -> AuditFinding:
        return self._finding(
            "head",
            seq,
            f"baris {seq} bukan yang tercatat sebagai terakhir.",
            f"row {seq} is not the one recorded as the last.",
        )

    def left_without_case(self) -> AuditFinding:
        indonesian, english = "kasusnya dihapus, riwayatnya tertinggal.", "the case was removed, its history is left."
        return self._finding("case_removed", None, indonesian, english)

    def removed_whole(self, rows: int, anchor: int) -> AuditFinding:
        return self._finding(
            "case_removed",
            None,
            f"dihapus seluruhnya; jangkar {anchor} mengingat {rows} baris.",
            f"was removed whole; anchor {anchor} remembers {rows} rows.",
        )

    def _finding(
        self, kind: str, seq: int | None, indonesian: str, english: str, origin: Origin | None = None
    ) -> AuditFinding:
        sentence = Text(f"{self.text.id}: {indonesian}", f"{self.text.en}: {english}")
        return AuditFinding(kind, self.region_id, self.case_id, self.number, seq, sentence, origin)


def about_anchor(region_id: int, seq: int, indonesian: str, english: str) -> AuditFinding:
    """A finding about an anchor itself; the words follow its name."""
    sentence = Text(f"jangkar {seq} daerah {region_id} {indonesian}.", f"anchor {seq} of region {region_id} {english}.")
    return AuditFinding("anchor", region_id, None, None, seq, sentence)


def about_publication(chain: int, seq: int | None, of: str, indonesian: str, english: str) -> AuditFinding:
    """A finding about what was kept of a publication; the words follow its name, ``of`` is the case type."""
    name = ChainName(chain, None, None).text
    row = Text("", "") if seq is None else Text(f", baris {seq}", f", row {seq}")
    sentence = Text(
        f"{name.id}{row.id}: penerbitan {of} {indonesian}.", f"{name.en}{row.en}: the publication of {of} {english}."
    )
    return AuditFinding("publication", chain, None, None, seq, sentence)
