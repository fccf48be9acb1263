"""Make torchvision importable beside a torch that it was not built for, in the environment that runs this.

Its compiled operators then cannot be loaded. Models use none of them, but importing torchvision registers shapes for
two, which have to be declared first.
"""

import importlib.util
from pathlib import Path

AFTER = "import torch.library\n"
SIGNATURE = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"


def declare() -> None:
    """Add the declarations to the file that registers the shapes; doing it again changes nothing."""
    spec = importlib.util.find_spec("torchvision")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).with_name("_meta_registrations.py")
    text = path.read_text()
    lines = "".join(f'torch.library.define("torchvision::{name}", "{SIGNATURE}")\n' for name in ("nms", "qnms"))
    if lines not in text:
        path.write_text(text.replace(AFTER, AFTER + lines, 1))


if __name__ == "__main__":
    declare()
