"""Everything somebody carries away who seizes the server: database, its log, files, cache, logs, temporary folders."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

import psycopg
from sqlalchemy import select, text
from sqlalchemy.engine import make_url

from engine.all_models import metadata
from engine.database import Database
from tests.disclosure.scene import Scene

AUTHORS = frozenset(("definition_versions", "publication_texts"))  # what authors wrote: public


def dump(database: Database) -> Mapping[str, bytes]:
    """Each table as text, as a dump has it."""
    found = {}
    with database.reading() as session:
        for table in metadata.sorted_tables:
            if table.name not in AUTHORS:
                rows = session.execute(select(text("*")).select_from(table)).all()
                found[f"table {table.name}"] = "\n".join(_line(row) for row in rows).encode()
    return found


def _line(row: object) -> str:
    return repr([bytes(each).hex() if isinstance(each, bytes | memoryview) else each for each in row])  # type: ignore[attr-defined]


def pieces(scene: Scene) -> list[tuple[str, bytes]]:
    """(where, bytes) of all there is; read once."""
    if scene.folder not in _read:
        _read.clear()
        _read[scene.folder] = list(everything(scene))
    return _read[scene.folder]


_read: dict[Path, list[tuple[str, bytes]]] = {}


def everything(scene: Scene) -> Iterator[tuple[str, bytes]]:
    """The same, as it is now."""
    yield from dump(scene.database).items()
    yield from _database_files(scene)
    for folder in (scene.folder, Path(tempfile.gettempdir())):
        for path in _files(folder, scene):
            yield str(path), path.read_bytes()


def _files(folder: Path, scene: Scene) -> Iterator[Path]:
    """Files written since the scene began, in the scene's own folders or lying in the temporary folder itself."""
    began = scene.began - 1
    found = folder.rglob("*") if folder == scene.folder else folder.glob("*")
    for path in found:
        if path.is_file() and (folder == scene.folder or path.stat().st_mtime >= began):
            yield path


def _database_files(scene: Scene) -> Iterator[tuple[str, bytes]]:
    url = make_url(scene.settings.database_url)
    if url.get_backend_name() == "sqlite":
        place = Path(str(url.database))
        for path in place.parent.glob(f"{place.name}*"):  # with its log
            yield path.name, path.read_bytes()
        return
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        folder = Path(str(connection.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
        oid = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
    assert oid is not None
    for path in [*(folder / "base" / str(oid[0])).iterdir(), *(folder / "pg_wal").glob("0*")]:
        if path.is_file() and path.stat().st_mtime >= scene.began - 1:
            yield f"postgresql {path.name}", path.read_bytes()


def spellings(marker: str) -> set[bytes]:
    """The marker as it could lie somewhere: in several encodings, base64 at each of its three places, hex."""
    found = {marker.encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be")}
    found |= {quote(marker).encode(), quote_plus(marker).encode()}
    for plain in tuple(found):
        found |= {plain.hex().encode(), plain.hex().upper().encode()}
        for shift in range(3):
            coded = base64.b64encode(b"\0" * shift + plain)
            found.add(coded[4 if shift else 0 : -4])  # without what its neighbours have a part in
            found.add(coded[4 if shift else 0 : -4].translate(bytes.maketrans(b"+/", b"-_")))
    return found


def hits(scene: Scene, markers: Mapping[str, str]) -> dict[str, list[str]]:
    """Where any of the markers lies, in any spelling: name of the marker -> places."""
    return hits_among(pieces(scene), markers)


def hits_among(found_there: Iterable[tuple[str, bytes]], markers: Mapping[str, str]) -> dict[str, list[str]]:
    """The same in these (where, bytes)."""
    wanted = {name: spellings(marker) for name, marker in markers.items()}
    found: dict[str, list[str]] = {}
    for where, content in found_there:
        for name, spelled in wanted.items():
            if any(each in content for each in spelled):
                found.setdefault(name, []).append(where)
    return found
