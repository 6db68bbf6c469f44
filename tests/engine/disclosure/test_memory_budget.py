"""Slow hashes share the memory there is; statement T79."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.disclosure.budget import MIB, OF_THIS_PROCESS, MemoryBudget
from engine.disclosure.primitives import COST_OF_A_PASSWORD, COST_OF_A_RECEIPT, slow_key
from engine.organisation.passwords import TooBusy
from tests.engine.disclosure.kept_values import CHEAP, SALT

ROOT = Path(__file__).resolve().parents[3]


def test_t79_fifty_at_once_never_hold_more_than_the_budget() -> None:
    budget, watched = MemoryBudget(5), threading.Lock()
    held = most = 0

    def one(number: int) -> None:
        nonlocal held, most
        amount = 1 + number % 3
        with budget.taking(amount):
            with watched:
                held += amount
                most = max(most, held)
            slow_key(b"secret", SALT, CHEAP)
            with watched:
                held -= amount

    with ThreadPoolExecutor(50) as people:
        list(people.map(one, range(50)))
    assert held == 0
    assert 1 <= most <= 5


def test_t79_sixteen_receipts_at_once_stay_within_the_memory_of_two() -> None:
    """In a process of its own, where the kernel tells the most memory it ever had."""
    opening = (
        "import re; from concurrent.futures import ThreadPoolExecutor\n"
        "from engine.disclosure.budget import MIB, MemoryBudget\n"
        "from engine.disclosure.primitives import Cost, slow_key\n"
        "def most(): return int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) // 1024\n"
        "before, budget = most(), MemoryBudget(128 * MIB, wait_seconds=60)\n"
        "with ThreadPoolExecutor(16) as people:\n"
        "    list(people.map(lambda n: slow_key(b'x', bytes(16), Cost(1, 64 * MIB), budget), range(16)))\n"
        "print(most() - before)"
    )
    told = subprocess.run([sys.executable, "-c", opening], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 60 <= int(told.stdout) <= 128 + 16


def test_the_process_has_room_for_two_officers_or_eight_receipts() -> None:
    with OF_THIS_PROCESS.taking(512 * MIB):
        pass
    assert 2 * COST_OF_A_PASSWORD.memory == 8 * COST_OF_A_RECEIPT.memory == 512 * MIB


def test_who_finds_no_place_in_time_is_told() -> None:
    budget = MemoryBudget(2, wait_seconds=0)
    with budget.taking(1):
        with budget.taking(1), pytest.raises(TooBusy, match="try again"), budget.taking(1):
            pass
        with budget.taking(1):
            assert budget.waiting == 0


def test_more_than_there_ever_is_is_refused_at_once() -> None:
    with pytest.raises(TooBusy), MemoryBudget(2).taking(3):
        pass


def test_a_place_is_given_back_after_a_fault() -> None:
    budget = MemoryBudget(1, wait_seconds=0)
    with pytest.raises(RuntimeError), budget.taking(1):
        raise RuntimeError
    with budget.taking(1):
        pass


def test_small_ones_do_not_overtake_a_large_one() -> None:
    budget, order = MemoryBudget(2), list[str]()

    def take(amount: int, name: str) -> None:
        with budget.taking(amount):
            order.append(name)

    def when_waiting(people: int) -> None:
        for _ in range(10_000_000):
            if budget.waiting == people:
                return
        raise AssertionError("nobody came")

    large, small = threading.Thread(target=take, args=(2, "large")), threading.Thread(target=take, args=(1, "small"))
    with budget.taking(1):
        large.start()
        when_waiting(1)
        small.start()
        when_waiting(2)
        assert order == []
    large.join()
    small.join()
    assert order == ["large", "small"]
