"""A stage for shell scripts: a folder with some files of the clone, and a PATH with only chosen programs."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Stage:
    """A folder and a PATH; fake programs log their calls in the file `log`."""

    folder: Path
    programs: Path

    def put(self, program: str, script: str, folder: str = "") -> Path:
        """Puts a fake program on PATH, or into a folder of the stage."""
        target = (self.folder / folder if folder else self.programs) / program
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"#!/bin/sh\n{script}\n")
        target.chmod(0o755)
        return target

    def link(self, *programs: str) -> None:
        """Puts the machine's own programs on PATH."""
        for program in programs:
            found = shutil.which(program)
            if found is None:
                pytest.skip(f"needs the program {program}")
            (self.programs / program).symlink_to(found)

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs a command in the folder, with PATH, HOME and the given variables only."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env={"PATH": str(self.programs), "HOME": str(self.folder), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def log(self) -> str:
        """The calls that fake programs logged."""
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""
