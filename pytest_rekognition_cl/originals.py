"""The standard library's sleep and clock as they were when pytest started.

A test may replace ``time.sleep`` before it asks for the fixture, and the rest of the package is imported no sooner than
that; the plugin imports this module at once. A dict, since freezegun replaces the clocks that it finds in a module's
names.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

ORIGINALS: dict[str, Callable[..., Any]] = {
    "sleep": time.sleep,
    "time": time.time,
    "monotonic": time.monotonic,
    "monotonic_ns": time.monotonic_ns,
    "process_time": time.process_time,
}
