"""What is not declared cannot be used: the names that an explorer declares, and every place that uses one."""

from collections.abc import Iterable, Mapping, Sequence

from .spec import EVERY, PANELS, TRACE, Axis, Choice, Control, File, Look, Press, Say, Slide


class Names:
    """The names that an explorer declares; whatever uses another one is refused."""

    def __init__(self, indices: Iterable[str], arrays: Iterable[str]):
        self.indices, self.arrays = set(indices), set(arrays)

    def index(self, name: object, where: str) -> None:
        if isinstance(name, str) and name not in self.indices:
            raise ValueError(f"{where} uses the index {name!r}: must be declared, one of {_list(self.indices)}")

    def array(self, name: object, where: str) -> None:
        if isinstance(name, str) and name not in self.arrays:
            raise ValueError(f"{where} uses the array {name!r}: must be declared, one of {_list(self.arrays)}")

    def look(self, look: object, where: str) -> None:
        if isinstance(look, Look | Axis):
            self.array(look.array, where)
            for each in look.at if isinstance(look, Look) else (look.among,):
                self.index(each, where)
        else:
            self.index(look, where)

    def panel(self, panel: Mapping, arrows: Sequence[str | None]) -> None:
        where = f"panel {panel.get('title') or panel['kind']!r}"
        if panel["kind"] not in PANELS:
            raise ValueError(f"{where} has the kind {panel['kind']!r}: must be one of {_list(PANELS)}")
        arrays, indices, others = PANELS[panel["kind"]]
        for key, value in panel.items():
            if key in arrays:
                self.array(value, where)
            elif key in indices or key in ("index", "at", "edit"):
                for each in value if isinstance(value, list | tuple) else (value,):
                    self.look(each, where)
            elif key not in others | EVERY:
                raise ValueError(f"{where} has {key!r}: must be one of {_list(arrays | indices | others | EVERY)}")
        if ("pick" in panel or panel.get("mark") == "cell") and not any((panel.get("row"), panel.get("col"), *arrows)):
            raise ValueError(f"{where} marks a place: must name its indices row and col, or the explorer its arrows")
        for trace in panel.get("traces", ()):
            for key, value in trace.items():
                if key in TRACE["arrays"]:
                    self.array(value, where)
                elif key in TRACE["indices"]:
                    self.index(value, where)
                elif key not in TRACE["others"]:
                    raise ValueError(f"a trace of {where} has {key!r}: not known")
            for each in trace.get("at", ()):
                self.index(each, where)

    def control(self, control: Control) -> None:
        where = f"control {control.label or control.name!r}"
        if not isinstance(control, Press | File):
            self.index(control.name, where)
        if isinstance(control, Choice) and control.pictures:
            self.array(control.pictures, where)
        for each in (*control.when, *getattr(control, "hands", ())):
            self.index(each, where)

    def say(self, say: Say) -> None:
        for each in (*say.at, *say.when, *say.numbers.values()):
            self.look(each, "the sentence")

    def slide(self, slide: Slide) -> None:
        for each in (slide.kernel, slide.stride, slide.padding, slide.dilation, slide.size, slide.row, slide.col):
            self.index(each, "the slide")
        for each in (slide.maps, slide.source, slide.weights):
            self.array(each, "the slide")


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
