"""Python inside a page, without a page: the kernel in a process of its own, whose messages go through pipes instead of a worker."""

import json
import subprocess
import sys
import threading

import numpy as np
import pytest

from lecture_lib.page import Missing

HOST = """
import json, signal, sys
from lecture_lib.page import Kernel

out, heard = sys.stdout, sys.stdin
SIGNALS = signal.SIGALRM, signal.SIGINT
def post(message, buffers):
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # a message is posted whole
    print(json.dumps([json.loads(message), [each.hex() for each in buffers]]), file=out, flush=True)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

kernel = Kernel(post, lambda: None)
signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGUSR1))  # as a page's Python gets it
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
for line in heard:
    message, buffers = json.loads(line)
    kernel.hear(json.dumps(message), [memoryview(bytes.fromhex(each)) for each in buffers])
signal.setitimer(signal.ITIMER_REAL, 0)
"""
EXPLORER = """
from lecture_lib.explore import Explorer, Numbers, Say, Slider, pack
import numpy as np

def answer(explorer, names):
    explorer.update(extra={"a": pack(np.arange(4.0) ** explorer.value("n"), "map")})

shown = Explorer(
    "Powers", "Powers of 0 to 3.", indices={"n": Numbers(0, 5, python=True)}, controls=[Slider("n", "n")],
    arrays={"a": pack(np.arange(4.0), "map")}, answer=answer,
)
shown
"""


class Host:
    """The page's side: says a message, and gives what came until Python is idle."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-c", HOST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
        self.count = 0

    def say(self, kind, content, cell="a", buffers=(), then=lambda _: None):
        self.count += 1
        header = {"msg_type": kind, "msg_id": str(self.count)}
        message = {"header": header, "metadata": {"cellId": cell}, "content": content}
        self.process.stdin.write(json.dumps([message, [each.hex() for each in buffers]]) + "\n")
        self.process.stdin.flush()
        found = []
        while not found or found[-1]["content"] != {"execution_state": "idle"}:
            message, came = json.loads(self.process.stdout.readline())
            assert message["parent_header"] == header
            found.append(message | {"kind": message["header"]["msg_type"], "buffers": list(map(bytes.fromhex, came))})
            then(message)
        return found

    def run(self, code, cell="a", then=lambda _: None):
        return self.say("execute_request", {"code": code, "silent": False}, cell, then=then)


@pytest.fixture(scope="module")
def host():
    made = Host()
    with made.process as process:  # leaving it closes its pipes, which ends it
        yield made
    assert process.returncode == 0


def only(messages, kind):
    (found,) = (each for each in messages if each["kind"] == kind)
    return found


def test_a_cell_is_busy_prints_gives_its_last_line_is_answered_and_then_idle(host):
    said = host.run("print('one'); print('two')\n6 * 7")
    assert [each["kind"] for each in said] == ["status", "stream", "execute_result", "execute_reply", "status"]
    assert said[1]["content"] == {"name": "stdout", "text": "one\ntwo\n"}
    assert said[2]["content"]["data"] == {"text/plain": "42"}
    assert (said[3]["channel"], said[3]["content"]["status"]) == ("shell", "ok")


def test_names_of_one_cell_are_there_in_the_next(host):
    host.run("kept = 3")
    assert only(host.run("kept + 1"), "execute_result")["content"]["data"] == {"text/plain": "4"}


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [("1 / 0", "ZeroDivisionError", "division by zero"), ("def f(:", "SyntaxError", "invalid syntax")],
)
def test_an_error_is_an_output_and_the_reply_and_python_goes_on(host, code, name, said):
    messages = host.run(code)
    assert only(messages, "error")["content"]["ename"] == name
    assert said in "".join(only(messages, "error")["content"]["traceback"])
    assert only(messages, "execute_reply")["content"]["status"] == "error"
    assert only(host.run("1"), "execute_reply")["content"]["status"] == "ok"


def test_a_question_that_cannot_be_answered_is_answered_with_the_error(host):
    said = host.say("execute_request", {})  # without code
    assert only(said, "execute_reply")["content"]["ename"] == only(said, "error")["content"]["ename"] == "KeyError"
    assert only(host.run("1"), "execute_reply")["content"]["status"] == "ok"


def test_what_is_displayed_can_be_changed_and_taken_away(host):
    said = host.run(
        "from IPython.display import HTML, Image, clear_output, display\n"
        "handle = display(HTML('<b>1</b>'), display_id=True)\nhandle.update(HTML('<b>2</b>'))\nclear_output(wait=True)"
    )
    first, second = only(said, "display_data")["content"], only(said, "update_display_data")["content"]
    assert (first["data"]["text/html"], second["data"]["text/html"]) == ("<b>1</b>", "<b>2</b>")
    assert first["transient"] == second["transient"] and first["transient"]["display_id"]
    assert only(said, "clear_output")["content"] == {"wait": True}


def test_a_picture_is_sent_in_base64(host):
    png = "b'\\x89PNG\\r\\n\\x1a\\n'"
    said = host.run(f"class P:\n    def _repr_png_(self): return {png}\nP()")
    assert only(said, "execute_result")["content"]["data"]["image/png"] == "iVBORw0KGgo="


def test_an_explorer_opens_with_its_arrays_is_moved_and_answers(host):
    said = host.run(EXPLORER, "explorer")
    opened = next(
        each for each in said if each["kind"] == "comm_open" and each["content"]["data"]["state"].get("_anywidget_id")
    )
    assert opened["content"]["target_name"] == "jupyter.widget"
    data = only(said, "execute_result")["content"]["data"]
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == opened["content"]["comm_id"]
    assert "image/png" not in data  # nobody would see a still picture
    state = {"_state": {"n": 3}, "told": 1}
    content = {
        "comm_id": opened["content"]["comm_id"],
        "data": {"method": "update", "state": state, "buffer_paths": []},
    }
    (changed,) = (each for each in host.say("comm_msg", content, cell=None) if each["kind"] == "comm_msg")
    came = changed["content"]["data"]
    assert came["method"] == "update" and came["state"]["heard"] == 1
    assert came["buffer_paths"] == [["extra", "a", "data"]]
    assert np.frombuffer(changed["buffers"][0], np.float32).tolist() == [0, 1, 8, 27]


def test_bytes_that_a_page_sends_come_to_the_explorer(host):
    said = host.run(
        "from lecture_lib.explore import Explorer, File, Numbers\n"
        "got = []\nmade = Explorer('P', 'p.', indices={'n': Numbers(0, 1)}, controls=[File('Open')], "
        "answer=lambda explorer, names: got.append((explorer.picture, explorer.picture_name)))\nmade",
        "file",
    )
    model = only(said, "execute_result")["content"]["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    content = {"comm_id": model, "data": {"method": "custom", "content": {"picture": "cat.png"}}}
    host.say("comm_msg", content, buffers=[b"\x00\xff"])
    assert only(host.run("got"), "execute_result")["content"]["data"]["text/plain"] == r"[(b'\x00\xff', 'cat.png')]"


def test_a_cell_that_runs_again_closes_what_its_last_run_showed(host):
    host.run(EXPLORER, "again")
    living = len(only(host.say("comm_info_request", {}), "comm_info_reply")["content"]["comms"])
    closed = [each for each in host.run(EXPLORER, "again") if each["kind"] == "comm_close"]
    assert closed
    assert len(only(host.say("comm_info_request", {}), "comm_info_reply")["content"]["comms"]) == living


def interrupted(host, code):
    """Runs code that prints a line and goes on: the line asks for an interrupt. It would never come if it were kept until the end."""

    def stop(message):
        if message["header"]["msg_type"] == "stream":
            host.process.send_signal(2)

    said = host.run(code, then=stop)
    assert only(said, "error")["content"]["ename"] == "KeyboardInterrupt"
    assert only(host.run("1"), "execute_reply")["content"]["status"] == "ok"


def test_what_a_cell_prints_is_seen_while_it_runs_and_an_interrupt_ends_it(host):
    interrupted(host, "print('begun')\nwhile True:\n    pass")


def test_trainings_that_begin_and_end_while_a_cell_runs_keep_no_interrupt_from_it(host):
    """They end in the order in which they began, so the second puts back what the first had put there."""
    host.run(
        "from lecture_lib.explore import stop_between_steps\n"
        "one, other = (stop_between_steps(patient=True) for _ in range(2))\n"
        "turns = [one.__enter__, other.__enter__, lambda: one.__exit__(*3 * [None]), lambda: other.__exit__(*3 * [None])]\n"
        "kernel = get_ipython().say.__self__\n"
        "kernel.rest = lambda: turns and turns.pop(0)()"
    )
    interrupted(host, "while len(turns) > 2:\n    pass\nprint('both')\nwhile True:\n    pass")
    interrupted(host, "while turns:\n    pass\nprint('ended')\nwhile True:\n    pass")


def test_a_check_without_threads_ends_at_its_limit(host):
    host.run(
        'import threading\ndef refuse(self):\n    raise RuntimeError("can\'t start new thread")\n'
        "threading.Thread.start, kept = refuse, threading.Thread.start"
    )
    said = host.run(
        "from lecture_lib.practice.sandbox import call\ndef endless():\n    while True:\n        pass\n"
        "ends = call(lambda: 5, [], 0.3), call(endless, [], 0.3), call(lambda: 6, [], 0.3)\n"
        "[(each.value, each.ended) for each in ends]"
    )
    assert only(said, "execute_result")["content"]["data"]["text/plain"] == "[(5, True), (None, False), (6, True)]"
    host.run("threading.Thread.start = kept")


def test_a_missing_file_comes_with_its_part_when_it_is_first_opened(tmp_path):
    first, second, other = (tmp_path / name for name in ("a/first", "b/second", "other"))
    asked = []

    def fetch(part):
        asked.append(part)
        for path in (first, second) if part == "both" else (other,):
            path.write_text(part)

    Missing({str(first): "both", str(second): "both", str(other): "one"}, fetch)
    assert first.exists() and second.exists() and other.exists() and asked == []
    assert first.read_text() == "both" and asked == ["both"]
    assert second.read_bytes() == b"both" and first.read_text() == "both" and asked == ["both"]
    with open(other) as file:
        assert file.read() == "one"
    assert asked == ["both", "one"]


CHAPTERS = [
    "activations",
    "convolution",
    "equivariance",
    "lecture",
    "lenet_alexnet",
    "motivation",
    "pooling",
    "start_here",
]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_a_page_imports_brings_neither_matplotlib_nor_scipy(chapter):
    """A page with Python would have to fetch 20 MB for them. Activations ask SciPy for σ when their quizzes are made."""
    code = f"import sys, lecture_lib.page, lecture_lib.chapters.{chapter}; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    large = {"matplotlib", "scipy", "safetensors"} & loaded
    assert large <= ({"scipy"} if chapter == "activations" else set())


def test_a_kernel_needs_no_thread(host):
    said = host.run("import threading; [each.name for each in threading.enumerate()]")
    assert only(said, "execute_result")["content"]["data"]["text/plain"] == f"['{threading.main_thread().name}']"
