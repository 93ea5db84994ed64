"""PDFs that are broken, protected, pictures, or made to take all time and memory."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from perfeval.cli import main
from perfeval.problems import InputError
from perfeval.sources.grids import bounds, read_book
from tests import books, pdfs
from tests.pdfs import Style

ROWS = [["一级指标", "二级指标"], ["产出指标", "数量指标"]]
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of them its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    tail = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + head + table + tail


def stream(content: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(content, 9)
    head = b"<<%s/Filter/FlateDecode/Length %d>>stream\n" % (more, len(packed))
    return head + packed + b"\nendstream"


def page(content: bytes, resources: bytes = b"/Font<</F 5 0 R>>", *more: bytes) -> bytes:
    """A PDF of one page."""
    return pdf(
        CATALOG,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s>>>>"
        % resources,
        stream(content),
        *(more or (FONT,)),
    )


def form(content: bytes, inner: int) -> bytes:
    """A drawing that shows the drawing `inner`."""
    more = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A %d 0 R>>>>" % inner
    return stream(content, more)


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as error:
        read_book("表.pdf", data)
    (problem,) = error.value.problems
    return problem.text()


@pytest.fixture
def sound(tmp_path: Path) -> bytes:
    return pdfs.typeset(tmp_path / "sound.pdf", [books.rows_of(ROWS)]).read_bytes()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lower bounds, which the real ones are as numbers."""

    def lower(**names: int) -> None:
        for name, value in names.items():
            monkeypatch.setattr(bounds, name, value)

    return lower


def test_a_scan_is_told_to_be_a_picture(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    picture = stream(
        bytes(300),
        b"/Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8/ColorSpace/DeviceRGB",
    )
    scan = page(b"q 600 0 0 800 0 0 cm /I Do Q", b"/XObject<</I 5 0 R>>", picture)
    assert "are pictures (a scan), there is no text in them to read" in refused(scan)
    path = tmp_path / "扫描件.pdf"
    path.write_bytes(scan)
    for command in (["import"], ["score"], ["check"], ["score", "a.csv", "--specs"]):
        assert main(["--lang", "zh", *command, str(path)]) == 2
        told = capfd.readouterr()
        assert told.out == ""
        assert "扫描件" in told.err
        assert "Traceback" not in told.err
    assert "holds no text" in refused(page(b" "))


def test_a_password_is_told_and_one_that_only_forbids_is_none(tmp_path: Path) -> None:
    def written(user: str) -> bytes:
        path = tmp_path / "locked.pdf"
        lock = pdfencrypt.StandardEncryption(user, ownerPassword="owner", strength=128)
        canvas = Canvas(str(path), encrypt=lock)
        paper = pdfs.Paper(canvas, Style())
        paper.begin()
        for place, text in enumerate(("一级指标", "二级指标")):
            paper.cell(text, 100 + 100 * place, 700, 100, 20)
        paper.end()
        canvas.save()
        return path.read_bytes()

    assert "protected by a password" in refused(written("secret"))
    assert read_book("表.pdf", written("")).grids[0].rows == [["一级指标", "二级指标"]]


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7])
def test_a_file_that_is_cut_off_is_damaged(sound: bytes, share: float) -> None:
    assert "damaged or cut off" in refused(sound[: int(len(sound) * share)])


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4",
        b"%PDF-1.7\n" + bytes(range(256)) * 100,
        pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>"),
        pdf(b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 200_000 + b"]" * 200_000 + b">>"),
    ],
    ids=["head", "bytes", "pages of themselves", "nested"],
)
def test_nonsense_is_damaged(data: bytes) -> None:
    assert "damaged" in refused(data)


@pytest.mark.parametrize(
    "content",
    [b"[" * 200_000, b"q " * 500_000, b"0" * 20_000_000],
    ids=["arrays", "states", "zeros"],
)
def test_contents_without_end_or_meaning_hold_no_text(content: bytes) -> None:
    assert "holds no text" in refused(page(content))


def test_drawings_of_themselves_come_to_an_end(few: Callable[..., None]) -> None:
    few(PDF_SECONDS=3, PDF_MEMORY=400_000_000)
    cycle = page(b"/A Do", b"/XObject<</A 5 0 R>>", form(b"/A Do /A Do", 5))
    told = refused(cycle)
    assert "more than 3 seconds or 400 MB of memory" in told or "holds no text" in told


def test_drawings_that_multiply_come_to_an_end(few: Callable[..., None]) -> None:
    few(PDF_SECONDS=3, PDF_MEMORY=400_000_000)
    levels = [form(b"/A Do " * 10, 6 + level) for level in range(9)]
    bomb = page(b"/A Do", b"/XObject<</A 5 0 R>>", *levels, form(b"0 0 m 9 9 l S", 5))
    assert "more than 3 seconds or 400 MB of memory" in refused(bomb)


def test_streams_that_grow_beyond_the_memory_come_to_an_end(few: Callable[..., None]) -> None:
    few(PDF_MEMORY=300_000_000)
    told = refused(page(b"(" + b"a" * 400_000_000))
    assert "300 MB of memory" in told or "holds no text" in told


def test_pages_are_bounded(few: Callable[..., None]) -> None:
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>"
    many = b"<</Type/Pages/Kids[%s]/Count 100000>>" % (b"3 0 R " * 100_000)
    assert "more than 2000 pages" in refused(pdf(CATALOG, many, leaf))
    lie = b"<</Type/Pages/Kids[3 0 R]/Count 1000000000>>"
    assert "holds no text" in refused(pdf(CATALOG, lie, leaf))


def test_characters_are_bounded(few: Callable[..., None]) -> None:
    line = b"(" + b"a" * 100 + b") Tj 0 -9 Td "
    text = page(b"BT /F 1 Tf 10 790 Td " + line * 80 + b"ET")
    few(MOST_PAGE_CHARACTERS=5_000)
    assert "page 1 of the PDF has more than 5000 characters" in refused(text)
    few(MOST_PAGE_CHARACTERS=100_000, MOST_CHARACTERS=6_000)
    assert "the PDF has more than 6000 characters" in refused(text)


def test_lines_and_drawings_are_bounded(few: Callable[..., None]) -> None:
    drawn = b"".join(b"%d 0 m %d 800 l S " % (5 * n, 5 * n) for n in range(110))
    drawn += b"".join(b"0 %d m 600 %d l S " % (5 * n, 5 * n) for n in range(110))
    text = page(drawn + b"BT /F 9 Tf 10 10 Td (text) Tj ET")
    few(MOST_PAGE_RULES=200)
    assert "page 1 of the PDF has more than 200 lines, the most" in refused(text)
    few(MOST_PAGE_RULES=100_000, MOST_PAGE_EDGES=200)
    assert "page 1 of the PDF has more than 200 lines that do not join" in refused(text)
    few(MOST_PAGE_EDGES=4_000, MOST_OBJECTS=100)
    assert "more than 100 drawings up to here" in refused(text)


def test_bytes_and_cells_are_bounded(sound: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_BYTES", 1_000)
    assert "the file is larger than" in refused(sound)


def test_text_of_a_font_that_does_not_say_its_characters_is_refused() -> None:
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts"
        b"[<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)"
        b"/Ordering(Identity)/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/X"
        b"/Flags 4>>>>]>>"
    )
    text = page(b"BT /F 9 Tf 10 700 Td <0102030405060708> Tj ET", b"/Font<</F 5 0 R>>", font)
    assert "cannot be read" in refused(text) or "holds no" in refused(text)


def test_other_files_named_pdf_are_what_they_are(tmp_path: Path) -> None:
    path = books.save(tmp_path / "表.xlsx", [("表", books.rows_of(ROWS))]).rename(
        tmp_path / "表.pdf"
    )
    book = read_book(path)
    assert book.kind == "xlsx"
    assert "its name ends in .pdf" in book.notes[0].text()


def test_the_library_says_nothing_itself(sound: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    refused(sound[:900])
    refused(page(b"BT /F 9 Tf (text) Tj ET", b"/Font<</F 99 0 R>>"))
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")
