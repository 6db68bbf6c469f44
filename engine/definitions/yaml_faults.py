"""What the YAML parser complains about, in sentences of both languages instead of the parser's own words."""

from __future__ import annotations

from engine.definitions.model import Text

# A part of the parser's complaint, and what it means to whoever writes the file. The first that fits is told.
_MEANINGS: tuple[tuple[str, Text], ...] = (
    ("mapping values are not allowed", Text(
        "titik dua di sini memulai nilai kedua; beri tanda kutip pada teksnya, atau perbaiki lekukan",
        "a colon here begins a second value; quote the text, or correct the indentation",
    )),
    ("block sequence entries", Text("butir daftar tidak boleh di sini", "a list entry is not allowed here")),
    ("expected key", Text("di sini seharusnya ada kunci; periksa lekukan", "a key belongs here; check the indent")),
    ("',' or ']'", Text('seharusnya ada "," atau "]"', 'a "," or "]" should stand here')),
    ("',' or '}'", Text('seharusnya ada "," atau "}"', 'a "," or "}" should stand here')),
    ("expected ':'", Text('setelah kunci seharusnya ada ":"', 'a ":" should stand after the key')),
    ("'-' indicator", Text('seharusnya ada butir daftar "-"', 'a list entry "-" should stand here')),
    ("unexpected end of stream", Text("teks berkutip tidak ditutup", "a quoted text is not closed")),
    ("cannot start any token", Text("tanda ini tidak boleh mengawali teks; beri tanda kutip",
                                    "this character cannot begin a text; quote it")),
    ("escape", Text("urutan setelah garis miring terbalik tidak dikenal", "what follows the backslash is not known")),
    ("document start", Text("ada sesuatu setelah akhir dokumen", "something stands after the end of the document")),
    ("document indicator", Text("teks berkutip memuat batas dokumen", "a quoted text holds a document mark")),
    ("directive", Text("arahan YAML tidak dikenal", "a YAML directive is not known")),
    ("node content", Text("di sini seharusnya ada nilai", "a value should stand here")),
    ("comment or", Text("di sini harus berakhir baris", "the line has to end here")),
    ("indentation", Text("lekukannya tidak cocok", "the indentation does not fit")),
)  # fmt: skip


def sentence(said: str) -> Text:
    """The finding's sentence for what the parser said; a plain one where it said something new."""
    for part, meaning in _MEANINGS:
        if part in said:
            return Text(f"YAML tidak terbaca: {meaning.id}.", f"YAML cannot be read: {meaning.en}.")
    return Text("YAML tidak terbaca di sini.", "YAML cannot be read here.")
