"""Serving the workbench on a port of this machine."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import uvicorn

from coercivity.foundation.errors import UsageError
from coercivity.interfaces.workbench.app import make_app
from coercivity.interfaces.workbench.security import allowed_hosts, is_loopback, new_token
from coercivity.interfaces.workbench.verbs import VerbForm
from coercivity.interfaces.workbench.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Place:
    """Where the workbench listens."""

    host: str = "127.0.0.1"
    """Address; other machines can reach any but those of the loopback."""
    port: int = 8765
    """Port; 0 takes a free one."""
    names: tuple[str, ...] = ()
    """Further names it is known by."""


class Served(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self._ready()


def serve(
    workspace: Workspace,
    verbs: Sequence[VerbForm],
    *,
    place: Place,
    tell: Callable[[str], None],
    browse: bool = False,
    once: bool = False,
) -> None:
    """Serve until Ctrl-C.

    Parameters
    ----------
    workspace
        What is shown.
    verbs
        Verbs that write runs.
    place
        Where it listens. A place that other machines can reach asks for a token.
    tell
        Told the address, with the token where there is one, as soon as it answers.
    browse
        Whether a browser is opened.
    once
        Whether it ends as soon as it answers.

    Raises
    ------
    UsageError
        If the address cannot be listened on.
    """
    token = "" if is_loopback(place.host) else new_token()
    app = make_app(workspace, verbs, hosts=allowed_hosts(place.host, also=place.names), token=token)
    with _listening(place) as listener:
        address = _address(place, listener.getsockname()[1], token)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
        )

        def ready() -> None:
            tell(address)
            if browse and not once:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            server.should_exit = once

        server = Served(config, ready)
        with suppress(KeyboardInterrupt):  # Ctrl-C is how it is meant to end
            server.run(sockets=[listener])


def _address(place: Place, port: int, token: str) -> str:
    host = f"[{place.host}]" if ":" in place.host else place.host
    host = place.names[0] if place.names else host
    return f"http://{host}:{port}/{f'?token={token}' if token else ''}"


def _listening(place: Place) -> socket.socket:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((place.host, place.port))
    except (OSError, OverflowError) as error:
        listener.close()
        msg = (
            f"Cannot listen on {place.host}, port {place.port}: {error}. Another workbench may run "
            "there: choose another with --port, or 0 for any that is free.  [R001]"
        )
        raise UsageError(msg) from error
    return listener
