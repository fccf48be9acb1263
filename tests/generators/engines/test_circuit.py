import pytest

from generators.engines.circuit import Circuit, State


def test_failures_in_a_row_make_a_server_sick_and_an_answer_heals_it() -> None:
    circuit = Circuit(failures=2)
    circuit.failed("one")
    circuit.succeeded()
    circuit.failed("two")
    assert (circuit.state, circuit.lets_through()) == (State.UP, True)
    circuit.failed("three")
    assert (circuit.state, circuit.lets_through(), circuit.reason) == (State.SICK, False, "three")
    circuit.succeeded()
    assert (circuit.state, circuit.lets_through(), circuit.reason) == (State.UP, True, "")


def test_a_sick_server_gets_one_trial_at_a_time() -> None:
    circuit = Circuit(failures=1)
    circuit.failed("boom")
    circuit.grant_trial()
    assert circuit.lets_through()
    circuit.began()
    assert not circuit.lets_through()


def test_the_time_away_counts_from_the_first_loss() -> None:
    circuit = Circuit(failures=1)
    circuit.failed("boom")
    since = circuit.since
    circuit.leave(State.AWAY, "ConnectError")
    assert (circuit.since, circuit.state) == (since, State.AWAY)


@pytest.mark.parametrize(("refusals", "held"), [(1, False), (2, False), (6, True)])
def test_one_busy_reply_holds_nobody_back_and_many_do(refusals: int, held: bool) -> None:
    circuit = Circuit()
    for _ in range(refusals):
        circuit.busy(30.0, "429")
    assert (circuit.held_for() > 0) is held
    assert circuit.lets_through() is not held


def test_a_server_that_is_busy_for_ever_is_sick() -> None:
    circuit = Circuit(busy_seconds=0.0)
    circuit.busy(0.0, "quota")
    circuit.busy(0.0, "quota")
    assert (circuit.state, circuit.reason) == (State.SICK, "quota")
