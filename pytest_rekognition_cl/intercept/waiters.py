"""botocore's waiters and retry quotas, as far as Rekognition is concerned."""

from __future__ import annotations

import functools
from typing import Any

from ..botocore_model import SERVICE
from ..messages import reports
from .patching import Patch
from .sleeps import Sleeps


class WaiterPatch:
    """Waiters poll for real and sleep virtually; what ended one in vain is noted for the report."""

    def __init__(self, sleeps: Sleeps, notes: list[str]) -> None:
        from botocore.waiter import Waiter

        self._sleeps = sleeps
        self._notes = notes
        self._patch = Patch(Waiter, "wait", self._wait)

    def remove(self) -> None:
        """End."""
        self._patch.remove()

    def _wait(self, patch: Patch) -> Any:
        @functools.wraps(patch.found)
        def wait(waiter: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            if patch.inert:
                return patch.found(waiter, **kwargs)
            if not waits_for_rekognition(waiter):
                return patch.found(waiter, **kwargs)
            from botocore.exceptions import WaiterError

            with self._sleeps.waiting():
                try:
                    return patch.found(waiter, **kwargs)
                except WaiterError as error:
                    self._notes.append(explain(waiter, kwargs, error))
                    raise

        return wait


def waits_for_rekognition(waiter: Any) -> bool:
    """Whether *waiter* polls a Rekognition client."""
    client = getattr(waiter._operation_method._client_method, "__self__", None)
    return client is not None and client.meta.service_model.service_name == SERVICE


def explain(waiter: Any, kwargs: dict[str, Any], error: Any) -> str:
    """Return why a waiter has ended in vain."""
    expected = next((a.expected for a in waiter.config.acceptors if a.state == "success"), "?")
    shown = error.last_response.get("ProjectVersionDescriptions")
    return reports.waiter_ended(waiter.name, str(expected), kwargs.get("VersionNames"), shown, str(error))


class RetryQuotas:
    """What standard and adaptive retries keep in the client, for as long as it lives.

    They draw on a quota: what a test has used up is given back. Adaptive ones also slow the client down after a
    refusal, by waits of real seconds: what the fake refuses is not told to them.
    """

    def __init__(self, sleeps: Sleeps) -> None:
        from botocore.retries.quota import RetryQuota
        from botocore.retries.standard import ThrottlingErrorDetector

        self._sleeps = sleeps
        self._before: dict[int, tuple[Any, int]] = {}
        self._patches = [
            Patch(RetryQuota, "acquire", self._acquire),
            # Of all that retries ask, this method is the question of the adaptive ones alone.
            Patch(ThrottlingErrorDetector, "is_throttling_error", self._is_throttling_error),
        ]

    def remove(self) -> None:
        """End, and give back what was used up."""
        for patch in reversed(self._patches):
            patch.remove()
        for quota, capacity in self._before.values():
            quota._available_capacity = capacity
        self._before.clear()

    def _acquire(self, patch: Patch) -> Any:
        @functools.wraps(patch.found)
        def acquire(quota: Any, *args: Any, **kwargs: Any) -> Any:
            if not patch.inert and self._sleeps.is_waiting():
                self._before.setdefault(id(quota), (quota, quota._available_capacity))
            return patch.found(quota, *args, **kwargs)

        return acquire

    def _is_throttling_error(self, patch: Patch) -> Any:
        @functools.wraps(patch.found)
        def is_throttling_error(detector: Any, **kwargs: Any) -> Any:
            if not patch.inert and self._sleeps.is_waiting():
                return False
            return patch.found(detector, **kwargs)

        return is_throttling_error
