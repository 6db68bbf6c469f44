"""The columns of a tree in a file: a row a node or one of its indicators, the same going out and coming in."""

from __future__ import annotations

from dataclasses import replace

from engine.definitions.model import Text
from sakip.configuration.levels import Levels
from sakip.exchange.table import Column, Kind

NODE = (
    Column("tree", Text("Pohon", "Tree"), ("perangkat daerah", "opd", "pohon milik")),
    Column("key", Text("Kunci", "Key"), ("kunci simpul", "node", "kode"), required=True),
    Column("level", Text("Jenjang", "Level"), ("tingkat",), required=True),
    Column("parent", Text("Induk", "Parent"), ("kunci induk",)),
    Column("place", Text("Urutan", "Place")),
    Column("statement", Text("Pernyataan", "Statement"), ("sasaran", "uraian", "bunyi"), required=True),
    Column("result_kind", Text("Jenis hasil", "Kind of result")),
    Column("owner", Text("Penanggung jawab", "Owner"), ("jabatan penanggung jawab", "pemilik")),
)
INDICATOR_KEY = Column("indicator", Text("Kunci indikator", "Indicator key"), ("kode indikator",))
WORDS = (
    Column("name", Text("Indikator", "Indicator name"), ("nama indikator",)),
    Column("definition", Text("Definisi operasional", "Operational definition"), ("definisi",)),
    Column("formula", Text("Formula", "Formula"), ("rumus",)),
    Column("measure", Text("Satuan", "Unit of measure"), ("satuan ukur",)),
    Column("direction", Text("Arah", "Direction"), ("polaritas",)),
    Column("method", Text("Metode", "Method")),
    Column("consolidation", Text("Konsolidasi", "Consolidation"), ("nilai beberapa periode",)),
    Column("basis", Text("Dasar target", "Basis of the target")),
    Column("periods", Text("Kelompok periode", "Periods"), ("periode",)),
    Column("frequency", Text("Frekuensi", "Frequency")),
    Column("source", Text("Sumber data", "Source of data")),
    Column("superior", Text("Indikator atasan", "Superior's indicator")),
)
MORE = (
    Column("due_in", Text("Jatuh tempo dalam", "Due in")),
    Column("indicator_owner", Text("Penanggung jawab indikator", "Owner of the indicator")),
    Column("verifier", Text("Pemeriksa", "Verifier"), ("jabatan pemeriksa",)),
    Column("baseline", Text("Kondisi awal", "Baseline")),
    Column("plan_targets", Text("Target tahunan rencana", "Yearly targets of the plan")),
    Column("targets", Text("Target tahun berjalan", "Targets of the year in hand"), ("target",)),
    Column("weight", Text("Bobot", "Weight")),
    Column("is_key", Text("IKU", "Key indicator"), ("indikator kinerja utama",)),
    Column("is_published", Text("Diumumkan", "Published")),
)
FIELD = "field:"  # before the key of a further field of a node, which may be called like any other column
KIND = Kind("tree", (*NODE, INDICATOR_KEY, *WORDS, *MORE))


def with_fields(levels: Levels | None) -> Kind:
    """The kind with the further fields (``node_fields``) a region's nodes have."""
    if levels is None:
        return KIND
    taken = {column.key for column in KIND.columns}
    fields = tuple(
        Column(f"{FIELD}{one.key}", one.title, () if one.key in taken else (one.key,))
        for one in levels.node_fields.values()
    )
    return replace(KIND, columns=(*KIND.columns, *fields))
