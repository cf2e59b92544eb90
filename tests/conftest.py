"""What holds for every test in Python."""

from hypothesis import settings

# Speed is measured in tests/bench, never asserted: a busy machine is no bug.
settings.register_profile("postil", deadline=None)
settings.load_profile("postil")
