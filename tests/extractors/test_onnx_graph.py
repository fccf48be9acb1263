from pathlib import Path

import numpy as np
import onnxruntime
import pymupdf.layout
import pytest

from extractors.onnx_graph import with_leaky_units

MODELS = Path(pymupdf.layout.__file__).parent / "resources" / "onnx"
IMAGES = (MODELS / "feature_imf1.onnx").read_bytes()


def outputs(model: bytes) -> list[np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, sess_options=options, providers=["CPUExecutionProvider"])
    page = np.random.default_rng(1).random((1, 1, 300, 300), dtype=np.float32)
    return session.run(None, {"input": page})


def test_a_model_of_leaky_units_computes_what_it_did() -> None:
    leaky = with_leaky_units(IMAGES)
    assert b"PRelu" in IMAGES
    assert b"PRelu" not in leaky
    for before, after in zip(outputs(IMAGES), outputs(leaky), strict=True):
        assert np.abs(before - after).max() < 1e-4


@pytest.mark.parametrize("name", ["layout_rf2.4.1+imf1.onnx", "table_grid_model_v4_ep.onnx"])
def test_a_model_without_learned_slopes_stays_as_it_is(name: str) -> None:
    model = (MODELS / name).read_bytes()
    assert with_leaky_units(model) == model
