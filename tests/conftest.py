"""One Hypothesis profile for all tests: the same examples on every machine, and no clock."""

from hypothesis import HealthCheck, settings

settings.register_profile("lecture", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("lecture")
