"""What all tests share: examples are found the same way on every machine, however slow it is."""

from hypothesis import settings

settings.register_profile("corpusmill", deadline=None, derandomize=True)
settings.load_profile("corpusmill")
