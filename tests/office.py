"""LibreOffice as a second opinion: it recalculates our workbooks, and turns them into pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(
    PROGRAM is None,
    reason="LibreOffice (soffice) is not installed: formulas are not recalculated by it",
)
TIMEOUT = 600

# Excel's files are loaded with the values they hold, unless this asks for a recalculation.
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_CACHED = re.compile(rb"(<f>[^<]*</f>)<v(?: */>|>[^<]*</v>)")


def convert(files: Iterable[Path], form: str, folder: Path) -> list[Path]:
    """Each of `files` in the format `form` (pdf, xlsx), recalculated, in one run of the program."""
    assert PROGRAM
    profile, out = folder / "profile", folder / "converted"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_ALWAYS, "utf-8")
    out.mkdir(exist_ok=True)
    files = list(files)
    subprocess.run(
        [PROGRAM, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
         "--convert-to", form, "--outdir", str(out), *map(str, files)],
        check=True, capture_output=True, timeout=TIMEOUT,
    )  # fmt: skip
    made = [out / file.with_suffix(f".{form}").name for file in files]
    missing = [file for file in made if not file.exists()]
    assert not missing, f"LibreOffice did not convert {missing}"
    return made


def without_values(file: Path) -> Path:
    """Remove what the formulas of a workbook came to, so that only a recalculation can tell."""
    bare = file.with_name(f"bare-{file.name}")
    formulas = 0
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.infolist():
            content = source.read(part)
            if part.filename.startswith("xl/worksheets/sheet"):
                formulas += content.count(b"<f>")
                content = _CACHED.sub(rb"\1", content)
            copy.writestr(part, content)
    assert formulas, f"{file.name} holds no formulas"
    return bare


Sheets = dict[str, list[list[Any]]]


def read(file: Path) -> Sheets:
    """The values of a workbook's cells, "" for blank ones, from A1 of each sheet on."""
    workbook = CalamineWorkbook.from_path(str(file))
    return {
        name: list(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for name in workbook.sheet_names
    }


def recalculated(files: Iterable[Path], folder: Path) -> list[Sheets]:
    """The workbooks as LibreOffice works them out from nothing but formulas and inputs."""
    bare = [without_values(file) for file in files]
    return [read(file) for file in convert(bare, "xlsx", folder)]
