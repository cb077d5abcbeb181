"""What happens in a test's set-up stays there, in every way in which pytest sets tests up."""

from __future__ import annotations

import pytest

WRONG = """
import pytest

@pytest.mark.rekognition_cl_model("v1", status="RUNING")
def test_wrong(monkeypatch, tmp_path, mine): ...

def test_after(monkeypatch, tmp_path, mine):
    monkeypatch.setenv("X", "1")
"""
CONFTEST = """
import pytest

@pytest.fixture
def mine():
    yield
"""


def test_a_marker_mistake_breaks_no_other_test(pytester, run_process):
    """Nor those of another file: pytest keeps what it knows of a fixture for the session."""
    pytester.makeconftest(CONFTEST)
    other = "def test_later(monkeypatch, tmp_path, mine):\n    monkeypatch.setenv('X', '1')\n"
    pytester.makepyfile(test_a=WRONG, test_b=other)
    result = run_process(pytester.path)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at setup of test_wrong*", "'RUNING' is not a status; did you mean 'RUNNING'?*"]
    )
    result.stdout.no_fnmatch_line("*AssertionError*")


def test_virtual_time_without_its_extra_breaks_no_other_test(pytester, run_process):
    pytester.makeconftest("import sys\nsys.modules['time_machine'] = None\n" + CONFTEST)
    wrong = WRONG.replace('rekognition_cl_model("v1", status="RUNING")', "rekognition_cl(virtual_time=True)")
    pytester.makepyfile(test_a=wrong, test_b="def test_later(monkeypatch, tmp_path, mine): ...\n")
    result = run_process(pytester.path)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at setup of test_wrong*", "*virtual_time=True*virtual-time*"])


def test_nothing_is_set_up_for_a_test_with_a_wrong_marker(run):
    run(
        """
        done = []

        @pytest.fixture(autouse=True)
        def mine():
            done.append(1)

        @pytest.mark.rekognition_cl_model("v1", status="RUNING")
        def test_wrong(): ...

        def test_after():
            assert done == [1]
        """,
        passed=1,
        errors=1,
    )


MARKED = """
@pytest.mark.rekognition_cl_model("v1")
def test_marked(tmp_path): ...

def test_plain(rekognition_cl): ...
"""


@pytest.mark.parametrize("how", ["--setup-plan", "--setup-only", "--setup-show"])
def test_pytests_own_ways_to_show_the_set_up(run, how):
    outcomes = {"passed": 2} if how == "--setup-show" else {}
    output = run(MARKED, how, **outcomes)
    assert output.result.ret == 0
    assert sum("SETUP    F rekognition_cl" in line for line in output.lines) == 2


UNUSED = {
    "nothing": ("def test_it(): ...", False),
    "a name of another plugin's": ("@pytest.mark.parametrize('n', [1])\ndef test_it(n, tmp_path): ...", False),
    "the fixture": ("def test_it(rekognition_cl): ...", True),
    "a marker": ("@pytest.mark.rekognition_cl_model('v1')\ndef test_it(): ...", True),
    "a context": ("def test_it():\n    with pytest_rekognition_cl.RekognitionCL(): ...", True),
}


@pytest.mark.parametrize(("source", "used"), UNUSED.values(), ids=UNUSED.keys())
def test_only_a_run_that_uses_the_plugin_has_its_hooks_for_each_test(run, source, used):
    run.pytester.makeconftest(
        """
        def pytest_runtest_teardown(item):
            plugins = {type(plugin).__name__ for plugin in item.config.pluginmanager.get_plugins()}
            item.config.rootpath.joinpath("used").write_text(str("RuntestHooks" in plugins))
        """
    )
    run("import pytest_rekognition_cl\n" + source, passed=1)
    assert run.pytester.path.joinpath("used").read_text() == str(used)


@pytest.mark.parametrize(("argument", "imported"), [("rekognition_cl", "True"), ("", "False")])
def test_what_the_fixture_needs_is_imported_before_the_first_test(pytester, argument, imported):
    """The first test does not look slow; and a run that has no use for it imports nothing."""
    pytester.makeconftest(
        """
        import sys, pytest

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item):
            print("imported:", {"jsonschema", "botocore"} <= set(sys.modules))
        """
    )
    pytester.makepyfile(f"def test_it({argument}): pass")
    result = pytester.runpytest_subprocess("-s", "-p", "no:randomly", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"*imported: {imported}"])
