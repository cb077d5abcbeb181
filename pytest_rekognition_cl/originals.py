"""What the standard library's clocks and sleeps were when pytest started.

A test may replace ``time.sleep`` before it asks for the fixture, and the doors are imported no sooner than that. So the
genuine ones are taken here, in a module that the plugin imports at once. They are kept in a dict, since freezegun
replaces the clocks that it finds in a module's names.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

ORIGINALS: dict[str, Callable[..., Any]] = {"sleep": time.sleep, "monotonic": time.monotonic}
