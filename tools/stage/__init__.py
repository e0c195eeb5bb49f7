"""A deck on stage: ``python -m tools.stage 02`` shows a notebook's slides with a living Python behind their explorers."""
