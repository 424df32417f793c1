"""A program that calls AWS itself (boto3, the metadata service) is told at once that there is no AWS here.

Without this, it would wait for addresses that do not answer, or reach a real account with credentials from ~/.aws. Only
the running program's own look-ups of AWS's hosts fail; other code of the process, such as a notebook's other cells, is
left alone, and so is a program that is given variables named AWS_*.
"""

from __future__ import annotations

import os
import socket
from contextvars import ContextVar
from typing import Any, Final

from lab_support.errors import CallsAws

# https://docs.aws.amazon.com/general/latest/gr/rande.html; the addresses of the metadata service of EC2 and of ECS.
_DOMAINS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
_ADDRESSES: Final = ("169.254.169.254", "fd00:ec2::254", "169.254.170.2", "169.254.170.23", "fd00:ec2::23")
_refuses: ContextVar[bool] = ContextVar("refuses", default=False)
_getaddrinfo = socket.getaddrinfo


def refuse_calls_to_aws() -> None:
    """From here on, calls to AWS in this context raise CallsAws, unless the environment has variables named AWS_*."""
    _refuses.set(not any(name.startswith("AWS_") for name in os.environ))


def _look_up(host: Any, *arguments: Any, **options: Any) -> Any:
    if _refuses.get():
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
        name = name.rstrip(".").lower()
        if name in _ADDRESSES or f".{name}".endswith(_DOMAINS):
            raise CallsAws(name)
    return _getaddrinfo(host, *arguments, **options)


socket.getaddrinfo = _look_up
