"""Shared by all tests; their helpers are in support/ (`pythonpath` in pyproject.toml)."""

import pytest
from botocore.loaders import JSONFileLoader

pytest_plugins = ["pytester", "isolation", "answer_schemas"]


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Run the whole suite, which is what no argument means, on all cores; `-n 0` runs it in this process."""
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    options = config.option
    if whole and getattr(options, "numprocesses", 0) is None and not hasattr(config, "workerinput"):
        options.numprocesses = "auto"
        options.dist = "worksteal"


_load_file = JSONFileLoader.load_file
_loaded = {}


def _load_file_once(self, file_path):
    """Parse each of botocore's files once for all sessions: a megabyte each time was a fifth of the suite's seconds."""
    if _loaded.get(file_path) is None:
        _loaded[file_path] = _load_file(self, file_path)
    return _loaded[file_path]


JSONFileLoader.load_file = _load_file_once
