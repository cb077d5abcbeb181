"""The texts that a user reads when something is wrong: how values and calls are written, and the reports.

The order is always the same: what happened, what was expected (only what differs), the closest call, how to allow it.
"""
