"""Which of these tests run here: those whose libraries are installed. `.ci/run` makes the environments of the others."""

from importlib.util import find_spec

#: What cannot be installed everywhere -> the tests that need it.
NEEDS = {
    # Real clients over HTTP: one environment holds the AWS CLIs (version 1 pins its own botocore) and runs Node.js.
    "awscli": ["cli", "js"],
    # The versions whose marker is `loop_scope` need pytest 8.2.
    "pytest_asyncio": ["test_neighbours_coroutines.py"],
}

collect_ignore = [path for library, paths in NEEDS.items() if find_spec(library) is None for path in paths]
