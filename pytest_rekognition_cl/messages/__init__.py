"""Facts to text: everything that a user reads when something is wrong. No pytest here, no state.

The order is always the same: what happened, what was expected (only what differs), the closest call, how to allow it.
"""

from .comparing import Difference, differences
from .failures import different, had_errors, none_matches, not_called, out_of_order, unwanted, wrong_count
from .listing import lines_of, outcome, source
from .refusals import endless, late_arrangement, late_call, nobody_answers, unanswered, waiter_ended
from .values import short, times
from .verdict import REPORT_TITLE, left_running, report, unused, verdict

__all__ = [
    "REPORT_TITLE",
    "Difference",
    "differences",
    "different",
    "endless",
    "had_errors",
    "late_arrangement",
    "late_call",
    "left_running",
    "lines_of",
    "nobody_answers",
    "none_matches",
    "not_called",
    "out_of_order",
    "outcome",
    "report",
    "short",
    "source",
    "times",
    "unanswered",
    "unused",
    "unwanted",
    "verdict",
    "waiter_ended",
    "wrong_count",
]
