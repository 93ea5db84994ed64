"""The pictures of the guide, made from what the program writes: python docs/pictures/make.py.

Needs LibreOffice with a Chinese font, and pdftoppm (Debian: libreoffice-calc, fonts-noto-cjk,
poppler-utils).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

# Name → workbook, the page of its PDF, dots per inch, and how much of the page is shown: left, top,
# right, bottom as shares of its size.
PICTURES = {
    "template": ("template", 2, 80, (0.03, 0.05, 0.97, 0.62)),
    "annotated": ("annotated", 3, 80, (0.03, 0.05, 0.97, 0.55)),
    "summary": ("result", 1, 80, (0.03, 0.05, 0.97, 0.66)),
    "form": ("result", 13, 80, (0.03, 0.05, 0.97, 0.62)),
    "working": ("working", 12, 190, (0.44, 0.03, 0.97, 0.28)),
}


def perfeval(*words: str) -> None:
    """Run the program on the examples, in Chinese."""
    command = [sys.executable, "-m", "perfeval", *words, "--lang", "zh"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def with_working(result: Path, copy: Path) -> None:
    """A copy of a result whose printed area is the whole sheet, the working included."""
    with zipfile.ZipFile(result) as source, zipfile.ZipFile(copy, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "xl/workbook.xml":
                area = rb'<definedName name="_xlnm.Print_Area"[^>]*>[^<]*</definedName>'
                content = re.sub(area, b"", content)
            elif part.filename.startswith("xl/worksheets/"):
                content = content.replace(b'orientation="portrait"', b'orientation="landscape"')
            target.writestr(part, content)


def picture(pdf: Path, page: int, dots: int, shown: tuple[float, ...], name: str) -> None:
    """A part of a page as a PNG beside this file."""
    told = subprocess.run(
        ["pdfinfo", "-f", str(page), "-l", str(page), str(pdf)],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    size = re.search(r"size: +([\d.]+) x ([\d.]+)", told)
    assert size, told
    wide, high = (float(points) * dots / 72 for points in size.groups())
    left, top, right, bottom = shown
    box = {
        "x": left * wide,
        "y": top * high,
        "W": (right - left) * wide,
        "H": (bottom - top) * high,
    }
    area = [text for key, value in box.items() for text in (f"-{key}", str(round(value)))]
    subprocess.run(
        ["pdftoppm", "-png", "-singlefile", "-r", str(dots), "-f", str(page), "-l", str(page),
         *area, str(pdf), str(HERE / name)],
        check=True,
    )  # fmt: skip


def main() -> None:
    """Write all pictures."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        perfeval("template", "specs", "-o", str(folder / "template.xlsx"))
        perfeval(
            "score", "examples/actuals.csv", "--execution", "examples/execution.csv",
            "-o", str(folder / "result.xlsx"),
        )  # fmt: skip
        with_working(folder / "result.xlsx", folder / "working.xlsx")
        books = sorted({book for book, *_ in PICTURES.values()})
        subprocess.run(
            ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
             "--convert-to", "pdf", "--outdir", made, *(str(folder / f"{b}.xlsx") for b in books)],
            check=True, capture_output=True,
        )  # fmt: skip
        for name, (book, page, dots, shown) in PICTURES.items():
            picture(folder / f"{book}.pdf", page, dots, shown, name)


if __name__ == "__main__":
    main()
