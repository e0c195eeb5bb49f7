"""What phones and tablets in a lecture hall reach: votes are counted once, nothing listens unasked, and no secret, no notes."""

import json
import socket
import sys
from collections import Counter
from types import SimpleNamespace

import numpy as np
import psutil
import pytest
import websocket

from tests.hall import ON_LOOPBACK, OPTIONS, QUESTION, ask, crowd, hall, now, vote
from tools.stage import room
from tools.stage.ballot import (
    AT_ONCE,
    BURST,
    CONNECTIONS,
    MOST,
    OF_ONE,
    PLACES,
    RATE,
    Ballot,
    Doorman,
    RefusedError,
    read,
)

PAGE = "0123456789abcdef"


@pytest.fixture
def deck(tmp_path):
    """A deck on whose computer the program runs; loopback is its only network."""
    (tmp_path / "slides").mkdir()
    (tmp_path / "slides" / "small.html").write_text("notes of the lecture")
    (tmp_path / "small.key").write_text("not for tablets")
    with hall(tmp_path) as (deck, process):
        deck.process = psutil.Process(process.pid)
        yield deck


def listening(deck):
    """Addresses on which the program listens."""
    return {each.laddr.ip for each in deck.process.net_connections("tcp") if each.status == psutil.CONN_LISTEN}


def refuses(port):
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5).close()


# ---------------------------------------------------------------- what a vote is


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"answer": 3}, 400, "answer must be a whole number from 0 to 2"), ({"answer": -1}, 400, "from 0 to 2"), ({"answer": True}, 400, "from 0 to 2"),
        ({"answer": 1.0}, 400, "from 0 to 2"), ({"answer": "1"}, 400, "from 0 to 2"), ({"answer": None}, 400, "from 0 to 2"), ({"answer": [1]}, 400, "from 0 to 2"),
        ({"page": "x" * 16}, 400, "page must have"), ({"page": "0" * 15}, 400, "page must have"), ({"page": "0" * 33}, 400, "page must have"), ({"page": 7}, 400, "page must have"),
        ({"page": "0" * 16 + "\n"}, 400, "page must have"), ({"name": "me"}, 400, "and nothing else"), ({"ballot": "other"}, 409, "closed"), ({"ballot": None}, 409, "closed"),
    ],
)  # fmt: skip
def test_what_is_no_answer_to_the_open_question_is_refused_in_words_and_changes_nothing(change, status, words):
    ballot = Ballot(QUESTION, OPTIONS)
    with pytest.raises(RefusedError, match=words) as refused:
        ballot.take({"ballot": ballot.id, "page": PAGE, "answer": 1} | change, 0)
    assert refused.value.status == status
    assert ballot.tally() == [0, 0, 0]


@pytest.mark.parametrize("vote", [None, 1, "a", [], {}, {"answer": 1}, {"page": PAGE, "answer": 1}])
def test_what_is_no_vote_at_all_is_refused(vote):
    with pytest.raises(RefusedError, match="must have ballot, page and answer"):
        Ballot(QUESTION, OPTIONS).take(vote, 0)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"answer=1", b"[" * 250])
def test_what_is_no_json_is_refused(body):
    with pytest.raises(RefusedError, match="must be JSON"):
        read(body)


def test_a_page_has_one_vote_which_it_may_change():
    ballot = Ballot(QUESTION, OPTIONS)
    last = {}
    for page, answer in np.random.default_rng(0).integers((40, 3), size=(500, 2)).tolist():
        page = f"{page:016x}"
        ballot.take({"ballot": ballot.id, "page": page, "answer": answer}, 0)
        last[page] = answer
    assert ballot.tally() == [Counter(last.values())[each] for each in range(3)]


def test_pages_are_bounded_for_all_and_for_one_device_and_who_has_voted_may_still_change():
    ballot = Ballot(QUESTION, OPTIONS)

    def take(page, place, answer=0):
        ballot.take({"ballot": ballot.id, "page": f"{page:016x}", "answer": answer}, place)

    for page in range(OF_ONE):
        take(page, place=1)
    with pytest.raises(RefusedError) as refused:
        take(OF_ONE, place=1)
    assert refused.value.status == 503
    for page in range(OF_ONE, MOST):
        take(page, place=2 + page)
    with pytest.raises(RefusedError):
        take(MOST, place=0)
    take(0, place=1, answer=2)
    assert ballot.tally() == [MOST - 1, 0, 1]
    ballot.wipe()
    take(0, place=1)
    assert ballot.tally() == [1, 0, 0]


def test_a_device_that_asks_too_often_waits_while_another_is_heard():
    now = 0.0
    doorman = Doorman(lambda: now)
    assert [doorman.hears(1) for _ in range(2 * BURST)].count(True) == BURST
    assert doorman.hears(2)
    now = 2.0
    assert [doorman.hears(1) for _ in range(4 * RATE)].count(True) == 2 * RATE


def test_one_device_cannot_hold_all_connections():
    doorman = Doorman(lambda: 0.0)
    assert [doorman.lets(1) for _ in range(CONNECTIONS)].count(True) == AT_ONCE
    assert [doorman.lets(2) for _ in range(CONNECTIONS)].count(True) == CONNECTIONS - AT_ONCE
    doorman.ended(1)
    assert doorman.lets(2)


def test_the_place_of_an_address_says_nothing_about_it_to_who_comes_later():
    """Another listener, another key: the same addresses have other places."""
    one, other = Doorman(), Doorman()
    addresses = [f"192.0.2.{each}" for each in range(200)]
    places = [one.place(each) for each in addresses]
    assert places == [one.place(each) for each in addresses] and 0 <= min(places) <= max(places) < PLACES
    assert sum(one.place(each) == other.place(each) for each in addresses) < 20


# ---------------------------------------------------------------- through the network


def test_300_phones_that_vote_at_the_same_time_are_all_counted(deck):
    answers = np.random.default_rng(1).integers(3, size=300).tolist()
    port = deck.open()
    assert crowd(port, answers) == [200] * 300
    deck.counted([answers.count(each) for each in range(3)])
    again = [(each + 1) % 3 for each in answers]  # the same pages, each with another answer
    assert crowd(port, again) == [200] * 300
    deck.counted([again.count(each) for each in range(3)])


@pytest.mark.skipif(sys.platform != "linux", reason="loopback has one address here")
def test_a_device_that_asks_too_often_is_turned_away_while_another_votes(tmp_path):
    few = "from tools.stage import ballot\nballot.BURST, ballot.RATE = 20, 0\n"  # ten connections with one request each
    with hall(tmp_path, few + ON_LOOPBACK) as (deck, _):
        port = deck.open()
        asked = [now(port) for _ in range(10)][-1]
        for _ in range(3):
            try:
                assert ask(port, "/now")[0] == 429
            except ConnectionError:  # what it had sent was not even read
                continue
        said = json.dumps({"ballot": asked["ballot"], "page": PAGE, "answer": 2})
        assert ask(port, "/vote", said, device="127.0.0.2")[0] == 200
        deck.counted([0, 0, 1])


def test_phones_get_the_question_and_are_told_what_became_of_their_vote(deck):
    port = deck.open()
    asked = now(port)
    assert (asked["question"], asked["options"]) == (QUESTION, OPTIONS)
    assert vote(port, 1) == (200, "counted")
    assert vote(port, 9) == (400, "answer must be a whole number from 0 to 2")
    assert ask(port, "/vote", "no JSON")[0] == 400
    assert ask(port, "/vote", "x" * 1000)[0] in (400, 413)
    assert [ask(port, path)[0] for path in ("/vote", "/deck", "/api", "/slides/small.html")] == [405, 404, 404, 404]
    deck.counted([0, 1, 0])


def test_the_page_for_phones_is_one_file_that_asks_nobody_else(deck):
    status, text, headers = ask(deck.open(), "/")
    assert status == 200 and "$" not in text
    assert not [word for word in ("http:", "https:", "src=", "@import", "url(") if word in text]
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Set-Cookie"] is None and "Server" not in headers


def test_nothing_listens_in_the_network_but_while_a_vote_or_the_notes_are_open(deck):
    assert listening(deck) == {"127.0.0.1"}
    port = deck.open()
    assert listening(deck) == {"127.0.0.1", "0.0.0.0"}  # noqa: S104
    deck.say(notes="small.html")
    deck.hear("notes")
    deck.say(vote=None)
    deck.say(wipe=True)
    deck.say(notes="small.html")
    deck.hear("notes")
    assert now(port) == {} and vote(port, 1) == (409, "no question is open")
    deck.say(notes=None)
    deck.say(vote=None)
    deck.open()
    deck.say(vote=None)
    while listening(deck) != {"127.0.0.1"}:
        pass
    refuses(port)


def test_a_deck_that_goes_ends_the_vote_and_one_that_comes_back_finds_its_votes_again(deck):
    port = deck.open()
    vote(port, 2)
    deck.counted([0, 0, 1])
    deck.socket.close()
    while listening(deck) != {"127.0.0.1"}:
        pass
    refuses(port)
    deck.connect()
    assert deck.open() == port
    deck.counted([0, 0, 1])
    vote(port, 0)
    deck.counted([1, 0, 0])  # the page was known
    deck.say(wipe=True)
    deck.counted([0, 0, 0])
    vote(port, 0)
    deck.counted([1, 0, 0])
    deck.open("Another?")
    deck.counted([0, 0, 0])


def test_a_computer_in_no_network_says_so_and_listens_on_none(tmp_path):
    with hall(tmp_path, ON_LOOPBACK.replace("('lo', '127.0.0.1')", "")) as (deck, process):
        deck.process = psutil.Process(process.pid)
        deck.say(vote={"question": QUESTION, "options": OPTIONS})
        assert deck.hear("vote") == []
        assert listening(deck) == {"127.0.0.1"}


def test_networks_are_told_with_the_way_out_first_and_without_what_no_phone_reaches(monkeypatch):
    class Out(socket.socket):
        def connect(self, where): ...

        def getsockname(self):
            return "198.51.100.5", 1

    networks = {
        "lo": ["127.0.0.1"],
        "usb": ["169.254.7.7"],
        "old": ["198.51.100.9"],
        "cable": ["203.0.113.2"],
        "wifi": ["198.51.100.5"],
    }
    address = {
        name: [SimpleNamespace(family=socket.AF_INET, address=each) for each in all_] for name, all_ in networks.items()
    }
    stats = {name: SimpleNamespace(isup=name != "old") for name in networks}
    monkeypatch.setattr(room.psutil, "net_if_addrs", lambda: address)
    monkeypatch.setattr(room.psutil, "net_if_stats", lambda: stats)
    monkeypatch.setattr(room.socket, "socket", Out)
    assert room.addresses() == [("wifi", "198.51.100.5"), ("cable", "203.0.113.2")]


# ---------------------------------------------------------------- the notes


def notes(deck):
    """Port and secret of the open notes."""
    deck.say(notes="small.html")
    (place,) = deck.hear("notes")
    address, _, secret = place["shown"].partition("/")
    return int(address.partition(":")[2]), secret


def test_only_who_has_the_secret_gets_the_notes_and_nothing_beside_the_deck(deck):
    port, secret = notes(deck)
    status, _, headers = ask(port, f"/{secret}")
    assert (status, headers["Location"]) == (302, f"/{secret}/slides/small.html?presenter=far")
    assert ask(port, f"/{secret}/slides/small.html")[:2] == (200, "notes of the lecture")
    wrong = secret[:-1] + ("a" if secret[-1] != "a" else "b")
    assert [ask(port, f"/{wrong}{path}")[0] for path in ("", "/slides/small.html", "/link")] == [403] * 3
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        websocket.create_connection(f"ws://127.0.0.1:{port}/{wrong}/link")
    for path in ("small.key", "slides/../small.key", "slides/%2e%2e/small.key", "api/kernels", "slides"):
        assert ask(port, f"/{secret}/{path}")[0] in (403, 404), path


def test_a_tablet_follows_the_deck_and_steps_it_and_nothing_else_that_it_says_is_heard(deck):
    port, secret = notes(deck)
    deck.say(tell={"at": 3})
    tablet = websocket.create_connection(f"ws://127.0.0.1:{port}/{secret}/link", timeout=20)
    try:
        assert json.loads(tablet.recv()) == {"at": 3}
        deck.say(tell={"at": 4})
        assert json.loads(tablet.recv()) == {"at": 4}
        for said in ('{"press":"R"}', '{"go":1}', '{"step":2}', '{"step":1,"press":"R"}', "no JSON", '{"clock":0}', '{"step":-1}'):  # fmt: skip
            tablet.send(said)
        tablet.send_binary(b'{"hello":true}')
        assert [deck.hear("asked"), deck.hear("asked")] == [{"step": -1}, {"hello": True}]
        deck.say(notes=None)
        assert tablet.recv() == ""  # the connection has ended
    finally:
        tablet.shutdown()
    refuses(port)
    assert notes(deck)[1] != secret


def test_who_has_no_key_is_no_deck(deck):
    for key in ("", "?key=", "?key=x", f"?key={deck.key[:-1]}"):
        with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
            websocket.create_connection(f"ws://127.0.0.1:{deck.port}/deck{key}")
