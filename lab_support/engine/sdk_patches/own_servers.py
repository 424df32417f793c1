"""Repair: the servers that the Automation API opens answer only the user who started them.

For each run it opens two in this process: one that receives the engine's events, one that runs the inline program.
They listen on the loopback interface, to which every user of the machine may connect; another user could run the
program against a monitor of their own, or send events that never happened.
"""

from __future__ import annotations

from typing import Final

import grpc

from lab_support.safeguards.peers import own_users_server


class OwnUsersGrpc:
    """What the Automation API uses of the module `grpc`."""

    Server: Final = grpc.Server
    server = staticmethod(own_users_server)
