"""The names of the options, as pytest knows them as settings. Light: every pytest run with the plugin imports this."""

from __future__ import annotations

#: Option -> pytest's type of its ini setting, and the help text.
SETTINGS: dict[str, tuple[str, str]] = {
    "region": ("string", "the Region of the default project, and of clients for which no Region resolves"),
    "account": ("string", "the AWS account id, twelve digits"),
    "passthrough": ("bool", "hand other Rekognition operations on to whoever answers botocore's before-send (moto)"),
    "virtual_sleep": ("bool", "make the test's own sleeps virtual; those of waiters and retries always are"),
    "virtual_time": ("bool", "let time.time(), time.monotonic() and datetime.now() move with virtual sleeps"),
    "max_polls": ("int", "how many virtual sleeps without news end a poll"),
    "unused": ("string", "what prepared errors and responses that were not used up do to the test"),
    "quotas": ("linelist", "quotas that differ from AWS's defaults, as name=number; None lifts one"),
    "left_running": ("string", "what a model left RUNNING at the end does to the test"),
    "default_project": ("bool", "let a default project exist, which rekognition_cl.project_arn names"),
}

#: Type of a setting -> what is allowed, where pytest itself refuses the value.
ALLOWED: dict[str, str] = {
    "string": "a text, in TOML in quotes",
    "bool": "true or false",
    "int": "a whole number",
    "linelist": 'name=number, one a line; in TOML a list of such texts, e.g. ["projects=3", "tags=None"]',
}
