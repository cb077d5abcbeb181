"""The options as a table: the function's marker wins over the class's, the module's, the ini setting, the default."""

from __future__ import annotations

import dataclasses

import pytest

from pytest_rekognition_cl import RekognitionCL
from pytest_rekognition_cl.options import NAMES

#: Option -> (its default, then a value each for: ini, module, class, function), and the ini texts.
TABLE = {
    "region": [None, "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"],
    "account": ["123456789012", "000000000001", "000000000002", "000000000003", "000000000004"],
    "passthrough": [False, True, False, True, False],
    "virtual_sleep": [True, False, True, False, True],
    "virtual_time": [False, True, False, True, False],
    "max_polls": [5000, 1, 2, 3, 4],
    "unused": ["fail", "ignore", "fail", "ignore", "fail"],
    "quotas": [{}, {"projects": 1}, {"projects": 2}, {"projects": 3}, {"projects": 4}],
    "left_running": ["ignore", "fail", "ignore", "fail", "ignore"],
    "default_project": [True, False, True, False, True],
}
INI = {name: str(row[1]) for name, row in TABLE.items()} | {"quotas": "projects = 1"}


def test_the_table_is_complete():
    assert list(TABLE) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_defaults_and_constructor_keywords(name):
    value = TABLE[name][1]
    assert getattr(RekognitionCL()._options, name) == TABLE[name][0]
    assert getattr(RekognitionCL(**{name: value})._options, name) == value


@pytest.mark.parametrize("with_ini", [False, True])
def test_levels(run, with_ini):
    """Every level alone, and over all the levels outside it."""
    markers = [", ".join(f"{name}={row[level]!r}" for name, row in TABLE.items()) for level in (2, 3, 4)]
    source = f"""
import textwrap
TABLE = {TABLE!r}

def check(rekognition_cl, level):
    for name, row in TABLE.items():
        assert getattr(rekognition_cl._options, name) == row[level], (name, level)

def test_outside(rekognition_cl):
    check(rekognition_cl, {int(with_ini)})

@pytest.mark.rekognition_cl({markers[2]})
def test_function(rekognition_cl):
    check(rekognition_cl, 4)

@pytest.mark.rekognition_cl({markers[1]})
class TestClass:
    def test_it(self, rekognition_cl):
        check(rekognition_cl, 3)

    @pytest.mark.rekognition_cl({markers[2]})
    def test_function(self, rekognition_cl):
        check(rekognition_cl, 4)
"""
    module = f"""
pytestmark = pytest.mark.rekognition_cl({markers[0]})

def test_module(rekognition_cl):
    check(rekognition_cl, 2)
"""
    ini = "\n".join(f"rekognition_cl_{name} = {text}" for name, text in INI.items()) if with_ini else ""
    run(source, ini=ini, passed=4)
    run(
        source.replace("def test_outside(rekognition_cl):\n    check(rekognition_cl, " + str(int(with_ini)) + ")", "")
        + module,
        ini=ini,
        passed=4,
    )


def test_levels_merge_and_quotas_merge_name_by_name(run):
    run(
        """
        pytestmark = pytest.mark.rekognition_cl(account="000000000002", quotas={"projects": 2, "tags": None})

        @pytest.mark.rekognition_cl(unused="ignore", quotas={"projects": 3})
        @pytest.mark.rekognition_cl(unused="fail", max_polls=7, quotas=None)
        def test_it(rekognition_cl):
            options = rekognition_cl._options
            assert (options.account, options.unused, options.max_polls) == ("000000000002", "fail", 7)
            assert dict(options.quotas) == {"running_models": 5, "projects": 3, "tags": None}
        """,
        ini="""
        rekognition_cl_quotas =
            running_models = 5
            projects = 1
        """,
        passed=1,
    )


BAD = {
    "account = 12": "in the pytest settings, rekognition_cl_account must be twelve digits, not '12'",
    "region = Ireland": "in the pytest settings, rekognition_cl_region must look like 'us-east-1', not 'Ireland'",
    "passthrough = perhaps": "in the pytest settings, rekognition_cl_passthrough must be true or false (invalid truth value 'perhaps')",
    "virtual_time = 2": "in the pytest settings, rekognition_cl_virtual_time must be true or false (invalid truth value '2')",
    "early = soon": "in the pytest settings, rekognition_cl_early must be true or false (invalid truth value 'soon')",
    "max_polls = many": "in the pytest settings, rekognition_cl_max_polls must be a whole number (invalid literal for int() with base 10: 'many')",
    "max_polls = 0": "in the pytest settings, rekognition_cl_max_polls must be at least 1, not 0",
    "unused = fial": "in the pytest settings, rekognition_cl_unused must be 'fail' or 'ignore', not 'fial'; did you mean 'fail'?",
    "left_running = no": "in the pytest settings, rekognition_cl_left_running must be 'fail' or 'ignore', not 'no'.",
    "quotas = project = 3": "in the pytest settings, rekognition_cl_quotas has no 'project'; did you mean 'projects'? The quotas are projects, models_per_project, concurrent_trainings, running_models, inference_units, concurrent_copies, policies_per_project, tags.",
    "quotas = projects": 'in the pytest settings, rekognition_cl_quotas must be name=number, one a line; in TOML a list of such texts, e.g. ["projects=3", "tags=None"]; not \'projects\'',
    "quotas = projects = -1": "in the pytest settings, rekognition_cl_quotas['projects'] must be a whole number from 0 or None, not -1",
    "quotas = projects=1, tags=2": 'in the pytest settings, rekognition_cl_quotas: projects must be a whole number or None, not \'1, tags=2\'; it is name=number, one a line; in TOML a list of such texts, e.g. ["projects=3", "tags=None"]',
    "quotas = projects = x": 'in the pytest settings, rekognition_cl_quotas: projects must be a whole number or None, not \'x\'; it is name=number, one a line; in TOML a list of such texts, e.g. ["projects=3", "tags=None"]',
}


if pytest.version_tuple < (8, 4):  # ini settings were no numbers then
    BAD["max_polls = many"] = "in the pytest settings, rekognition_cl_max_polls must be a whole number, not 'many'"


@pytest.mark.parametrize("line", BAD)
def test_bad_ini_values_are_usage_errors(pytester, line):
    pytester.makeini(f"[pytest]\nrekognition_cl_{line}\n")
    result = pytester.runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert [line for line in result.errlines if line] == [f"ERROR: {BAD[line]}"]


def test_a_native_toml_setting_may_be_a_number(pytester):
    """pytest 9 reads [tool.pytest] with TOML's own types."""
    if pytest.version_tuple < (9, 0):
        text = '[tool.pytest.ini_options]\nrekognition_cl_max_polls = "7"\nrekognition_cl_quotas = ["projects=3"]\n'
    else:
        text = '[tool.pytest]\nrekognition_cl_max_polls = 7\nrekognition_cl_quotas = ["projects=3"]\nrekognition_cl_passthrough = true\n'
    pytester.makepyprojecttoml(text)
    pytester.makepyfile(
        """
        def test_it(rekognition_cl):
            assert (rekognition_cl._options.max_polls, rekognition_cl._options.quotas) == (7, {"projects": 3})
        """
    )
    pytester.runpytest().assert_outcomes(passed=1)


TOML = {
    'quotas = "projects=3"': 'in the pytest settings, rekognition_cl_quotas must be name=number, one a line; in TOML a list of such texts, e.g. ["projects=3", "tags=None"] (',
    "quotas = {projects = 3}": 'in the pytest settings, rekognition_cl_quotas must be name=number, one a line; in TOML a list of such texts, e.g. ["projects=3", "tags=None"] (',
    "account = 123456789012": "in the pytest settings, rekognition_cl_account must be a text, in TOML in quotes (",
    'passthrough = "yes"': "in the pytest settings, rekognition_cl_passthrough must be true or false (",
    'max_polls = "7"': "in the pytest settings, rekognition_cl_max_polls must be a whole number (",
}


@pytest.mark.skipif(pytest.version_tuple < (9, 0), reason="pytest reads [tool.pytest] with TOML's own types from 9 on")
@pytest.mark.parametrize("line", TOML)
def test_bad_toml_values_are_usage_errors_that_say_what_is_allowed(pytester, line):
    pytester.makepyprojecttoml(f"[tool.pytest]\nrekognition_cl_{line}\n")
    result = pytester.runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "\n".join(result.errlines).startswith(f"ERROR: {TOML[line]}")


MISSPELT = {
    "rekognition_cl_regoin": "rekognition_cl_region",
    "rekognition_cl_max_poll": "rekognition_cl_max_polls",
    "rekognition_cl_erly": "rekognition_cl_early",
}
KNOWN = ", ".join(f"rekognition_cl_{name}" for name in [*NAMES, "early"])


@pytest.mark.parametrize("file", ["pytest.ini", "pyproject.toml"])
@pytest.mark.parametrize("name", MISSPELT)
def test_a_misspelt_setting_is_a_usage_error_with_the_nearest_name(pytester, run_process, name, file):
    """pytest only warns of it, and the suite would run with the default."""
    head, value = ("[pytest]", "eu-west-1") if file == "pytest.ini" else ("[tool.pytest.ini_options]", '"eu-west-1"')
    pytester.makefile(f".{file.partition('.')[2]}", **{file.partition(".")[0]: f"{head}\n{name} = {value}\n"})
    pytester.makepyfile("def test_it(): ...")
    result = run_process(pytester.path)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    message = f"there is no setting {name!r}; did you mean {MISSPELT[name]!r}? The settings are {KNOWN}."
    assert f"ERROR: {message}" in result.errlines


def test_options_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        RekognitionCL()._options.account = "000000000000"
