"""Which of these tests run here: those whose clients are installed. `.ci/run` makes the environments of the others."""

from importlib.util import find_spec

collect_ignore = []
if find_spec("awscli") is None:
    # Real clients over HTTP: one environment holds the AWS CLI (which pins its own botocore) and runs Node.js.
    collect_ignore += ["cli", "js"]
