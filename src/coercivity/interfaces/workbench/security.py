"""What stands between a browser and the workbench: hosts, tokens, origins, sizes, headers."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""Content-security policy of every answer."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LARGEST_BODY = 20_000_000
"""Largest request. [byte]"""
TOKEN = "token"  # noqa: S105 - the name of a field
COOKIE = "coercivity-token"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE = frozenset({"GET", "HEAD"})
KNOWN = SAFE | {"POST"}


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def new_token() -> str:
    """Make a token that nobody can guess."""
    return secrets.token_urlsafe(24)


def allowed_hosts(host: str, *, also: tuple[str, ...] = ()) -> list[str]:
    """Give the names under which the workbench may be asked for.

    Parameters
    ----------
    host
        Address it listens on.
    also
        Further names it is known by.

    Examples
    --------
    >>> allowed_hosts("127.0.0.1")
    ['127.0.0.1', '::1', '[::1]', 'localhost']
    """
    names = {*also} if not is_loopback(host) else {*LOOPBACK_NAMES, *also}
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - they are left out, not listened on
        names.add(host)
    bracketed = {f"[{name}]" for name in names if ":" in name}
    return sorted(names | bracketed)


class BodyTooLarge(Exception):  # noqa: N818 - it says what happened
    """More was sent than is taken."""


class Headed:
    """Sets the headers of every answer, those of refusals and failures too.

    Parameters
    ----------
    app
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer."""
        await self._app(scope, receive, _with_headers(send))


class Guard:
    """Refuses what no page of the workbench would ask.

    Parameters
    ----------
    app
        What is guarded.
    token
        What every request must know; empty where none is asked for.
    read_only
        Whether every request that would change something is refused.
    largest
        Largest request. [byte]
    """

    def __init__(
        self, app: ASGIApp, *, token: str = "", read_only: bool = False, largest: int = LARGEST_BODY
    ) -> None:
        self._app, self._token = app, token
        self._read_only, self._largest = read_only, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        counted = _Counted(receive, self._largest)
        try:
            await self._app(scope, counted, send)
        except (BodyTooLarge, ClientDisconnect):
            if not counted.exceeded:
                return
            await self._too_large()(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers, method = Headers(scope=scope), scope["method"]
        if method not in KNOWN:
            return _refused("This method is not known here.", HTTPStatus.METHOD_NOT_ALLOWED)
        if self._token:
            answer = self._unknown(scope, headers)
            if answer is not None:
                return answer
        if method in SAFE:
            return None
        if not same_origin(headers, scope["scheme"]):
            return _refused(
                "This request came from another site, so it was not followed.",
                HTTPStatus.FORBIDDEN,
            )
        if self._read_only:
            told = "This workbench is read-only: nothing can be started or changed from here."
            return _refused(told, HTTPStatus.FORBIDDEN)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._largest:
            return self._too_large()
        return None

    def _too_large(self) -> Response:
        told = (
            f"What was sent is larger than {self._largest / 1e6:.0f} MB. Use the command line for "
            "larger files: coercivity convert, coercivity check."
        )
        return _refused(told, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    def _unknown(self, scope: Scope, headers: Headers) -> Response | None:
        """Ask for the token: in the address once, then in a cookie of this site alone."""
        query = parse_qsl(scope["query_string"].decode("latin-1"))
        given = dict(query).get(TOKEN)
        if given is not None and scope["method"] == "GET" and self._is_token(given):
            rest = urlencode([(key, value) for key, value in query if key != TOKEN])
            answer = RedirectResponse(scope["path"] + (f"?{rest}" if rest else ""), 303)
            answer.set_cookie(COOKIE, given, httponly=True, samesite="strict", path="/")
            return answer
        if self._is_token(_cookies(headers).get(COOKIE, "")):
            return None
        told = "Open the address that `coercivity serve` printed: it carries the token."
        return _refused(told, HTTPStatus.FORBIDDEN)

    def _is_token(self, text: str) -> bool:
        return secrets.compare_digest(text.encode(), self._token.encode())


def same_origin(headers: Mapping[str, str], scheme: str) -> bool:
    """Tell whether a request that changes something was sent by a page of this very site.

    Browsers say so in ``Sec-Fetch-Site``; older ones name the site in ``Origin``. A request that
    says neither is refused.

    Parameters
    ----------
    headers
        Headers of the request, in lower case.
    scheme
        ``http`` or ``https``.

    Examples
    --------
    >>> same_origin({"host": "localhost:8765", "origin": "http://localhost:8765"}, "http")
    True
    >>> same_origin({"host": "localhost:8765", "origin": "http://elsewhere.example"}, "http")
    False
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin is not None and origin != f"{scheme}://{headers.get('host', '')}":
        return False
    return site == "same-origin" if site is not None else origin is not None


def _cookies(headers: Headers) -> dict[str, str]:
    jar = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _refused(told: str, status: HTTPStatus) -> Response:
    return PlainTextResponse(f"{told}\n", status)


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if "cache-control" not in headers:
                headers["Cache-Control"] = "no-store"
        await send(message)

    return sent


class _Counted:
    """Hands over a request piece by piece until it has grown too large."""

    def __init__(self, receive: Receive, largest: int) -> None:
        self._receive, self._left = receive, largest
        self.exceeded = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.exceeded = True
            raise BodyTooLarge
        return message
