"""The plugin's own errors.

They are not Exceptions: 27 of 46 public programs that use Rekognition catch ``Exception`` somewhere around the call,
and a refusal that is swallowed there would hide the bug that it reports. All of them can be pickled (pytest-xdist).

Under pytest they are outcomes like that of ``pytest.fail``: any other BaseException that leaves a fixture's tear-down
makes pytest drop the tear-downs that are still to come. Hypothesis too shrinks outcomes, and no other BaseException.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

_Outcome = BaseException
if not TYPE_CHECKING and "pytest" in sys.modules:
    _Outcome = sys.modules["pytest"].fail.Exception

__all__ = ["EndlessPoll", "LateCall", "RekognitionCLError", "UnansweredCall"]


class RekognitionCLError(_Outcome):
    """Base of what the plugin itself raises into code under test."""


class UnansweredCall(RekognitionCLError):
    """A Rekognition operation was called for which no answer is prepared."""


class LateCall(RekognitionCLError):
    """A call arrived after the test that it belongs to had ended."""


class EndlessPoll(RekognitionCLError):
    """The code under test has polled so often without any change that it would never stop."""


#: What the plugin raises for a mistake of the user's.
_MISTAKES = (AssertionError, TypeError, ValueError, RuntimeError)


def hide_frames(excinfo: Any) -> bool:
    """Tell pytest whether to leave a module's frames out of a traceback; a module takes it as ``__tracebackhide__``.

    A user's mistake is shown at the user's line, a bug of the plugin where it happened. *excinfo* is an ExceptionInfo.
    """
    return isinstance(excinfo.value, _MISTAKES)
