"""One Hypothesis profile for all tests: the same examples on every machine, and no clock. And no network."""

import ipaddress
import sys

from hypothesis import HealthCheck, settings

settings.register_profile("lecture", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lecture")


def stay_on_this_machine(event, arguments):
    """Stop every name that is looked up and every address that is called, but this machine's own."""
    if event == "socket.getaddrinfo" and not is_here(arguments[0]):
        raise ConnectionError(f"no test may ask the network: {arguments[0]!r} was looked up")
    if (
        event in ("socket.connect", "socket.sendto")
        and isinstance(arguments[1], tuple)
        and not is_here(arguments[1][0])
    ):
        raise ConnectionError(f"no test may ask the network: {arguments[1]!r} was called")


def is_here(host):
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host).is_loopback
    except ValueError:
        return False


sys.addaudithook(stay_on_this_machine)
