"""pytest-rekognition-cl: test code that trains and runs Amazon Rekognition Custom Labels models.

The names here are resolved when they are first used: importing the plugin costs a pytest run next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .calls import Call
    from .datasets import Dataset
    from .errors import EndlessPoll, LateCall, RekognitionCLError, UnansweredCall
    from .fixture import RekognitionCL
    from .handles import Model, Project
    from .literals import ErrorCode, Feature, RoutedOperation, Status, Transition
    from .service.statuses import TrainingFailure

    __version__: str

__all__ = [
    "Call",
    "Dataset",
    "EndlessPoll",
    "ErrorCode",
    "Feature",
    "LateCall",
    "Model",
    "Project",
    "RekognitionCL",
    "RekognitionCLError",
    "RoutedOperation",
    "Status",
    "TrainingFailure",
    "Transition",
    "UnansweredCall",
    "__version__",
]

_HOMES = {
    "Call": "calls",
    "Dataset": "datasets",
    "EndlessPoll": "errors",
    "ErrorCode": "literals",
    "Feature": "literals",
    "LateCall": "errors",
    "Model": "handles",
    "Project": "handles",
    "RekognitionCL": "fixture",
    "RekognitionCLError": "errors",
    "RoutedOperation": "literals",
    "Status": "literals",
    "TrainingFailure": "service.statuses",
    "Transition": "literals",
    "UnansweredCall": "errors",
}


if not TYPE_CHECKING:  # or every name would be right for type checkers

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            return version("pytest-rekognition-cl")
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted(__all__)
