"""The mail catcher: it keeps every mail once, shows it, and lets nothing in a mail do anything."""

from __future__ import annotations

import smtplib
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from config import ROOT
from delivery.catcher.mailbox import Mailbox
from delivery.catcher.pages import make_pages
from tests.mail_sink import _free_port

NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def a_mail(subject: str = "Menunggu Anda", to: str = "budi@daerah.example", html: str = "<p>halo</p>") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["To"], mail["From"] = subject, to, "notifikasi@alur.example"
    mail["Message-ID"], mail["X-Alur-Reason"] = f"<{abs(hash((subject, to)))}@alur.example>", "assigned"
    mail.set_content("halo, teks biasa")
    mail.add_alternative(f"<html><head></head><body>{html}</body></html>", subtype="html")
    return mail


def kept(mailbox: Mailbox, mail: EmailMessage, now: datetime = NOON) -> str:
    return mailbox.keep(mail.as_bytes(), (str(mail["To"]),), now)


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mail")


@pytest.fixture
def client(mailbox: Mailbox) -> FlaskClient:
    return make_pages(mailbox).test_client()


def test_mails_are_listed_newest_first(mailbox: Mailbox, client: FlaskClient) -> None:
    kept(mailbox, a_mail("Pertama"))
    kept(mailbox, a_mail("Kedua"), NOON + timedelta(minutes=1))
    page = client.get("/").text
    assert page.index("Kedua") < page.index("Pertama")
    assert "Senin, 2 Maret 2026" in page
    assert '<html lang="id">' in page


def test_a_second_copy_of_a_mail_is_the_same_mail(mailbox: Mailbox) -> None:
    first = kept(mailbox, a_mail())
    assert kept(mailbox, a_mail(), NOON + timedelta(hours=1)) == first
    assert len(mailbox.page()[0]) == 1


def test_the_same_mail_to_somebody_else_is_another_one(mailbox: Mailbox) -> None:
    mail = a_mail()
    mailbox.keep(mail.as_bytes(), ("a@x.example",), NOON)
    mailbox.keep(mail.as_bytes(), ("b@x.example",), NOON)
    assert len(mailbox.page()[0]) == 2


def test_one_persons_mails_can_be_picked(mailbox: Mailbox, client: FlaskClient) -> None:
    kept(mailbox, a_mail("Untuk Budi"))
    kept(mailbox, a_mail("Untuk Sari", to="sari@daerah.example"))
    page = client.get("/?to=sari@daerah.example").text
    assert "Untuk Sari" in page
    assert "Untuk Budi" not in page


def test_a_long_list_goes_on_page_by_page(mailbox: Mailbox) -> None:
    for number in range(5):
        kept(mailbox, a_mail(f"Surel {number}"), NOON + timedelta(minutes=number))
    first, more = mailbox.page(limit=3)
    rest, end = mailbox.page(before=more or "", limit=3)
    assert [mail.header("Subject") for mail in (*first, *rest)] == [f"Surel {n}" for n in (4, 3, 2, 1, 0)]
    assert end is None


def test_a_mail_shows_its_headers_text_and_source(mailbox: Mailbox, client: FlaskClient) -> None:
    key = kept(mailbox, a_mail())
    page = client.get(f"/mail/{key}?lang=en").text
    assert "As shown" in page
    assert "halo, teks biasa" in page
    assert "budi@daerah.example" in page
    source = client.get(f"/mail/{key}/source")
    assert source.mimetype == "text/plain"
    assert source.data.startswith(b"Subject: Menunggu Anda")


def test_nothing_in_a_mail_can_run_or_fetch(mailbox: Mailbox, client: FlaskClient) -> None:
    evil = "<script>alert(1)</script><img src='https://evil.example/pixel'>"
    key = kept(mailbox, a_mail(subject="<script>alert(2)</script>", html=evil))
    page = client.get(f"/mail/{key}")
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    shown = client.get(f"/mail/{key}/html")
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "img-src" not in policy


@pytest.mark.parametrize("key", ["nothing", "..%2f..%2fconfig", "20260302T050000000000-ffffffffffff", "a/../../b"])
def test_a_mail_that_is_not_there_is_not_found(client: FlaskClient, key: str) -> None:
    for path in (f"/mail/{key}", f"/mail/{key}/html", f"/mail/{key}/source"):
        assert client.get(path).status_code == 404


def test_an_empty_catcher_says_what_to_do(client: FlaskClient) -> None:
    assert "Belum ada surel." in client.get("/").text
    assert "No mail yet." in client.get("/?lang=en").text


def test_a_mail_that_is_no_mail_is_shown_all_the_same(mailbox: Mailbox, client: FlaskClient) -> None:
    key = mailbox.keep(b"\xff\xfe not a mail at all", ("x@y.example",), NOON)
    assert client.get(f"/mail/{key}").status_code == 200
    assert client.get("/").status_code == 200


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    smtp, http = _free_port(), _free_port()
    command = [sys.executable, "-m", "delivery.catcher", "--smtp-port", str(smtp), "--http-port", str(http)]
    with subprocess.Popen(
        [*command, "--dir", str(tmp_path / "mail")], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "catcher: mails on port" in process.stderr.readline()
        yield process, smtp, http
        process.kill()


def test_as_a_process_it_takes_mails_shows_them_and_ends_when_told(
    running: tuple[subprocess.Popen[str], int, int],
) -> None:
    process, smtp, http = running
    with smtplib.SMTP("127.0.0.1", smtp, timeout=10) as server:
        server.send_message(a_mail("Lewat kabel"))
    with urllib.request.urlopen(f"http://127.0.0.1:{http}/", timeout=10) as answer:
        assert "Lewat kabel" in answer.read().decode()
    process.terminate()
    assert process.wait(timeout=10) == 0


def test_a_port_in_use_is_one_clear_sentence(running: tuple[subprocess.Popen[str], int, int], tmp_path: Path) -> None:
    _, smtp, _ = running
    command = [sys.executable, "-m", "delivery.catcher", "--smtp-port", str(smtp), "--http-port", str(_free_port())]
    second = subprocess.run([*command, "--dir", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert second.returncode == 4
    assert "port" in second.stderr
    assert "Traceback" not in second.stderr
