"""A state machine of hypothesis, played by chance against the model in it."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

LONG = 400  # examples of a long run, which tries new ones each time


def play_by_chance(machine: type[RuleBasedStateMachine], examples: int, steps: int) -> None:
    """So many lives of it, each of at most so many steps; a short run tries the same each time."""
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=examples < LONG,
        suppress_health_check=[*HealthCheck], database=None,
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=chosen)
