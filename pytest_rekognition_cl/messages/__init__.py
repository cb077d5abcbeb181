"""The texts for users: what happened, what was expected (only what differs), the closest call, how to allow it."""
