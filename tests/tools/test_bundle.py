"""What `make bundle` packs for which Python, and what start.py says on a machine that the bundle is not for."""

import json
from pathlib import Path

import pytest

from tools.bundle import start
from tools.bundle.__main__ import locked_for

LOCK = """\
# A comment
everywhere==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via something
old==2.0 ; python_full_version < '3.11.5' \\
    --hash=sha256:cc
new==3.0 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
elsewhere==4.0 ; os_name == 'nowhere' \\
    --hash=sha256:ee
"""
EVERYWHERE = "everywhere==1.0 --hash=sha256:aa --hash=sha256:bb"


@pytest.mark.parametrize(
    ("version", "others"),
    [
        ("3.11.0", ["old==2.0 --hash=sha256:cc"]),
        ("3.11.99", []),
        ("3.12.0", ["new==3.0 --hash=sha256:dd"]),
    ],
)
def test_markers_are_judged_by_the_python_that_is_asked_for(version: str, others: list[str]) -> None:
    assert locked_for(version, LOCK) == [EVERYWHERE, *others]


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty bundle's folder, from which start.py runs."""
    monkeypatch.setattr(start, "HERE", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def write(bundle: Path, **facts: object) -> None:
    this = {"system": " ".join(start.system()), "library": "glibc 2.36", "pythons": [start.running()]}
    (bundle / "bundle.json").write_text(json.dumps({**this, **facts}))


def test_another_kind_of_machine_is_refused(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(bundle, system="Plan9 mips")
    assert start.main([]) == 1
    assert "Plan9 mips" in capsys.readouterr().err


def test_a_python_without_packages_is_refused(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(bundle, pythons=["3.0", "3.1"])
    assert start.main([]) == 1
    assert "Python 3.0, 3.1" in capsys.readouterr().err


def test_a_suitable_python_on_path_is_used_instead(bundle: Path) -> None:
    write(bundle, pythons=["3.0"])
    program = bundle / "python3.0"
    program.write_text(f'#!/bin/sh\n[ "$1" = -c ] || echo "$@" > "{bundle}/called"\n')
    program.chmod(0o755)
    assert start.main(["--set-up-only"]) == 0
    assert (bundle / "called").read_text() == f"{start.__file__} --set-up-only\n"
