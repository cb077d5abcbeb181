"""DetectCustomLabels: not before RUNNING; the labels that the test gave, filtered as the service does."""

import base64

import pytest

from pytest_rekognition_cl.service.errors import status_and_message

CAT = {"Name": "cat", "Confidence": 98.5}
DOG = {"Name": "dog", "Confidence": 40}
BOX = {
    "Name": "box",
    "Confidence": 70.25,
    "Geometry": {"BoundingBox": {"Width": 0.5, "Height": 0.25, "Left": 0.1, "Top": 0.2}},
}
BYTES = {"Bytes": base64.b64encode(b"\x89PNG").decode()}


def picture(name):
    return {"S3Object": {"Bucket": "my-bucket", "Name": name}}


@pytest.fixture
def model(wire):
    return wire.add_model("v1", status="RUNNING")


def detect(wire, model, image=BYTES, **params):
    return wire.detect_custom_labels(ProjectVersionArn=model.arn, Image=image, **params)["CustomLabels"]


@pytest.mark.parametrize(
    "status",
    [
        "TRAINING_IN_PROGRESS",
        "TRAINING_COMPLETED",
        "TRAINING_FAILED",
        "STARTING",
        "FAILED",
        "STOPPING",
        "STOPPED",
        "DELETING",
    ],
)
def test_not_before_running(wire, status):
    model = wire.add_model("v1", status=status)
    refusal = wire.refusal("detect_custom_labels", ProjectVersionArn=model.arn, Image=BYTES)
    assert (refusal.code, refusal.status) == ("ResourceNotReadyException", 400)


def test_no_labels(wire, model):
    assert wire.detect_custom_labels(ProjectVersionArn=model.arn, Image=BYTES) == {"CustomLabels": []}


def test_labels_for_every_image_highest_confidence_first(wire, model):
    model.set_labels([DOG, CAT, BOX])
    assert detect(wire, model) == detect(wire, model, picture("x.jpg")) == [CAT, BOX, DOG]


@pytest.mark.parametrize(
    ("least", "found"), [(0, [CAT, BOX, DOG]), (40, [CAT, BOX, DOG]), (40.1, [CAT, BOX]), (98.5, [CAT]), (100, [])]
)
def test_min_confidence(wire, model, least, found):
    # "doesn't return any labels with a confidence value that's lower than this specified value"
    model.set_labels([DOG, CAT, BOX])
    assert detect(wire, model, MinConfidence=least) == found


@pytest.mark.parametrize(("most", "found"), [(1, [CAT]), (2, [CAT, BOX]), (10, [CAT, BOX, DOG])])
def test_max_results_are_the_highest(wire, model, most, found):
    model.set_labels([DOG, CAT, BOX])
    assert detect(wire, model, MaxResults=most) == found
    assert detect(wire, model, MaxResults=most, MinConfidence=50) == found[:2]


def test_labels_by_image_name(wire, model):
    model.set_labels({"cats/1.jpg": [CAT], "dogs/1.jpg": [DOG]})
    assert detect(wire, model, picture("cats/1.jpg")) == [CAT]
    assert detect(wire, model, picture("dogs/1.jpg")) == [DOG]
    assert detect(wire, model, picture("1.jpg")) == []
    assert detect(wire, model) == []


def test_labels_by_a_function_of_the_request_as_the_caller_wrote_it(wire, model):
    seen = []

    def labels(params):
        seen.append(params)
        params["Image"].pop("S3Object", None)  # its own copy
        return [CAT] if params["Image"].get("Bytes") == b"\x89PNG" else []

    model.set_labels(labels)
    assert detect(wire, model, MaxResults=5) == [CAT]
    assert detect(wire, model, picture("x.jpg")) == []
    assert seen[0] == {"ProjectVersionArn": model.arn, "Image": {"Bytes": b"\x89PNG"}, "MaxResults": 5}


def test_labels_are_copied(wire, model):
    labels = [dict(CAT)]
    model.set_labels(labels)
    labels[0]["Name"] = "changed"
    labels.append(DOG)
    assert detect(wire, model) == [CAT]


@pytest.mark.parametrize("image", [{}, {**BYTES, **picture("x.jpg")}])
def test_neither_bytes_nor_an_object_or_both(wire, model, image):
    refusal = wire.refusal("detect_custom_labels", ProjectVersionArn=model.arn, Image=image)
    # The text is the one of the developer guide's page on errors.
    text = "Requested image should either contain bytes or s3 object."
    assert (refusal.code, refusal.status, refusal.message) == ("InvalidParameterException", 400, text)


def test_the_largest_image(wire, model):
    # The documentation has 4 MB at most for the bytes of an image; botocore's model lets 5 MiB pass.
    size = 4 * 1024 * 1024
    model.set_labels([CAT])
    assert detect(wire, model, {"Bytes": base64.b64encode(bytes(size)).decode()}) == [CAT]
    for length, code, message in (
        (size + 1, "ImageTooLargeException", "Image size is too large."),
        (5 * 1024 * 1024, "ImageTooLargeException", "Image size is too large."),
        (5 * 1024 * 1024 + 1, "ValidationException", None),
    ):
        image = {"Bytes": base64.b64encode(bytes(length)).decode()}
        refusal = wire.refusal("detect_custom_labels", ProjectVersionArn=model.arn, Image=image)
        assert (refusal.code, refusal.status) == (code, 400)
        assert message in (None, refusal.message)


def test_the_texts_about_images_are_the_documented_ones():
    assert [status_and_message(code) for code in ("ImageTooLargeException", "InvalidImageFormatException")] == [
        (400, "Image size is too large."),
        (400, "Request has invalid image format."),
    ]


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ({"S3Object": {"Bucket": "my-bucket"}}, "InvalidS3ObjectException"),
        ({"S3Object": {}}, "InvalidS3ObjectException"),
    ],
)
def test_an_image_that_is_none(wire, model, image, code):
    assert wire.refusal("detect_custom_labels", ProjectVersionArn=model.arn, Image=image).code == code


@pytest.mark.parametrize(
    ("labels", "error", "text"),
    [
        ("cat", TypeError, "labels must be a list like [{'Name': 'cat', 'Confidence': 98.5}], not 'cat'"),
        (5, TypeError, "labels must be a list like [{'Name': 'cat', 'Confidence': 98.5}], not 5"),
        (["cat"], TypeError, "a label must be a dict like {'Name': 'cat', 'Confidence': 98.5}, not 'cat'"),
        ([{"Name": "cat"}], ValueError, "a label needs a 'Confidence': {'Name': 'cat'}"),
        (
            [{"Name": "cat", "Confidence": 101}],
            ValueError,
            "label {'Name': 'cat', 'Confidence': 101}: Confidence: 101 is greater than the maximum of 100",
        ),
        (
            [{"Name": "cat", "Confidence": float("nan")}],
            ValueError,
            "label {'Name': 'cat', 'Confidence': nan}: Confidence: is not a finite number",
        ),
        (
            [{"Name": "cat", "Confidence": 1, "Geometry": {"Polygon": [{"X": 0}, {"X": float("inf")}]}}],
            ValueError,
            "label {'Name': 'cat', 'Confidence': 1, 'Geometry': {'Polygon': [{'X': 0}, {'X': inf}]}}: "
            "Geometry.Polygon.1.X: is not a finite number",
        ),
        (
            {"a.jpg": [{"Name": "cat", "Confidence": 1, "Colour": "red"}]},
            TypeError,
            "label {'Name': 'cat', 'Confidence': 1, 'Colour': 'red'} has no member 'Colour'.",
        ),
    ],
)
def test_labels_that_the_service_could_not_return(model, labels, error, text):
    with pytest.raises(error) as caught:
        model.set_labels(labels)
    assert str(caught.value) == text


def test_an_s3_object_needs_its_bucket_and_its_name(wire, model):
    for image in ({"Bucket": "my-bucket"}, {"Name": "x.jpg"}, {}):
        params = {"ProjectVersionArn": model.arn, "Image": {"S3Object": image}}
        assert wire.refusal("detect_custom_labels", **params).code == "InvalidS3ObjectException", image


def test_without_a_least_confidence_every_label_is_found(wire, model):
    model.set_labels([{"Name": "hardly", "Confidence": 0.5}])
    assert detect(wire, model) == [{"Name": "hardly", "Confidence": 0.5}]


def test_one_byte_is_an_image(wire, model):
    assert wire.detect_custom_labels(ProjectVersionArn=model.arn, Image={"Bytes": "YQ=="}) == {"CustomLabels": []}
