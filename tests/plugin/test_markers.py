"""Markers: they are calls of the methods they stand for, and imply the fixture."""

from __future__ import annotations

from inner import ASYNCIO


def test_stacking_levels_and_implied_fixture(run):
    """Outermost first, top to bottom; a list in pytestmark as written; pytest.param innermost."""
    run(
        """
        import unittest
        pytestmark = [pytest.mark.rekognition_cl_model("module-1"), pytest.mark.rekognition_cl_model("module-2")]

        def names(rekognition_cl):
            return [model.version_name for model in rekognition_cl.models]

        @pytest.mark.rekognition_cl_model("function-1")
        @pytest.mark.rekognition_cl_model("function-2")
        def test_function(rekognition_cl):
            assert names(rekognition_cl) == ["module-1", "module-2", "function-1", "function-2"]

        @pytest.mark.rekognition_cl_model("class-1")
        @pytest.mark.rekognition_cl_model("class-2")
        class TestClass:
            @pytest.mark.rekognition_cl_model("function-1")
            def test_method(self, rekognition_cl):
                assert names(rekognition_cl) == ["module-1", "module-2", "class-1", "class-2", "function-1"]

        class TestList:
            pytestmark = [pytest.mark.rekognition_cl_model("class-1"), pytest.mark.rekognition_cl_model("class-2")]

            def test_method(self, rekognition_cl):
                assert names(rekognition_cl) == ["module-1", "module-2", "class-1", "class-2"]

        param = pytest.param(1, marks=[pytest.mark.rekognition_cl_model("param-1"), pytest.mark.rekognition_cl_model("param-2")])

        @pytest.mark.rekognition_cl_model("function-1")
        @pytest.mark.parametrize("n", [param, 2])
        @pytest.mark.rekognition_cl_model("function-2")
        def test_param(rekognition_cl, n):
            inner = ["param-1", "param-2"] if n == 1 else []
            assert names(rekognition_cl) == ["module-1", "module-2", "function-1", "function-2", *inner]

        @pytest.mark.rekognition_cl_model("class-1", status="RUNNING")
        class TestCase(unittest.TestCase):
            @pytest.mark.rekognition_cl_model("function-1")
            def test_it(self):
                listed = client().describe_project_versions(ProjectArn=
                    "arn:aws:rekognition:us-east-1:123456789012:project/my-project/1579597815000"
                )["ProjectVersionDescriptions"]
                assert [item["ProjectVersionArn"].split("/")[3] for item in listed] == [
                    "function-1", "class-1", "module-2", "module-1"]

            @pytest.fixture(autouse=True)
            def take(self, rekognition_cl):
                self.rekognition_cl = rekognition_cl

            def test_with_the_fixture(self):
                assert names(self.rekognition_cl) == ["module-1", "module-2", "class-1"]

        @pytest.mark.asyncio
        @pytest.mark.rekognition_cl_model("function-1")
        async def test_async(rekognition_cl):
            assert names(rekognition_cl) == ["module-1", "module-2", "function-1"]
        """,
        "--strict-markers",
        *ASYNCIO,
        passed=8,
    )


def test_the_closest_training_holds(run):
    run(
        """
        pytestmark = pytest.mark.rekognition_cl_training(status="TRAINING_FAILED", status_message="module")

        def ended(rekognition_cl):
            train(rekognition_cl.project_arn)
            rekognition_cl.clock.advance(1e6)
            described = client().describe_project_versions(ProjectArn=rekognition_cl.project_arn)
            return described["ProjectVersionDescriptions"][0].get("StatusMessage")

        def test_module(rekognition_cl):
            assert ended(rekognition_cl) == "module"

        @pytest.mark.rekognition_cl_training(status="TRAINING_FAILED", status_message="class")
        class TestClass:
            def test_class(self, rekognition_cl):
                assert ended(rekognition_cl) == "class"

            @pytest.mark.rekognition_cl_training(status="TRAINING_FAILED", status_message="function")
            @pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.rekognition_cl_training(
                status="TRAINING_FAILED", status_message="param"))])
            def test_function(self, rekognition_cl, n):
                assert ended(rekognition_cl) == ("function" if n == 1 else "param")
        """,
        passed=4,
    )


def test_every_marker_does_what_its_method_does(run):
    run(
        """
        from botocore.exceptions import ClientError, ReadTimeoutError

        @pytest.mark.rekognition_cl_project("other", datasets=False)
        @pytest.mark.rekognition_cl_model("v1", project="other", status="RUNNING", min_inference_units=2)
        def test_models(rekognition_cl):
            assert [project.name for project in rekognition_cl.projects] == ["my-project", "other"]
            assert rekognition_cl.models[0].status == "RUNNING"

        @pytest.mark.rekognition_cl_project("other")
        @pytest.mark.rekognition_cl_dataset("TRAIN", project="other", entries=[{"source-ref": "s3://b/1.jpg"}])
        def test_dataset(rekognition_cl):
            _, described = sorted(client().describe_projects()["ProjectDescriptions"], key=lambda p: len(p["Datasets"]))
            arn = described["Datasets"][0]["DatasetArn"]
            assert client().list_dataset_entries(DatasetArn=arn)["DatasetEntries"] == ['{"source-ref": "s3://b/1.jpg"}']
            rekognition_cl.list_dataset_entries.assert_called_once_with(DatasetArn=arn)

        @pytest.mark.rekognition_cl_manifest("s3://my-bucket/m", ['{"source-ref": "s3://b/2.jpg"}'])
        @pytest.mark.rekognition_cl_transition("create_dataset", seconds=0)
        def test_manifest(rekognition_cl):
            source = {"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "m"}}}
            arn = client().create_dataset(
                ProjectArn=rekognition_cl.project_arn, DatasetType="TRAIN", DatasetSource=source
            )["DatasetArn"]
            assert len(client().list_dataset_entries(DatasetArn=arn)["DatasetEntries"]) == 1

        @pytest.mark.rekognition_cl_transition("start_project_version", status="FAILED", seconds=10)
        @pytest.mark.rekognition_cl_model("v1")
        def test_transition(rekognition_cl):
            model, = rekognition_cl.models
            client().start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)
            rekognition_cl.clock.advance(11)
            assert model.status == "FAILED"

        @pytest.mark.rekognition_cl_error("create_project_version", "LimitExceededException", "no more", calls=2)
        def test_error(rekognition_cl):
            for _ in range(2):
                with pytest.raises(ClientError, match="no more"):
                    train(rekognition_cl.project_arn)
            train(rekognition_cl.project_arn)

        @pytest.mark.rekognition_cl_exception("create_project_version", ReadTimeoutError, calls=1)
        def test_exception(rekognition_cl):
            with pytest.raises(ReadTimeoutError):
                train(rekognition_cl.project_arn)

        @pytest.mark.rekognition_cl_response("detect_labels", {"Labels": [{"Name": "cat"}]})
        def test_response():
            found = client().detect_labels(Image={"Bytes": b"x"})
            assert found["Labels"] == [{"Name": "cat"}]
        """,
        passed=7,
    )


def test_first_of_the_function_scoped_fixtures(run):
    """Set up before the other function-scoped fixtures, torn down after them; inside the module-scoped ones."""
    run(
        """
        import contextlib
        from pytest_rekognition_cl.fixture import RekognitionCL
        order = []

        class Spy(RekognitionCL):
            @contextlib.contextmanager
            def _opened(self):
                order.append("open")
                with super()._opened():
                    yield
                order.append("close")

        @pytest.fixture(scope="session", autouse=True)
        def spied():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("pytest_rekognition_cl.markers.RekognitionCL", Spy)
                yield

        @pytest.fixture(scope="module", autouse=True)
        def of_module():
            order.append("module")
            yield
            order.append("module ends")

        @pytest.fixture(autouse=True)
        def aaa_calling():
            if "close" in order:  # nothing marks the second test: the call would reach the network
                yield
                return
            order.append("autouse")
            describe()
            yield
            describe()
            order.append("autouse ends")

        @pytest.fixture
        def calling(monkeypatch):
            order.append("calling")
            describe()
            yield
            describe()
            order.append("calling ends")

        def describe():
            client().describe_projects()

        @pytest.mark.rekognition_cl_model("v1")
        def test_it(calling):
            order.append("test")

        def test_after(request):
            assert order == ["module", "open", "autouse", "calling", "test", "calling ends", "autouse ends", "close"]
        """,
        passed=2,
    )


def test_a_param_with_a_marker_leaves_the_others_alone(run):
    """pytest shares the list of fixture names among the variants of a function."""
    run(
        """
        @pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.rekognition_cl)])
        def test_it(n, request):
            assert ("rekognition_cl" in request.fixturenames) is (n == 2)
        """,
        passed=2,
    )


def test_markers_that_a_conftest_adds_imply_the_fixture(run, pytester):
    pytester.makeconftest(
        """
        import pytest
        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.rekognition_cl_model("v1"))
        """
    )
    run(
        """
        def test_it(request):
            assert len(request.getfixturevalue("rekognition_cl").models) == 1
        """,
        passed=1,
    )


def test_a_fixture_of_the_users_may_build_on_ours_but_not_take_its_place(run):
    output = run(
        """
        class TestBuilds:
            @pytest.fixture
            def rekognition_cl(self, rekognition_cl):
                rekognition_cl.add_model("mine")
                return rekognition_cl

            @pytest.mark.rekognition_cl_model("v1")
            def test_it(self, rekognition_cl):
                assert [m.version_name for m in rekognition_cl.models] == ["v1", "mine"]

        class TestTakes:
            @pytest.fixture
            def rekognition_cl(self):
                return None

            @pytest.mark.rekognition_cl_model("v1")
            def test_it(self, rekognition_cl): ...
        """,
        passed=1,
        failed=1,
    )
    output.shows(
        """
        test_it.py::TestTakes::test_it: it has markers of rekognition_cl, but another fixture of this name takes the place of the plugin's, and does not read them.
        Give the other one another name, or let it ask for the plugin's: def rekognition_cl(rekognition_cl): ...
        """
    )


def test_markers_and_fixtures_read_well(pytester):
    text = pytester.runpytest("--markers").stdout.str()
    names = [line for line in text.splitlines() if line.startswith("@pytest.mark.rekognition_cl")]
    assert [line.partition("(")[0].removeprefix("@pytest.mark.rekognition_cl") for line in names] == [
        "",
        "_project",
        "_model",
        "_dataset",
        "_manifest",
        "_training",
        "_transition",
        "_error",
        "_exception",
        "_response",
    ]
    assert (
        "@pytest.mark.rekognition_cl_error(operation, code, message=None, *, calls=1 | attempts=N, after=0): "
        "calls that are refused." in names
    )
    text = pytester.runpytest("--fixtures", "-v").stdout.str()
    lines = [line.rstrip() for line in text.splitlines()]
    start = next(index for index, line in enumerate(lines) if line.startswith("rekognition_cl -- "))
    assert lines[start + 1 : start + 5] == [
        "    Amazon Rekognition Custom Labels in this process: any boto3 client, no network, no credentials, no waiting.",
        "",
        "    Arrange with rekognition_cl.add_model(...) or the markers, run your code, then assert, e.g.",
        "    rekognition_cl.create_project_version.assert_called_once_with(...).",
    ]


def test_the_marker_lines_tell_the_real_signatures(pytester):
    """A line in --markers must not promise an argument that the method does not take, or keep one to itself."""
    import inspect

    from pytest_rekognition_cl import RekognitionCL, markers, plugin

    for line in plugin.MARKERS:
        name, _, rest = line.partition("(")
        shown = rest.partition("):")[0].replace(" | attempts=N", ", attempts=None")
        told = inspect.signature(eval(f"lambda {shown}: None"))
        real = inspect.signature(markers.METHODS.get(name, RekognitionCL.__init__))
        assert list(told.parameters)[-3:] != []
        known = [parameter for parameter in real.parameters if parameter != "self"]
        assert sorted(told.parameters) == sorted(known), name


def test_a_model_marker_above_its_projects_marker(run):
    run(
        """
        @pytest.mark.rekognition_cl_model("v1", project="p")
        @pytest.mark.rekognition_cl_project("p")
        def test_it(rekognition_cl):
            assert rekognition_cl.models[0].project_arn == rekognition_cl.projects[1].arn
        """,
        passed=1,
    )


def test_early_is_no_option_of_the_marker(run):
    output = run("@pytest.mark.rekognition_cl(early=True)\ndef test_it(rekognition_cl): ...\n", errors=1)
    assert "early is a setting alone, since it is needed before any test: rekognition_cl_early = true" in output.lines
