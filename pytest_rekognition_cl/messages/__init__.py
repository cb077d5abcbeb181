"""Every text that a user reads when something is wrong: text, assertion_texts, reports. No pytest here, no state.

The order is always the same: what happened, what was expected (only what differs), the closest call, how to allow it.
"""
