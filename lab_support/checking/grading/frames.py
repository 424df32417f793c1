"""Frames on a stream socket: how a program in the sandbox and the grader talk to each other.

A frame is a JSON object and a payload, each with its length before it. Whatever arrives is data: nothing is unpickled,
and a frame that is too long or malformed ends the conversation.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from contextlib import suppress
from typing import Any, Final

LARGEST: Final = 8_000_000  # bytes of one frame
_LENGTHS: Final = struct.Struct("!II")
_LONGEST_HEADER: Final = 1_000_000


class Malformed(Exception):
    """What arrived is no frame; the text says why."""


class Connection:
    """One end of a conversation. Several threads may send; one receives."""

    def __init__(self, end: socket.socket) -> None:
        self.socket = end
        self.received = 0  # bytes so far
        self._sending = threading.Lock()

    def send(self, header: dict[str, Any], payload: bytes = b"") -> None:
        """Sends a frame. Raises OSError where the other end is gone."""
        text = json.dumps(header).encode()
        with self._sending:
            self.socket.sendall(_LENGTHS.pack(len(text), len(payload)) + text + payload)

    def receive(self) -> tuple[dict[str, Any], bytes] | None:
        """The next frame; None at the end of the conversation. Raises Malformed."""
        lengths = self._read(_LENGTHS.size)
        if lengths is None:
            return None
        of_header, of_payload = _LENGTHS.unpack(lengths)
        if of_header > _LONGEST_HEADER or of_payload > LARGEST:
            raise Malformed("a message is too long")
        text, payload = self._read(of_header), self._read(of_payload)
        if text is None or payload is None:
            return None
        try:
            header = json.loads(text)
        except (ValueError, RecursionError):
            raise Malformed("a message is not JSON") from None
        if not isinstance(header, dict):
            raise Malformed("a message is no object")
        return header, payload

    def _read(self, size: int) -> bytes | None:
        parts, left = [], size
        while left:
            try:
                part = self.socket.recv(min(left, 1 << 16))
            except OSError:
                return None
            if not part:
                return None
            parts.append(part)
            left -= len(part)
        self.received += size
        return b"".join(parts)

    def close(self) -> None:
        """Ends the conversation; a receiver that waits gets its end."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
