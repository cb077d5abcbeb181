"""The fake itself: requests in as bytes, answers out as bytes. It knows neither pytest nor botocore."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache, partial

from .errors import Answer, ServiceError, error_body, to_json
from .lifecycle import Members
from .operations import Request, datasets, projects, versions
from .store import Store
from .validation import REMEMBERED_BYTES, read_request

__all__ = ["OPERATIONS", "Answer", "RekognitionService", "answer"]

CONTENT_TYPE = "application/x-amz-json-1.1"

#: boto3 method name -> the operation.
OPERATIONS: dict[str, Callable[[Request], Members | str]] = {
    name: function
    for module in (projects, versions, datasets)
    for name, function in vars(module).items()
    if not name.startswith("_") and getattr(function, "__module__", None) == module.__name__
}

#: For the identifiers of requests; the global random state is the test's.
_bits = random.Random().getrandbits
_date = lru_cache(maxsize=8)(partial(formatdate, usegmt=True))


def answer(status: int, body: bytes, now: int, error: str | None = None) -> Answer:
    """Return *body* with the headers that the service sends."""
    number = f"{_bits(128):032x}"
    headers = {
        "Content-Type": CONTENT_TYPE,
        "Date": _date(now // 1000),
        "x-amzn-RequestId": f"{number[:8]}-{number[8:12]}-4{number[13:16]}-8{number[17:20]}-{number[20:]}",
        "Content-Length": str(len(body)),
    }
    return Answer(status, headers, body, error)


class RekognitionService:
    """Amazon Rekognition Custom Labels, in memory; *now* returns the time in epoch milliseconds.

    *quotas* are what differs from the documented defaults (store.DEFAULT_QUOTAS); None lifts a quota.
    """

    def __init__(
        self, *, now: Callable[[], int], account: str = "123456789012", quotas: dict[str, int | None] | None = None
    ) -> None:
        self.lock = threading.RLock()
        self.now = now
        self.store = Store(account=account, quotas=quotas or {}, now=now)

    def handle(self, operation: str, body: bytes, *, region: str, now: int | None = None) -> Answer:
        """Answer a request to *operation*, by its boto3 name, in *region*; *now* where the caller has just read it."""
        with self.lock:
            now = self.now() if now is None else now
            try:
                if operation not in OPERATIONS:
                    raise ServiceError("UnknownOperationException")
                read = read_request if len(body) <= REMEMBERED_BYTES else read_request.__wrapped__
                request = Request(read(operation, body))
                request.store, request.operation, request.region, request.now = self.store, operation, region, now
                content = OPERATIONS[operation](request)
            except ServiceError as error:
                return self.refuse(error.code, error.message, error.status)
            text = content if isinstance(content, str) else to_json(content)
            return answer(200, text.encode(), now)

    def due_of(self, arn: str) -> int | None:
        """Return when the change that a thing goes through will end, in epoch milliseconds; None for no such end.

        Without the lock: who asks has one of its own, and a function of the user's may sleep inside a request.
        """
        store = self.store
        thing = store.versions_by_arn.get(arn) or store.datasets.get(arn) or store.projects.get(arn)
        return None if thing is None else thing.progression.due_ms

    def refuse(self, code: str, message: str, status: int) -> Answer:
        """Return a refusal in the body form that *code* has."""
        return answer(status, error_body(code, message), self.now(), code)
