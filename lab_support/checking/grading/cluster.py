"""Hands reading and grading to the workers of a Dask cluster (the optional extra `cluster`).

Each worker keeps warm processes of its own, one for each of its threads, and needs the lab and bubblewrap. A worker
that dies loses nothing: the scheduler gives its work to another one.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, Final

from lab_support.checking.grading.pool import Request, Warm
from lab_support.errors import InternalError
from lab_support.safeguards.guard import Fate

_AT_ONCE: Final = 64  # requests that wait for an answer, so that no worker is idle
_RETRIES: Final = 5  # workers that may die with the same request
_CONNECT: Final = 10  # seconds


class Cluster:
    """The workers of a cluster, as run.py uses them."""

    def __init__(self, client: Any, slugs: Sequence[str], isolated: bool) -> None:
        self.client, self.slugs, self.isolated = client, list(slugs), isolated

    def ask(self, request: Request) -> tuple[Any, Fate]:
        """The answer of a worker. Raises InternalError where none can give it."""
        if request["do"] == "read":  # the file is here, not there
            request = {**request, "content": Path(request["path"]).read_bytes()}
        future = self.client.submit(
            _on_worker, request, self.slugs, self.isolated, pure=False, retries=_RETRIES
        )
        try:
            told, fate = future.result()
        except Exception as error:
            raise InternalError(f"the cluster did not answer: {type(error).__name__}: {error}") from None
        return told, Fate(**fate)

    def map(self, work: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        """The results of `work`, which calls `ask`, in the order of the items."""
        threads = ThreadPoolExecutor(_AT_ONCE)
        try:
            yield from threads.map(work, items)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


@contextmanager
def open_cluster(address: str, slugs: Sequence[str], isolated: bool = True) -> Iterator[Cluster]:
    """The cluster whose scheduler has this address. Raises InternalError where it cannot be reached."""
    try:
        connect = import_module("distributed").Client  # an optional extra
    except ImportError:
        raise InternalError(
            "--scheduler needs Dask's `distributed`, here and on the workers: pip install 'pulumi-review-lab[cluster]'"
        ) from None
    try:
        client = connect(address, timeout=_CONNECT)
    except (OSError, TimeoutError, ValueError) as error:
        raise InternalError(f"there is no scheduler at {address}: {error}") from None
    try:
        yield Cluster(client, slugs, isolated)
    finally:
        client.close()


_own = threading.local()


def _on_worker(request: dict[str, Any], slugs: list[str], isolated: bool) -> tuple[Any, dict[str, Any]]:
    """Runs on a worker: asks the warm process of this thread."""
    wanted = (tuple(slugs), isolated)
    if getattr(_own, "wanted", None) != wanted:
        with suppress(AttributeError):
            _own.warm.stop()
        _own.warm, _own.wanted = Warm(slugs, isolated, Path(gettempdir())), wanted
    content = request.get("content")
    if content is None:
        told, fate = _own.warm.ask(request)
    else:
        with TemporaryDirectory() as folder:
            path = Path(folder) / f"submission{os.path.splitext(request['path'])[1]}"
            path.write_bytes(content)
            told, fate = _own.warm.ask({**request, "content": None, "path": str(path)})
    return told, asdict(fate)
