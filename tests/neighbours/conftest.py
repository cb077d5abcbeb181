"""pytest-asyncio cannot be installed everywhere: the versions whose marker is `loop_scope` need pytest 8.2."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("pytest_asyncio") else ["test_coroutines.py"]
