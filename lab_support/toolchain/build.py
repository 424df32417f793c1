"""Builds the Pulumi CLI from its Go module; all dependencies are pinned in cli/go.mod and cli/go.sum."""

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

# Measured with empty caches: at most 4.8 GiB, including Go itself, of which 0.35 GiB stay in the cache folder.
NEEDED_BYTES = 5_000_000_000

LOG = "go-build.log"


def build_pulumi(cache: Path, work: Path, report: Callable[[str], None]) -> Path:
    """Builds the Pulumi CLI in `work` and returns its path. Raises MethodFailed."""
    go = obtain_go(cache, work, report)
    module = work / "module"
    shutil.copytree(MODULE, module)
    program = work / PROGRAM
    environment = {**go.environment, **_folders_for_go(go, module, work)}
    disk_warning = _disk_warning([cache, Path(environment["GOCACHE"]), Path(environment["GOMODCACHE"])])
    if disk_warning:
        report(disk_warning)

    total = _get_modules(go, module, environment, cache, report)
    started, built = time.monotonic(), 0

    def report_progress() -> None:
        # With a filled Go cache, the count does not reach the total.
        report(f"building the Pulumi CLI: {built:,} of about {total:,} packages, {_duration(started)}")

    def count(line: str) -> None:
        nonlocal built
        built += _is_package(line)

    report_progress()
    finished = run_command(
        command_to_build(go.program, program, "-v"),
        folder=module,
        environment=environment,
        on_error_line=count,
        every_second=report_progress,
    )
    if finished.code != 0 or not program.is_file():
        raise MethodFailed("; ".join(filter(None, [_reason(finished, cache), disk_warning])))
    return program


def command_to_build(go: str, program: Path, *flags: str) -> list[str]:
    """The command that builds the Pulumi CLI as `program`, to be run in the folder of cli/go.mod."""
    linker = f"-s -w -X {VERSION_VARIABLE}={PULUMI_VERSION}"
    fixed = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", linker]
    return [go, "build", *flags, *fixed, "-o", str(program), PACKAGE]


def _get_modules(
    go: Go, module: Path, environment: dict[str, str], cache: Path, report: Callable[[str], None]
) -> int:
    """Downloads missing modules and returns the number of packages in the Pulumi CLI."""
    started, downloaded = time.monotonic(), 0

    def count(line: str) -> None:
        nonlocal downloaded
        downloaded += line.startswith("go: downloading ")

    def report_progress() -> None:
        report(f"getting the Go modules: {downloaded:,} downloaded, {_duration(started)}")

    finished = run_command(
        [go.program, "list", "-mod=readonly", "-deps", PACKAGE],
        folder=module,
        environment=environment,
        on_error_line=count,
        every_second=report_progress,
    )
    if finished.code != 0:
        raise MethodFailed(_reason(finished, cache))
    return len(finished.output.split())


def _folders_for_go(go: Go, module: Path, work: Path) -> dict[str, str]:
    """Folders that Go can write to: temporary files in `work`, and its caches, too, if the usual ones are read-only."""
    temporary = work / "go-tmp"
    temporary.mkdir()
    folders = {"GOTMPDIR": str(temporary)}
    command = [go.program, "env", "GOCACHE", "GOMODCACHE"]
    result = run_command(command, folder=module, environment=go.environment)
    usual = result.output.split("\n")[:2] if result.code == 0 else []
    if len(usual) == 2 and all(_can_write(Path(folder)) for folder in usual):
        return {**folders, "GOCACHE": usual[0], "GOMODCACHE": usual[1]}
    return {
        **folders,
        "GOCACHE": str(work / "go-cache"),
        "GOMODCACHE": str(work / "go-modules"),
        # Go makes downloaded modules read-only; without this flag the folder could not be removed.
        "GOFLAGS": f"{go.environment['GOFLAGS']} -modcacherw",
    }


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _disk_warning(folders: list[Path]) -> str:
    """A warning if a disk may be too full; not an error, because with filled Go caches less space is enough."""
    for folder in folders:
        existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
        free = shutil.disk_usage(existing).free
        if free < NEEDED_BYTES:
            sizes = f"{free / 1e9:.1f} GB are free in {existing}; a first build takes about"
            return f"only {sizes} {NEEDED_BYTES / 1e9:.0f} GB"
    return ""


def _reason(finished: CommandResult, cache: Path) -> str:
    """Go's last message in one line; all of its messages are kept in a file."""
    log = cache / LOG
    try:
        log.write_text(finished.errors, encoding="utf-8")
        kept = f" (all of it: {log})"
    except OSError:
        kept = ""
    lines = [line.strip() for line in finished.errors.splitlines() if not _is_package(line)]
    messages = [line for line in lines if line and not line.startswith(("go: downloading ", "# "))]
    last = textwrap.shorten(messages[-1], 160, placeholder="…") if messages else "no message"
    return f"go ended with code {finished.code}: {last}{kept}"


def _is_package(line: str) -> bool:
    """Whether a line of `go build -v` is the name of a package, not a message."""
    return bool(line) and not set(line) & {" ", ":", "\t"}


def _duration(started: float) -> str:
    minutes, seconds = divmod(int(time.monotonic() - started), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
