"""No test is left out everywhere: what one environment cannot run, another one of `.ci/run` and nox runs."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
LISTS = sorted((TESTS / "requirements").glob("*.txt"))


def names_in(text):
    """Return the distributions that *text* lists, as the modules that they bring are called."""
    lines = [line.partition("#")[0].strip(' ",\n') for line in text.splitlines()]
    return {re.split(r"[\[<>=~! ]", line)[0].lower().replace("-", "_") for line in lines} - {""}


def extra(name):
    """Return what the extra *name* of pyproject.toml lists."""
    return names_in(re.search(rf"^{name} = \[\n(.*?)^\]", (ROOT / "pyproject.toml").read_text(), re.M | re.S)[1])


def asked_for(path):
    """Return the modules whose absence leaves tests out, as the conftest.py *path* has it."""
    tree = ast.parse(path.read_text())
    found = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("find_spec", "importorskip", "pytest.importorskip")
        and isinstance(node.args[0], ast.Constant)
    }
    needs = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign) and node.targets[0].id == "NEEDS"]
    return found.union(*(ast.literal_eval(value) for value in needs))


def test_what_tests_are_left_out_for_is_installed_somewhere():
    asked = asked_for(TESTS / "compat" / "conftest.py") | asked_for(TESTS / "compat" / "aio" / "conftest.py")
    assert asked >= {"awscli", "pytest_asyncio", "aiobotocore", "aioboto3", "trio", "httpx"}
    installed = extra("test").union(*(names_in(path.read_text()) for path in LISTS))
    assert asked <= installed


@pytest.mark.parametrize("requirements", [path.name for path in LISTS])
@pytest.mark.parametrize("runner", [".ci/run", "noxfile.py"])
def test_each_environment_is_run(requirements, runner):
    text = (ROOT / runner).read_text()
    name = requirements.removesuffix(".txt")
    assert f"tests/requirements/{requirements}" in text or (f'"{name}"' in text and "{line}.txt" in text)


def test_the_oldest_environment_has_what_the_package_promises():
    promised = re.search(r"^dependencies = \[(.*)\]", (ROOT / "pyproject.toml").read_text(), re.M)[1]
    least = {part.strip(' "').replace(">=", "==") for part in promised.split(",")}
    pinned = (TESTS / "requirements" / "oldest.txt").read_text()
    for requirement in least:
        name, _, version = requirement.partition("==")
        assert re.search(rf"^{name}=={re.escape(version)}(\.0)?$", pinned, re.M), requirement
