"""Patches come off in any order, and nothing of ours is taken for somebody else's."""

import functools

import pytest

from pytest_rekognition_cl.intercept.patching import Patch, patch_at, settle


class Target:
    def method(self):
        return "genuine"

    builtin = len
    static = staticmethod(len)


GENUINE = Target.method


def label(text):
    return lambda found, self: f"{text}+{found(self)}"


def foreign():
    """Wrap as another library does, with functools.wraps; return what undoes it."""
    original = Target.method

    @functools.wraps(original)
    def method(self):
        return f"foreign+{original(self)}"

    Target.method = method
    return lambda: setattr(Target, "method", original)


@pytest.fixture(autouse=True)
def genuine_again():
    yield
    settle()
    assert Target.method is GENUINE


def test_one():
    patch = Patch(Target, "method", label("a"))
    assert Target().method() == "a+genuine"
    patch.remove()
    assert Target.method is GENUINE
    patch.remove()  # twice does nothing


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_of_ours_in_any_order(order):
    patches = [Patch(Target, "method", label(text)) for text in "ab"]
    assert Target().method() == "b+a+genuine"
    patches[order[0]].remove()
    assert Target().method() == ("b+genuine" if order[0] == 0 else "a+genuine")
    patches[order[1]].remove()
    assert Target.method is GENUINE


def test_a_foreign_layer_above_stays():
    patch = Patch(Target, "method", label("a"))
    undo = foreign()
    patch.remove()
    assert Target().method() == "foreign+genuine"
    undo()  # puts our inert layer back
    assert Target().method() == "genuine"


def test_a_foreign_layer_below_stays():
    undo = foreign()
    patch = Patch(Target, "method", label("a"))
    assert Target().method() == "a+foreign+genuine"
    patch.remove()
    assert Target().method() == "foreign+genuine"
    undo()


def test_a_wrapper_of_ours_is_not_ours():
    """functools.wraps copies our mark; the wrapper must not be skipped with the inert layer below it."""
    first = Patch(Target, "method", label("a"))
    undo = foreign()
    first.remove()
    assert patch_at(Target.method) is None
    second = Patch(Target, "method", label("b"))
    assert Target().method() == "b+foreign+genuine"
    second.remove()
    assert Target().method() == "foreign+genuine"
    undo()


def test_builtins_and_static_methods_are_not_bound():
    before = dict(vars(Target))
    patches = [Patch(Target, name, lambda found, value: -found(value)) for name in ("builtin", "static")]
    assert (Target().builtin("abc"), Target.static("abc")) == (-3, -3)
    for patch in patches:
        patch.remove()
    assert {name: vars(Target)[name] for name in ("builtin", "static")} == {
        name: before[name] for name in ("builtin", "static")
    }


def test_what_a_class_inherits():
    class Heir(Target):
        pass

    first, second = Patch(Heir, "method", label("a")), Patch(Heir, "method", label("b"))
    assert (Heir().method(), Target().method()) == ("b+a+genuine", "genuine")
    first.remove()
    assert Heir().method() == "b+genuine"
    second.remove()
    assert "method" not in vars(Heir)
    Target.method = lambda self: "changed"
    try:
        assert Heir().method() == "changed"
    finally:
        Target.method = GENUINE
