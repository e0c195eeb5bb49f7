"""A lecture hall on loopback: what its phones reach, the deck that opens a vote, and phones that vote all at once."""

import asyncio
import http.client
import json
import subprocess
import sys
from contextlib import contextmanager

import websocket

from tools.notebooks import ROOT

ON_LOOPBACK = "from tools.stage import room\nroom.addresses = lambda: [('lo', '127.0.0.1')]\nroom.main()"
"""The program, on a computer whose only network is loopback."""
QUESTION, OPTIONS = "How many?", ["A. none", "B. one", "C. many"]


class Deck:
    """The deck's end."""

    def __init__(self, said, folder):
        reach = json.loads(said)
        self.port, self.key, self.folder = reach["port"], reach["key"], folder
        self.connect()

    def connect(self):
        self.socket = websocket.create_connection(f"ws://127.0.0.1:{self.port}/deck?key={self.key}", timeout=20)

    def say(self, **what):
        self.socket.send(json.dumps(what))

    def hear(self, word):
        """What comes next under this word."""
        while word not in (said := json.loads(self.socket.recv())):
            pass
        return said[word]

    def open(self, question=QUESTION, options=OPTIONS):
        """Open a vote; its port."""
        self.say(vote={"question": question, "options": options})
        (place,) = self.hear("vote")
        return int(place["shown"].partition(":")[2])

    def counted(self, tally):
        """Wait for this tally."""
        while self.hear("tally") != tally:
            pass


@contextmanager
def hall(folder, program=ON_LOOPBACK):
    """The program for the hall, of a stage in a folder; gives the deck's end, and the process."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen([sys.executable, "-c", program, str(folder)], cwd=ROOT, **pipes) as process:
        deck = Deck(process.stdout.readline(), folder)
        try:
            yield deck, process
        finally:
            deck.socket.close()
            process.stdin.close()
            assert process.wait(20) == 0
            assert (process.stdout.read(), process.stderr.read()) == (
                b"",
                b"",
            )  # it says nothing, least of all an address


def ask(port, path, body=None, device="127.0.0.1"):
    """Status, text and headers of one answer to a device with this address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20, source_address=(device, 0))
    try:
        connection.request("GET" if body is None else "POST", path, body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def now(port):
    return json.loads(ask(port, "/now")[1])


def vote(port, answer, page="0" * 16, **other):
    """Status and words for a vote."""
    said = {"ballot": now(port).get("ballot", "00000000"), "page": page, "answer": answer} | other
    return ask(port, "/vote", json.dumps(said))[:2]


def crowd(port, answers):
    """A phone for each answer: all load the page, ask for the question, and vote, at the same time. Gives each one's status."""

    async def exchange(head, body=b""):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"{head} HTTP/1.1\r\nHost: hall\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.read()  # until the other side ends the connection
        writer.close()
        return int(answer.split(b" ", 2)[1]), answer.partition(b"\r\n\r\n")[2]

    async def phone(at, answer):
        assert (await exchange("GET /"))[0] == 200
        question = json.loads((await exchange("GET /now"))[1])
        said = json.dumps({"ballot": question["ballot"], "page": f"{at:016x}", "answer": answer})
        return (await exchange("POST /vote", said.encode()))[0]

    async def all_of_them():
        return await asyncio.gather(*(phone(at, answer) for at, answer in enumerate(answers)))

    return asyncio.run(all_of_them())
