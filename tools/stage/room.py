"""What phones and tablets in the lecture hall reach: the question that is open now, and the lecturer's notes behind a secret.

A program of its own, which the stage's server starts when a lecturer first asks for it: it has no kernel and no token of
Jupyter, and however much it has to do, the deck is not disturbed. It listens in the network only while the deck has a
question open, or its notes; the deck itself speaks with it on loopback. Nothing is written anywhere, no address is stored.
"""

import io
import json
import logging
import os
import secrets
import signal
import socket
import string
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path

import psutil
import segno
from tornado import httpserver, ioloop, netutil, web

from lecture_lib.style import INKS

from .ballot import Ballot
from .guests import ALPHABET, LONG, Link, Server, Socket, application

PORT = 8891
"""Where the hall reaches us, if nobody else is there."""
SOON = 0.1
"""Seconds between two tallies that the deck hears of."""


def addresses() -> list[tuple[str, str]]:
    """Each network that this computer is in: its interface's name, and our address there. First the one with the way out."""
    up = {name for name, each in psutil.net_if_stats().items() if each.isup}
    found = [
        (name, each.address)
        for name, all_ in psutil.net_if_addrs().items()
        for each in all_
        if name in up and each.family == socket.AF_INET and not each.address.startswith(("127.", "169.254."))
    ]
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as asked:
        out = ""
        with suppress(OSError):  # no way out
            asked.connect(("192.0.2.1", 9))  # chooses the interface; nothing is sent
            out = asked.getsockname()[0]
    return sorted(found, key=lambda each: each[1] != out)


def page() -> str:
    """The page for phones, in the lecture's colours."""
    colours = {f"{theme}_{name.replace('-', '_')}": ink for theme, inks in INKS.items() for name, ink in inks.items()}
    return string.Template((Path(__file__).parent / "static" / "phone.html").read_text("utf-8")).substitute(colours)


class Room:
    """What is open now: a question, the notes, both or neither."""

    def __init__(self, stage: Path) -> None:
        self.page, self.port = page(), PORT
        self.ballot: Ballot | None = None
        self.voting = False
        self.secret, self.name = "", None
        self.deck: Control | None = None
        self.desks: list[Link] = []
        self.told: dict[str, object] = {}  # what the deck last told of each kind, for a tablet that comes later
        self.server: Server | None = None
        self._telling: object = None
        self.app = application(self, str(stage))

    # ---------------------------------------------------------------- what the deck asks for

    def hear(self, said: dict[str, object]) -> None:
        """A message of the deck: one word and what belongs to it."""
        for word, value in said.items():
            getattr(self, f"do_{word}")(value)

    def do_vote(self, asked: dict[str, object] | None) -> None:
        """Open a question, or the same one again with its votes; None closes it."""
        self.voting = asked is not None
        if asked and (
            self.ballot is None or (self.ballot.question, self.ballot.options) != (asked["question"], asked["options"])
        ):
            self.ballot = Ballot(asked["question"], asked["options"])
        self.listen()
        if self.voting:
            self.say(vote=self.places())
            self.tell()

    def do_wipe(self, _: object) -> None:
        if self.ballot:
            self.ballot.wipe()
            self.tell()

    def do_notes(self, name: str | None) -> None:
        """Show the notes of a deck, by the name of its file, to who has the secret; None ends that, and the secret."""
        if name:
            self.secret = self.secret or "".join(secrets.choice(ALPHABET) for _ in range(LONG))
            self.name = name
            self.listen()
            self.say(notes=self.places(f"/{self.secret}"))
        else:
            self.secret = ""
            self.end_notes()

    def end_notes(self) -> None:
        self.name = None
        self.listen()
        for each in self.desks[:]:
            each.close()

    def do_tell(self, what: dict[str, object]) -> None:
        """Something for the notes."""
        self.told["pictures" if "pictures" in what else "state"] = what
        for each in self.desks:
            each.send(what)

    # ---------------------------------------------------------------- what the deck hears

    def say(self, **what: object) -> None:
        if self.deck:
            self.deck.send(what)

    def tell(self) -> None:
        self._telling = None
        if self.voting:
            self.say(tally=self.ballot.tally())

    def tell_soon(self) -> None:
        self._telling = self._telling or ioloop.IOLoop.current().call_later(SOON, self.tell)

    def places(self, path: str = "") -> list[dict[str, str]]:
        """Each of our addresses with its picture for a camera."""
        found = []
        for name, address in addresses():
            picture, shown = io.BytesIO(), f"{address}:{self.port}{path}"
            segno.make(f"http://{shown}", error="m").save(
                picture, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=3, light="#fff"
            )
            found.append({"network": name, "shown": shown, "picture": picture.getvalue().decode()})
        return found

    # ---------------------------------------------------------------- the network

    def listen(self) -> None:
        """Listen in the network, on every interface, if something is open; else on none."""
        wanted = (self.voting or self.name is not None) and bool(addresses())
        if wanted and self.server is None:
            try:
                sockets = netutil.bind_sockets(self.port, "0.0.0.0", socket.AF_INET, 512)  # noqa: S104 - it is meant
            except OSError:
                sockets = netutil.bind_sockets(0, "0.0.0.0", socket.AF_INET, 512)  # noqa: S104
            self.port = sockets[0].getsockname()[1]
            self.server = Server(self.app)
            self.server.add_sockets(sockets)
        elif not wanted and self.server:
            self.server.stop()
            ioloop.IOLoop.current().add_callback(self.server.close_all_connections)
            self.server = None

    def left(self) -> None:
        """The deck has gone: nobody is listened to. Votes and secret stay for a deck that comes back, loaded anew."""
        self.deck, self.voting = None, False
        self.end_notes()


class Control(Socket):
    """The deck, on loopback, with a key that the stage's server has given to it."""

    def initialize(self, room: Room, key: str) -> None:
        super().initialize(room)
        self.key = key

    def check_origin(self, origin: str) -> bool:
        return True  # the deck's own server has another port; who comes from elsewhere has no key

    def prepare(self) -> None:
        if not secrets.compare_digest(self.get_query_argument("key", ""), self.key):
            raise web.HTTPError(403)

    def open(self) -> None:
        if self.room.deck:
            self.room.deck.close()
            self.room.left()
        self.room.deck = self

    def on_message(self, message: str | bytes) -> None:
        self.room.hear(json.loads(message))

    def on_close(self) -> None:
        if self.room.deck is self:
            self.room.left()


def start(stage: Path) -> tuple[Room, dict[str, object]]:
    """The room of a stage's folder, and how a deck on this computer reaches it: ``port`` and ``key``."""
    room, key = Room(stage), secrets.token_urlsafe(24)
    control = web.Application([("/deck", Control, {"room": room, "key": key})], websocket_max_message_size=64_000_000)
    (own,) = netutil.bind_sockets(0, "127.0.0.1", socket.AF_INET)
    httpserver.HTTPServer(control).add_socket(own)
    return room, {"port": own.getsockname()[1], "key": key}


def _end_with_the_server() -> None:
    sys.stdin.buffer.read()  # until the server that has started us is no more
    os._exit(0)


def main() -> None:
    """Serve until standard input ends; the first line of standard output is how the deck reaches us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Control-C is for the server, which asks back
    logging.disable()  # of what is no HTTP tornado would write addresses, too
    if os.name == "posix":
        import resource

        os.nice(5)  # the deck's Python comes first
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most) if most > 0 else 4096, most))
    threading.Thread(target=_end_with_the_server, daemon=True).start()

    async def serve() -> None:
        print(json.dumps(start(Path(sys.argv[1]))[1]), flush=True)

    loop = ioloop.IOLoop.current()
    loop.add_callback(serve)
    loop.start()


if __name__ == "__main__":
    main()
