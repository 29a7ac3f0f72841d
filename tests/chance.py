"""What is played by chance. Without a seed it is the same each time; with one it is another that comes again."""

import functools
import itertools
from collections.abc import Callable

import hypothesis
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def play_by_chance(machine: type[RuleBasedStateMachine], examples: int, steps: int, seed: int | None = None) -> int:
    """Play lives of a state machine, each of at most so many steps, against the model in it; gives how many."""
    lives = itertools.count()

    def born() -> RuleBasedStateMachine:
        next(lives)
        return machine()

    if seed is not None:
        hypothesis.seed(seed)(born)
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=seed is None,
        suppress_health_check=[*HealthCheck], database=None,
    )  # fmt: skip
    run_state_machine_as_test(born, settings=chosen)  # a function will do
    return next(lives)


def try_by_chance(*properties: Callable[[], None], seed: int) -> int:
    """Try properties, each as often as its own test does; gives how often in all."""
    tried = itertools.count()
    for test in properties:
        inner = test.hypothesis.inner_test

        @functools.wraps(inner)
        def counted(*given, inner=inner, **named):
            next(tried)
            inner(*given, **named)

        test.hypothesis.inner_test = counted
        try:
            hypothesis.seed(seed)(test)()
        finally:
            test.hypothesis.inner_test = inner
            test._hypothesis_internal_use_seed = None  # its own test may follow in this process, and has no seed
    return next(tried)
