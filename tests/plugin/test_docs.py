"""The guide names everything that is public, its links lead somewhere, its pictures show what pytest prints."""

import html
import importlib.util
import inspect
import re
from pathlib import Path

import pytest

import pytest_rekognition_cl
from pytest_rekognition_cl import Call, Dataset, Model, Project, RekognitionCL, plugin, settings
from pytest_rekognition_cl.assertions import Recorder
from pytest_rekognition_cl.clock import Clock
from pytest_rekognition_cl.service.statuses import TrainingFailure
from pytest_rekognition_cl.service.store import DEFAULT_QUOTAS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("*.md"))]
GUIDE = {page.stem: page.read_text(encoding="utf-8") for page in DOCS.glob("*.md")}
#: What is written as code on any page of the guide.
CODE = "\n".join(code for text in GUIDE.values() for code in re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
#: For the package's own use, although without an underscore.
INTERNAL = {Clock: {"follow", "now_ms", "sleep_until"}}


def is_named(name: str) -> bool:
    return re.search(rf"\b{name}\b", CODE) is not None


@pytest.mark.parametrize("cls", [RekognitionCL, Model, Project, Dataset, Clock, Call, Recorder, TrainingFailure])
def test_every_public_name_is_in_the_guide(cls: type):
    inherited = set(dir(tuple)) if cls is Project else set()
    public = {name for name in dir(cls) if not name.startswith("_")} - inherited - INTERNAL.get(cls, set())
    assert public
    assert sorted(name for name in public if not is_named(name)) == []


def test_every_exported_name_is_in_the_guide():
    assert [name for name in pytest_rekognition_cl.__all__ if not is_named(name)] == []


def test_every_marker_is_in_the_guide():
    markers = {line.partition("(")[0] for line in plugin.MARKERS}
    assert markers <= set(re.findall(r"`(rekognition_cl\w*)`", GUIDE["arranging"]))


def test_the_table_of_options_is_whole():
    table = GUIDE["options"].partition("## Quotas")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", table, re.MULTILINE))
    assert set(rows) == {*settings.SETTINGS, "early"}
    for name, parameter in inspect.signature(RekognitionCL).parameters.items():
        if parameter.default is not None:
            default = parameter.default
            assert rows[name] == (f'`"{default}"`' if isinstance(default, str) else str(default))


def test_the_table_of_quotas_is_whole():
    rows = set(re.findall(r"^\| `(\w+)` \|", GUIDE["options"].partition("## Quotas")[2], re.MULTILINE))
    assert set(DEFAULT_QUOTAS) <= rows


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def text_of(page: Path) -> str:
    """Return the text of a page without its blocks, whose lines are neither headings nor links."""
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links(page: Path):
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if re.match(r"https?://", link):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.is_file(), f"{page.name}: {link} leads nowhere"
        if anchor:
            assert anchor in map(slug, re.findall(r"^#+ (.*)$", text_of(target), re.MULTILINE)), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_has_a_path_of_a_machine(page: Path):
    text = page.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.:/])(?:/(?:home|root|tmp|work|usr|opt|Users|var)/[^\s`]*|[A-Z]:\\\S+)", text) == []


def test_every_page_is_in_the_navigation_and_the_readme():
    navigation = set(re.findall(r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE))
    pages = {page.name for page in DOCS.glob("*.md")}
    assert pages == navigation
    linked = set(re.findall(r"\]\(docs/([\w-]+\.md)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert linked == pages - {"index.md"}


@pytest.mark.usefixtures("one_plugin")
def test_the_pictures_show_what_pytest_prints():
    spec = importlib.util.spec_from_file_location("make_pictures", DOCS / "make_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in module.SOURCES:
        shown = html.unescape((DOCS / "pictures" / f"{name}.svg").read_text(encoding="utf-8"))
        # The other lines are pytest's, and differ from version to version.
        ours = [line for line in module.report(name) if re.match(r"E |   \+|Note: ", line)]
        assert len(ours) >= 3
        assert [line for line in ours if f">{line}</text>" not in shown] == []
