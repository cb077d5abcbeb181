"""How the service says no: the error codes, their HTTP statuses and the three body forms.

Sources: the Errors sections of the API pages, the "Common Errors" page of the API reference, and the page on error
handling in the developer guide. All of Rekognition's modelled exceptions are HTTP 400 except InternalServerError and
ThrottlingException, which are 500 (the ``fault`` mark in the service model).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

_TABLE = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
#: Error code -> HTTP status and default message, for the exceptions of the service's model.
MODELLED: dict[str, tuple[int, str]] = {code: (status, text) for code, (status, text) in _TABLE["modelled"].items()}
#: AWS's common errors: sent by the framework in front of the service, in the framework's body form.
COMMON: dict[str, tuple[int, str]] = {code: (status, text) for code, (status, text) in _TABLE["common"].items()}
SERIALIZATION = "SerializationException"


#: Writes JSON as the service does; kept, since making an encoder takes as long as a short text.
to_json = json.JSONEncoder(separators=(",", ":")).encode


class Answer(NamedTuple):
    """What leaves the service: HTTP status, headers, the bytes of the body; *error* is the code, None for a success."""

    status: int
    headers: dict[str, str]
    body: bytes
    error: str | None = None


class ServiceError(Exception):
    """A refusal. ``code`` is AWS's, ``message`` what the caller reads, ``status`` the HTTP status."""

    def __init__(self, code: str, message: str | None = None) -> None:
        self.code = code
        self.status, default = status_and_message(code)
        self.message = default if message is None else message
        super().__init__(code, self.message)


def status_and_message(code: str) -> tuple[int, str]:
    """Return the HTTP status and the default message of *code*; an unlisted code counts as a client error."""
    return MODELLED.get(code) or COMMON.get(code) or (400, "")


def error_body(code: str, message: str) -> bytes:
    """Return the body of a refusal, in the one of the service's three forms that *code* has.

    Modelled exceptions carry ``__type``, ``Code`` and ``Message``; the framework's own a lower-case ``message`` and no
    ``Code``; SerializationException an upper-case ``Message`` and no ``Code`` (captured bodies of real answers).
    """
    content = {"__type": code}
    if code in MODELLED:
        content |= {"Code": code, "Message": message}
    elif code != "UnknownOperationException":
        content["Message" if code == SERIALIZATION else "message"] = message
    return to_json(content).encode()
