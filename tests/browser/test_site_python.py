"""Pages with Python in them, from file:// and over http, with no other host: every control, code, exercises, what is kept."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.site import served as serve
from tests.browser import python_page
from tests.browser.hand import SEVEN, Hand, answered, type_cell
from tests.browser.python_page import RUNS
from tools.browser import serious_findings
from tools.notebooks import NOTEBOOKS
from tools.site import runtime

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("own_progress")]

NAMES = sorted(path.stem for path in NOTEBOOKS.glob("0*.ipynb"))
EXERCISE = "[data-cell='c02-120']"


@pytest.fixture(scope="session")
def alive(site):
    """The site, if its pages can start Python."""
    if not (site / "assets" / "python.js").exists():
        pytest.skip(runtime.MISSING)
    return site


@pytest.fixture(scope="session")
def served(alive):
    """Where that site is on this machine's own network."""
    with serve(alive) as address:
        yield address


@pytest.fixture
def alone(page, served):
    """A page that reaches the site and nothing else; at the end nothing else was asked for, and nothing failed."""
    asked = []
    page.goto("about:blank")
    page.problems.clear()
    elsewhere = re.compile(f"^(https?|wss?):(?!{re.escape(served.removeprefix('http:'))})")
    page.route(elsewhere, lambda route: (asked.append(route.request.url), route.abort()))
    yield page
    page.unroute_all()
    page.goto("about:blank")
    assert asked == [] and page.problems == []


def opened(page, address):
    """Open a page as if nobody had been there."""
    page.goto(address)
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.reload()


def type_a_kernel(place, _):
    """By keys alone; the window then holds the product, and its sum is the output."""
    type_cell(place.page, 1, 1, "7")
    answered(place.page, "×7)", timeout=60_000)


def draw_a_digit(place, _):
    """By mouse; the network finds that a 7 is the likeliest."""
    place.get_by_role("button", name="Clear", exact=True).click()
    place.locator(".lecture-pad canvas").first.scroll_into_view_if_needed()
    Hand(place.page).mouse(SEVEN)
    python_page.quiet(place)
    assert len(place.evaluate(python_page.STATE)["strokes"]) == 1
    chances = place.evaluate("(place) => [...place.querySelector('.lecture').explorer.arrays.classes.values]")
    assert len(chances) == 10 and max(chances) == chances[7]


def paste_a_picture(place, picture):
    """The network for photos names it, and says how long that took."""
    python_page.paste(place, picture)
    place.get_by_text(re.compile(r"It took \d+\.\d s here")).wait_for(timeout=60_000)


HANDS = {"c02-002": type_a_kernel, "c00-001": draw_a_digit, "n06-168": paste_a_picture}
"""What can be done beside the controls, before any of them is moved."""


@pytest.mark.parametrize("name", NAMES)
def test_every_control_moves_and_says_what_it_says_in_this_process(alive, served, alone, tmp_path, name):
    page = alone
    site = served if name.startswith("02") else f"file://{alive}"
    here = python_page.start(page, f"{site}/{name}.html", meanwhile=python_page.cells)
    assert page.locator(".explorer").count() == page.locator(".explorer.lives").count() == len(here)
    picture = python_page.photo(tmp_path / "photo.png")
    places = {(cell, at): page.locator(f"[data-cell='{cell}'] .explorer").nth(at) for cell, at in here}
    trained = [each for each, place in places.items() if python_page.trains(place)]  # others show what they train
    moved, still, wrong = 0, {}, {}

    def compare(each):
        said = page.evaluate("(id) => lectureLive.said.get(id).splice(0)", places[each].get_attribute("data-explorer"))
        python_page.replay(here[each], said)
        if found := python_page.differences(places[each].evaluate(python_page.SHOWN), python_page.here(here[each])):
            wrong.setdefault(each, []).extend(found)

    for each in [each for each in places if each not in trained] + trained:
        place, hand = places[each], HANDS.get(each[0])
        python_page.ready(place)
        if hand:
            hand(place, picture)
            compare(each)
        more, left = python_page.walk(place, picture, go_on=each == trained[-1] if trained else False)
        compare(each)
        if "busy" in here[each].state:
            more += python_page.cover(place, picture)
        moved += more
        if left:
            still[each] = left
    print(f"{name}: {moved} of {moved + sum(map(len, still.values()))} controls of {len(here)} explorers")
    assert wrong == {}
    assert still == {}


def run_code(page, cell, text):
    """Put a text into a cell and run it by keys; returns its output once it has ended."""
    place = page.locator(cell)
    if place.locator(".cm-content").count():
        place.locator(".cm-content").click()
    else:
        place.locator("pre").first.click()
        place.locator(".cm-content").wait_for()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")


def gives(page, cell, words):
    page.wait_for_function(
        "([cell, words]) => document.querySelector(`${cell} .outputs`)?.innerText.includes(words)",
        arg=[cell, words],
        timeout=90_000,
    )


def test_code_is_run_exercises_are_checked_and_a_reload_finds_what_was_done(alive, alone):
    page = alone
    opened(page, f"file://{alive}/02_convolution.html")
    solution = "def output_size(n, f, s, p):\n    return (n + 2*p - f) // s + {}\n\ncheck(output_size)"
    run_code(page, EXERCISE, solution.format(2))
    page.locator("dialog").get_by_label("for this visit").check()
    page.locator("dialog .main").click()  # what was asked for runs first
    gives(page, EXERCISE, "the values are wrong")
    run_code(page, EXERCISE, solution.format(1))
    gives(page, EXERCISE, "is right in all")
    page.wait_for_function("document.querySelector('.work').innerText.includes('1 exercise solved')")
    page.locator(".outputs progress").wait_for()
    assert "Solved: 1 of" in page.locator(".outputs:has(progress)").inner_text()
    run_code(page, EXERCISE, "1 / 0")
    gives(page, EXERCISE, "ZeroDivisionError")
    run_code(page, EXERCISE, "def output_size(n, f, s, p):\n    while True: pass\n\ncheck(output_size)")
    gives(page, EXERCISE, "still running after")
    run_code(page, EXERCISE, "print('begun')\nwhile True: pass")
    gives(page, EXERCISE, "begun")
    page.locator(f"{EXERCISE} .run").click()
    gives(page, EXERCISE, "Stopped.")
    page.wait_for_function(RUNS, timeout=120_000)
    for theme in ("dark", "light"):
        page.evaluate("theme => lectureTheme.show(theme)", theme)
        page.locator(EXERCISE).scroll_into_view_if_needed()
        assert serious_findings(page, "main") == []
    page.reload()  # the visit goes on: Python starts by itself
    page.wait_for_function("lectureLive.state === 'starting'")
    assert page.locator(f"{EXERCISE} pre").first.inner_text().startswith("print('begun')")
    assert "1 exercise solved" in page.locator(".work").inner_text()
    page.locator(".python-strip .stop").click()
    page.wait_for_function("lectureLive.state === 'off'")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")


def test_what_was_moved_before_python_started_stands_there_afterwards_and_nothing_jumps(alive, alone):
    page = alone
    opened(page, f"file://{alive}/02_convolution.html")
    place = page.locator("[data-cell='c02-002'] .explorer")
    page.wait_for_function("document.querySelector('[data-cell=\"c02-002\"] .lecture')?.explorer")
    place.get_by_label("Stride", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "lectureExplorers.modelAt(document.querySelector('[data-cell=\"c02-002\"] .explorer')).get('_state').stride === 2"
    )
    before = place.bounding_box()["height"]
    grey = place.locator(".lecture-dead :disabled:visible").first
    box = grey.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "This needs Python" in page.locator("dialog").inner_text()
    page.locator("dialog .main").click()
    page.wait_for_function(
        "document.querySelector('[data-cell=\"c02-002\"] .explorer.lives.ready .lecture')?.explorer", timeout=120_000
    )
    assert place.evaluate("e => e.querySelector('.lecture').explorer.state.stride") == 2
    said = place.evaluate(
        "e => e.querySelector('.lecture').explorer.silent"
    )  # nothing of menus that there are not here
    assert page.locator(".python-strip .stop").text_content() in said and "Run" not in said
    assert abs(place.bounding_box()["height"] - before) <= 1
    page.wait_for_function(RUNS, timeout=120_000)


def test_a_deck_starts_python_by_a_key_and_its_explorers_answer(alive, alone):
    page = alone
    opened(page, f"file://{alive}/slides/02.html")
    page.keyboard.press("Shift+P")
    page.locator("dialog .main").click()
    page.wait_for_function(RUNS, timeout=180_000)
    assert page.evaluate("lectureLive.cells.flatMap(({ problem }) => (problem ? [problem] : []))") == []
    alone = "[...document.querySelectorAll('.slide [data-cell] .explorer')].filter((each) => !each.matches('.lives')).length"
    assert page.evaluate(alone) == 0


def test_what_keeps_python_from_a_page_is_said_and_it_starts_again(alive, served, alone):
    page = alone
    words = "(words) => document.querySelector('.python-strip').innerText.includes(words)"
    opened(page, f"file://{alive}/02_convolution.html")
    page.evaluate("delete window.WebAssembly")
    page.locator("button.python").click()
    assert "This browser has no WebAssembly" in page.locator("dialog").inner_text()
    assert page.locator("dialog .main").count() == 0
    page.get_by_role("button", name="Not now").click()

    opened(page, f"{served}/02_convolution.html")
    page.route("**/python/*.js", lambda route: route.abort())
    page.locator("button.python").click()
    page.locator("dialog .main").click()
    page.wait_for_function(words, arg="Python could not start: A file of Python did not come")
    page.unroute("**/python/*.js")
    page.evaluate(LITTLE_MEMORY)
    page.locator(".python-strip .again").click()
    page.wait_for_function(words, arg="Python needs more memory than this browser gives a page.", timeout=60_000)
    page.evaluate("void (window.Blob = WholeBlob)")
    page.problems.clear()  # the browser names the files that did not come
    page.locator(".python-strip .again").click()
    page.wait_for_function(python_page.lives("c02-002"), timeout=120_000)
    run_code(page, EXERCISE, "print('begun', flush=True)\nsum(range(10**12))")  # no signal reaches this
    gives(page, EXERCISE, "begun")
    page.locator(f"{EXERCISE} .run").click()
    page.wait_for_function(words, arg="Python has stopped. Explorers stay as they stand.")
    page.locator(".python-strip .again").click()
    page.wait_for_function("lectureLive.state === 'idle' || lectureLive.state === 'busy'", timeout=120_000)
    run_code(page, EXERCISE, "6 * 7")
    gives(page, EXERCISE, "42")


LITTLE_MEMORY = """() => {
    window.WholeBlob = Blob;
    const little = "WebAssembly.Memory = function () { throw new RangeError('WebAssembly.Memory(): could not allocate memory'); };";
    window.Blob = class extends WholeBlob { constructor(parts, how) { super([little, ...parts], how); } };
}"""
"""From now on a worker gets no memory."""


def test_guesses_and_answers_are_kept_saved_and_deleted(alive, alone):
    page = alone
    opened(page, f"file://{alive}/02_convolution.html")
    quiz, guess = page.locator("[data-cell='c02-024'] .explorer"), page.locator("[data-cell='c02-005'] .explorer")
    for place in (guess, quiz):
        place.scroll_into_view_if_needed()
        page.wait_for_function("(place) => place.querySelector('.lecture')?.explorer", arg=place.element_handle())
    quiz.get_by_role("radio").nth(1).check()
    for each in guess.get_by_role("textbox").all():
        each.fill("5")
    guess.get_by_role("button", name="Show").click()
    page.wait_for_function("document.querySelector('.work').innerText.includes('1 guess, 1 answer')")
    page.reload()
    quiz.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelectorAll('[data-cell=\"c02-024\"] input:checked').length === 1")
    assert quiz.get_by_role("radio").nth(1).is_checked()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a file").click()
    saved = [json.loads(line) for line in Path(download.value.path()).read_text().splitlines()]
    assert sorted(name.split()[0] for each in saved for name in each) == ["guess", "quiz"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    page.wait_for_function("document.querySelector('.work')?.innerText === ''")
    assert page.evaluate("localStorage.getItem('lecture-notes')") is None


EMPTIED = """
import importlib, os, sys
files = {name: str(getattr(each, "__file__", None)) for name, each in sys.modules.items()}
files = {name: path for name, path in files.items() if path.endswith(".so")}
name = "numpy.random._bounded_integers"
assert not any(map(os.path.getsize, files.values()))
del sys.modules[name]
importlib.import_module(name)
folder = os.path.dirname(files["numpy._core._multiarray_umath"])
others = [each.path for each in os.scandir(folder) if each.name.endswith(".so") and each.path not in files.values()]
assert others and all(map(os.path.getsize, others))
"""


def test_a_compiled_module_that_is_loaded_gives_back_its_file_and_is_imported_again_all_the_same(alive, alone):
    page = alone
    opened(page, f"file://{alive}/02_convolution.html")
    page.evaluate("lectureLive.start()")
    page.wait_for_function("lectureLive.state === 'idle'", timeout=120_000)
    reply = "(code) => lectureLive.kernel.run(code).then(({ status, ename, evalue }) => [status, ename, evalue])"
    assert page.evaluate(reply, EMPTIED) == ["ok", None, None]
