"""The lecture given once, live, from its first press to its last, as its notes say: what a lecturer does, and what the room sees."""

import re
import sys

import pytest

from tests.browser.hand import SEVEN, Hand, type_cell
from tests.browser.small_stage import KILL, SERVE, strip
from tools.browser import overflow, serving
from tools.notebooks import NOTEBOOKS, ROOT

pytestmark = pytest.mark.slow

MOST_WORDS = 25
LEAST_USED = 0.4
QUIET = {
    "A dense first layer is expensive: count its weights", "Four numbers fix a layer: K, F, S, P",
    "Five minutes, and one puzzle", "You can now say why four pixels matter",
}  # fmt: skip
"""Slides of one formula or two and a few words, with nothing beside them: on purpose."""
NUMBER = re.compile(r"\d[\d.,]*\d")
CODE = ["Two loops choose the place, two add up"]
OWN_KERNEL = "Blur averages, sharpen exaggerates"
RELOADED, KILLED = "Depth widens what a unit sees", "Moving and filtering may change places"
ENDED = """window.lectureLive?.state === 'idle' && !lectureLive.reviving && !lectureLive.running
    && lectureLive.cells.every(({ shows, slide, state }) => !shows || slide < 0 || state === 'done' || state === 'failed')"""
SETTLED = """() => {
    const slide = document.querySelector('.slide.here');
    return slide.dataset.ready === 'yes' && [...slide.querySelectorAll('.explorer')].every((each) => {
        const { explorer } = each.querySelector('.lecture') ?? {};
        return explorer && explorer.timer === undefined && explorer.model.get('told') === explorer.model.get('heard');
    });
}"""
STANDS = "[lectureDeck.at, lectureDeck.shown, [...document.querySelectorAll('.slide.here .lecture')].map(({ explorer }) => explorer.state)]"
SEEN = """() => {
    const slide = document.querySelector('.slide.here');
    const inSight = (each) => each.checkVisibility({ visibilityProperty: true });
    const parts = [...slide.querySelectorAll('.part')].filter(inSight);
    const prose = parts.flatMap((each) => [...each.querySelectorAll('p, li')]).filter((each) => inSight(each) && !each.closest('.explorer, figure'));
    const text = (each) => {
        const copy = each.cloneNode(true);
        for (const formula of copy.querySelectorAll('math')) formula.remove();
        return copy.textContent;
    };
    // The share of the slide that lines of text, pictures, code and explorers lie on, counted in squares of four pixels.
    const lines = [...slide.querySelectorAll('h2'), ...prose].flatMap((each) => {
        const range = document.createRange();
        range.selectNodeContents(each);
        return [...range.getClientRects()];
    });
    const blocks = parts.flatMap((each) => [...each.querySelectorAll('img, pre, math, .lecture')]).filter(inSight);
    const used = new Set();
    for (const { left, top, right, bottom } of [...lines, ...blocks.map((each) => each.getBoundingClientRect())]) {
        for (let x = Math.floor(left / 4); x < right / 4; x++) for (let y = Math.floor(top / 4); y < bottom / 4; y++) used.add(1000 * y + x);
    }
    // What an explorer has painted in words, if no press uncovers any of it, but how sure of one digit a network is.
    const painted = [...slide.querySelectorAll('.lecture')].filter(({ explorer }) => !explorer.presses.hidden.size).flatMap(({ explorer }) => {
        const [written, { fillText }] = [[], CanvasRenderingContext2D.prototype];
        CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { if (!`${text}`.endsWith('%')) written.push(text); fillText.call(this, text, ...at); };
        explorer.draw();
        CanvasRenderingContext2D.prototype.fillText = fillText;
        return written;
    });
    const answers = [...slide.querySelectorAll('.part.later :is(b, strong)')].map((each) => each.textContent.trim());
    return {
        used: (16 * used.size) / (innerWidth * innerHeight), asked: prose.map(text).join(' '), answers,
        said: [...parts.map((each) => each.innerText), ...painted].join(' '),
        words: prose.map(text).join(' ').split(/\\s+/).filter((word) => /\\w/.test(word)).length,
        code: parts.some((each) => [...each.querySelectorAll('.code pre')].some(inSight)),
        shows: [parts.length, [...slide.querySelectorAll('.lecture')].map(({ explorer }) => [explorer.state, explorer.presses.at, explorer.presses.hidden.size])],
        small: [...slide.querySelectorAll('figure img')].filter(inSight).filter(({ dataset: { letters }, naturalWidth, width }) => letters !== '' && !(letters * width / naturalWidth > 23.9)).map(({ alt }) => alt),
        problems: [...slide.querySelectorAll('.lecture')].map(({ explorer }) => explorer.get('problem')).filter(Boolean),
    };
}"""
NAMES = """() => [...document.querySelectorAll('.slide.here .lecture')].flatMap((each) => [...each.querySelectorAll('*')])
    .filter((each) => each.checkVisibility({ visibilityProperty: true })).flatMap(({ ariaLabel, innerText }) => [ariaLabel, innerText])
    .filter(Boolean).map((text) => text.replace(/\\s+/g, ' ').trim())"""


class Slide:
    """What was seen of a slide: after 0, 1, … presses what SEEN says, then what was wrong while a hand moved its explorers."""

    def __init__(self, title, notes):
        self.title, self.notes, self.seen, self.wrong = title, notes, [], []
        (do,) = re.findall(r"<p><strong>Do\.</strong>(.*?)</p>", notes, re.DOTALL) or [""]
        self.named = re.findall(r"<em>([^<]+)</em>", do)

    def __repr__(self):
        return self.title


def settle(page):
    """Wait until the slide's explorers live, and Python has answered all that they have told."""
    page.wait_for_function(SETTLED, timeout=60_000)


def count_hands(page):
    """Two hands for the first answer of a poll, one for the second, by keys; nobody sees them yet."""
    for key in ("+", "+", "Enter", "+"):
        page.keyboard.press(key)
    return page.evaluate("document.querySelector('.slide.here .lecture').explorer.state.counts.slice(0, 3)")


def move_by_hand(page, slide):
    """Move everything on the slide that a hand can move, each control by a key, and the picture by the mouse."""
    explorers = page.locator(".slide.here .lecture")
    names = set(page.evaluate(NAMES))
    slide.wrong += [f"no {each}" for each in slide.named if each not in names]
    if page.locator(".slide.here .lecture-pad").count():
        Hand(page).mouse(SEVEN)
    if (stop := explorers.get_by_role("button", name="Stop")).count():
        stop.click()
        stop.wait_for(state="hidden")
        return  # nothing has been learned yet that could be moved through
    for kind in ("input[type=range]", "input[type=radio]:checked", "select"):
        for control in explorers.locator(kind).all():
            if not control.is_visible() or control.is_disabled():
                continue
            before = page.evaluate(STANDS)
            control.focus()
            for key in ("ArrowRight", "ArrowLeft"):
                page.keyboard.press(key)
                if page.evaluate(STANDS) != before:
                    break
            else:
                slide.wrong.append(f"stands still: {control.get_attribute('id')}")
            settle(page)
    for play in explorers.get_by_role("button", name=re.compile("^Play")).all():
        before = page.evaluate(STANDS)
        play.click()
        page.wait_for_function(f"(before) => JSON.stringify({STANDS}) !== before", arg=as_text(page, before))
        page.keyboard.press("Escape")
        play.click()
        settle(page)


def type_weight(page):
    """A weight of the kernel is typed, as the room calls it; what was written, what the sum has of it, and what Python says that it is."""
    type_cell(page.locator(".slide.here"), 1, 1, "10/2")
    settle(page)
    return page.evaluate(
        """() => { const { explorer } = document.querySelector('.slide.here .lecture');
            const { typed, kernel } = explorer.state, { map, skip, stride, row, col } = explorer.where.windows();
            const terms = explorer.drawn[1].terms, sum = terms.reduce((sum, { pixel, weight }) => sum + pixel * weight, 0);
            return [typed[1][1], terms[4].weight, Math.abs(map.values[map.offset + (skip + row * stride) * map.cols + skip + col * stride] - sum) < 0.01]; }"""
    )


def as_text(page, value):
    return page.evaluate("(value) => JSON.stringify(value)", value)


def reload(page):
    """A reload in the middle: the same slide, explorers as they stood."""
    before = page.evaluate(STANDS)
    page.reload()
    page.wait_for_function("window.lectureLive && document.querySelector('.slide.here .lecture')")
    settle(page)
    return before, page.evaluate(STANDS)


def kill(page):
    """Python dies: the lecturer reads it in words, the slide stays, one key brings it back, explorers as they stood."""
    before = page.evaluate(STANDS)
    assert page.evaluate(KILL) == "Python stopped"
    page.wait_for_function("lectureLive.state === 'restarted'")
    told, meanwhile = strip(page), page.evaluate(STANDS)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("r")
    page.wait_for_function(ENDED, timeout=120_000)
    settle(page)
    return told, before, meanwhile, page.evaluate(STANDS)


def give(page):
    """Every slide with all of its presses, then its explorers by hand, until no press is left; and what accidents showed."""
    titles = page.evaluate("lectureDeck.titles")
    notes = page.evaluate("lectureDeck.slides.map((each) => each.querySelector('.notes')?.innerHTML ?? '')")
    slides, accidents = [], {}
    while True:
        at = page.evaluate("lectureDeck.at")
        if at == len(slides):
            slides.append(Slide(titles[at], notes[at]))
        slide, next_ = slides[at], page.evaluate("lectureDeck.after(1)")
        settle(page)
        if not slide.seen and page.locator(".slide.here .lecture-hands").count():
            accidents[f"hands {at}"] = count_hands(page)
        slide.seen.append(page.evaluate(SEEN))
        slide.wrong += overflow(page, ".slide.here .part")
        if not next_ or next_[0] != at:
            move_by_hand(page, slide)
            slide.wrong += overflow(page, ".slide.here .part")
            if slide.title == OWN_KERNEL:
                accidents["typed"] = type_weight(page)
            if slide.title == RELOADED:
                accidents["reload"] = reload(page)
            if slide.title == KILLED:
                silent = [*page.problems]
                accidents["kill"] = kill(page)
                page.problems[:] = silent  # the browser itself writes of what a dead Python did not answer
        if not next_:
            return slides, accidents
        page.keyboard.press("PageDown")


@pytest.fixture(scope="module")
def given(browser, tmp_path_factory):
    """The lecture, given once: its slides as they were seen, what accidents showed, and cells that have failed."""
    folder = tmp_path_factory.mktemp("lecture")
    path = folder / "lecture.ipynb"
    path.write_bytes((NOTEBOOKS / "lecture.ipynb").read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        with serving([sys.executable, "-c", SERVE, str(path)], folder) as stage:
            browser.set_viewport_size({"width": 1280, "height": 720})
            browser.goto("about:blank")  # what another test has left there may still ask a server that is gone
            browser.problems.clear()
            browser.goto(f"{stage.url}/stage/slides/lecture.html?token={stage.token}")
            browser.wait_for_function(ENDED, timeout=120_000)
            slides, accidents = give(browser)
            accidents["failed"] = browser.evaluate(
                "lectureLive.cells.flatMap(({ problem }) => (problem ? [problem] : []))"
            )
            accidents["console"] = [*browser.problems]
            accidents["starts"] = browser.evaluate("lectureDeck.starts()")
            browser.goto("about:blank")
            return slides, accidents


def test_every_press_leads_on_no_cell_fails_and_the_console_is_silent(given):
    slides, accidents = given
    assert len(slides) == 72 and sum(len(each.seen) for each in slides) > 150
    assert (accidents["failed"], accidents["console"]) == ([], [])


def test_every_move_of_the_notes_can_be_made_on_its_slide_and_nothing_is_cut_off_scrolls_or_complains(given):
    assert {each: each.wrong for each in given[0] if each.wrong} == {}
    assert [each for each in given[0] if any(seen["problems"] for seen in each.seen)] == []


def test_each_press_changes_what_the_room_sees(given):
    idle = {
        each: at
        for each in given[0]
        for at, (before, after) in enumerate(zip(each.seen, each.seen[1:], strict=False), 1)
        if before["shows"] == after["shows"]
    }
    assert idle == {}


def test_no_number_of_an_answer_can_be_read_before_its_press_and_every_answer_can_after_the_last(given):
    early, missing, asked = {}, {}, 0
    for each in given[0]:
        first, last = each.seen[0], each.seen[-1]
        numbers = set(NUMBER.findall(" ".join(first["answers"]))) - set(NUMBER.findall(first["asked"]))
        if found := numbers & set(NUMBER.findall(first["said"])):
            early[each] = found
        if left := [answer for answer in first["answers"] if answer not in last["said"]]:
            missing[each] = left
        asked += bool(first["answers"])
    assert (early, missing) == ({}, {})
    assert asked >= 30


def test_hands_are_counted_in_three_polls(given):
    counted = [hands for name, hands in given[1].items() if name.startswith("hands")]
    assert counted == [[2, 1, 0]] * 3


def test_a_weight_of_a_kernel_can_be_typed_as_a_fraction_and_python_computes_the_output_with_it(given):
    assert given[1]["typed"] == ["10/2", 5, True]


def test_a_slide_has_at_most_25_words_and_code_stands_on_one(given):
    slides, _ = given
    assert {each: each.seen[-1]["words"] for each in slides if each.seen[-1]["words"] > MOST_WORDS} == {}
    assert [each.title for each in slides if any(seen["code"] for seen in each.seen)] == CODE


def test_every_picture_that_python_draws_on_stage_says_how_large_its_letters_are_and_they_have_24_of_720_pixels(given):
    assert {each: small for each in given[0] for small in [each.seen[-1]["small"]] if small} == {}


def test_no_slide_is_empty_but_those_of_a_formula_alone(given):
    used = {each.title: each.seen[-1]["used"] for each in given[0]}
    assert {title for title, share in used.items() if share < LEAST_USED} == QUIET
    assert min(used.values()) > LEAST_USED / 2.2


def test_before_its_first_press_a_slide_has_something_to_look_at(given):
    assert {each: seen for each in given[0] for seen in [each.seen[0]["used"]] if seen < LEAST_USED / 2} == {}


def test_the_minutes_of_the_notes_add_up_to_90(given):
    slides, accidents = given
    starts = accidents["starts"]
    assert starts[0] == 0 and all(before < after for before, after in zip(starts, starts[1:], strict=False))
    (end,) = re.findall(r"End at (\d+):(\d\d)", slides[-1].notes)
    assert (60 * int(end[0]) + int(end[1])) / 60 == 90 and 0 < 90 - starts[-1] / 60 < 2


def test_a_reload_in_the_middle_shows_the_same_slide_with_explorers_as_they_stood(given):
    before, after = given[1]["reload"]
    assert before[2] and before == after


def test_a_dead_python_is_told_in_words_and_comes_back_by_one_key_with_explorers_as_they_stood(given):
    told, before, meanwhile, after = given[1]["kill"]
    assert told.startswith("Python has stopped. Press r")
    assert before[2] and before == meanwhile == after
