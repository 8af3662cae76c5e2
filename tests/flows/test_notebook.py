"""The notebook of docs/: it runs on the sample warehouse, and says there what it says in the repo."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from flows.settings import ROOT
from tests.flows.conftest import Fazhi

NOTEBOOKS = sorted((ROOT / "docs/notebooks").glob("*.ipynb"))
LARGEST = 120_000


def said(notebook: nbformat.NotebookNode) -> list[tuple[str, list[str]]]:
    """Each code cell with the texts that it printed; a picture only counts as one."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            outputs = [item.text if item.output_type == "stream" else item.output_type for item in cell.outputs]
            found.append((cell.source, outputs))
    return found


def pictures(notebook: nbformat.NotebookNode) -> int:
    outputs = [item for cell in notebook.cells for item in cell.get("outputs", [])]
    return sum("image/png" in item.get("data", {}) for item in outputs)


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_execution_gives_what_is_committed(
    undisturbed: tuple[Fazhi, str], path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(undisturbed[0].home))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    monkeypatch.delenv("MPLBACKEND", raising=False)
    committed = nbformat.read(path, as_version=4)
    nbformat.validate(committed)
    executed = nbformat.read(path, as_version=4)
    for cell in executed.cells:
        cell["outputs"] = []
    NotebookClient(
        executed, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    assert said(executed) == said(committed)
    assert pictures(executed) == pictures(committed) == 1
    assert path.stat().st_size < LARGEST
    assert os.fspath(undisturbed[0].home) not in path.read_text(encoding="utf-8")
