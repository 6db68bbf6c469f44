"""A region's last resort: a pair of keys whose private half exists only as words on paper, in the hands of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from engine.disclosure.primitives import KeyPair, is_same, new_pair, pair_of
from engine.organisation.faults import Unacceptable

FEWEST_NEEDED = 2  # one custodian alone is exactly what the escrow is against
MOST_CUSTODIANS = 16  # what the standard of the words (SLIP-39) allows
_ONE_GROUP = 1
_NO_STRETCHING = 0  # the words carry a random key; there is no weak passphrase to slow down


@dataclass(frozen=True)
class NewEscrow:
    """The result of a ceremony. ``public`` is kept; ``shares`` are printed, one sheet a custodian, and kept nowhere."""

    public: bytes
    shares: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True)
class SeenShare:
    """What a share tells of itself before the others are there."""

    ceremony: int  # a random number; shares of one ceremony have the same
    place: int  # which sheet of the ceremony, from 1
    needed: int


def new_escrow(needed: int, custodians: int) -> NewEscrow:
    """A new pair whose private key any ``needed`` of ``custodians`` can put together, and fewer learn nothing about.
    Shamir's scheme as English words (SLIP-39): 33 on a sheet, with a checksum. Raises Unacceptable."""
    if not FEWEST_NEEDED <= needed <= custodians <= MOST_CUSTODIANS:
        raise Unacceptable(
            f"Perlu {FEWEST_NEEDED} sampai {MOST_CUSTODIANS} penjaga kunci, dan tidak lebih banyak yang diperlukan "
            "daripada yang ada.",
            f"There are {FEWEST_NEEDED} to {MOST_CUSTODIANS} custodians, and no more are needed than there are.",
            "needed",
        )
    pair = new_pair()
    groups = generate_mnemonics(_ONE_GROUP, [(needed, custodians)], pair.private, iteration_exponent=_NO_STRETCHING)
    return NewEscrow(pair.public, tuple(groups[0]))


def seen(words: str) -> SeenShare:
    """Reads one share as typed (small and capital letters, any spaces). Raises Unacceptable for mistyped words."""
    share = _share(words)
    return SeenShare(share.identifier, share.index + 1, share.member_threshold)


def put_together(shares: Sequence[str], public: bytes) -> KeyPair:
    """The escrow's pair, in memory only, from enough different shares; more than enough are welcome. ``public`` is
    the region's escrow key as kept. Raises Unacceptable when shares are mistyped, too few, of another ceremony, or
    do not give the region's key."""
    read = {share.index: share for share in map(_share, shares)}
    if len({share.group_parameters() for share in read.values()}) > 1:
        raise Unacceptable(
            "Lembar-lembar ini berasal dari upacara kunci yang berbeda.",
            "These sheets come from different key ceremonies.",
            "shares",
        )
    needed = next(iter(read.values())).member_threshold if read else FEWEST_NEEDED
    if len(read) < needed:
        raise Unacceptable(
            f"Diperlukan {needed} lembar yang berbeda, baru ada {len(read)}.",
            f"{needed} different sheets are needed; there are {len(read)}.",
            "shares",
        )
    try:
        private = combine_mnemonics([share.mnemonic() for share in list(read.values())[:needed]])
        pair = pair_of(private)
    except (MnemonicError, ValueError) as fault:
        raise _not_this_key() from fault
    if not is_same(pair.public, public):
        raise _not_this_key()
    return pair


def _share(words: str) -> Share:
    try:
        return Share.from_mnemonic(" ".join(words.lower().split()))
    except MnemonicError:
        # the library's message quotes the words, so it goes nowhere
        raise Unacceptable(
            "Kata-kata pada lembar ini tidak cocok. Periksa ejaan dan urutannya.",
            "The words of this sheet do not fit. Check their spelling and order.",
            "shares",
        ) from None


def _not_this_key() -> Unacceptable:
    return Unacceptable(
        "Lembar-lembar ini tidak menghasilkan kunci daerah ini.",
        "These sheets do not give this region's key.",
        "shares",
    )
