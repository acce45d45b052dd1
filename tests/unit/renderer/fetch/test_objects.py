"""What is said of an object that cannot be had, and which endpoints may be named."""

import pytest
from obstore.exceptions import GenericError, PermissionDeniedError

from mattebox_renderer.fetch.objects import _explain
from mattebox_runtime.blobs import open_blobs

NO_ROLE = "Generic GCS error: Error performing token request: GET http://169.254.169.254/computeMetadata/v1 - 403"


@pytest.mark.parametrize(
    ("error", "code", "transient"),
    [
        (FileNotFoundError("gone"), "not_found", False),
        (PermissionDeniedError("no"), "forbidden", False),
        (GenericError(NO_ROLE), "forbidden", True),
        (GenericError("Server returned non-2xx status code: 500"), "unreachable", True),
        (ValueError("no such path"), "bad_uri", False),
    ],
)
def test_each_error_has_a_reason(error: Exception, code: str, transient: bool) -> None:
    """A machine without credentials and without a role is forbidden, not unreachable."""
    failed = _explain(error)
    assert (failed.reason, failed.transient) == (code, transient)


def test_uploads_may_lie_behind_a_plain_http_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    """As sources may: the operator names it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    assert open_blobs("s3://bucket/prefix")._store.client_options == {"allow_http": "true"}
