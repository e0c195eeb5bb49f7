"""Networks as sheets to draw: volumes, a table of texts and shares, and what sets one network apart from another."""

from collections.abc import Sequence

from ...explore import Choice, Options, Say
from ...layers import Layer, Row, Shape
from ...shapes import ONE_PIXEL, ShapeError, times
from .architecture import Count, compare, count, layer_words, size_formula, volumes

MEASURES = ["parameters", "multiply-adds", "memory"]
"""What a share may be a share of, in the order of :class:`~.architecture.Count`."""
SIDES = {
    "linear": "sides to one linear scale, depth by the square root of the channels",
    "square root": "sides by their square root, depth by the square root of the channels",
}
HEADS = ["parameters", "multiply-adds", "memory, B", "sees"]
"""What is counted of each volume."""
LOOK = {"measure": Options(MEASURES), "sides": Options(list(SIDES), "square root")}
"""What every picture of a network lets choose."""
LOOK_CONTROLS = (
    Choice("measure", "Share of", "what the bars are shares of"), Choice("sides", "Sides", "scale of the volumes' sides"),
)  # fmt: skip


def network_sheet(name: str, rows: Sequence[Row], input_shape: Shape) -> dict[str, object]:
    """A network's volumes and its table as texts and shares, ready for the browser and for the still picture.

    Its words, and what sets it apart from others, are said below the picture.
    """
    counts = [count(row) for row in rows]
    total = Count(*map(sum, zip(*counts, strict=True))) if counts else Count(0, 0, 0)
    words = ["What the network takes: channels × height × width."]
    before = (ONE_PIXEL, ONE_PIXEL)
    for row in rows:
        words.append(layer_words(row, before))
        before = row.fields
    return {
        "name": name, "heads": HEADS, "scales": list(SIDES.values()), "rows": [{"name": each, "state": ""} for each in ("input", *(row.name for row in rows))],
        "words": words, "against": [], "volumes": [_volume(each, rows, counts, total) for each in volumes(rows, input_shape)],
        "measures": [f"share of {measure}" for measure in MEASURES], "total": f"total: {_in_words(total)}",
    }  # fmt: skip


def _in_words(total: Count) -> str:
    return f"{total[0]:,} parameters, {total[1]:,} multiply-adds, {total[2]:,} B of memory"


def _shares(each: Count, total: Count) -> list[float]:
    return [part / whole if whole else 0.0 for part, whole in zip(each, total, strict=True)]


def no_volume(at: int, sign: str) -> dict[str, object]:
    """The column of a layer that is not possible, row ``at``."""
    return {"rows": [at], "row": at, "size": sign, "parts": 0}


def _volume(volume, rows: Sequence[Row], counts: Sequence[Count], total: Count) -> dict[str, object]:
    mine = Count(*map(sum, zip(*(counts[at] for at in volume.rows), strict=True))) if volume.rows else Count(0, 0, 0)
    shares = _shares(mine, total)
    percents = ["" if not share else "<1 %" if share < 0.005 else f"{100 * share:.0f} %" for share in shares]
    layer = rows[volume.rows[0]].layer if volume.rows and volume.name != "input" else None
    own = [at + 1 for at in volume.rows]
    fields = rows[volume.rows[-1]].fields if own else ()
    layer = rows[volume.rows[0]].layer if own and volume.name != "input" else None
    return {
        "name": volume.name, "size": volume.size, "parts": min(volume.parts, 4), "joined": volume.joined,
        "rows": own if layer else [0, *own], "row": own[0] if layer else 0, **dict(zip("chw", volume.shape, strict=True)),
        "numbers": [*(f"{number:,}" for number in mine), times([field.size for field in fields])] if own else [],
        # towers stay apart where filters see their own group only, and where each map is pooled by itself
        "apart": getattr(layer, "groups", 2 if hasattr(layer, "windows") else 1) > 1, "shares": shares, "percents": percents,
    }  # fmt: skip


def comparison(name: str, net: Layer, shape: Shape, other_name: str, other: Layer, other_shape: Shape) -> dict:
    """What sets a network apart from another one, for each row of its table, in all, and in words."""
    rows, its_rows = list(net.rows(shape)), list(other.rows(other_shape))
    found = volumes(rows, shape)
    mine, its = (Count(*map(sum, zip(*map(count, each), strict=True))) for each in (rows, its_rows))
    blank = {
        "total": [f" ({_signed(number)})" if number else "" for number in mine - its],
        "columns": [["", "", ""] for _ in found],
        "because": [""] * (len(rows) + 1),
    }
    if name == other_name:
        return blank | {"words": ["This is the same network."] * 3}
    in_all = [
        f"{name} has {_more(ours - theirs, measure)} {other_name}, {ours:,} against {theirs:,}"
        for measure, ours, theirs in zip(MEASURES, mine, its, strict=True)
    ]
    try:
        apart = compare(net, shape, other, other_shape)
    except ShapeError:
        said = "The two are too different to be laid side by side layer by layer."
        return blank | {"words": [f"{each}. {said}" for each in in_all]}
    at = {row.name: number for number, row in enumerate(rows, 1)}
    for each in apart:
        if each.because:
            blank["because"][at[each.layer]] = f" Compared with {each.other}: {'; '.join(each.because)}."
    for column, volume in enumerate(found):
        more = [each.more for each in apart if at[each.layer] - 1 in volume.rows]
        blank["columns"][column] = [_signed(sum(each)) for each in zip(*more, strict=True)] or ["", "", ""]
    blank["because"][0] = _inputs(rows[0], its_rows[0])
    blank["because"][1] += blank["because"][0]
    return blank | {"words": [f"{each}{_where(apart, at)}." for at, each in enumerate(in_all)]}


def _signed(number: int) -> str:
    return f"{number:+,}".replace("-", "−") if number else ""


def _more(difference: int, measure: str) -> str:
    unit = "bytes of activations" if measure == "memory" else measure
    if not difference:
        return f"as many {unit} as"
    return f"{abs(difference):,} {'more' if difference > 0 else 'fewer'} {unit} than"


def _where(found, measure: int) -> str:
    places = [f"{each.layer} {_signed(each.more[measure])}" for each in found if each.more[measure]]
    return f": {', '.join(places)}" if places else ""


def _inputs(row: Row, twin: Row) -> str:
    """Inputs of different size that give maps of one size, or not."""
    if row.input_shape == twin.input_shape or not all(hasattr(each.layer, "windows") for each in (row, twin)):
        return ""
    sizes = []
    for each in (row, twin):
        window = each.layer.windows()[0]
        sizes.append(size_formula(each.input_shape[1], window.kernel_size, window.stride, window.padding))
    same = "the same maps" if row.output_shape[1:] == twin.output_shape[1:] else "other maps"
    return f" The inputs differ, and {same} come out: {sizes[0]} here, {sizes[1]} there."


def drawn(sheet: dict[str, object]) -> dict[str, object]:
    """What of a sheet the picture shows."""
    against = [{name: each[name] for name in ("columns", "total")} for each in sheet["against"]]
    return {name: value for name, value in sheet.items() if name != "words"} | {"against": against}


def words_of_rows(sheets: Sequence[dict[str, object]], at: Sequence[str]) -> list[Say]:
    """The chosen row's name and its arithmetic; ``at`` names the indices of network and row."""
    return [
        Say([[f"{row['name']}: " for row in sheet["rows"]] for sheet in sheets], at=at, tag="b"),
        Say([sheet["words"] for sheet in sheets], at=at),
    ]
