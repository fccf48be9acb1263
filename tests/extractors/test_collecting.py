import gc

from extractors.collecting import seldom_collecting


def test_the_collector_looks_seldom_inside_the_block_and_as_before_after_it() -> None:
    before = gc.get_threshold()
    with seldom_collecting():
        inside = gc.get_threshold()
    assert inside[0] > 10 * before[0]
    assert gc.get_threshold() == before


def test_a_collector_that_is_off_stays_off() -> None:
    gc.disable()
    try:
        with seldom_collecting():
            assert not gc.isenabled()
    finally:
        gc.enable()
