"""What the catcher caught, to look at: a list, and each mail with its text, its HTML in a sandbox and its source."""

from __future__ import annotations

from email.utils import getaddresses
from pathlib import Path

from babel.dates import format_datetime
from flask import Flask, Response, abort, render_template, request, send_from_directory

from config import ROOT
from delivery.catcher.mailbox import Caught, Mailbox

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
WORDS = {
    "title": {"id": "Surel yang tertangkap", "en": "Caught mail"},
    "lead": {
        "id": "Tidak satu pun dikirim ke luar. Halaman ini menunjukkan apa yang akan diterima orang.",
        "en": "None of it left this machine. This page shows what people would receive.",
    },
    "empty": {"id": "Belum ada surel.", "en": "No mail yet."},
    "empty_next": {
        "id": "Ajukan satu perjanjian; surelnya muncul di sini dalam satu-dua detik. Muat ulang halaman ini.",
        "en": "Submit an agreement; its mail appears here within a second or two. Reload this page.",
    },
    "to": {"id": "Kepada", "en": "To"},
    "from": {"id": "Dari", "en": "From"},
    "subject": {"id": "Perihal", "en": "Subject"},
    "came": {"id": "Tertangkap", "en": "Caught"},
    "reason": {"id": "Alasan", "en": "Reason"},
    "reload": {"id": "Muat ulang", "en": "Reload"},
    "older": {"id": "Lebih lama", "en": "Older"},
    "everybody": {"id": "Semua penerima", "en": "Everybody"},
    "only": {"id": "Hanya untuk {0}", "en": "Only for {0}"},
    "back": {"id": "Semua surel", "en": "All mail"},
    "html": {"id": "Seperti tampil", "en": "As shown"},
    "text": {"id": "Teks biasa", "en": "Plain text"},
    "source": {"id": "Sumber lengkap", "en": "Full source"},
    "no_html": {"id": "Surel ini tidak punya bagian HTML.", "en": "This mail has no HTML part."},
    "skip": {"id": "Langsung ke isi", "en": "Skip to content"},
    "sample": {"id": "PENANGKAP SUREL · tidak mengirim apa pun", "en": "MAIL CATCHER · sends nothing"},
    "missing": {"id": "Surel itu tidak ada.", "en": "There is no such mail."},
}

# The page's own rules, and the stricter ones of a mail: it may style itself and open links, nothing else.
OWN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
MAIL_POLICY = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'"


def make_pages(mailbox: Mailbox) -> Flask:
    """The application that shows ``mailbox``. It only reads."""
    app = Flask("delivery.catcher", template_folder="templates", static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.get("/")
    def listing() -> str:
        to = request.args.get("to", "")[:200]
        mails, more = mailbox.page(request.args.get("before", "")[:60], to=to)
        return _page("list.html", mails=mails, more=more, to=to)

    @app.get("/mail/<key>")
    def mail(key: str) -> str:
        return _page("mail.html", mail=_existing(mailbox, key))

    @app.get("/mail/<key>/html")
    def html(key: str) -> Response:
        # Links would open inside the frame, where Alur's pages refuse to be shown.
        shown = _existing(mailbox, key).part("html").replace("<head>", '<head><base target="_blank">', 1)
        return Response(shown, headers={"Content-Security-Policy": MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"})

    @app.get("/mail/<key>/source")
    def source(key: str) -> Response:
        found = mailbox.source(key)
        return Response(found, mimetype="text/plain") if found is not None else abort(404)

    @app.get("/static/<any('tokens.css', 'mark.svg', 'catcher.css'):name>")
    def static(name: str) -> Response:
        folders = {"tokens.css": ROOT / "web" / "static" / "css", "mark.svg": ROOT / "web" / "static"}
        return send_from_directory(folders.get(name, Path(__file__).parent), name)

    app.register_error_handler(404, lambda _: (_page("missing.html"), 404))
    app.after_request(_protect)
    return app


def _existing(mailbox: Mailbox, key: str) -> Caught:
    return mailbox.read(key) or abort(404)


def _page(template: str, **values: object) -> str:
    language = request.args.get("lang", "id")
    language = language if language in LANGUAGES else "id"
    return render_template(
        template,
        language=language,
        other=next(other for other in LANGUAGES if other != language),
        languages=LANGUAGES,
        say={key: texts[language] for key, texts in WORDS.items()},
        addresses=lambda text: [address for _, address in getaddresses([text])],
        moment=lambda at: format_datetime(at.astimezone(), "EEEE, d MMMM y, HH.mm.ss", locale=language),
        **values,
    )


def _protect(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", OWN_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
