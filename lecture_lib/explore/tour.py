"""A tour of an explorer: one thing to do after another, each in words, with what it speaks of lit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .presses import place, titles_of
from .spec import Control, Index

MOST_STEPS = 12


@dataclass(frozen=True)
class Step:
    """One thing to do. The tour goes on when it has been done and looked at for a moment, or by a press.

    Args:
        words: what to do.
        light: what the words speak of: titles of panels (the kind of one without), names of controls, or (title, part) of
            a panel that names its ``parts``.
        until: when it has been done: the name of an index that must change, several of which one must, or names with the
            value that each must have, as ``Explorer.value`` says it. Without it only a press goes on.
        seen: what was to be seen, said once it has been done.
        again: names of indices; where all of ``until`` was so before, one of these must change.

    Where no Python answers, steps that only Python can finish are left out.
    """

    words: str
    light: Sequence[str | tuple[str, str]] = ()
    until: str | Sequence[str] | Mapping[str, object] = ()
    seen: str = ""
    again: Sequence[str] = ()


def plain_tour(
    steps: Sequence[Step], indices: Mapping[str, Index], controls: Sequence[Control], panels: Sequence[Mapping]
) -> list[dict]:
    """The steps as plain data for the browser.

    Raises:
        ValueError: there are more than 12, one has no words, or it uses what the explorer does not have.
        TypeError: one is no ``Step``.
    """
    if len(steps) > MOST_STEPS:
        raise ValueError(f"tour has {len(steps)} steps: must be at most {MOST_STEPS}")
    return [_plain(step, f"step {at} of the tour", indices, controls, panels) for at, step in enumerate(steps, 1)]


def _plain(step: object, where: str, indices: Mapping, controls: Sequence[Control], panels: Sequence[Mapping]) -> dict:
    if not isinstance(step, Step):
        raise TypeError(f"{where} is a {type(step).__name__}: must be a Step")
    if not step.words:
        raise ValueError(f"{where} has no words: must say what to do")
    lights = [(each, "") if isinstance(each, str) else tuple(each) for each in step.light]
    parts = {title: panel.get("parts", ()) for panel in panels for title in titles_of(panel)}
    for name, part in lights:
        if part and part not in parts.get(name, ()):
            raise ValueError(f"{where} lights {part!r} of {name!r}: must be one of the parts of a panel")
        if not part and name not in {*parts, *(each.name for each in controls)}:
            raise ValueError(f"{where} lights {name!r}: must be the title of a panel or the name of a control")
    values = step.until if isinstance(step.until, Mapping) else {}
    changed = [] if values else [step.until] if isinstance(step.until, str) else list(step.until)
    changed += step.again
    for name in (*values, *changed):
        if name not in indices:
            raise ValueError(f"{where} waits for {name!r}: must be declared, one of {', '.join(sorted(indices))}")
    until = {name: place(f"{where} waits for {name}={value!r}", indices[name], value) for name, value in values.items()}
    return {
        "words": step.words, "light": [list(each) for each in lights], "until": until, "changed": changed, "seen": step.seen
    }  # fmt: skip
