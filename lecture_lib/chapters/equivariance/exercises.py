"""Notebook 05, equivariance: its exercises, with the mistakes that are often made.

The solutions are written to be read by students: they are shown to them as the last hint.
"""

import numpy as np

from ...groups import GroupPool as _GroupPool
from ...practice import Exercise, Mistake
from ...transforms import translate as _library_translate
from .capsule_net import squash as _library_squash
from .ways import equivariance_error

_rng = np.random.default_rng(5)


def shift_ring(x, dy, dx):
    rows, cols = x.shape[-2:]
    shifted = np.zeros_like(x)
    for i in range(rows):
        for j in range(cols):
            shifted[..., (i + dy) % rows, (j + dx) % cols] = x[..., i, j]
    return shifted


def circulant(row):
    n = len(row)
    matrix = np.zeros((n, n))
    for i in range(n):
        matrix[i] = np.roll(row, i)
    return matrix


def two_ways(f, before, after, image):
    moved_first = np.asarray(f(before(image)), float)
    moved_last = np.asarray(after(f(image)), float)
    return np.abs(moved_first - moved_last).max()


def group_pool(maps):
    pooled = []
    for first in range(0, len(maps), 4):
        pooled.append(maps[first : first + 4].max(axis=0))
    return np.array(pooled)


def squash_capsules(s):
    length = np.sqrt((s**2).sum(axis=-1, keepdims=True))
    return s * length / (1 + length**2)


def routing_round(votes, b):
    c = np.exp(b) / np.exp(b).sum(axis=1, keepdims=True)
    s = (c[:, :, None] * votes).sum(axis=0)
    length = np.sqrt((s**2).sum(axis=1, keepdims=True))
    v = s * length / (1 + length**2)
    agreement = (votes * v).sum(axis=2)
    return b + agreement


def _whole(*shape):
    """Small whole numbers, the same at every import."""
    return _rng.integers(-4, 5, shape).astype(float)


def _apart(first, last):
    """What two ways give, one taken from the other."""
    return np.subtract(first, last, dtype=float)


def _strided(maps):
    """The maps (4, C, …) if all maps of one turn stood together, instead of all turns of one channel."""
    return maps.reshape(4, -1, *maps.shape[1:])


def _grouped(maps):
    return maps.reshape(-1, 4, *maps.shape[1:])


def _lengths(s):
    return np.linalg.norm(s, axis=-1, keepdims=True)


def _softmax(b, axis):
    return np.exp(b) / np.exp(b).sum(axis=axis, keepdims=True)


def _route(votes, b, c, squash=_library_squash):
    """One round with couplings c."""
    return b + (votes * squash((c[:, :, None] * votes).sum(axis=0))).sum(axis=2)


# What the check gives two_ways: functions of an image, and moves. Their names are shown to students.


def upside_down(x):
    return x[::-1]


def slope(x):
    return np.roll(x, -1, axis=-1) - x


def every_second(x):
    return x[::2, ::2]


def column_sums(x):
    return x.sum(axis=0)


def halved(x):
    return x / 2


def quarter_turn(x):
    return np.rot90(x)


def one_right(x):
    return np.roll(x, 1, axis=-1)


def two_right(x):
    return np.roll(x, 2, axis=-1)


def brighter(x):
    return x + 10


def as_it_is(x):
    return x


GRID = np.array([[1, 2, 3], [4, 5, 6]], dtype=float)
BYTES = np.array([[250, 3], [7, 100]], dtype=np.uint8)
VOTES = np.array([[[1, 0], [0, 1]], [[-1, 0], [0, 1]], [[1, 0], [0, -1]]], dtype=float)

EXERCISES = (
    Exercise(
        shift_ring,
        "x, of the shape (…, rows, cols), moved down by dy and to the right by dx as on a ring: what leaves on one side comes in "
        "on the other. x is an array; dy and dx may be negative, and larger than the image.",
        ((GRID, 0, 1), (_whole(3, 4), 1, 2), (GRID, 0, 0), (_whole(2, 3, 4), -1, 1), (_whole(3, 5), 7, -8), (GRID / 2, 1, 1)),
        (
            Mistake("zeros come in. On a ring, what leaves on one side comes in on the other.", _library_translate),
            Mistake("it moves the other way: down and to the right are the larger indices.",
                    lambda x, dy, dx: np.roll(x, (-dy, -dx), (-2, -1))),
            Mistake("dy and dx are swapped: the axis before the last goes down, the last one across.",
                    lambda x, dy, dx: np.roll(x, (dx, dy), (-2, -1))),
            Mistake("np.roll without axis moves all numbers along one long row.", lambda x, dy, dx: np.roll(x, (dy, dx))),
            Mistake("the first two axes are moved. Rows and columns are the last two, −2 and −1.",
                    lambda x, dy, dx: np.roll(x, (dy, dx), (0, 1))),
            Mistake("it moves down only.", lambda x, dy, dx: np.roll(x, dy, -2)),
            Mistake("it moves to the right only.", lambda x, dy, dx: np.roll(x, dx, -1)),
            Mistake("it moves down the other way: row 0 must arrive at row dy.",
                    lambda x, dy, dx: np.roll(x, (-dy, dx), (-2, -1))),
            Mistake("it moves across the other way: column 0 must arrive at column dx.",
                    lambda x, dy, dx: np.roll(x, (dy, -dx), (-2, -1))),
            Mistake("the border is repeated. On a ring, what leaves on one side comes in on the other.",
                    lambda x, dy, dx: _library_translate(x, dy, dx, "nearest")),
        ),
        (
            "Where does the number at [i, j] go? And where, if that is beyond the border?",
            "It goes to [i + dy, j + dx]. With % rows and % cols an index that is too large begins again at 0.",
            "np.roll does it along one axis. Rows and columns are the axes −2 and −1, whatever stands before them.",
        ),
        understood="Your function finds for every number its place on the ring, whatever axes stand before rows and columns.",
        library=lambda x, dy, dx: _library_translate(x, dy, dx, "circular"),
        large=(_whole(40, 40), 3, 5),
    ),
    Exercise(
        circulant,
        "The circulant matrix (n, n) that begins with a given row, an array of n numbers: each row is the row above, moved on by one to the "
        "right, and what leaves on the right comes in on the left.",
        ((np.array([1.0, 2, 3]),), (np.array([7.0]),), (np.array([0.5, -1, 0, 2]),), (_whole(6),)),
        (
            Mistake("it moves to the left. Each row is the row above, moved on to the right.",
                    lambda r: np.array([np.roll(r, -i) for i in range(len(r))])),
            Mistake("the given row stands in the first column. It is the first row.",
                    lambda r: np.array([np.roll(r, i) for i in range(len(r))]).T),
            Mistake("the first row is moved already. It is the given one.",
                    lambda r: np.array([np.roll(r, i + 1) for i in range(len(r))])),
            Mistake("zeros come in on the left. What leaves on the right must come in there.",
                    lambda r: np.array([np.concatenate([np.zeros(i), r[: len(r) - i]]) for i in range(len(r))])),
            Mistake("all rows are the same. Each is moved on by one more.", lambda r: np.array([r] * len(r))),
            Mistake("only the diagonal is filled in.", np.diag),
            Mistake("each row is moved on by two. By one it must be.",
                    lambda r: np.array([np.roll(r, 2 * i) for i in range(len(r))])),
            Mistake("each row is moved by one, all by the same. Row i is moved by i.",
                    lambda r: np.array([r] + [np.roll(r, 1)] * (len(r) - 1))),
            Mistake("the last row is missing: there are n of them.",
                    lambda r: np.array([np.roll(r, i) for i in range(len(r) - 1)])),
            Mistake("the matrix is still all zeros. Write each row into it: matrix[i] = …",
                    lambda r: np.zeros((len(r), len(r)))),
        ),
        (
            "Write the matrix for the row [1, 2, 3] on paper. By how much is row i moved, seen from the first one?",
            "Row i is the given row, moved on by i places. On a ring: np.roll(row, i).",
        ),
        understood="Your function writes a convolution on a ring as a matrix: one row of weights, used at every place.",
    ),
    Exercise(
        two_ways,
        "The two-ways test of section E2. f takes an image, an array, and gives an array of any shape. before moves the image, and "
        "after moves what f gives. Give the largest absolute difference between f(before(image)) and after(f(image)): one number, "
        "0 if f is equivariant. The image may be uint8, and uint8 holds no negative differences.",
        (
            (upside_down, quarter_turn, quarter_turn, np.array([[1.0, 2], [3, 5]])), (slope, one_right, one_right, _whole(3, 4)),
            (every_second, two_right, one_right, _whole(4, 6)), (every_second, one_right, one_right, _whole(4, 6)),
            (column_sums, quarter_turn, as_it_is, np.array([[1.0, 2, 3], [0, 2, 1], [5, 5, 0.5]])),
            (halved, brighter, brighter, _whole(2, 3)), (upside_down, quarter_turn, quarter_turn, BYTES),
            (as_it_is, one_right, as_it_is, np.array([[0.0, 9, 5], [0, 0, 0]])), (slope, one_right, two_right, _whole(3, 5) / 4),
            (as_it_is, as_it_is, halved, np.array([[1.0, -2], [3, 8]])),
        ),
        (
            Mistake("uint8 wraps around: 3 − 5 is 254 there. Make floats of both results before you subtract.",
                    lambda f, before, after, x: np.abs(np.subtract(f(before(x)), after(f(x)))).max()),
            Mistake("f(image) is moved with before here. What f gives is moved with after.",
                    lambda f, before, after, x: np.abs(_apart(f(before(x)), before(f(x)))).max()),
            Mistake("f(image) is not moved at all: that asks whether f is invariant. Move it with after.",
                    lambda f, before, after, x: np.abs(_apart(f(before(x)), f(x))).max()),
            Mistake("before and after are swapped. before moves the image, after what f gives.",
                    lambda f, before, after, x: np.abs(_apart(f(after(x)), before(f(x)))).max()),
            Mistake("f comes last on both sides. One way is f, then after.",
                    lambda f, before, after, x: np.abs(_apart(f(before(x)), f(after(x)))).max()),
            Mistake("f is left out of one way: both go through f.",
                    lambda f, before, after, x: np.abs(_apart(f(before(x)), after(x))).max()),
            Mistake("a difference below 0 is lost: take absolute values first, then the largest.",
                    lambda f, before, after, x: _apart(f(before(x)), after(f(x))).max()),
            Mistake("abs stands outside: it comes after the largest is taken. Take absolute values first.",
                    lambda f, before, after, x: abs(_apart(f(before(x)), after(f(x))).max())),
            Mistake("the largest values of both ways are compared. Subtract place by place first.",
                    lambda f, before, after, x: abs(np.max(f(before(x))) - float(np.max(after(f(x)))))),
            Mistake("this is the mean of the differences. Many zeros hide one wrong place in it: take the largest.",
                    lambda f, before, after, x: np.abs(_apart(f(before(x)), after(f(x)))).mean()),
            Mistake("a fraction is cut off. Make floats of both results, not integers.",
                    lambda f, before, after, x: int(np.abs(_apart(f(before(x)), after(f(x)))).max())),
            Mistake("the difference is divided by the largest value: that is a share. Give the difference itself.",
                    lambda f, before, after, x: np.abs(_apart(a := f(before(x)), after(f(x)))).max() / np.abs(a).max()),
            Mistake("this is the error of section E4, a share of all that f gives. Give the largest difference itself.",
                    lambda f, before, after, x: equivariance_error(f, before, after, x).error),
            Mistake("the differences are added up. Take the largest.",
                    lambda f, before, after, x: np.abs(_apart(f(before(x)), after(f(x)))).sum()),
            Mistake("this is the length of the difference, the root of the sum of squares. Take the largest absolute value.",
                    lambda f, before, after, x: np.linalg.norm(_apart(f(before(x)), after(f(x))))),
            Mistake("this is the smallest difference. Take the largest: both ways agree only if they agree everywhere.",
                    lambda f, before, after, x: np.abs(_apart(f(before(x)), after(f(x)))).min()),
            Mistake("this says whether both ways agree. How far apart are they?",
                    lambda f, before, after, x: np.allclose(f(before(x)), after(f(x)))),
            Mistake("this says whether both ways differ. How far apart are they?",
                    lambda f, before, after, x: not np.allclose(f(before(x)), after(f(x)))),
            Mistake("these are all differences. Give one number, the largest.",
                    lambda f, before, after, x: np.abs(_apart(f(before(x)), after(f(x))))),
            Mistake("it is 0 for every f. Is something compared with itself?", lambda f, before, after, x: 0),
            Mistake("it turns by 90°, whatever before and after do. Call before and after.",
                    lambda f, before, after, x: np.abs(_apart(f(np.rot90(x)), np.rot90(f(x)))).max()),
        ),
        (
            "There are two ways round. Write down what each of them calls first, and what last.",
            "One way is f(before(image)), the other after(f(image)). Make floats of both: np.asarray(…, float).",
            "np.abs(…) of the difference, then .max() of that.",
        ),
        understood="Your function tests any f for equivariance: it goes both ways round, and one place that differs is enough to show.",
    ),
    Exercise(
        group_pool,
        "Group pooling for p4. The array maps has the shape (4·C, rows, cols): first the four maps of channel 0, one for each turn, then the "
        "four of channel 1, and so on. Give the largest of the four, place by place: (C, rows, cols).",
        (
            (np.array([[[1.0, 2]], [[5, 0]], [[3, -1]], [[4, 1]]]),), (_whole(8, 2, 3),), (-1 - abs(_whole(4, 3, 2)),),
            (_whole(12, 2, 2),), (_whole(16, 2, 1),), (_whole(4, 3, 3) / 2,), (1e7 * (_whole(8, 2, 2) - 5),),
        ),
        (
            Mistake("every fourth map is taken together. The maps 0, 1, 2, 3 belong to channel 0.",
                    lambda m: _strided(m).max(axis=0)),
            Mistake("the maximum is over the channels. In the shape (C, 4, rows, cols) the turns are axis 1.", lambda m: _grouped(m).max(axis=0)),
            Mistake("this is the mean of the four. Take the largest.", lambda m: _grouped(m).mean(axis=1)),
            Mistake("the four are added up. Take the largest.", lambda m: _grouped(m).sum(axis=1)),
            Mistake("this is the smallest of the four. Take the largest.", lambda m: _grouped(m).min(axis=1)),
            Mistake("this is the first of the four. Take the largest, place by place.", lambda m: _grouped(m)[:, 0]),
            Mistake("negative results became 0. Do not begin a maximum with zeros.",
                    lambda m: _grouped(m).max(axis=1, initial=0)),
            Mistake("the next four begin one map further here. They begin four maps further.",
                    lambda m: np.array([m[i : i + 4].max(axis=0) for i in range(len(m) // 4)])),
            Mistake("the maximum is over all maps. Each channel has its own four.", lambda m: m.max(axis=0)),
            Mistake("the maximum is over the places. It is over the four maps, and the places stay.",
                    lambda m: m.max(axis=(1, 2))),
            Mistake("this is the largest absolute value. A large negative number does not win.",
                    lambda m: abs(_grouped(m)).max(axis=1)),
            Mistake("only the first two turns are compared. There are four.", lambda m: _grouped(m)[:, :2].max(axis=1)),
            Mistake("only the first three turns are compared. There are four.", lambda m: _grouped(m)[:, :3].max(axis=1)),
            Mistake("the maximum begins at -10, and smaller numbers never win. Begin with −np.inf, or with the first map.",
                    lambda m: _grouped(m).max(axis=1, initial=-10)),
            Mistake("this is a 2×2 max pooling of the places. The four maps of a channel are pooled here.",
                    lambda m: m[:, : m.shape[1] // 2 * 2, : m.shape[2] // 2 * 2]
                    .reshape(len(m), m.shape[1] // 2, 2, m.shape[2] // 2, 2).max(axis=(2, 4))),
        ),
        (
            "Which maps belong to channel 0, and which to channel 1?",
            "Those of channel c are maps[4*c : 4*c + 4]. Their largest, place by place, is .max(axis=0) of them.",
            "All at once: reshape to (C, 4, rows, cols), then take the maximum over axis 1.",
        ),
        understood="Your function keeps the largest of the four turns at each place, also where all four are negative.",
        library=lambda maps: _GroupPool(4).forward(maps[None])[0],
        large=(_whole(32, 20, 20),),
    ),
    Exercise(
        squash_capsules,
        "Squash the vectors along the last axis of the array s: a vector of length n keeps its direction and gets the length n² / (1 + n²). "
        "A vector of zeros stays as it is. s may hold integers.",
        (
            (np.array([3.0, 4]),), (np.array([[3.0, 4], [0, 0.5], [-1, 0]]),), (np.array([[0.0, 0, 0], [2, -1, 2]]),),
            (_whole(2, 2, 4),), (_whole(3, 3),), (np.array([[3, 4], [0, 0], [-8, 6]]),),
        ),
        (
            Mistake("a vector of zeros has no direction: 0 / 0 is NaN. One n above the line and one below it cancel.",
                    lambda s: s / _lengths(s) * _lengths(s) ** 2 / (1 + _lengths(s) ** 2)),
            Mistake("all vectors have got length 1, and 0 / 0 is NaN. Long ones come near to 1, short ones near to 0.",
                    lambda s: s / _lengths(s)),
            Mistake("the length is that of all vectors together. Each has its own: add up along the last axis only.",
                    lambda s: s * (n := np.sqrt((s**2).sum())) / (1 + n * n)),
            Mistake("the length is taken along the first axis. A vector lies along the last one.",
                    lambda s: s * (n := np.linalg.norm(s, axis=0, keepdims=True)) / (1 + n * n)),
            Mistake("s is not divided by its length: n² / (1 + n²) must be the new length, not a factor.",
                    lambda s: s * (n := _lengths(s)) ** 2 / (1 + n * n)),
            Mistake("(1 + n)² is not 1 + n²: square n alone.", lambda s: s * (n := _lengths(s)) / (1 + n) ** 2),
            Mistake("the new length is n / (1 + n) here. The formula has squares.", lambda s: s / (1 + _lengths(s))),
            Mistake("all vectors have got length 1. Long ones come near to 1, short ones near to 0.",
                    lambda s: s / np.where(n := _lengths(s), n, 1)),
            Mistake("the lengths have lost an axis, and meet the wrong numbers: keepdims=True leaves a 1 in its place.",
                    lambda s: s * (n := np.sqrt((s**2).sum(axis=-1))) / (1 + n * n)),
            Mistake("these are the lengths. The task asks for vectors.", lambda s: (n := _lengths(s)[..., 0]) ** 2 / (1 + n * n)),
            Mistake("each number is squashed by itself. It is the vector's length that counts.", lambda s: s * abs(s) / (1 + s * s)),
            Mistake("the root is missing: n is the root of the sum of the squares.",
                    lambda s: s * (n := (s**2).sum(axis=-1, keepdims=True)) / (1 + n * n)),
            Mistake("the direction is lost: numbers of s that are negative must stay so.",
                    lambda s: abs(s) * (n := _lengths(s)) / (1 + n * n)),
            Mistake("only two numbers of each vector are in its length. Add up all, along the last axis.",
                    lambda s: s * (n := _lengths(s[..., :2])) / (1 + n * n)),
            Mistake("the vector is multiplied by 1 / (1 + n²). Short ones must get shorter, too.",
                    lambda s: s / (1 + _lengths(s) ** 2)),
        ),
        (
            "The length n is the root of the sum of squares, along the last axis. keepdims=True leaves a 1 in the place of that axis.",
            "v is n² / (1 + n²) · s / n. How can you write that so that nothing is divided by n?",
            "n² / n is n: s · n / (1 + n²). This is 0 for a vector of zeros.",
        ),
        understood="Your function keeps every direction, and brings every length below 1, also of vectors that are 0.",
        library=_library_squash,
        large=(_whole(100, 16),),
    ),
    Exercise(
        routing_round,
        "One round of routing by agreement, as in section E8. The array votes has the shape (I, J, D): the vote of capsule i below for "
        "capsule j above. The array b holds the logits, (I, J); they may be integers. Give the new logits: b plus the agreement of "
        "each vote with v.",
        (
            (VOTES, np.zeros((3, 2))), (VOTES, np.array([[0.0, 1], [-1, 0], [2, 1]])), (_whole(2, 2, 3), np.array([[0.5, 0], [-1, 1]])),
            (_whole(4, 3, 2) / 2, _whole(4, 3) / 4), (VOTES, np.array([[0, 1], [2, -1], [0, 0]])),
        ),
        (
            Mistake("the softmax is over the capsules below. Each one below shares out over those above: axis 1.",
                    lambda u, b: _route(u, b, _softmax(b, 0))),
            Mistake("the softmax is missing: the couplings are b itself.", lambda u, b: _route(u, b, b)),
            Mistake("the couplings of one capsule below must add up to 1: divide by their sum.",
                    lambda u, b: _route(u, b, np.exp(b))),
            Mistake("the softmax is over all logits together. Each capsule below has its own: axis 1.",
                    lambda u, b: _route(u, b, _softmax(b, None))),
            Mistake("the couplings are left out: all votes count alike here.", lambda u, b: _route(u, b, np.ones_like(b))),
            Mistake("everybody shares out evenly here. The couplings follow from b.",
                    lambda u, b: _route(u, b, np.full(b.shape, 1 / b.shape[1]))),
            Mistake("the squash is missing between s and v.", lambda u, b: _route(u, b, _softmax(b, 1), lambda s: s)),
            Mistake("all capsules above share one length here. Each has its own: squash each s[j] by itself.",
                    lambda u, b: _route(u, b, _softmax(b, 1), lambda s: s * (n := np.linalg.norm(s)) / (1 + n * n))),
            Mistake("the agreement is multiplied by c. c belongs to the sum s only; the agreement is votes · v.",
                    lambda u, b: b + _softmax(b, 1) * (_route(u, b, _softmax(b, 1)) - b)),
            Mistake("the round starts at 0 again: it looks at no number of b.",
                    lambda u, b: _route(u, np.zeros(b.shape), np.full(b.shape, 1 / b.shape[1]))),
            Mistake("this is the agreement alone. The old b is added.", lambda u, b: _route(u, b, _softmax(b, 1)) - b),
            Mistake("the agreement is taken away. A vote that agrees must get a larger b.",
                    lambda u, b: 2 * b - _route(u, b, _softmax(b, 1))),
            Mistake("this is v, the capsules above. The task asks for the new b.",
                    lambda u, b: _library_squash((_softmax(b, 1)[:, :, None] * u).sum(axis=0))),
            Mistake("these are the couplings of the next round. The task asks for the new b.",
                    lambda u, b: _softmax(_route(u, b, _softmax(b, 1)), 1)),
            Mistake("the votes are added up over the capsules above. s[j] adds up over those below, i: axis 0.",
                    lambda u, b: b + (u * _library_squash((_softmax(b, 1)[:, :, None] * u).sum(axis=1, keepdims=True))).sum(axis=2)),
            Mistake("s is the mean of the weighted votes here. It is their sum.",
                    lambda u, b: _route(u, b, _softmax(b, 1) / len(b))),
        ),
        (
            "Four steps: couplings c from b, sums s from c and the votes, v from s, agreement from the votes and v.",
            "c is the softmax along axis 1. s[j] is the sum over i of c[i, j] · votes[i, j], and v is s, squashed.",
            "The agreement of i and j is the sum of the products of votes[i, j] and v[j]. It is added to b.",
        ),
        understood="Your function shares out each capsule below by softmax, and gives more weight to votes that agree with v.",
    ),
)  # fmt: skip
