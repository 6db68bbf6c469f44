"""What the first version kept still opens: a changed layout or label is noticed here, before it loses cases."""

from __future__ import annotations

import pytest
from argon2.low_level import Type, hash_secret_raw

from engine.disclosure import case_keys, escrow, officer_keys, primitives, receipt
from engine.disclosure.officer_keys import OfficerKeys, Owner
from engine.disclosure.primitives import COST_OF_A_PASSWORD, COST_OF_A_RECEIPT, CannotOpen, Context, Cost, OpeningStream
from tests.engine.disclosure.kept_values import CHEAP, PASSWORD, a_file

KEY, OTHER = bytes(range(32)), bytes(range(100, 132))
PAIR = primitives.pair_of(KEY)
PLACE = Context("kab_contoh", "c-7f3a", "story")
LOCKED = bytes.fromhex(
    "018039e88ca2f265668e2a6cf99ac8be84849c95cb199477681c1d17444286a81dc1d888f622f5dc1a351c0b49ad7ca6585fe0d297cbd7"
    "b58601da0afcd5e337d5cac4b21ea7d2ec9b0f341a85d9f4b026466af3514d3ee4dfd08d109123c92f8cbb33aefe5dffa0dd74105829fb"
    "cf77a0761edd93dd52e077538f66c79cdc76b7a607a1946760e4054b142fd7b506d1c4c0dd55326ccd3f374faa8c83156d126b932cd49e"
    "5705411338d552e819e468d2aaf78e1f8444c93e4de72adcc5132d00938246770e9aacce857f204b0b1e4d4c1fe86c79152e149951273f"
    "be5d7fde17d9999644f61124074aa8bb7ee224a3b4e883105087d9e563ea159062d80b421cae6e7d5c6259b590eb690b8496b26a3003bb"
    "36dfd591bd9cce2235945668c935ea757bf7aa2105b6fddc241ec8b1557c14981c78c60b8397a054e80af85404834c2212c10f7a54eec8"
    "c3c6bc88d213ade9b406b27fdbf3e8373315f6db48c270743f5a4fb44455874416d9e70d620bf3bdfaa0fc46d5d9825de5e2cab3bfb89d"
    "2f55f426d2cc583211f4cf0d5c4e6a626b742797f082165afcc010610517593181b47bd8a3ed6c88d8cdeb98441cc9610095a806734b4e"
    "ab06b50ebca20292bde5cc81efc5e04db24d745b81a09d6ae6a8e8cfaab88bdcfee25b980f00bfe07d0bee0541c44e5269038cc952efec"
    "54323ffaa878e6828ef8651185581b78bb14e73f3f3c6d53e28d3878bf9df610918000391122852d2c75444dbe979e1752800322f28dfb"
    "a5d855"
)
WRAPPED = bytes.fromhex(
    "01fb45c3e0c6566326d74e50df846b73121f233e38669cd5232466f06fdf3368446570b68a6842d73a4dd1e558eac4dc16a8c712e476f2"
    "c25a86e744804d485d2317b660108b5302fa"
)
SEALED = bytes.fromhex(
    "01345f2a7115afe977fc246d5046b3a76f4593eb986699e7a880a78531f861774ae30235369885bee0c696f1575267b3bde90b761974da"
    "0dde80b4c76842c9d06cd36c358a1fbcf4615e66b7ed1c17744bcea26ccae59a69f73d9af08d6a4cf4b9bcde16306cbf5db4c48a336de2"
    "39c60e"
)
STREAM_HEADER = bytes.fromhex("a038799ab7fcb21df7919b06d8321a74604048d1e8d02e05")
STREAM_CHUNK = bytes.fromhex("88322f51b1e3458c804af2aedba2fa409bbad246")
OFFICER_PRIVATE = bytes.fromhex("2fb5848132851e4bc313b695ac1275908ae91590b369e28d67c9e204a305653c")
OFFICER = OfficerKeys(
    Owner("kab_contoh", "12"),
    bytes.fromhex("82fe97935d18dcda79506908f48dd221b1767ce98b1d283bc241c2d5b13abd66"),
    bytes.fromhex(
        "010100000008c9c961ed9120c3885f3adffc0041236d0138e4d5f66934ba5d67fbed58db2832427b215c62dcb81c1c1c6580721c7e2c57"
        "aeb648d4aef06f6250ce3ef1380edc268e571fb7acda5456f84c7629faa1587aea5f4cb070b93f58"
    ),
    bytes.fromhex(
        "01fd62c1746283244f1b37a9f16f020820609f167efd85c6bf61a2ac56231062255296a6525d222860523c98d13d5cd66d866c8ddde4f1"
        "e561ee17bd8038588d7f92fc472eb578ec2d0713853db957ec0d2a900779e67e3c5e31b78c7ac61430009e4d497ea4174ddb0de608af5e"
        "5c2af4"
    ),
)
ESCROW_PUBLIC = bytes.fromhex("943c0e5bfdd3cf618a758d0ca030917310bdd304f81e05d8ed1aac06af7e6127")
ESCROW_PRIVATE = bytes.fromhex("dedf31ce724546d473df0854801169d27f42fba543e01a00821d196affd42de9")
SHEETS = (
    "welcome fragment academic acid amuse blanket phantom frost wine zero aunt hanger usual ocean voice "
    "family cover kind false chubby mandate prize trust wine example email dilemma nervous uncover nail "
    "jewelry moment olympic",
    "welcome fragment academic always alpha welcome fantasy anxiety fridge depend stay camera density "
    "volume exhaust fact organize lips mountain purchase metric pile install angel purchase teaspoon "
    "segment include fluff quantity spit therapy sniff",
)


def test_a_text_locked_by_the_first_version_opens() -> None:
    assert primitives.unlock(KEY, LOCKED, PLACE) == b"uang"


def test_a_key_wrapped_by_the_first_version_opens() -> None:
    assert primitives.unwrap(KEY, WRAPPED, PLACE) == OTHER


def test_a_key_sealed_by_the_first_version_opens() -> None:
    assert PAIR.public.hex() == "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"
    assert primitives.unseal(PAIR, SEALED, PLACE) == OTHER


def test_a_stream_of_the_first_version_opens() -> None:
    assert OpeningStream(KEY, STREAM_HEADER, PLACE).pull(STREAM_CHUNK) == (b"isi", True)


def test_an_officers_keys_of_the_first_version_open_both_ways() -> None:
    assert officer_keys.opened(OFFICER, PASSWORD).private == OFFICER_PRIVATE
    recovered = officer_keys.recovered(OFFICER, PAIR, "another-password", cost=CHEAP)
    assert officer_keys.opened(recovered, "another-password").private == OFFICER_PRIVATE


def test_sheets_printed_by_the_first_version_give_the_key() -> None:
    assert escrow.put_together(SHEETS, ESCROW_PUBLIC).private == ESCROW_PRIVATE


def test_a_receipt_of_the_first_version_gives_its_look_up_and_its_key() -> None:
    told = receipt.derived("7K3M-Q9TX-2FHB-W5RD", bytes(range(16)), b"p" * 32, cost=CHEAP)
    assert told.lookup.hex() == "ab01d8fc6a6f4c9682f97f767953aae25529ef35d1eddb4bbf597eea04f2e75a"
    assert told.key.hex() == "53141403e268330d39fd900dcaa3c05ea888bb58b47fbe31f3d42936fb419774"


def test_a_label_gives_the_key_it_always_gave() -> None:
    told = primitives.labelled(KEY, b"alur officer").hex()
    assert told == "3f736e0950a778bb3be7e0dac1fea7f6c5511495defbf24f91bf174cb5724746"


def test_everything_kept_begins_with_its_layout_and_has_its_length() -> None:
    kept = [
        (primitives.lock(KEY, b"uang", PLACE), 1 + 24 + 512 + 16),
        (primitives.wrap(KEY, OTHER, PLACE), 1 + 24 + 32 + 16),
        (primitives.seal(PAIR.public, OTHER, PLACE), 1 + 48 + 32 + 32),
        (officer_keys.new_officer_keys(OFFICER.owner, PASSWORD, PAIR.public, cost=CHEAP)[1].by_password, 1 + 21 + 73),
        (a_file(b"isi", KEY, PLACE), 1 + 24 + 64 * 1024 + 17),
    ]
    assert [(blob[:1], len(blob)) for blob, _ in kept] == [(b"\x01", length) for _, length in kept]


@pytest.mark.parametrize("layout", [b"\x00", b"\x02", b""])
def test_another_layout_is_not_guessed_at(layout: bytes) -> None:
    with pytest.raises(CannotOpen):
        primitives.unlock(KEY, layout + LOCKED[1:], PLACE)
    with pytest.raises(CannotOpen):
        primitives.unwrap(KEY, layout + WRAPPED[1:], PLACE)
    with pytest.raises(CannotOpen):
        primitives.unseal(PAIR, layout + SEALED[1:], PLACE)


@pytest.mark.parametrize("cost", [COST_OF_A_RECEIPT, COST_OF_A_PASSWORD, Cost(2, 16 * 1024)])
def test_the_slow_hash_is_argon2id_as_another_library_computes_it(cost: Cost) -> None:
    """With the real costs too: 64 MiB for a receipt, 256 MiB for a password, three passes each."""
    other = hash_secret_raw(b"rahasia", bytes(range(16)), cost.passes, cost.memory // 1024, 1, 32, Type.ID)
    assert primitives.slow_key(b"rahasia", bytes(range(16)), cost) == other


def test_the_real_costs_are_what_was_decided() -> None:
    assert (COST_OF_A_RECEIPT.passes, COST_OF_A_RECEIPT.memory) == (3, 64 * 1024 * 1024)
    assert (COST_OF_A_PASSWORD.passes, COST_OF_A_PASSWORD.memory) == (3, 256 * 1024 * 1024)


def test_the_receipts_key_is_the_reporters_private_key() -> None:
    assert case_keys.receipt_pair(KEY).public == PAIR.public
