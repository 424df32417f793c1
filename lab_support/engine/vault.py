"""Keeps the key that encrypts a throw-away stack's secrets: in this process's memory, and nowhere else.

Pulumi's passphrase provider derives its key anew in every call of the CLI, which takes 0.15 s of processor time and
is half the cost of a small preview. The CLI can also ask HashiCorp Vault for the key. So this server answers the one
request of Vault's API that Pulumi makes (transit, decrypt), on the loopback interface, given this process's token,
which only the engine's environment carries, and only to this user. It prints nothing, whatever it is sent. The key is
random and new in each process: a state file that a killed process has left behind cannot be decrypted.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import secrets
import threading
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from lab_support.safeguards.peers import is_own_user

URL: Final = "hashivault://stack"
# What the stack's settings hold instead of the key: a name for it.
WRAPPED_KEY: Final = base64.b64encode(b"vault:v1:in-memory").decode()
_PATH: Final = "/v1/transit/decrypt/stack"
_LONGEST_REQUEST: Final = 65_536  # bytes; Pulumi's has about a hundred
_PATIENCE: Final = 10.0  # seconds for a request to arrive


@dataclass(frozen=True)
class Vault:
    """Where the CLI gets the key, as the environment variables that it reads."""

    address: str
    token: str

    @property
    def environment(self) -> dict[str, str]:
        return {"VAULT_SERVER_URL": self.address, "VAULT_SERVER_TOKEN": self.token, "NO_PROXY": "127.0.0.1"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def verify_request(self, request: Any, client_address: Any) -> bool:
        return is_own_user(client_address[1], self.server_port)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Prints no traceback if a request makes no sense: the lab's output is about the learner's program."""


@cache
def vault() -> Vault:
    """The vault of this process; the first call starts it, and it ends with the process."""
    token, key = secrets.token_urlsafe(), base64.b64encode(os.urandom(32)).decode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _PATIENCE

        def do_PUT(self) -> None:
            length = self.headers.get("Content-Length") or "0"
            if not length.isdecimal() or int(length) > _LONGEST_REQUEST:
                self.close_connection = True
                self._answer(400, {"errors": ["malformed request"]})
                return
            self.rfile.read(int(length))
            given = self.headers.get("X-Vault-Token", "").encode()
            if hmac.compare_digest(given, token.encode()) and self.path == _PATH:
                self._answer(200, {"data": {"plaintext": key}})
            else:
                self._answer(403, {"errors": ["permission denied"]})

        do_POST = do_PUT

        def _answer(self, status: int, data: dict[str, Any]) -> None:
            body = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Logs nothing: a notebook is no place for a server's log."""

    server = _Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True, name="stack-key").start()
    return Vault(f"http://127.0.0.1:{server.server_port}", token)


def secrets_provider() -> dict[str, Any]:
    """The part of an empty state file that names the provider."""
    return {"type": "cloud", "state": {"url": URL, "encryptedkey": WRAPPED_KEY}}
