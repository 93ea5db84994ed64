"""Pages in a real browser: nothing on the console or the net, lists and sheets that work."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import expect

import perfeval
from perfeval.reports.html.check import write_check
from perfeval.reports.html.review import write_review
from perfeval.reports.html.score import write_score
from tests.browser import Opened, browser, needs_browser

ROOT = Path(__file__).parent.parent
PUBLISHED = ROOT / "tests" / "data" / "published" / "selfeval.csv"
HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "&<img src=x onerror=alert(3)>",
    "\"quoted\" and 'quoted'",
    "two\u2028lines {{ 7 * 7 }}",
)

pytestmark = needs_browser


@pytest.fixture
def opened() -> Iterator[Opened]:
    with browser(viewport={"width": 1280, "height": 900}) as window:
        yield window
        # Whatever a test does with a page, it stays silent and by itself.
        assert window.told == []
        assert window.asked == []


def table(folder: Path, rows: Sequence[dict[str, str]]) -> Path:
    path = folder / "claims.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def review_page(folder: Path, source: Path, lang: str = "en") -> Path:
    target = folder / "review.html"
    with target.open("wb") as file:
        write_review(perfeval.review(source), file, lang)
    return target


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return review_page(tmp_path_factory.mktemp("page"), PUBLISHED)


def test_a_list_is_sorted_filtered_and_searched(opened: Opened, published: Path) -> None:
    page = opened.open(published)
    names = page.locator("#list tbody th a")
    info = page.locator(".dt-info")
    expect(info).to_have_text("1–15 of 15")
    expect(names.first).to_have_attribute("href", "#S05")
    page.get_by_role("button", name="Claimed").press("Enter")
    claimed = page.locator("#list tbody td:nth-child(3)").all_inner_texts()
    assert claimed == sorted(claimed, key=float, reverse=True)
    expect(page.locator("#list thead th").nth(2)).to_have_attribute("aria-sort", "descending")
    page.get_by_role("searchbox", name="Search").fill("南华 野生菌")
    expect(info).to_have_text("1–1 of 1 (of 15)")
    expect(names).to_have_text("野生菌加工车间(续建)")
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("combobox", name="What was found").select_option(label="with errors")
    expect(info).to_have_text("1–1 of 1 (of 15)")
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("combobox", name="Rule told").select_option(index=1)
    expect(info).not_to_have_text("1–15 of 15")


def test_a_sheet_opens_from_the_list_and_goes_back(opened: Opened, published: Path) -> None:
    page = opened.open(published)
    page.get_by_role("link", name="野生菌加工车间(续建)").press("Enter")
    sheet = page.locator("#sheet")
    expect(sheet.get_by_role("heading", level=2)).to_have_text("野生菌加工车间(续建)")
    expect(sheet.get_by_role("heading", level=2)).to_be_focused()
    expect(page.locator("#overview")).to_be_hidden()
    row = sheet.get_by_role("row", name="烘干包装设备 产出指标(50分) / 数量指标 ≥ 550 20 9.3")
    expect(row).to_contain_text("+8.96")
    expect(sheet).to_contain_text("9.3 × 0.0364 = 0.34")
    # The reasons add up to the points at stake.
    stake = sheet.locator("section").first.locator("tbody tr")
    assert stake.last.inner_text().split("\t")[-1].strip() == "5.51"
    sheet.get_by_role("link", name="Next").click()
    expect(sheet.get_by_role("heading", level=2)).not_to_have_text("野生菌加工车间(续建)")
    sheet.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#overview")).to_be_visible()
    expect(sheet).to_be_hidden()
    assert page.evaluate("document.activeElement.closest('#list') !== null")


def test_a_sheet_is_a_link_of_its_own(opened: Opened, published: Path) -> None:
    page = opened.open(published, "#S14")
    expect(page.locator("#sheet h2")).to_have_text("野生菌加工车间(续建)")


def test_hostile_names_are_text(opened: Opened, tmp_path: Path) -> None:
    rows = [
        {"project": f"P{number}{name}", "project_name": name, "department": name,
         "level1": "产出指标", "level2": name, "indicator": name, "target": "≥ 10",
         "weight": "100", "actual": "5", "score": "100", "reason": name}
        for number, name in enumerate(HOSTILE)
    ]  # fmt: skip
    page = opened.open(review_page(tmp_path, table(tmp_path, rows)))
    shown = page.locator("#list tbody th a")
    assert {each.text_content() for each in shown.all()} == set(HOSTILE)
    assert page.evaluate("[...document.querySelectorAll('img, b, iframe')].length") == 0
    for name in HOSTILE:
        page.get_by_role("searchbox", name="Search").fill(name.replace("\u2028", " "))
        expect(shown).to_have_text([name])
        shown.click()
        sheet = page.locator("#sheet")
        assert sheet.locator("h2").text_content() == name
        assert name in (sheet.locator("table.cards th[scope=row]").text_content() or "")
        page.go_back()
        expect(page.locator("#overview")).to_be_visible()
    assert page.evaluate("[...document.querySelectorAll('img, b, iframe')].length") == 0


def test_ten_thousand_projects(opened: Opened, tmp_path: Path) -> None:
    rows = [
        {"project": f"P{number:05}", "project_name": f"项目{number:05}",
         "department": f"部门{number % 200:03}", "indicator": indicator, "target": "≥ 100",
         "weight": "50", "actual": str(number % 101), "score": "50", "unit": "人",
         "level1": "产出指标", "level2": "数量指标"}
        for number in range(10_000)
        for indicator in ("惠及人数", "培训人数")
    ]  # fmt: skip
    page = opened.open(review_page(tmp_path, table(tmp_path, rows)))
    info = page.locator(".dt-info")
    expect(info).to_have_text("1–25 of 10,000")
    expect(page.locator("#list tbody tr")).to_have_count(25)
    page.get_by_role("button", name="Project").click()
    expect(page.locator("#list tbody th a").first).to_have_text("项目00000")
    page.get_by_role("button", name="Recomputed").click()
    expect(page.locator("#list tbody td:nth-child(4)").first).to_have_text("100.00")
    page.get_by_role("searchbox", name="Search").fill("项目0987 ")
    expect(info).to_have_text("1–10 of 10 (of 10,000)")
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("combobox", name="Department").select_option(label="部门199")
    expect(info).to_have_text("1–25 of 50 (of 10,000)")
    page.get_by_role("link", name="Last page").click()
    page.get_by_role("button", name="Project").click()
    page.locator("#list tbody th a").first.click()
    expect(page.locator("#sheet h2")).to_have_text("项目00199")
    # The sheet holds the project's own rows, from wherever they stand in the batch.
    expect(page.locator("#sheet table.cards tbody tr:not(.below)")).to_have_count(2)
    page.evaluate("location.hash = '#P09999'")
    expect(page.locator("#sheet h2")).to_have_text("项目09999")


def test_on_paper(opened: Opened, published: Path) -> None:
    page = opened.open(published)
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="print")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator("figure svg").first).to_be_visible()
    expect(page.locator("#list tbody tr")).to_have_count(15)
    page.evaluate("location.hash = '#S14'")
    expect(page.locator("#sheet")).to_contain_text("Reviewed by")
    expect(page.locator("#sheet .signature")).to_be_visible()
    expect(page.locator("#sheet button")).to_be_hidden()
    expect(page.locator("#overview")).to_be_hidden()


def test_a_narrow_screen_needs_no_sideways_scrolling(published: Path) -> None:
    with browser(viewport={"width": 390, "height": 844}) as window:
        page = window.open(published)
        expect(page.locator("#list tbody tr")).to_have_count(15)
        for fragment in ("", "#S14"):
            page.evaluate("(to) => { location.hash = to }", fragment)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, fragment


def test_on_a_narrow_screen_words_keep_their_width(published: Path) -> None:
    """Wide tables scroll within themselves; no first cell is squeezed to a few characters."""
    with browser(viewport={"width": 390, "height": 844}) as window:
        for fragment in ("", "#S05"):
            page = window.open(published, fragment)
            wide = page.locator(".wide > table:not(.cards, .list) tbody th:visible")
            assert wide.count() > 1
            widths = wide.evaluate_all("(cells) => cells.map((cell) => cell.offsetWidth)")
            assert min(widths) >= 120, fragment


def test_without_script(published: Path) -> None:
    with browser(java_script_enabled=False) as window:
        page = window.open(published)
        expect(page.get_by_text("This browser runs no script")).to_be_visible()
        expect(page.get_by_text("Points at stake").first).to_be_visible()
        expect(page.get_by_role("img", name="Grades")).to_be_visible()
        expect(page.get_by_text("野生菌加工车间(续建)").first).to_be_visible()


def test_score_and_check_use_the_same_parts(opened: Opened, tmp_path: Path) -> None:
    target = tmp_path / "check.html"
    with target.open("wb") as file:
        write_check(perfeval.check(ROOT / "specs"), file, "zh")
    page = opened.open(target)
    page.get_by_role("combobox", name="程度").select_option(label="错误")
    page.get_by_role("combobox", name="类别").select_option(label="权重")
    expect(page.locator(".dt-info")).to_have_text("第 1–2 行，共 2 行 （全部 201 行）")
    expect(page.locator("#list tbody tr").first).to_contain_text("怎么改")
    page.locator("#list tbody a").first.click()
    expect(page.locator("#sheet")).to_contain_text("权重合计为 90")
    target = tmp_path / "score.html"
    with target.open("wb") as file:
        write_score(perfeval.score(ROOT / "examples" / "actuals.csv", ROOT / "specs"), file, "zh")
    page.goto(target.as_uri())
    opened.asked.clear()
    expect(page.locator("#list tbody td:nth-child(3)").first).to_have_text("60.00–100.00")
    page.get_by_role("combobox", name="等级", exact=True).select_option(label="良–优")
    page.locator("#list tbody a").first.click()
    expect(page.locator("#sheet .below .finding").first).to_contain_text("约300")
    # Every indicator has its arithmetic, step by step, and the clauses that the steps rest on.
    rows = page.locator("#sheet table.cards tbody tr:not(.below)")
    expect(page.locator("#sheet .below details.why")).to_have_count(rows.count())
    page.locator("#sheet .below details.why summary").first.click()
    expect(page.locator("#sheet .below .steps li").first).to_be_visible()
    expect(page.locator("#sheet .clauses li").first).to_be_visible()
