"""What stands before an engine and is an engine itself: it passes on whose answers it gives."""

from generators.engines.exchange import Engine


class Layer:
    """An engine before another one. Who builds on it says what it does with requests; closing it closes the engine.

    Args:
        engine: who answers.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def name(self) -> str:
        """The name of the engine behind."""
        return self.engine.name

    @property
    def model(self) -> str:
        """The model of the engine behind."""
        return self.engine.model

    @property
    def capacity(self) -> int:
        """The capacity of the engine behind."""
        return self.engine.capacity

    @property
    def sees_images(self) -> bool:
        """Whether the engine behind sees pictures."""
        return self.engine.sees_images

    def close(self) -> None:
        """Close the engine behind."""
        self.engine.close()
