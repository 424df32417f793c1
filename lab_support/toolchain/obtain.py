"""Gets the Pulumi CLI where it is missing: downloaded, else built, and once when several ask at once."""

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

Way = Callable[[Path, Path, Callable[[str], None]], Path]


def obtain_pulumi(progress: Callable[[str], None] | None = None) -> Toolchain:
    """The Pulumi CLI: found, else downloaded by the Pulumi SDK, else built with Go, which takes minutes.

    `progress` gets a line of text whenever there is news, during a build once a second. Raises
    ToolchainError, whose text says what a person can do, where nothing works. Interrupted, it leaves nothing
    half-made.
    """
    report = progress if progress is not None else _silent
    found = find_pulumi()
    if found is not None:
        return found
    try:
        cache = usable_cache()
    except MethodFailed as failure:
        raise ToolchainError(manual_ways(cache_folders()[0], str(failure), str(failure))) from None
    with _alone_in(cache, report):
        _remove_left_overs(cache)
        # Another process may have got it while this one waited.
        return find_pulumi() or _get(cache, report)


def _get(cache: Path, report: Callable[[str], None]) -> Toolchain:
    download, why_not_downloaded = _try(download_pulumi, "downloaded", cache, report)
    if download is not None:
        return download
    report(f"the download did not work ({why_not_downloaded}); building it instead")
    build, why_not_built = _try(build_pulumi, "built", cache, report)
    if build is not None:
        return build
    raise ToolchainError(manual_ways(cache, why_not_downloaded, why_not_built))


def _try(
    way: Way, source: Source, cache: Path, report: Callable[[str], None]
) -> tuple[Toolchain | None, str]:
    """What `way` brought, else why it brought nothing; what it left lying about is removed."""
    try:
        with tempfile.TemporaryDirectory(prefix=WORK, dir=cache, ignore_cleanup_errors=True) as work:
            place = _put_in_place(way(cache, Path(work), report), cache)
    except (MethodFailed, OSError) as failure:
        return None, str(failure)
    return Toolchain(place, PULUMI_VERSION, source), ""


def _put_in_place(program: Path, cache: Path) -> Path:
    """Moves a program that proved its version to where it is found from now on, in one step."""
    version = ask_version(program)
    if version != PULUMI_VERSION:
        raise MethodFailed(f"what came out {'does not run' if version is None else f'is version {version}'}")
    place = pulumi_in(cache)
    place.parent.mkdir(parents=True, exist_ok=True)
    program.replace(place)
    remember_version(place, version)
    return place


@contextmanager
def _alone_in(cache: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Keeps other processes from getting the Pulumi CLI into the same cache meanwhile."""
    from filelock import FileLock, Timeout  # 40 ms, needed only here

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


def _remove_left_overs(cache: Path) -> None:
    """Removes what killed processes left. The caller holds the lock, so nobody works there now."""
    for folder in cache.glob(f"{WORK}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _silent(text: str) -> None:
    """Tells nobody."""
