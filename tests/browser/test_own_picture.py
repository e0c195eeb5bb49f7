"""A picture of one's own: every file that a student may have, sent small enough, pasted, taken by the camera, or refused in words."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from lecture_lib.chapters.convolution.lab import SIDE, convolution_lab
from lecture_lib.data import photo_names, resize
from tests.chapters.convolution.test_lab import grey

MINE = len(photo_names())
SOCKET = 10_000_000  # bytes; a larger message Jupyter's server drops without a word
HIGH = SIDE * 3 // 4  # of a picture of 30 × 40 in the lab
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)
ORIENTATION = 0x0112


def large_photo(turn=1):
    """A JPEG of a camera, 6000 × 4000 with noise, more than 12 MB; its left half is darker. ``turn`` is its EXIF orientation."""
    noise = np.random.default_rng(0).integers(0, 120, (4000, 6000, 3), dtype=np.uint8)
    noise[:, 3000:] += 120
    exif, file = Image.Exif(), io.BytesIO()
    exif[ORIENTATION] = turn
    Image.fromarray(noise).save(file, "JPEG", quality=88, exif=exif)
    return file.getvalue()


def small(kind, shape=(30, 40)):
    """A file of that kind, its left half black, its right half white."""
    picture, file = np.zeros(shape, np.uint8), io.BytesIO()
    picture[:, shape[1] // 2 :] = 255
    Image.fromarray(picture).save(file, kind)
    return file.getvalue()


class Student:
    """Opens pictures in a lab on a page; what the page sends, Python gets."""

    def __init__(self, shown):
        self.lab = convolution_lab()
        self.page = shown(self.lab)
        self.control = self.page.locator(".lecture-own")
        self.page.get_by_role("button", name="Your own picture").click()

    def choose(self, name, content):
        """Choose a file; gives how many bytes the page sent."""
        before = self.page.evaluate("models[0].sent.length")
        with self.page.expect_file_chooser() as chooser:
            self.control.get_by_role("button", name="Your picture").click()
        chooser.value.set_files({"name": name, "mimeType": "", "buffer": content})
        return self.hear(before)

    def hear(self, before):
        """Python hears what the page sends after so many messages."""
        self.page.wait_for_function("(before) => models[0].sent.length > before", arg=before)
        ((content, _),) = self.page.evaluate("(before) => models[0].sent.slice(before)", before)
        sent = base64.b64decode(
            self.page.evaluate(
                """() => new Promise((done) => { const reader = new FileReader(); reader.onload = () => done(reader.result.split(",")[1]);
                reader.readAsDataURL(new Blob(models[0].buffers)); })"""
            )
        )
        self.lab._on_message(self.lab, content, [sent])
        self.page.evaluate(
            "([state, problem]) => models[0].hear({ _state: state, problem })", [self.lab.state, self.lab.problem]
        )
        return len(sent)

    def words(self):
        return self.control.locator("> span").inner_text()


@pytest.fixture
def student(shown):
    return Student(shown)


def test_a_photo_of_12_mb_is_made_smaller_with_words_and_arrives_upright(student):
    photo = large_photo(turn=6)  # to be turned clockwise: the left half, which is darker, comes to the top
    assert len(photo) > 12e6
    student.page.evaluate("""() => { window.said = []; new MutationObserver(() => said.push(document.querySelector('.lecture-own > span').textContent))
        .observe(document.querySelector('.lecture-own'), { childList: true, subtree: true, characterData: true }); }""")  # fmt: skip
    assert student.choose("photo.jpg", photo) < SOCKET
    assert student.lab.problem == "" and student.words() == ""
    assert student.page.evaluate("said")[0] == f"Making {len(photo) / 1e6:.1f} MB smaller …"
    picture = grey(student.lab)
    assert picture.shape == (SIDE, round(SIDE * 2 / 3))
    assert picture[: SIDE // 2 - 1].mean() + 100 < picture[SIDE // 2 + 1 :].mean()


def test_while_python_looks_at_a_picture_for_long_that_is_said_until_it_answers(student):
    with student.page.expect_file_chooser() as chooser:
        student.control.get_by_role("button", name="Your picture").click()
    chooser.value.set_files({"name": "cup.png", "mimeType": "", "buffer": small("PNG")})
    problem = student.page.locator(".lecture-problem")
    problem.get_by_text("Python looks at cup.png …").wait_for()
    student.hear(0)
    assert problem.inner_text() == ""


def test_a_large_picture_made_smaller_in_the_page_is_what_python_would_have_made(student):
    photo = Image.open(io.BytesIO(large_photo()))
    student.choose("photo.jpg", large_photo())
    expected = resize(np.array(photo.convert("L")), SIDE)
    assert np.abs(grey(student.lab).astype(int) - expected).mean() < 3  # of 255


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "AVIF", "PPM", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_common_kind_of_picture_is_shown(student, kind):
    student.choose(f"own.{kind.lower()}", small(kind))
    picture = grey(student.lab)
    assert student.lab.problem == "" and student.lab.state["photo"] == MINE
    assert (
        picture.shape == (HIGH, SIDE)
        and picture[:, : SIDE // 2 - 4].mean() < 10
        and picture[:, SIDE // 2 + 4 :].mean() > 245
    )


def test_what_only_python_reads_goes_to_python_though_it_is_large(student):
    content = small("PPM", (1800, 2000))  # 3.6 MB that no browser reads
    assert student.choose("scan.pgm", content) == len(content)
    assert grey(student.lab).shape == (round(SIDE * 0.9), SIDE)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("IMG_1.HEIC", HEIC, "IMG_1.HEIC: this is HEIC, the iPhone's format"),
        ("IMG_2.HEIC", HEIC + bytes(12_000_000), "IMG_2.HEIC: this is HEIC, the iPhone's format"),
        ("notes.png", b"milk, eggs, bread", "notes.png: not a picture in one of the formats"),
        ("empty.png", b"", "empty.png: empty, no picture in it"),
        ("half.jpg", small("JPEG", (300, 400))[:900], "half.jpg: damaged or cut short"),
    ],
)
def test_what_is_no_picture_is_said_and_what_stood_before_stays(student, name, content, words):
    student.choose("own.png", small("PNG"))
    before = grey(student.lab)
    student.choose(name, content)
    assert words in student.page.locator(".lecture-problem").inner_text()
    assert np.array_equal(grey(student.lab), before)
    student.choose("own.png", small("PNG", (40, 40)))
    assert student.lab.problem == "" and grey(student.lab).shape == (SIDE, SIDE)


def test_what_is_too_large_and_no_picture_of_a_browser_is_said_in_the_page(student):
    with student.page.expect_file_chooser() as chooser:
        student.control.get_by_role("button", name="Your picture").click()
    chooser.value.set_files({"name": "notes.png", "mimeType": "image/png", "buffer": b"milk" * 3_000_000})
    student.page.wait_for_function("document.querySelector('.lecture-own > span').textContent.startsWith('notes')")
    assert student.words().startswith("notes.png: 12.0 MB are too many to send")
    assert student.page.evaluate("models[0].sent") == []


def test_the_same_file_chosen_twice_is_sent_twice(student):
    assert student.choose("own.png", small("PNG")) == student.choose("own.png", small("PNG"))
    assert student.lab.state["mine"] == 2


def test_undo_brings_the_former_picture_back_and_then_the_photo(student):
    student.choose("one.png", small("PNG", (30, 40)))
    student.choose("two.png", small("PNG", (40, 40)))
    student.choose("bad.png", b"milk")
    shapes = []
    for _ in range(2):
        student.page.get_by_role("button", name="Undo", exact=True).click()
        student.lab.state = student.page.evaluate("models[0].state._state")
        shapes.append(grey(student.lab).shape)
    assert shapes == [(HIGH, SIDE), (SIDE, SIDE)]
    assert student.lab.value("photo") == "camera"
    assert student.lab.problem == ""


def paste(page, content, kind, into):
    page.evaluate(
        """([bytes, type, into]) => { const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], "image.png", { type }));
        document.querySelector(into).dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }""",
        [base64.b64encode(content).decode(), kind, into],
    )


@pytest.mark.parametrize("into", [".lecture-stage > canvas", ".lecture-own button"])
def test_a_picture_is_pasted_anywhere_in_the_explorer(student, into):
    paste(student.page, small("PNG"), "image/png", into)
    student.hear(0)
    assert student.lab.state["photo"] == MINE


# The camera: a canvas stands for it, half black and half white

CAMERA = """() => { window.tracks = [];
    navigator.mediaDevices.getUserMedia = async () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 }), ctx = canvas.getContext("2d");
      const paint = () => { ctx.fillStyle = "#000"; ctx.fillRect(0, 0, 640, 480); ctx.fillStyle = "#fff"; ctx.fillRect(320, 0, 320, 480); };
      paint(); setInterval(paint, 30);
      const stream = canvas.captureStream(30);
      tracks.push(...stream.getTracks());
      return stream; }; }"""
RUNNING = "tracks.filter((each) => each.readyState === 'live').length"


def test_the_camera_shows_what_it_sees_takes_it_and_stops(student):
    page = student.page
    page.evaluate(CAMERA)
    student.control.get_by_role("button", name="Camera").click()
    page.wait_for_function("document.querySelector('.lecture-live video').videoWidth === 640")
    assert page.evaluate(RUNNING) == 1
    page.wait_for_timeout(200)
    student.control.get_by_role("button", name="Take the picture").click()
    student.hear(0)
    assert page.evaluate(RUNNING) == 0
    assert not page.locator(".lecture-live").is_visible()
    picture = grey(student.lab)
    assert (
        picture.shape == (HIGH, SIDE)
        and picture[:, : SIDE // 2 - 4].mean() < 20
        and picture[:, SIDE // 2 + 4 :].mean() > 235
    )


@pytest.mark.parametrize("leave", ["Cancel", "Escape", "page"])
def test_a_camera_that_is_left_stops_and_sends_nothing(student, leave):
    page = student.page
    page.evaluate(CAMERA)
    student.control.get_by_role("button", name="Camera").click()
    page.wait_for_function("document.querySelector('.lecture-live video').videoWidth === 640")
    if leave == "page":
        page.evaluate("explorers[0].remove()")
    elif leave == "Escape":
        page.keyboard.press("Escape")
    else:
        student.control.get_by_role("button", name="Cancel").click()
    assert page.evaluate(RUNNING) == 0
    assert page.evaluate("models[0].sent") == []


@pytest.mark.parametrize(
    ("error", "words"),
    [("NotAllowedError", "The camera was not allowed."), ("NotFoundError", "There is no camera."),
     ("NotReadableError", "Another program holds the camera."), ("AbortError", "The camera gives no picture: broken")],
)  # fmt: skip
def test_a_camera_that_is_refused_is_said_in_words(student, error, words):
    student.page.evaluate(
        "(error) => { navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('broken', error); }; }",
        error,
    )
    student.control.get_by_role("button", name="Camera").click()
    student.page.wait_for_function("document.querySelector('.lecture-own > span').textContent !== ''")
    assert student.words().startswith(words)


def test_without_a_camera_there_is_no_button_for_it(page, shown):
    page.add_init_script("if (window.noCamera !== false) Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true });")  # fmt: skip
    try:
        assert Student(shown).control.get_by_role("button").all_inner_texts() == ["Your picture"]
    finally:
        page.add_init_script("delete navigator.mediaDevices; window.noCamera = false;")
