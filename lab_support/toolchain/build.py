"""Builds the Pulumi CLI from its Go module, whose every dependency is pinned in cli/go.mod and cli/go.sum."""

import shutil
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

from lab_support.toolchain.go import MODULE, Go, obtain_go
from lab_support.toolchain.process import CommandResult, run_command
from lab_support.toolchain.pulumi_cli import PROGRAM, PULUMI_VERSION, MethodFailed

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

# Measured with empty caches: 4.8 GiB at the most, with Go itself; 0.35 GiB of it stay in the cache folder.
NEEDED_BYTES = 5_000_000_000

LOG = "go-build.log"


def build_pulumi(cache: Path, work: Path, report: Callable[[str], None]) -> Path:
    """Builds the Pulumi CLI in `work` and returns its path; raises MethodFailed where that does not work."""
    go = obtain_go(cache, work, report)
    module = work / "module"
    shutil.copytree(MODULE, module)
    program = work / PROGRAM
    environment = {**go.environment, **_folders_for_go(go, module, work)}
    little_room = _little_room([cache, *map(Path, _go_caches(environment))])
    if little_room:
        report(little_room)

    total = _get_modules(go, module, environment, cache, report)
    started, built = time.monotonic(), 0

    def tell() -> None:
        # Go's own cache may spare it some of them, so that the count need not reach the total.
        report(f"building the Pulumi CLI: {built:,} of about {total:,} packages, {_duration(started)}")

    def count(line: str) -> None:
        nonlocal built
        built += _is_package(line)

    tell()
    finished = run_command(
        command_to_build(go.program, program, "-v"),
        folder=module,
        environment=environment,
        on_error_line=count,
        every_second=tell,
    )
    if finished.code != 0 or not program.is_file():
        raise MethodFailed("; ".join(filter(None, [_why(finished, cache), little_room])))
    return program


def command_to_build(go: str, program: Path, *flags: str) -> list[str]:
    """The command that builds the Pulumi CLI as `program`; it is to be run in the folder of cli/go.mod."""
    linker = f"-s -w -X {VERSION_VARIABLE}={PULUMI_VERSION}"
    fixed = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", linker]
    return [go, "build", *flags, *fixed, "-o", str(program), PACKAGE]


def _get_modules(
    go: Go, module: Path, environment: dict[str, str], cache: Path, report: Callable[[str], None]
) -> int:
    """Downloads the modules that are missing, and returns how many packages the Pulumi CLI is made of."""
    started, downloaded = time.monotonic(), 0

    def count(line: str) -> None:
        nonlocal downloaded
        downloaded += line.startswith("go: downloading ")

    def tell() -> None:
        report(f"getting the Go modules: {downloaded:,} downloaded, {_duration(started)}")

    finished = run_command(
        [go.program, "list", "-mod=readonly", "-deps", PACKAGE],
        folder=module,
        environment=environment,
        on_error_line=count,
        every_second=tell,
    )
    if finished.code != 0:
        raise MethodFailed(_why(finished, cache))
    return len(finished.output.split())


def _folders_for_go(go: Go, module: Path, work: Path) -> dict[str, str]:
    """Where Go may write: into `work`, and its two caches, too, where the usual places cannot be written."""
    temporary = work / "go-tmp"
    temporary.mkdir()
    folders = {"GOTMPDIR": str(temporary)}
    command = [go.program, "env", "GOCACHE", "GOMODCACHE"]
    answer = run_command(command, folder=module, environment=go.environment)
    usual = answer.output.split("\n")[:2] if answer.code == 0 else []
    if len(usual) == 2 and all(_can_write(Path(place)) for place in usual):
        return {**folders, "GOCACHE": usual[0], "GOMODCACHE": usual[1]}
    return {
        **folders,
        "GOCACHE": str(work / "go-cache"),
        "GOMODCACHE": str(work / "go-modules"),
        # Go write-protects what it downloads; without this flag the folder could not be removed afterwards.
        "GOFLAGS": f"{go.environment['GOFLAGS']} -modcacherw",
    }


def _go_caches(environment: dict[str, str]) -> tuple[str, str]:
    return environment["GOCACHE"], environment["GOMODCACHE"]


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _little_room(folders: list[Path]) -> str:
    """A sentence where a disk may be too full; no more, as less is enough where Go's caches are filled."""
    for folder in folders:
        existing = next(place for place in (folder, *folder.parents) if place.exists())
        free = shutil.disk_usage(existing).free
        if free < NEEDED_BYTES:
            sizes = f"{free / 1e9:.1f} GB are free in {existing}; a first build takes about"
            return f"only {sizes} {NEEDED_BYTES / 1e9:.0f} GB"
    return ""


def _why(finished: CommandResult, cache: Path) -> str:
    """Go's own last word in one line, with the whole of it kept in a file."""
    log = cache / LOG
    try:
        log.write_text(finished.errors, encoding="utf-8")
        kept = f" (all of it: {log})"
    except OSError:
        kept = ""
    lines = [line.strip() for line in finished.errors.splitlines() if not _is_package(line)]
    said = [line for line in lines if line and not line.startswith(("go: downloading ", "# "))]
    last = textwrap.shorten(said[-1], 160, placeholder="…") if said else "it said nothing"
    return f"go ended with code {finished.code}: {last}{kept}"


def _is_package(line: str) -> bool:
    """Whether a line of `go build -v` names a package, and is no message."""
    return bool(line) and not set(line) & {" ", ":", "\t"}


def _duration(started: float) -> str:
    minutes, seconds = divmod(int(time.monotonic() - started), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
