"""The pictures of the guide, made from what the program writes: python docs/pictures/make.py.

Needs LibreOffice with a Chinese font, pdftoppm, and Chromium for the pages (Debian:
libreoffice-calc, fonts-noto-cjk, poppler-utils, chromium). `make.py pages` makes those alone.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

# Name → workbook, the page of its PDF, dots per inch, and how much of the page is shown: left, top,
# right, bottom as shares of its size.
PICTURES = {
    "template": ("template", 2, 80, (0.03, 0.05, 0.97, 0.62)),
    "annotated": ("annotated", 4, 80, (0.03, 0.05, 0.97, 0.62)),
    "summary": ("result", 1, 80, (0.03, 0.05, 0.97, 0.66)),
    "form": ("result", 13, 80, (0.03, 0.05, 0.97, 0.62)),
    "working": ("working", 12, 190, (0.44, 0.03, 0.97, 0.28)),
}


def perfeval(*words: str) -> None:
    """Run the program on the examples, in Chinese."""
    command = [sys.executable, "-m", "perfeval", *words, "--lang", "zh"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def fill_in(template: Path, filled: Path) -> None:
    """The template with the actuals of the examples."""
    with (ROOT / "examples" / "actuals.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["项目编码"], row["三级指标"]): row for row in csv.DictReader(file)}
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[1]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        key = tuple(sheet.cell(line, columns[name]).value for name in ("项目编码", "三级指标"))
        for name in ("实际完成值", "偏差原因", "是否适用"):
            if text := rows.get(key, {}).get(name):
                sheet.cell(line, columns[name]).value = text
    book.save(filled)


def edited(source: Path, target: Path, edit: Callable[[str, bytes], bytes]) -> None:
    """A copy of a workbook for the picture, its parts edited."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            new.writestr(part, edit(part.filename, old.read(part)))


def with_working(name: str, content: bytes) -> bytes:
    """The printed area is the whole sheet, the working included."""
    if name == "xl/workbook.xml":
        area = rb'<definedName name="_xlnm.Print_Area"[^>]*>[^<]*</definedName>'
        return re.sub(area, b"", content)
    return content


def with_comments_open(name: str, content: bytes) -> bytes:
    """Comments are shown, not only at the touch of a pointer."""
    if name.endswith(".vml"):
        content = content.replace(b"visibility:hidden", b"visibility:visible")
        return content.replace(b"<x:Row>", b"<x:Visible/><x:Row>")
    return content.replace(b"<pageSetup ", b'<pageSetup cellComments="asDisplayed" ')


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


# Name → command and its options, the project whose sheet is shown ("" for the overview), and the
# size of the window.
PAGES = {
    "page-review": (("review", "tests/data/published/selfeval.csv", "--sample", "5"), "", 1500),
    "page-sheet": (("review", "tests/data/published/selfeval.csv"), "S14", 1180),
    "page-check": (("check", "specs"), "", 1150),
}


def pages() -> None:
    """The pictures of pages, as a browser shows them."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, (words, project, high) in PAGES.items():
            target = Path(made) / f"{name}.html"
            perfeval(*words, "--fail-on", "never", "-o", str(target))
            page = browser.new_page(viewport={"width": 1280, "height": high})
            page.goto(f"{target.as_uri()}#{project}")
            for step in page.locator("#sheet tr.told + tr.below details.why > summary").all()[1:2]:
                step.click()
            page.screenshot(path=HERE / f"{name}.png")
        browser.close()


def main() -> None:
    """Write all pictures."""
    pages()
    if sys.argv[1:] == ["pages"]:
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        perfeval("template", "specs", "-o", str(folder / "template.xlsx"))
        perfeval(
            "score", "examples/actuals.csv", "--execution", "examples/execution.csv",
            "-o", str(folder / "result.xlsx"),
        )  # fmt: skip
        edited(folder / "result.xlsx", folder / "working.xlsx", with_working)
        fill_in(folder / "template.xlsx", folder / "filled.xlsx")
        perfeval("annotate", str(folder / "filled.xlsx"), "-o", str(folder / "marked.xlsx"))
        edited(folder / "marked.xlsx", folder / "annotated.xlsx", with_comments_open)
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
