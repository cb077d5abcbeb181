"""Shared by all tests; their helpers are in support/ (`pythonpath` in pyproject.toml)."""

import preload  # noqa: F401
import pytest

pytest_plugins = ["pytester", "inner", "silent_aws", "isolation", "answer_schemas"]


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Run the whole suite, which is what no argument means, on all cores; `-n 0` runs it in this process."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    options = config.option
    if whole and getattr(options, "numprocesses", 0) is None and not hasattr(config, "workerinput"):
        options.numprocesses = "auto"
        options.dist = "worksteal"
