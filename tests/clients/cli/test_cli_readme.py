"""The guide's block that needs the AWS CLI."""

import os
import re
from pathlib import Path

PAGE = (Path(__file__).parents[3] / "docs" / "other-processes.md").read_text(encoding="utf-8")


def test_the_block_runs(pytester, monkeypatch, cli_folder):
    [block] = re.findall(r"```python\n(# needs: the AWS CLI.*?)```", PAGE, re.DOTALL)
    monkeypatch.setenv("PATH", f"{cli_folder}{os.pathsep}{os.environ['PATH']}")
    pytester.makepyfile(block)
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)
