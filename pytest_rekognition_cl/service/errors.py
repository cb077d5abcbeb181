"""How the service says no: the error codes, their HTTP statuses and the three body forms.

Sources: the Errors sections of the API pages, the "Common Errors" page of the API reference, and the page on error
handling in the developer guide. All of Rekognition's modelled exceptions are HTTP 400 except InternalServerError and
ThrottlingException, which are 500 (the ``fault`` mark in the service model).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

#: Error code -> default message, for the exceptions of the service's model.
MODELLED: dict[str, str] = {
    "AccessDeniedException": "You are not authorized to perform the action.",
    "ConflictException": "The request conflicts with the current state of the resource.",
    "HumanLoopQuotaExceededException": "The number of in-progress human reviews exceeds the number allowed.",
    "ImageTooLargeException": "Image size is too large.",
    "IdempotentParameterMismatchException": "A ClientRequestToken was reused with other parameters.",
    "InternalServerError": "Internal server error",
    "InvalidImageFormatException": "Request has invalid image format.",
    "InvalidManifestException": "The manifest file is empty or larger than the allowed limit.",
    "InvalidPaginationTokenException": "Invalid Pagination Token",
    "InvalidParameterException": "Request has invalid parameters.",
    "InvalidPolicyRevisionIdException": "The supplied revision id for the project policy is invalid.",
    "InvalidS3ObjectException": (
        "Unable to get object metadata from S3. Check object key, region and/or access permissions."
    ),
    "LimitExceededException": "An Amazon Rekognition service limit was exceeded.",
    "MalformedPolicyDocumentException": "The format of the project policy document is incorrect.",
    "ProvisionedThroughputExceededException": "Provisioned Rate exceeded.",
    "ResourceAlreadyExistsException": "A resource with the specified ID already exists.",
    "ResourceInUseException": "Specified resource is in use.",
    "ResourceNotFoundException": "The resource specified in the request cannot be found.",
    "ResourceNotReadyException": "The requested resource isn't ready.",
    "ServiceQuotaExceededException": "The size of the resource exceeds the allowed limit.",
    "SessionNotFoundException": "The given session cannot be found.",
    "ThrottlingException": "Service Unavailable",
    "VideoTooLargeException": "The file size or duration of the supplied media is too large.",
}

#: AWS's common errors: sent by the framework in front of the service, in the framework's body form.
COMMON: dict[str, tuple[int, str]] = {
    "ExpiredTokenException": (400, "The security token included in the request is expired"),
    "IncompleteSignature": (400, "The request signature does not conform to AWS standards."),
    "InternalFailure": (500, "The request processing has failed because of an unknown error."),
    "InvalidAction": (400, "The action or operation requested is invalid."),
    "InvalidClientTokenId": (403, "The security token included in the request is invalid."),
    "InvalidSignatureException": (
        400,
        "The request signature we calculated does not match the signature you provided.",
    ),
    "MissingAuthenticationTokenException": (400, "Missing Authentication Token"),
    "NotAuthorized": (400, "You do not have permission to perform this action."),
    "OptInRequired": (403, "The AWS access key ID needs a subscription for the service."),
    "RequestEntityTooLargeException": (413, "Request size exceeded the service limit."),
    "RequestExpired": (400, "The request reached the service more than 15 minutes after its date stamp."),
    "RequestTimeoutException": (408, "The request timed out."),
    "ServiceUnavailable": (503, "The request has failed due to a temporary failure of the server."),
    "ServiceUnavailableException": (503, "The request has failed due to a temporary failure of the server."),
    "UnknownOperationException": (400, ""),
    "UnrecognizedClientException": (400, "The security token included in the request is invalid."),
    "ValidationError": (400, "The input fails to satisfy the constraints specified by an AWS service."),
    "ValidationException": (400, "The input fails to satisfy the constraints specified by an AWS service."),
}

#: What reading the body itself can raise.
SERIALIZATION = "SerializationException"


@dataclass(frozen=True)
class Answer:
    """What leaves the service: HTTP status, headers, the bytes of the body; *error* is the code, None for a success."""

    status: int
    headers: dict[str, str]
    body: bytes
    error: str | None = None


class ServiceError(Exception):
    """A refusal. ``code`` is AWS's, ``message`` what the caller reads, ``status`` the HTTP status."""

    def __init__(self, code: str, message: str | None = None) -> None:
        status, default = status_and_message(code)
        self.code = code
        self.message = default if message is None else message
        self.status = status
        super().__init__(code, self.message)


def status_and_message(code: str) -> tuple[int, str]:
    """Return the HTTP status and the default message of *code*; an unlisted code counts as a client error."""
    if code in MODELLED:
        return 500 if code in ("InternalServerError", "ThrottlingException") else 400, MODELLED[code]
    return COMMON.get(code, (400, ""))


def error_body(code: str, message: str) -> bytes:
    """Return the body of a refusal, in the one of the service's three forms that *code* has.

    Modelled exceptions carry ``__type``, ``Code`` and ``Message``; the framework's own a lower-case ``message`` and no
    ``Code``; SerializationException an upper-case ``Message`` and no ``Code`` (captured bodies of real answers).
    """
    if code in MODELLED:
        content = {"__type": code, "Code": code, "Message": message}
    elif code == SERIALIZATION:
        content = {"__type": code, "Message": message}
    elif code == "UnknownOperationException":
        content = {"__type": code}
    else:
        content = {"__type": code, "message": message}
    return json.dumps(content, separators=(",", ":")).encode()
