"""The site as a reader opens it: from file://, with no network and no Python."""

import os
import re
import subprocess

import pytest

from tools.browser import FLAGS, LIVING, chromium, serious_findings
from tools.notebooks import ROOT

pytestmark = pytest.mark.slow

NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("0*.ipynb"))
DECKS = [*NOTEBOOKS, "lecture"]  # which has slides alone
TEXTS = ["index", "errata", "glossary", "instructors", "404", *NOTEBOOKS]
SHOTS = ROOT / "build" / "site_shots"
SHOTS.mkdir(parents=True, exist_ok=True)
SIZES = {"phone": (390, 844), "laptop": (1280, 720), "projector": (1920, 1080)}


def start_all(page):
    """Open every folded part, and wait until every explorer of the page has started."""
    page.evaluate("for (const each of document.querySelectorAll('details.deeper')) each.open = true")
    page.wait_for_function(
        "[...document.querySelectorAll('[data-explorer]')].every((each) => each.classList.contains('ready'))",
        timeout=120_000,
    )


def words(place):
    """The sentence below an explorer's pictures."""
    return place.locator(".lecture-readout").inner_text()


def move(place, label, *keys):
    """Press keys on the control of that name."""
    place.get_by_label(label, exact=True).focus()
    for key in keys:
        place.page.keyboard.press(key)


# ---------------------------------------------------------------- the pages


@pytest.mark.parametrize("name", TEXTS)
def test_a_page_opens_from_a_file_without_a_network(site, offline, name):
    page = offline(site / f"{name}.html")
    start_all(page)
    levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3, h4')].map((each) => Number(each.tagName[1]))")
    assert levels.count(1) == 1 and all(b - a <= 1 for a, b in zip(levels, levels[1:], strict=False))
    assert page.locator("img:not([alt]), img[alt='']").count() == 0
    for theme in ("light", "dark"):
        page.evaluate("theme => lectureTheme.show(theme)", theme)
        page.wait_for_timeout(200)
        page.screenshot(path=SHOTS / f"{name}_{theme}.png")
        assert serious_findings(page) == []


def test_what_is_folded_starts_when_it_is_opened_wherever_it_stands(site, offline):
    page = offline(site / "03_activations.html")
    page.wait_for_function(
        "[...document.querySelectorAll('[data-explorer]')].every((each) => each.closest('details:not([open])') || each.classList.contains('ready'))",
        timeout=120_000,
    )
    assert page.locator("details:not([open]) [data-explorer]:not(.ready)").count() > 0
    start_all(page)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("size", SIZES)
def test_a_page_is_never_wider_than_its_window(site, offline, name, size):
    width, height = SIZES[size]
    page = offline("/dev/null")
    page.set_viewport_size({"width": width, "height": height})
    offline(site / f"{name}.html")
    start_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=SHOTS / f"{name}_{size}.png")


SMALL = """(() => { // letters on pictures that are smaller than 11 px, or narrower than three quarters of their own width
    const { fillText } = CanvasRenderingContext2D.prototype;
    globalThis.small = new Set();
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most = Infinity) {
        const size = parseFloat(/([\\d.]+)px/.exec(this.font)[1]);
        if (text.trim() && (size < 11 || this.measureText(text).width * 0.75 > most)) small.add(text);
        fillText.call(this, text, x, y, most);
    };
})()"""
FOUND = """() => {
    const box = (each) => (each.matches("[type=radio], [type=checkbox]") ? each.closest("label") : each).getBoundingClientRect();
    const pressed = ".top :is(a, button), .contents :is(a, summary), .lecture :is(button, select, input), main summary, .work button, footer a, .anchor";
    const tight = [...document.querySelectorAll(pressed)].filter((each) => each.checkVisibility() && Math.min(box(each).width, box(each).height) < 44);
    return {
        wide: document.documentElement.scrollWidth - innerWidth,
        letters: [...small],
        tight: tight.map((each) => each.outerHTML.slice(0, 120)),
        cut: [...document.querySelectorAll(".lecture canvas")].filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth).length,
    };
}"""
DRAWN = """[...document.querySelectorAll(".lecture-stage > canvas")].every((each) =>
    !each.checkVisibility() || each.closest(".lecture").explorer.width === each.parentElement.clientWidth)"""


@pytest.mark.parametrize("name", ["index", "glossary", *NOTEBOOKS])
def test_on_a_phone_and_a_tablet_pictures_are_drawn_for_their_width_and_a_finger_finds_everything(site, browser, name):
    context = browser.context.browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    try:
        page = context.new_page()
        page.add_init_script(LIVING)
        page.add_init_script(SMALL)
        page.goto(f"file://{site}/{name}.html")
        start_all(page)
        for width, height in ((390, 844), (820, 1180)):
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_function(f"innerWidth === {width} && {DRAWN}")
            assert (width, page.evaluate(FOUND)) == (width, {"wide": 0, "letters": [], "tight": [], "cut": 0})
    finally:
        context.close()


def test_a_page_that_is_printed_from_the_command_line_has_every_picture(site, tmp_path):
    paper = tmp_path / "page.pdf"
    page = site / "02_convolution.html"
    command = [chromium(), "--headless", *FLAGS, f"--user-data-dir={tmp_path}/user", f"--print-to-pdf={paper}"]
    subprocess.run([*command, page.as_uri()], check=True, capture_output=True, timeout=120)
    stills = re.findall(r'<img (?!class="lecture-dark")[^>]*src="([^"]+)"', page.read_text())
    assert len(stills) > 40
    assert len(re.findall(rb"/Subtype /Image", paper.read_bytes())) >= len(set(stills))


def weight(site, name, scripts=True):
    """Bytes of what a browser fetches for a page, but for what all pages share."""
    text = (site / f"{name}.html").read_text()
    shown = re.sub(
        '<img class="lecture-dark"[^>]*loading="lazy"', "", text
    )  # fetched instead of the light one, not beside it
    if scripts:  # what stands in for them is not fetched
        shown = re.sub("<noscript>.*?</noscript>", "", shown, flags=re.DOTALL)
    files = {site / f"{name}.html", *(site / each for each in re.findall(r"pictures/[\w.]+", shown))}
    files |= {site / f"{name}.data.js"} if scripts else set()
    return sum(each.stat().st_size for each in files)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_page_weighs_little_more_than_two_megabytes_at_most(site, name):
    assert max(weight(site, name), weight(site, name, scripts=False)) <= 2.1e6


def test_the_page_of_photos_weighs_at_most_a_megabyte_and_a_half(site):
    assert weight(site, "06_lenet_alexnet") <= 1.5e6


def test_links_of_the_site_lead_to_files_of_it(site):
    files = [*site.glob("*.html"), *(site / "slides").glob("*.html")]
    assert len(files) == len({*TEXTS, "cheat_sheet"}) + len(DECKS)
    for file in files:
        text = re.sub(r"<pre.*?</pre>", "", file.read_text(), flags=re.DOTALL)
        for link in re.findall(r'(?:href|src)="([^"#?]+)', text):
            assert link.startswith(("https://", "data:")) or (file.parent / link).exists(), (file.name, link)


def test_without_scripts_a_page_shows_the_still_pictures(site, browser):
    context = browser.context.browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"file://{site}/02_convolution.html")
        first = page.locator("[data-explorer] img").first
        first.scroll_into_view_if_needed()
        assert first.is_visible() and len(first.get_attribute("alt")) > 20
    finally:
        context.close()


def test_where_an_explorer_cannot_start_its_still_picture_stands(site, browser):
    context = browser.context.browser.new_context()
    try:
        page = context.new_page()
        page.add_init_script("URL.createObjectURL = () => 'blob:nothing'")
        page.goto(f"file://{site}/02_convolution.html")
        first = page.locator("[data-explorer]").first
        first.get_by_text("This browser could not start the explorer.").wait_for()
        assert first.locator("img:visible").count() == 1  # of two, one for each theme
    finally:
        context.close()


def test_the_theme_follows_the_system_and_the_button(site, offline):
    page = offline(site / "index.html")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.get_by_role("button", name="Change to light colours").press("Enter")
    assert page.evaluate(ground) != dark
    page.reload()
    assert page.evaluate(ground) != dark
    page.evaluate("localStorage.clear()")
    page.emulate_media(color_scheme="light")


def test_the_keyboard_reaches_the_text_first(site, offline):
    page = offline(site / "02_convolution.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


# ---------------------------------------------------------------- the decks

OUTSIDE = """() => {
    const slide = document.querySelector(".slide.here");
    return [...slide.querySelectorAll(".part, .part *")].filter((each) => {
        if (each.closest("math, noscript") || !each.checkVisibility()) return false;
        const { left, top, right, bottom, width, height } = each.getBoundingClientRect();
        const { overflowX, overflowY } = getComputedStyle(each);
        const bars = /auto|scroll/.test(overflowX + overflowY) && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1);
        return width && height && (bars || left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1);
    }).map((each) => each.outerHTML.slice(0, 120));
}"""


EVERY = os.environ.get("SLIDES") == "all"  # make fuzz
LARGE = NOTEBOOKS if EVERY else ["02_convolution"]  # it shows the same, enlarged as a whole


@pytest.mark.parametrize(
    ("name", "size"), [*((name, "laptop") for name in DECKS), *((name, "projector") for name in LARGE)]
)
def test_no_slide_is_cut_off(site, offline, name, size):
    width, height = SIZES[size]
    page = offline("/dev/null")
    page.set_viewport_size({"width": width, "height": height})
    offline(site / "slides" / f"{name.partition('_')[0]}.html")
    count = page.locator(".slide").count()
    wrong = []
    for at in range(1, count + 1):
        page.wait_for_function("document.querySelector('.slide.here').dataset.ready === 'yes'")
        while page.evaluate(
            "lectureDeck.after(1)?.[0] === lectureDeck.at"
        ):  # a part of the slide, or a state of an explorer
            page.keyboard.press("PageDown")
        assert page.locator(".place").inner_text() == f"{at} / {count}"
        small = float(page.locator(".slide.here").get_attribute("data-shrink"))
        outside = page.evaluate(OUTSIDE)
        if small < 0.8 or outside or page.locator(".slide.here.too-long").count():
            wrong.append((at, small, outside))
        page.screenshot(path=SHOTS / f"slide_{name.partition('_')[0]}_{at:02d}_{size}.png")
        page.keyboard.press("PageDown")
    assert wrong == []


def test_one_press_is_one_slide_or_one_part_of_it(site, offline):
    page = offline(site / "slides" / "02.html")
    page.evaluate(
        "for (const each of document.querySelectorAll('.slide > .part:nth-child(n + 2)')) each.classList.add('fragment')"
    )
    page.evaluate("lectureDeck.go(0, 0)")

    def state():
        parts = page.locator(".slide.here .part.fragment:not(.later)").count()
        return int(page.locator(".slide.here").get_attribute("id")), parts

    parts = page.evaluate("lectureDeck.slides.map((each) => each.querySelectorAll('.part.fragment').length)")
    expected = [(at, part) for at, count in enumerate(parts, 1) for part in range(count + 1)]
    assert len(expected) > len(parts)  # there are fragments
    for keys in (["PageDown", "PageUp"], ["ArrowRight", "ArrowLeft"], [" ", "Shift+ "]):
        for at in expected[1:8]:
            page.keyboard.press(keys[0])
            assert state() == at
        for at in reversed(expected[:7]):
            page.keyboard.press(keys[1])
            assert state() == at


def test_a_slider_keeps_its_arrow_keys_and_the_remote_still_steps(site, offline):
    page = offline(site / "slides" / "02.html")
    at = page.evaluate(
        "lectureDeck.slides.findIndex((each) => each.querySelector('[data-explorer] img[alt^=\"Does it fit?\"]'))"
    )
    page.evaluate("at => lectureDeck.go(at, 99)", at)
    page.wait_for_function("document.querySelector('.slide.here').dataset.ready === 'yes'")
    place = page.locator(".slide.here [data-explorer]")
    before = words(place)
    move(place, "N input", "ArrowRight")
    assert words(place) != before and page.locator(".slide.here").get_attribute("id") == str(at + 1)
    page.keyboard.press("PageDown")
    assert page.locator(".slide.here").get_attribute("id") == str(at + 2)


def test_after_a_press_on_a_fold_or_a_button_the_arrow_keys_step_on(site, offline):
    page = offline(site / "slides" / "02.html")
    at = 1
    page.evaluate(
        """at => lectureDeck.slides[at].querySelector('.part')
            .insertAdjacentHTML('beforeend', '<details><summary>More</summary>Words.</details>')""",
        at,
    )
    page.evaluate("at => lectureDeck.go(at, 99)", at)
    fold = page.locator(".slide.here summary").first
    fold.click()
    page.keyboard.press("Space")  # closes it again
    assert page.locator(".slide.here details[open]").count() == 0
    page.keyboard.press("ArrowRight")
    assert page.locator(".slide.here").get_attribute("id") == str(at + 2)
    page.locator(".back").click()
    page.keyboard.press("ArrowRight")
    assert page.locator(".slide.here").get_attribute("id") == str(at + 2)


def test_speaker_notes_follow_in_a_window_of_their_own(site, offline):
    page = offline(site / "slides" / "02.html")
    with page.context.expect_page() as opened:
        page.keyboard.press("n")
    notes = opened.value
    page.keyboard.press("End")
    last = page.locator(".slide").count()
    notes.wait_for_function("last => document.querySelector('.now b').textContent === String(last)", arg=last)
    notes.wait_for_selector(".desk .copy")
    notes.close()


@pytest.mark.parametrize("name", DECKS)
def test_the_slides_of_a_deck_are_accessible(site, offline, name):
    page = offline(site / "slides" / f"{name.partition('_')[0]}.html")
    for at in range(page.locator(".slide").count()) if EVERY else (0, 1, 2, 5, 8):
        page.evaluate("at => lectureDeck.go(at, 99)", at)
        page.wait_for_function("document.querySelector('.slide.here').dataset.ready === 'yes'")
        for theme in ("light", "dark"):
            page.evaluate("theme => lectureTheme.show(theme)", theme)
            assert (at, theme, serious_findings(page)) == (at, theme, [])
