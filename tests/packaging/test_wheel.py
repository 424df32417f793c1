"""A built package also has the files in lab_support/ that are not Python."""

import subprocess
import sys
import zipfile
from pathlib import Path


def test_package_data_is_packed(root: Path, tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("lab_support/")}
    files = {
        file.relative_to(root).as_posix()
        for file in (root / "lab_support").rglob("*")
        if file.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in file.parts)
    }
    assert files - packed == set()
    assert {"lab_support/toolchain/cli/go.mod", "lab_support/toolchain/cli/go.sum"} <= packed
