from extractors.handover import hand_over, taking
from schemas.records import Image

PICTURE = Image("i", b"", "png", 1, 1)


def test_pictures_stay_where_nobody_takes_them() -> None:
    assert hand_over([PICTURE]) == [PICTURE]


def test_pictures_are_taken_inside_the_block_alone() -> None:
    taken: list[Image] = []
    with taking(taken.extend):
        assert hand_over([PICTURE]) == ()
        assert hand_over(()) == ()
    assert taken == [PICTURE]
    assert hand_over([PICTURE]) == [PICTURE]
