"""How the service says no: the error codes, their HTTP statuses and the three body forms.

Sources: the Errors sections of the API pages, the "Common Errors" page of the API reference, and the page on error
handling in the developer guide. All of Rekognition's modelled exceptions are HTTP 400 except InternalServerError and
ThrottlingException, which are 500 (the ``fault`` mark in the service model).
"""

from __future__ import annotations

import json
from dataclasses import dataclass

#: Error code -> (HTTP status, default message), for the exceptions of the service's model.
MODELLED: dict[str, tuple[int, str]] = {
    "AccessDeniedException": (400, "You are not authorized to perform the action."),
    "ConflictException": (400, "The request conflicts with the current state of the resource."),
    "HumanLoopQuotaExceededException": (400, "The number of in-progress human reviews exceeds the number allowed."),
    "ImageTooLargeException": (400, "Image size is too large."),
    "IdempotentParameterMismatchException": (400, "A ClientRequestToken was reused with other parameters."),
    "InternalServerError": (500, "Internal server error"),
    "InvalidImageFormatException": (400, "Request has invalid image format."),
    "InvalidManifestException": (400, "The manifest file is empty or larger than the allowed limit."),
    "InvalidPaginationTokenException": (400, "Invalid Pagination Token"),
    "InvalidParameterException": (400, "Request has invalid parameters."),
    "InvalidPolicyRevisionIdException": (400, "The supplied revision id for the project policy is invalid."),
    "InvalidS3ObjectException": (
        400,
        "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
    ),
    "LimitExceededException": (400, "An Amazon Rekognition service limit was exceeded."),
    "MalformedPolicyDocumentException": (400, "The format of the project policy document is incorrect."),
    "ProvisionedThroughputExceededException": (400, "Provisioned Rate exceeded."),
    "ResourceAlreadyExistsException": (400, "A resource with the specified ID already exists."),
    "ResourceInUseException": (400, "Specified resource is in use."),
    "ResourceNotFoundException": (400, "The resource specified in the request cannot be found."),
    "ResourceNotReadyException": (400, "The requested resource isn't ready."),
    "ServiceQuotaExceededException": (400, "The size of the resource exceeds the allowed limit."),
    "SessionNotFoundException": (400, "The given session cannot be found."),
    "ThrottlingException": (500, "Service Unavailable"),
    "VideoTooLargeException": (400, "The file size or duration of the supplied media is too large."),
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
    return MODELLED.get(code) or COMMON.get(code) or (400, "")


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
