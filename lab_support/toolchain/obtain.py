"""Gets the Pulumi CLI if it is missing: downloads it, else builds it, once even if several processes need it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lab_support.toolchain.build import build_pulumi
from lab_support.toolchain.cache import cache_folders, pulumi_in, usable_cache
from lab_support.toolchain.download import download_pulumi
from lab_support.toolchain.find import find_pulumi
from lab_support.toolchain.manual_ways import manual_ways
from lab_support.toolchain.pulumi_cli import PULUMI_VERSION, MethodFailed, Source, Toolchain, ToolchainError
from lab_support.toolchain.verify import ask_version, remember_version

WORK = "work-"

Method = Callable[[Path, Path, Callable[[str], None]], Path]


def obtain_pulumi(progress: Callable[[str], None] | None = None) -> Toolchain:
    """The Pulumi CLI: found, else downloaded by the Pulumi SDK, else built with Go, which takes minutes.

    `progress` is called with a line of text on each step, and every second during a build. Raises ToolchainError if
    nothing works; its message says what to do by hand. An interruption leaves no partial files.
    """
    report = progress if progress is not None else _null_reporter
    found = find_pulumi()
    if found is not None:
        return found
    try:
        cache = usable_cache()
    except MethodFailed as failure:
        raise ToolchainError(manual_ways(cache_folders()[0], str(failure), str(failure))) from None
    with _locked(cache, report):
        _remove_leftovers(cache)
        # Another process may have got it while this one was waiting.
        return find_pulumi() or _get(cache, report)


def _get(cache: Path, report: Callable[[str], None]) -> Toolchain:
    download, why_not_downloaded = _try(download_pulumi, "downloaded", cache, report)
    if download is not None:
        return download
    report(f"the download failed ({why_not_downloaded}); building it instead")
    build, why_not_built = _try(build_pulumi, "built", cache, report)
    if build is not None:
        return build
    raise ToolchainError(manual_ways(cache, why_not_downloaded, why_not_built))


def _try(
    method: Method, source: Source, cache: Path, report: Callable[[str], None]
) -> tuple[Toolchain | None, str]:
    """The toolchain that a method got, else the reason why it failed; its working files are removed."""
    try:
        with tempfile.TemporaryDirectory(prefix=WORK, dir=cache, ignore_cleanup_errors=True) as work:
            path = _move_into_cache(method(cache, Path(work), report), cache)
    except (MethodFailed, OSError) as failure:
        return None, str(failure)
    return Toolchain(path, PULUMI_VERSION, source), ""


def _move_into_cache(program: Path, cache: Path) -> Path:
    """Verifies the version of a program and moves it into the cache, atomically."""
    version = ask_version(program)
    if version != PULUMI_VERSION:
        raise MethodFailed(f"the result {'does not run' if version is None else f'is version {version}'}")
    path = pulumi_in(cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    program.replace(path)
    remember_version(path, version)
    return path


@contextmanager
def _locked(cache: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Keeps other processes from getting the Pulumi CLI into the same cache at the same time."""
    from filelock import FileLock, Timeout  # start-up time: 40 ms, needed only here

    lock = FileLock(cache / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report("another process is already getting the Pulumi CLI; waiting")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _remove_leftovers(cache: Path) -> None:
    """Removes the working files of killed processes. The caller holds the lock, so no process is using them."""
    for folder in cache.glob(f"{WORK}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _null_reporter(text: str) -> None:
    """Reports nothing."""
