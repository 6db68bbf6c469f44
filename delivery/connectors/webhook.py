"""Sends a call as JSON by POST, signed, to an address that was looked at first: no redirects, no inner networks."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from delivery.connectors.addresses import Address
from engine.connectors import Call, CallRefused
from engine.errors import AlurError

MOST_READ = 4000  # bytes of an answer that are looked at
_CARRYING = [ipaddress.IPv6Network(text) for text in ("::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")]
WAITING_HELPS = frozenset({408, 409, 423, 425, 429})  # refusals that are worth another try


class CallDeferred(AlurError):
    """Not taken now; it may be later."""


class NoAnswer(CallDeferred):
    """Nobody answers there: what else waits for the address need not try now."""


def post(call: Call, address: Address, now: datetime) -> Mapping[str, Any]:
    """What the other side answered: ``{status, answer}``. It took the call when the status is 2xx.

    Raises CallRefused when it never will (another 4xx, a redirect, an inner address), CallDeferred when it may later.
    """
    body = json.dumps(_told(call), ensure_ascii=False, sort_keys=True).encode()
    sent_at = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Alur",
        "Idempotency-Key": call.key,
        "X-Alur-Timestamp": sent_at,
        "X-Alur-Signature": f"sha256={signature(address.secret, sent_at, body)}",
    }
    parts = urlsplit(address.url)
    try:
        status, answer = _exchange(parts, address, body, headers)
    except (OSError, http.client.HTTPException) as fault:
        raise NoAnswer(f"{parts.hostname} does not answer ({type(fault).__name__})") from fault
    if 200 <= status < 300:
        return {"status": status, "answer": answer}
    if status < 500 and status not in WAITING_HELPS:
        raise CallRefused(f"{parts.hostname} answered {status}: {answer[:200]}")
    raise CallDeferred(f"{parts.hostname} answered {status}: {answer[:200]}")


def signature(secret: str, sent_at: str, body: bytes) -> str:
    """What proves that a call is ours and not an old one sent again: HMAC-SHA-256 over the time, a dot and the body."""
    return hmac.new(secret.encode(), sent_at.encode() + b"." + body, hashlib.sha256).hexdigest()


def _told(call: Call) -> Mapping[str, Any]:
    return {
        "key": call.key,
        "connector": call.name,
        "region": call.region,
        "case": call.case_number,
        "case_type": call.case_type,
        "at": call.at.isoformat(),
        "values": dict(call.values),
    }


def _exchange(parts: SplitResult, address: Address, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    connection = http.client.HTTPConnection(host, port, timeout=address.timeout)
    # Connected by hand to the very address that was looked at: a name asked for twice may be answered differently.
    plain = connection.sock = _connected(host, port, address)
    # Each read has its own timeout; one byte now and then would still hold the worker for hours.
    patience = threading.Timer(address.timeout, _hang_up, (plain,))
    patience.start()
    try:
        if parts.scheme == "https":
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, dict(headers))
        response = connection.getresponse()
        return response.status, response.read(MOST_READ).decode("utf-8", "replace")
    finally:
        patience.cancel()
        connection.close()


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        sock.shutdown(socket.SHUT_RDWR)


def _is_public(text: str) -> bool:
    """Whether an address lies on the open network; those that carry another one inside are not believed."""
    place = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(place, ipaddress.IPv6Address) and any(place in network for network in _CARRYING):
        return False
    return place.is_global and not place.is_multicast


def _connected(host: str, port: int, address: Address) -> socket.socket:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not address.allows_private and not all(_is_public(str(place[0])) for *_, place in found):
        raise CallRefused(f"{host} is an address of an inner network")
    fault: OSError | None = None
    for family, kind, protocol, _, place in found:
        sock = socket.socket(family, kind, protocol)
        sock.settimeout(address.timeout)
        try:
            sock.connect(place)
        except OSError as error:
            sock.close()
            fault = error
        else:
            return sock
    raise fault or OSError("no address")
