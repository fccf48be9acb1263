"""Group boxes that lie close together."""

from collections.abc import Sequence

from schemas.geometry import Box, union


def cluster(boxes: Sequence[Box], gap: float) -> list[Box]:
    """Return the boxes around groups whose members stand at most `gap` points apart, in order of their top."""
    return [union(boxes[index] for index in group) for group in cluster_indices(boxes, gap)]


def cluster_indices(boxes: Sequence[Box], gap: float) -> list[list[int]]:
    """Return the groups as indices into `boxes`; a sweep from top to bottom, so dense pages stay cheap."""
    order = sorted(range(len(boxes)), key=lambda index: boxes[index].y0)
    groups: list[tuple[Box, list[int]]] = []
    done: list[tuple[Box, list[int]]] = []
    for index in order:
        here = boxes[index]
        near: list[tuple[Box, list[int]]] = []
        rest: list[tuple[Box, list[int]]] = []
        for group in groups:
            if group[0].y1 + gap < here.y0:
                done.append(group)
            elif _near(group[0], here, gap):
                near.append(group)
            else:
                rest.append(group)
        merged = union([here, *(group[0] for group in near)])
        members = max((group[1] for group in near), key=len, default=[])
        for group in near:
            if group[1] is not members:
                members += group[1]
        members.append(index)
        groups = [*rest, (merged, members)]
    return [sorted(members) for _, members in sorted(done + groups, key=lambda group: (group[0].y0, group[0].x0))]


def _near(a: Box, b: Box, gap: float) -> bool:
    return a.x0 - gap <= b.x1 and b.x0 - gap <= a.x1 and a.y0 - gap <= b.y1 and b.y0 - gap <= a.y1
