"""pytest-rekognition-cl: test code that trains and runs Amazon Rekognition Custom Labels models.

The names here are resolved when they are first used: importing the plugin costs a pytest run next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .calls import Call
    from .errors import EndlessPoll, LateCall, RekognitionCLError, UnansweredCall
    from .fixture import RekognitionCL
    from .handles import Dataset, Model, Project
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

#: Where the public names are looked up, in this order.
_MODULES = ("errors", "literals", "service.statuses", "calls", "handles", "fixture")


if not TYPE_CHECKING:  # or every name would be right for type checkers

    def __getattr__(name: str) -> Any:
        if name == "__version__":
            from importlib.metadata import version

            return version("pytest-rekognition-cl")
        if name in __all__:
            modules = (import_module(f".{module}", __name__) for module in _MODULES)
            return next(getattr(module, name) for module in modules if hasattr(module, name))
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
