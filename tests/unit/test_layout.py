"""The layout: who may import whom, who may touch foreign private names, how long a file may be. Read off the source."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import pytest_rekognition_cl

PACKAGE_FOLDER = Path(pytest_rekognition_cl.__file__).parent
FILES = sorted(PACKAGE_FOLDER.rglob("*.py"))
PACKAGE = "pytest_rekognition_cl"
FOREIGN = {
    "botocore",
    "aiobotocore",
    "asyncio",
    "urllib3",
    "jsonschema",
    "pytest",
    "_pytest",
    "time",
    "threading",
    "http",
}


def name_of(path):
    """``service/__init__.py`` -> ``pytest_rekognition_cl.service``."""
    parts = [PACKAGE, *path.relative_to(PACKAGE_FOLDER).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree, path, *, typing_too=False):
    """Yield the full names of the modules that a file imports, at any depth; TYPE_CHECKING blocks only on request."""
    package = name_of(path) if path.stem == "__init__" else name_of(path).rpartition(".")[0]
    skipped = set()
    if not typing_too:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
                skipped.update(inner for statement in node.body for inner in ast.walk(statement))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                # from . import x may name a module or a name in one.
                inner = PACKAGE_FOLDER / Path(*f"{module}.{alias.name}".split(".")[1:])
                is_module = module.startswith(PACKAGE) and (inner.with_suffix(".py").exists() or inner.is_dir())
                yield f"{module}.{alias.name}" if is_module else module


@cache
def read(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def tops(path, **options):
    return {module.partition(".")[0] for module in imports(read(path), path, **options)}


def label(path):
    return str(path.relative_to(PACKAGE_FOLDER))


@pytest.mark.parametrize(
    "path", [path for path in FILES if "service" in path.relative_to(PACKAGE_FOLDER).parts], ids=label
)
def test_the_service_knows_neither_pytest_nor_botocore_nor_the_outer_package(path):
    modules = set(imports(read(path), path, typing_too=True))
    outside = {m for m in modules if m.startswith(PACKAGE) and not m.startswith(f"{PACKAGE}.service")}
    assert outside == set()
    others = {m.partition(".")[0] for m in modules} - set(sys.stdlib_module_names) - {PACKAGE}
    assert others <= {"jsonschema"}


def test_only_the_plugin_and_the_markers_import_pytest():
    users = {label(path) for path in FILES if {"pytest", "_pytest"} & tops(path, typing_too=True)}
    assert users == {"plugin.py", "markers.py"}


def at_import(path):
    """Return what is imported when the module is: the imports at its top."""
    tree = read(path)
    return set(
        imports(ast.Module([node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))], []), path)
    )


def test_the_plugin_module_is_light():
    """Importing it costs the standard library, pytest and modules of ours for which the same holds; never the rest."""
    to_read, ours, others = [PACKAGE_FOLDER / "plugin.py", PACKAGE_FOLDER / "__init__.py"], set(), set()
    while to_read:
        for module in at_import(to_read.pop()):
            if not module.startswith(PACKAGE):
                others.add(module.partition(".")[0])
            elif module not in ours:
                ours.add(module)
                to_read.append(PACKAGE_FOLDER / Path(*module.split(".")[1:]).with_suffix(".py"))
    assert others - set(sys.stdlib_module_names) == {"pytest"}
    assert ours <= {f"{PACKAGE}.{name}" for name in ("settings", "originals", "contexts")}


def test_no_files_import_each_other_in_a_circle():
    """Not even lazily, or for types alone: whoever reads one file need not have read the other."""
    names = {name_of(path): path for path in FILES}
    needs = {name: {*imports(read(path), path, typing_too=True)} & {*names} - {name} for name, path in names.items()}
    # A package's own file hands names on, and is imported by whatever is in the package.
    needs = {name: {to for to in inner if not f"{name}.".startswith(f"{to}.")} for name, inner in needs.items()}
    while free := {name for name, inner in needs.items() if not inner}:
        needs = {name: inner - free for name, inner in needs.items() if name not in free}
    assert needs == {}


def test_the_inner_modules_import_no_interceptor():
    """Dependencies point inward: the interceptors know the dispatcher and the service, those know none of them."""
    for name in (
        "dispatcher",
        "expectations",
        "calls",
        "presets",
        "members",
        "handles",
        "options",
        "clock",
        "botocore_model",
    ):
        path = PACKAGE_FOLDER / f"{name}.py"
        modules = set(imports(read(path), path))
        assert not {
            m for m in modules if m.startswith((f"{PACKAGE}.doors", f"{PACKAGE}.fixture", f"{PACKAGE}.plugin"))
        }, name


def foreign_private(tree):
    """Yield ``module._name`` for each private name that is reached through something imported from elsewhere."""
    homes = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                homes[(alias.asname or alias.name).partition(".")[0]] = alias.name
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                homes[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                if alias.name.startswith("_") or "._" in f".{node.module}":
                    yield f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and re.match(r"_(?!_)", node.attr):
            base = node.value
            while isinstance(base, (ast.Attribute, ast.Call)):
                base = base.value if isinstance(base, ast.Attribute) else base.func
            home = homes.get(base.id) if isinstance(base, ast.Name) else None
            if home is not None and home.partition(".")[0] in FOREIGN:
                yield f"{home}: {ast.unparse(node)}"


@pytest.mark.parametrize(
    "path", [path for path in FILES if "intercept" not in path.relative_to(PACKAGE_FOLDER).parts], ids=label
)
def test_only_the_interceptors_touch_foreign_private_names(path):
    found = [name for name in foreign_private(read(path)) if not name.startswith("__future__")]
    assert found == []


def test_the_search_for_private_names_finds_them():
    source = "import botocore.endpoint\nfrom asyncio import _get_running_loop\nbotocore.endpoint.Endpoint._send(1)\n"
    assert list(foreign_private(ast.parse(source))) == [
        "asyncio._get_running_loop",
        "botocore.endpoint: botocore.endpoint.Endpoint._send",
    ]


@pytest.mark.parametrize("path", FILES, ids=label)
def test_no_file_is_longer_than_320_lines(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (450 if path.name == "fixture.py" else 320)  # fixture.py: one class, mostly its docstrings


@pytest.mark.parametrize(
    "path", sorted(p for p in PACKAGE_FOLDER.rglob("*") if p.suffix in (".py", ".json", ".typed")), ids=label
)
def test_no_file_names_a_path_of_a_machine(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"""(?<![\w.$/])/(home|root|Users|work|tmp|opt|usr|var|mnt)/""", text)
    assert not re.search(r"[A-Z]:\\\\", text)


def test_every_operation_is_one_function_and_one_schema():
    from pytest_rekognition_cl.service import OPERATIONS
    from pytest_rekognition_cl.service.validation import load

    for name, function in OPERATIONS.items():
        assert function.__name__ == name
        assert load(name)["properties"]
        assert f"{load(name)['x-aws-operation']}Response" in load("responses")["$defs"]
        assert f"API_{load(name)['x-aws-operation']}.html" in function.__doc__


RUN = """
import sys
import pytest

class Spy:
    def pytest_unconfigure(self):
        loaded = {name.partition(".")[0] for name in sys.modules}
        print("LOADED", sorted(loaded & {"botocore", "boto3", "jsonschema", "aiobotocore", "time_machine", "asyncio"}))
        ours = sorted(name for name in sys.modules if name.startswith("pytest_rekognition_cl"))
        print("OURS", ours)

plugins = [Spy()]
code = pytest.main(["-q", "-p", "no:cacheprovider", "-p", "pytest_rekognition_cl.plugin", "test_nothing.py"], plugins)
sys.exit(code)
"""


@pytest.mark.parametrize("setting", ["", "rekognition_cl_region = eu-west-1\n"], ids=["no setting", "a setting"])
def test_a_run_that_does_not_use_the_plugin_imports_neither_botocore_nor_jsonschema(tmp_path, setting):
    (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
    (tmp_path / "run.py").write_text(RUN)
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{setting}")
    # Other plugins of the environment may import what they like; ours is asked for by its name.
    result = subprocess.run(
        [sys.executable, "run.py"],
        cwd=tmp_path,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(PACKAGE_FOLDER.parent), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 passed" in result.stdout
    loaded = next(line for line in result.stdout.splitlines() if line.startswith("LOADED"))
    assert not {"botocore", "boto3", "jsonschema", "aiobotocore", "time_machine"} & set(re.findall(r"\w+", loaded))
    ours = next(line for line in result.stdout.splitlines() if line.startswith("OURS"))
    assert f"'{PACKAGE}.plugin'" in ours
    assert not {f"{PACKAGE}.{name}" for name in ("fixture", "service", "intercept", "markers")} & set(
        re.findall(r"[\w.]+", ours)
    )


def test_the_oldest_versions_that_are_promised_are_those_that_are_tested():
    tests = Path(__file__).parents[1]
    promised = re.search(r"^dependencies = \[(.*)\]", (tests.parent / "pyproject.toml").read_text(), re.M)[1]
    pinned = (tests / "requirements" / "oldest.txt").read_text().splitlines()
    for name, version in re.findall(r'"(\w+)>=([\d.]+)"', promised):
        assert {f"{name}=={version}", f"{name}=={version}.0"} & {*pinned}
