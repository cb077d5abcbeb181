"""What the page of limits says does not work, does not. See test_readme.py for the blocks of all pages."""

HANDLERS = """
def test_it(rekognition_cl):
    rekognition, ran = client(), []
    for event in ("request-created", "before-sign", "before-send", "before-call", "after-call", "needs-retry"):
        rekognition.meta.events.register(f"{event}.rekognition", lambda event_name, **_: ran.append(event_name))
    rekognition.describe_projects()
    assert {name.partition(".")[0] for name in ran} == {"before-call", "after-call", "needs-retry"}
"""


def test_the_handlers_that_are_not_run(run):
    run(HANDLERS, passed=1)


def test_setup_code_of_a_test_that_does_not_ask_for_the_fixture(run):
    run(
        """
        from botocore.endpoint import Endpoint
        genuine = Endpoint.make_request.__code__

        class TestIt:
            def setup_method(self):
                self.covered = Endpoint.make_request.__code__ is not genuine

            def test_plain(self):
                assert not self.covered

            def test_argument(self, rekognition_cl):
                assert self.covered

            @pytest.mark.rekognition_cl
            def test_marked(self):
                assert self.covered
        """,
        passed=3,
    )
