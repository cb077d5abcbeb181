"""The plugin's own errors.

They are not Exceptions: 27 of 46 public programs that use Rekognition catch ``Exception`` somewhere around the call, and
a refusal that is swallowed there would hide the very bug it tells of. All of them can be pickled (pytest-xdist).
"""

from __future__ import annotations

from .service.answers import BrokenAnswer

__all__ = ["BrokenAnswer", "EndlessPoll", "LateCall", "RekognitionCLError", "UnansweredCall"]


class RekognitionCLError(BaseException):
    """Base of what the plugin itself raises into code under test."""


class UnansweredCall(RekognitionCLError):
    """A Rekognition operation was called for which no answer is prepared."""


class LateCall(RekognitionCLError):
    """A call arrived after the test that it belongs to had ended."""


class EndlessPoll(RekognitionCLError):
    """The code under test has polled so often without any change that it would never stop."""
