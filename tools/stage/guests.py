"""Who comes from the lecture hall's network, and what each gets: a phone the question, a tablet with the secret the notes.

An application is made for a room (room.py) and asks it for what is open now; whoever sends too much gets no answer.
"""

import json
import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from tornado import httpserver, iostream, web, websocket

from .ballot import Doorman, RefusedError, read

if TYPE_CHECKING:
    from .room import Room

DESKS = 4
"""Devices that show the notes at the same time."""
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # read aloud or typed, none is taken for another
LONG = 14
_SECRET = rf"/([{ALPHABET}]{{{LONG}}})"
_BUSY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


def application(room: "Room", stage: str) -> web.Application:
    """What the hall can ask for; ``stage`` is the folder of the decks."""
    guarded = {"room": room}
    return web.Application(
        [
            ("/", Phone, guarded),
            ("/now", Now, guarded),
            ("/vote", Vote, guarded),
            (_SECRET, Notes, guarded),
            (f"{_SECRET}/link", Link, guarded),
            (rf"{_SECRET}/((?:slides|assets|pictures)/[\w.-]+)", Files, guarded | {"path": stage}),
        ],
        default_handler_class=Missing,
        default_handler_args=guarded,
        websocket_max_message_size=1024,
        websocket_ping_interval=10,
        log_function=lambda _: None,  # it would write addresses
    )


class Server(httpserver.HTTPServer):
    """Requests of 256 bytes at most, each within five seconds, as many as a device may send."""

    def initialize(self, app: web.Application) -> None:
        super().initialize(app, idle_connection_timeout=5, body_timeout=5, max_body_size=256, max_header_size=8192)
        self.doorman = Doorman()
        self._here: dict[iostream.IOStream, int] = {}

    def handle_stream(self, stream: iostream.IOStream, address: tuple) -> None:
        place = self.doorman.place(address[0])
        if self.doorman.lets(place):
            self._here[stream] = place
            super().handle_stream(stream, address)
        else:
            with suppress(iostream.StreamClosedError):
                stream.write(_BUSY).add_done_callback(lambda done: (done.exception(), stream.close()))

    def on_close(self, server_conn: object) -> None:
        self.forget(server_conn.stream)
        super().on_close(server_conn)

    def forget(self, stream: iostream.IOStream) -> None:
        """This connection has ended, or will as soon as others have had their turn."""
        if stream in self._here:
            self.doorman.ended(self._here.pop(stream))


class Guest:
    """Who comes from the network: who asks too often gets no answer."""

    room: "Room"

    def prepare(self) -> None:
        self.server = self.room.server
        self.place = self.server and self.server.doorman.place(self.request.remote_ip)
        if self.server is None or not self.server.doorman.hears(self.place):
            self.request.connection.close()
            raise web.Finish


class Brief(Guest):
    """Who gets one answer, and is gone: hundreds of phones must not stay connected to nothing."""

    def on_finish(self) -> None:
        stream, server = self.request.connection.stream, self.server
        with suppress(iostream.StreamClosedError):
            stream.write(b"").add_done_callback(lambda done: (done.exception(), stream.close(), server.forget(stream)))


class Handler(Brief, web.RequestHandler):
    """Answers a phone in a few words, which nobody else may keep, frame or add to."""

    def initialize(self, room: "Room") -> None:
        self.room = room

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Connection", "close")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Frame-Options", "DENY")

    def answer(self, status: int, words: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(words)


class Missing(Handler):
    def prepare(self) -> None:
        super().prepare()
        raise web.HTTPError(404)


class Phone(Handler):
    def get(self) -> None:
        inline = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:"
        self.set_header("Content-Security-Policy", inline)
        self.finish(self.room.page)


class Now(Handler):
    def get(self) -> None:
        ballot = self.room.ballot if self.room.voting else None
        self.finish({"ballot": ballot.id, "question": ballot.question, "options": ballot.options} if ballot else {})


class Vote(Handler):
    def post(self) -> None:
        try:
            if not self.room.voting:
                raise RefusedError(409, "no question is open")
            self.room.ballot.take(read(self.request.body), self.place)
            self.room.tell_soon()
            self.answer(200, "counted")
        except RefusedError as refused:
            self.answer(refused.status, str(refused))


class Behind(Guest):
    """What only who knows the secret gets."""

    def prepare(self) -> None:
        super().prepare()
        given = self.path_args[0]
        if self.room.name is None or not secrets.compare_digest(given, self.room.secret):
            raise web.HTTPError(403)


class Notes(Behind, Handler):
    def get(self, _: str) -> None:
        self.redirect(f"/{self.room.secret}/slides/{self.room.name}?presenter=far")


class Files(Behind, Brief, web.StaticFileHandler):
    """Files of the deck: its slides and notes as they are in the notebook."""

    def initialize(self, room: "Room", path: str) -> None:
        self.room = room
        super().initialize(path)

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Connection", "close")

    async def get(self, _: str, path: str) -> None:
        await super().get(path)

    async def head(self, _: str, path: str) -> None:
        await super().get(path, include_body=False)


class Socket(websocket.WebSocketHandler):
    def initialize(self, room: "Room") -> None:
        self.room = room

    def send(self, what: dict[str, object]) -> None:
        with suppress(websocket.WebSocketClosedError):
            self.write_message(json.dumps(what))


class Link(Behind, Socket):
    """The notes on a tablet: they follow the deck, and step it. Nothing else that they say is heard."""

    def open(self, _: str) -> None:
        self.room.desks.append(self)
        for each in self.room.told.values():
            self.send(each)
        if len(self.room.desks) > DESKS:
            self.room.desks[0].close()  # a tablet that was loaded anew, perhaps

    def on_message(self, message: str | bytes) -> None:
        if re.fullmatch(rb'\{"hello":true\}|\{"step":-?1\}', message.encode() if isinstance(message, str) else message):
            self.room.say(asked=json.loads(message))

    def on_close(self) -> None:
        if self in self.room.desks:
            self.room.desks.remove(self)
