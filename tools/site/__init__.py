"""The lecture as pages and slides that need no Python: ``python -m tools.site`` makes ``build/site``."""
