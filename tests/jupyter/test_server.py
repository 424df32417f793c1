"""What JupyterLab is started with: what the panel needs of it."""

from __future__ import annotations

from pathlib import Path

from lab_support.jupyter.server import OVERRIDES, lab_command


def test_the_panel_can_run_cells_and_is_kept_with_the_notebook(tmp_path: Path) -> None:
    assert "--LabApp.expose_app_in_browser=True" in lab_command(tmp_path / "a.ipynb")
    assert OVERRIDES["@jupyter-widgets/jupyterlab-manager:plugin"] == {"saveState": True}
