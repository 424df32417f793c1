"""Getting the Pulumi CLI: once for several processes, all or nothing, with helpful errors."""

import os
import signal
import subprocess

import pytest

from lab_support.toolchain import (
    PULUMI_VERSION,
    Toolchain,
    ToolchainError,
    download,
    find_pulumi,
    obtain_pulumi,
)
from tests.toolchain.machine import Machine

# Holds a build up until the test lets it go on.
WAIT = "until [ -e '{file}' ]; do sleep 0.05; done"

# A build that never ends and has a child; both hold the pipe open for as long as they live.
NEVER_ENDS = "exec 9> '{pipe}'; echo built >&9; sleep 1000 & wait"

VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

# What the SDK's installer does, and what it would do to the home folder if it were left to it.
INSTALLS = """
import os, pathlib, shutil, sys
for home in (pathlib.Path.home() / ".pulumi", pathlib.Path(os.environ["PULUMI_HOME"])):
    home.mkdir(parents=True, exist_ok=True)
(pathlib.Path(sys.argv[1]) / "bin").mkdir(parents=True)
shutil.copy({program!r}, pathlib.Path(sys.argv[1]) / "bin" / "pulumi")
"""


def test_an_existing_cli_is_used(machine: Machine) -> None:
    machine.put_go()
    machine.put_pulumi(machine.environment_pulumi)
    assert obtain_pulumi() == Toolchain(machine.environment_pulumi, PULUMI_VERSION, "environment")
    assert machine.builds == []


def test_a_missing_cli_is_downloaded_by_the_sdk_if_possible(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.put_go()
    program = machine.put_pulumi(machine.root / "elsewhere" / "pulumi")
    monkeypatch.setattr(download, "INSTALLER", INSTALLS.format(program=str(program)))
    assert obtain_pulumi() == Toolchain(machine.cached_pulumi, PULUMI_VERSION, "downloaded")
    assert machine.builds == []
    assert machine.work_folders == []
    assert os.listdir(machine.home) == [], "the installer wrote to the learner's home"


def test_a_cli_that_cannot_be_downloaded_is_built(machine: Machine) -> None:
    machine.put_go()
    news: list[str] = []
    assert obtain_pulumi(news.append) == Toolchain(machine.cached_pulumi, PULUMI_VERSION, "built")
    assert "no network here" in "\n".join(news)
    assert "building the Pulumi CLI: 0 of about 3 packages, 0 s" in news
    assert machine.work_folders == []
    assert find_pulumi() == Toolchain(machine.cached_pulumi, PULUMI_VERSION, "cache")
    assert len(machine.pulumi_runs) == 1, "it was verified when it was built, and that is remembered"
    assert not (machine.home / ".pulumi").exists()


def test_a_wrong_download_is_not_kept(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    program = machine.put_pulumi(machine.root / "elsewhere" / "pulumi", "3.1.0")
    monkeypatch.setattr(download, "INSTALLER", INSTALLS.format(program=str(program)))
    machine.put_go(build="exit 1")
    with pytest.raises(ToolchainError, match=r"the result is version 3\.1\.0"):
        obtain_pulumi()
    assert not machine.cached_pulumi.exists()


def test_a_wrong_build_is_not_kept(machine: Machine) -> None:
    machine.put_go(result="3.1.0")
    with pytest.raises(ToolchainError, match=r"the result is version 3\.1\.0"):
        obtain_pulumi()
    assert not machine.cached_pulumi.exists()
    assert machine.work_folders == []


def test_a_failure_lists_the_four_ways(machine: Machine) -> None:
    machine.put_pulumi(machine.programs / "pulumi", "3.100.0")
    machine.put_go(build="echo 'go: example.org/x: no such host' >&2; exit 3")
    with pytest.raises(ToolchainError) as caught:
        obtain_pulumi()
    text = str(caught.value)
    program = machine.cached_pulumi
    for command in (
        "export PATH=",
        f"cp /folder/of/pulumi {program}",
        "PulumiCommand.install(sys.argv[1], semver.VersionInfo.parse(sys.argv[2]))' "
        f"{program.parents[1]} 3.259.0",
        "CGO_ENABLED=0 go build -mod=readonly -trimpath -buildvcs=false "
        f"-ldflags '-s -w -X {VARIABLE}=3.259.0' "
        f"-o {program} github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ):
        assert command in text
    now = [line.removeprefix("   Now: ") for line in text.splitlines() if line.startswith("   Now: ")]
    assert now == [
        f"{machine.programs / 'pulumi'} is version 3.100.0",
        f"there is none in {machine.cache}",
        "no network here",
        "go ended with code 3: go: example.org/x: no such host "
        f"(all of it: {machine.cache / 'go-build.log'})",
    ]
    assert len(text.splitlines()) <= 24, "it does not fit on a screen"


def test_a_failure_leaves_no_partial_files(machine: Machine) -> None:
    machine.put_go(build="exit 1")
    with pytest.raises(ToolchainError):
        obtain_pulumi()
    assert machine.work_folders == []
    assert not machine.cached_pulumi.exists()
    machine.put_go()
    assert obtain_pulumi().source == "built"


def test_two_processes_at_the_same_time_build_once(machine: Machine) -> None:
    go_on = machine.root / "go-on"
    machine.put_go(build=WAIT.format(file=go_on))
    first = machine.start_command()
    _read_up_to("building the Pulumi CLI", first)
    second = machine.start_command()
    _read_up_to("another process is already getting the Pulumi CLI; waiting", second)
    go_on.touch()
    outputs = [process.communicate()[0] for process in (first, second)]
    assert [first.returncode, second.returncode] == [0, 0]
    assert "built just now" in outputs[0]
    assert "found in" in outputs[1]
    assert len(machine.builds) == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interruption_stops_the_build_and_cleans_up(machine: Machine, number: int, code: int) -> None:
    pipe = machine.root / "pipe"
    os.mkfifo(pipe)
    machine.put_go(build=NEVER_ENDS.format(pipe=pipe))
    process = machine.start_command()
    with pipe.open() as alive:
        assert alive.readline() == "built\n"
        process.send_signal(number)
        assert alive.read() == "", "ends only when nothing of the build lives any more"
    process.communicate()
    assert process.returncode == code
    assert machine.work_folders == []
    assert not machine.cached_pulumi.exists()


def test_files_of_a_killed_process_are_removed_by_the_next_run(machine: Machine) -> None:
    pipe = machine.root / "pipe"
    os.mkfifo(pipe)
    machine.put_go(build=f"echo $$ > '{machine.root / 'pid'}'; {NEVER_ENDS.format(pipe=pipe)}")
    process = machine.start_command()
    with pipe.open() as alive:
        assert alive.readline() == "built\n"
        process.kill()
        process.communicate()
        os.killpg(int((machine.root / "pid").read_text()), signal.SIGKILL)
        assert alive.read() == ""
    assert len(machine.work_folders) == 1
    assert not machine.cached_pulumi.exists()
    machine.put_go()
    assert obtain_pulumi() == Toolchain(machine.cached_pulumi, PULUMI_VERSION, "built")
    assert machine.work_folders == []


def _read_up_to(text: str, process: "subprocess.Popen[str]") -> None:
    """Waits until `process` has written `text`; fails if it ends before."""
    assert process.stderr is not None
    seen = ""
    while text not in seen:
        line = process.stderr.readline()
        assert line, f"the process ended and only said: {seen}"
        seen += line
