"""Declare torchvision's compiled operators, so that its Python part can be imported beside a torch for CPUs alone."""

import torch

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "roi_align(Tensor input, Tensor rois, float spatial_scale, int pooled_height, int pooled_width,"
    " int sampling_ratio, bool aligned) -> Tensor",
)
library = torch.library.Library("torchvision", "FRAGMENT")
for schema in _SCHEMAS:
    library.define(schema)
