"""The virtual clock: real time plus what was slept and advanced."""

import threading
from datetime import timedelta

import pytest
from freezegun import freeze_time

from pytest_rekognition_cl.clock import Clock


@freeze_time("2023-07-28T15:05:51.958Z")
def test_it_starts_with_the_users_time():
    clock = Clock()
    assert clock.now_ms() == 1_690_556_751_958
    assert clock.now().isoformat() == "2023-07-28T15:05:51.958000+00:00"
    assert clock.slept == 0


@freeze_time("2023-07-28T15:05:51.958Z")
@pytest.mark.parametrize("length", [90, 90.0, timedelta(seconds=90)])
def test_advance(length):
    clock = Clock()
    clock.advance(length)
    assert clock.now_ms() == 1_690_556_841_958
    assert clock.slept == 0


@freeze_time("2023-07-28T15:05:51.958Z")
def test_sleep_counts():
    clock = Clock()
    clock.sleep(0.5)
    clock.sleep(120)
    assert clock.slept == 120.5
    assert clock.now_ms() == 1_690_556_872_458


@pytest.mark.parametrize("wrong", [-1, float("nan"), float("inf"), timedelta(seconds=-1), 1e12])
def test_wrong_lengths(wrong):
    clock = Clock()
    with pytest.raises(ValueError, match="clock"):
        clock.advance(wrong)


@pytest.mark.parametrize("wrong", ["1", None, True, [1]])
def test_wrong_types(wrong):
    with pytest.raises(TypeError, match="a number of seconds or a timedelta"):
        Clock().advance(wrong)


def test_a_sleep_ends_with_the_calendar():
    clock = Clock()
    clock.sleep(1e15)
    clock.sleep(60)
    assert clock.now().year == 9999
    assert clock.slept == 1e15 + 60


@freeze_time("2023-07-28T15:05:51.958Z")
def test_a_follower_takes_over_what_it_can():
    clock, moved = Clock(), []
    clock.follow(lambda seconds: moved.append(seconds) or True)
    clock.advance(10)
    assert (clock.now_ms(), moved) == (1_690_556_751_958, [10])  # the process's own clock would have moved
    clock.follow(lambda seconds: False)
    clock.advance(10)
    assert clock.now_ms() == 1_690_556_761_958


@freeze_time("2023-07-28T15:05:51.958Z")
def test_threads_lose_nothing():
    clock = Clock()
    threads = [threading.Thread(target=lambda: [clock.sleep(1) for _ in range(500)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.slept == 4000
    assert clock.now_ms() == 1_690_556_751_958 + 4_000_000
