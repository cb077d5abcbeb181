"""The plugin's own errors.

They are not Exceptions: 27 of 46 public programs that use Rekognition catch ``Exception`` somewhere around the call,
and a refusal that is swallowed there would hide the very bug it tells of. All of them can be pickled (pytest-xdist).

Under pytest they are outcomes like that of ``pytest.fail``: any other BaseException that leaves a fixture's tear-down
makes pytest drop the tear-downs that are still to come. Hypothesis too shrinks outcomes, and no other BaseException.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

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
