"""A class of simulated students on a real JupyterHub: ``python -m tools.hub``."""
