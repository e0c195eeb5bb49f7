"""Notebook 03's own material: its explorers and figures, what it asks, and what is right."""

from ...practice import Desk
from .answers import ANSWERS
from .exercises import EXERCISES
from .figures import draw_costs, draw_curves, draw_race, draw_zoo
from .landing import fit_lines, landing
from .maxout_envelope import maxout_envelope
from .neuron import weight_path
from .quizzes import DEAD_UNIT, LAST_ACTIVATION, NO_ACTIVATION
from .speed import cost_ratios, epochs_to
from .zigzag import zigzag
from .zoo import zoo

desk = Desk(EXERCISES, ANSWERS)
answer, ask, check, hints, progress = desk.answer, desk.ask, desk.check, desk.hints, desk.progress

__all__ = [
    "DEAD_UNIT", "LAST_ACTIVATION", "NO_ACTIVATION", "answer", "ask", "check", "cost_ratios", "draw_costs", "draw_curves", "draw_race",
    "draw_zoo", "epochs_to", "fit_lines", "hints", "landing", "maxout_envelope", "progress", "weight_path", "zigzag", "zoo",
]  # fmt: skip
