"""``python -m delivery.catcher --smtp-port 8025 --http-port 8026 --dir var/mail``: catch, show, until told to stop."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from werkzeug.serving import WSGIRequestHandler, make_server

from delivery.catcher.mailbox import Mailbox
from delivery.catcher.pages import make_pages

LARGEST_MAIL = 10 * 1024 * 1024


class Catch:
    """What the SMTP server does with a mail: keep it."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002
        """The name is aiosmtpd's. Answers as a mail server does."""
        self._mailbox.keep(envelope.content, tuple(envelope.rcpt_tos), datetime.now(UTC))
        return "250 Message kept"


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: a page view of a demonstration is no news."""


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGINT or SIGTERM. Returns the exit code: 4 when a port is taken."""
    parser = argparse.ArgumentParser(prog="python -m delivery.catcher", description="Keep and show mails.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--dir", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    mailbox = Mailbox(chosen.dir)
    smtp = Controller(Catch(mailbox), chosen.host, chosen.smtp_port, data_size_limit=LARGEST_MAIL)
    try:
        smtp.start()
        http = make_server(
            chosen.host, chosen.http_port, make_pages(mailbox), threaded=True, request_handler=_QuietHandler
        )
    except (OSError, SystemExit) as fault:
        print(f"catcher: a port cannot be used: {fault}", file=sys.stderr)
        return 4
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    threading.Thread(target=http.serve_forever, daemon=True).start()
    print(f"catcher: mails on port {chosen.smtp_port}, pages on port {chosen.http_port}", file=sys.stderr)
    asked.wait()
    http.shutdown()
    smtp.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
