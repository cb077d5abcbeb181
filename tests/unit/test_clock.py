"""The virtual clock: real time plus what was slept and advanced."""

import threading
from datetime import timedelta

import pytest
from freezegun import freeze_time

from pytest_rekognition_cl.clock import Clock, Sleepers
from pytest_rekognition_cl.originals import ORIGINALS


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
    clock.sleep_until(0.5)
    clock.sleep_until(120.5)
    clock.sleep_until(60)  # it never moves back
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
    clock.sleep_until(1e15)
    clock.sleep_until(1e15 + 60)
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


ONE, OTHER = threading.Thread(name="one"), threading.Thread(name="other")


@pytest.fixture
def real(monkeypatch):
    """The real time in seconds, as a list of one."""
    now, processor = [100.0], [0.0]
    monkeypatch.setitem(ORIGINALS, "monotonic", lambda: now[0])
    monkeypatch.setitem(ORIGINALS, "process_time", lambda: processor[0])
    return now


def test_the_clock_jumps_to_the_earliest_waking_when_all_sleep(real):
    clock = Clock()
    sleepers = Sleepers(clock)
    sleepers.are_all = lambda asleep: len(asleep) == 2
    long = sleepers.add(ONE, None, 120)
    assert not sleepers.is_over(long)
    short = sleepers.add(OTHER, None, 30)
    assert not sleepers.is_over(long)
    assert clock.slept == 30
    assert sleepers.is_over(short)
    sleepers.remove(short)
    again = sleepers.add(OTHER, None, 100)
    assert sleepers.is_over(long)
    assert not sleepers.is_over(again)
    assert clock.slept == 120


def test_the_clock_jumps_when_nothing_has_happened_for_half_a_millisecond(real):
    clock = Clock()
    sleepers = Sleepers(clock)
    sleepers.are_all = lambda asleep: False
    sleeper = sleepers.add(ONE, None, 120)
    real[0] += 0.0004
    assert not sleepers.is_over(sleeper)
    real[0] += 0.0002
    assert sleepers.is_over(sleeper)


def test_a_call_gets_more_time(real):
    clock = Clock()
    sleepers = Sleepers(clock)
    sleepers.are_all = lambda asleep: False
    sleeper = sleepers.add(ONE, None, 120)
    sleepers.begin_call(OTHER)
    real[0] += 0.04
    assert not sleepers.is_over(sleeper)
    real[0] += 0.02
    assert sleepers.is_over(sleeper)


def test_who_calls_and_never_sleeps_gets_more_time_at_first_only(real):
    clock = Clock()
    sleepers = Sleepers(clock)
    sleepers.are_all = lambda asleep: False
    for waits in (True, True, True, False):
        sleeper = sleepers.add(ONE, None, 120)
        sleepers.begin_call(OTHER)
        sleepers.end_call(OTHER)
        real[0] += 0.002
        assert sleepers.is_over(sleeper) is not waits
        real[0] += 0.01
        assert sleepers.is_over(sleeper)
        sleepers.remove(sleeper)


def test_the_clock_waits_for_who_is_about_to_go_on_but_not_for_ever(real):
    clock = Clock()
    sleepers = Sleepers(clock)
    sleepers.are_all = lambda asleep: True
    sleepers.add(ONE, None, 10)  # its loop is gone: it never asks
    other = sleepers.add(OTHER, None, 20)
    assert not sleepers.is_over(other)
    assert clock.slept == 10
    real[0] += 0.001
    assert not sleepers.is_over(other)
    real[0] += 0.1
    assert sleepers.is_over(other)


def test_a_released_sleeper_goes_on_at_once():
    clock = Clock()
    sleepers = Sleepers(clock)
    sleepers.are_all = lambda asleep: False
    sleeper = sleepers.add(ONE, None, 10)
    sleepers.release()
    assert sleepers.is_over(sleeper)
    assert clock.slept == 0
