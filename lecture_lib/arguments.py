"""One wording for the commonest check of an argument."""

from collections.abc import Collection


def one_of(name: str, value: str, options: Collection[str]) -> str:
    """Return ``value`` if it is one of ``options``.

    Raises:
        ValueError: it is not; the message lists the options.

    >>> one_of("border", "zero", ("zero", "reflect"))
    'zero'
    """
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{name}={value!r}: must be one of {', '.join(options)}")
    return value
