"""Every combination that is promised: ``nox`` runs them all, ``nox -s tests-3.12`` one (https://nox.thea.codes)."""

import shutil
from pathlib import Path

import nox

nox.options.default_venv_backend = "venv"
nox.options.error_on_missing_interpreters = False

PYTHONS = ["3.10", "3.11", "3.12", "3.13"]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests with the newest pytest, botocore and jsonschema."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(python=["3.10", "3.11"])  # newer ones warn of what the old libraries use
def oldest(session: nox.Session) -> None:
    """The tests with the oldest pytest, botocore and jsonschema that pyproject.toml promises."""
    session.install("-e", ".", "-r", "tests/requirements/oldest.txt")
    session.run(
        "python",
        "-m",
        "pytest",
        "-p",
        "no:randomly",
        "tests/unit",
        "tests/examples",
        "tests/intercept",
        "tests/neighbours",
    )


@nox.session
def norewrite(session: nox.Session) -> None:
    """Messages must not rely on pytest's assertion rewriting."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", "--assert=plain", "tests/unit", "tests/plugin")


@nox.session
def wheel(session: nox.Session) -> None:
    """The built wheel, with no checkout beside the tests."""
    outside = Path(session.create_tmp()) / "outside"
    shutil.rmtree(outside, ignore_errors=True)
    outside.mkdir()
    session.install(".[test]")
    for folder in ("tests", "docs", ".ci"):
        shutil.copytree(folder, outside / folder)
    for file in ("pyproject.toml", "README.md", "CHANGELOG.md"):
        shutil.copy(file, outside)
    session.chdir(outside)
    for rewriting in ("rewrite", "plain"):
        session.run("python", "-m", "pytest", f"--assert={rewriting}", "tests/examples", "tests/plugin")


@nox.session
@nox.parametrize("line", ["aio", "aioboto3"])
def asyncio(session: nox.Session, line: str) -> None:
    """Aiobotocore's newest line, and the one that aioboto3 pins; both pin a botocore of their own."""
    session.install("-e", ".", "-r", f"tests/requirements/{line}.txt")
    session.run("python", "-m", "pytest", "tests/clients/aio")


@nox.session
def clients(session: nox.Session) -> None:
    """The AWS CLI v1 and v2 and the AWS SDK for JavaScript over HTTP."""
    session.install("-e", ".", "-r", "tests/requirements/clients.txt")
    session.install("--no-deps", "-r", "tests/requirements/awscli-v2.txt")
    session.run("python", "-m", "pytest", "tests/clients/cli", "tests/clients/js")


@nox.session
def lint(session: nox.Session) -> None:
    """Linters and type checks."""
    session.install("-e", ".[lint]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("pyright")
