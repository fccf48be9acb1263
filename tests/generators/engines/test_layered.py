from generators.engines.layered import Layer
from tests.generators.engines.test_metered import Counting


class Closing(Counting):
    closed = False

    def close(self) -> None:
        self.closed = True


def test_a_layer_shows_the_engine_behind_and_closes_it():
    engine = Closing({}, capacity=7, name="one", model="two", sees_images=True)
    layer = Layer(engine)
    assert (layer.name, layer.model, layer.capacity, layer.sees_images) == ("one", "two", 7, True)
    layer.close()
    assert engine.closed
