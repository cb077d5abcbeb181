"""botocore's and aiobotocore's waiters and retry quotas, as far as Rekognition is concerned."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import WaiterError

from ..botocore_model import SERVICE
from ..messages import reports
from .redirect import Redirections
from .sleeps import WAITING


@contextmanager
def _waiting(waiter: Any, kwargs: dict[str, Any]) -> Generator[None]:
    """Let *waiter* poll for real and sleep virtually; what ended it in vain is noted for the report."""
    client = getattr(getattr(waiter._operation_method, "_client_method", None), "__self__", None)
    if client is None or client.meta.service_model.service_name != SERVICE or not REDIRECTIONS.users:
        yield
        return
    sleeps = REDIRECTIONS.users[-1]
    token = WAITING.set(sleeps)
    try:
        yield
    except WaiterError as error:
        expected = next((a.expected for a in waiter.config.acceptors if a.state == "success"), "?")
        shown: Any = error.last_response.get("ProjectVersionDescriptions")
        text = reports.waiter_ended(waiter.name, str(expected), kwargs.get("VersionNames"), shown, str(error))
        sleeps.dispatcher.notes.append(text)
        raise
    finally:
        WAITING.reset(token)


def _wait(original: Any, waiter: Any, **kwargs: Any) -> Any:
    __tracebackhide__ = True
    with _waiting(waiter, kwargs):
        return original(waiter, **kwargs)


async def _wait_async(original: Any, waiter: Any, **kwargs: Any) -> Any:
    with _waiting(waiter, kwargs):
        return await original(waiter, **kwargs)


# Standard and adaptive retries keep something in the client, for as long as it lives. They draw on a quota: what a test
# has used up is given back. Adaptive ones also slow the client down after a refusal, by waits of real seconds: what the
# fake refuses is not told to them.


def _acquire(original: Any, quota: Any, *args: Any, **kwargs: Any) -> Any:
    sleeps = WAITING.get()
    if sleeps is not None and sleeps in REDIRECTIONS.users:
        sleeps.quotas.setdefault(id(quota), (quota, quota._available_capacity))
    return original(quota, *args, **kwargs)


def _is_throttling_error(original: Any, detector: Any, **kwargs: Any) -> Any:
    return WAITING.get() not in REDIRECTIONS.users and original(detector, **kwargs)


#: Its users are the Sleeps of the open fixtures.
REDIRECTIONS = Redirections(
    {
        ("botocore.waiter", "Waiter.wait"): _wait,
        ("aiobotocore.waiter", "AIOWaiter.wait"): _wait_async,
        ("botocore.retries.quota", "RetryQuota.acquire"): _acquire,
        # Of all that retries ask, this method is the question of the adaptive ones alone.
        ("botocore.retries.standard", "ThrottlingErrorDetector.is_throttling_error"): _is_throttling_error,
    }
)
