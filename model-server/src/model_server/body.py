"""Reads a request's body within a limit of size and time."""

import asyncio
from http import HTTPStatus

from fastapi import Request

from model_server.errors import ApiError
from model_server.problem import Problem, shown


async def read(request: Request, limit: int, seconds: int) -> bytes:
    """Raises ApiError. Never holds more than the limit and one chunk."""
    _check_headers(request, limit)
    content = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                content += chunk
                if len(content) > limit:
                    raise _too_large(f"more than {limit} bytes", limit)
    except TimeoutError as error:
        wrong = f"did not arrive within {seconds} seconds"
        problem = Problem("body", "", wrong, "send it faster, or smaller batches")
        # The rest may still come, and must not be taken for the next request.
        close = {"Connection": "close"}
        raise ApiError(HTTPStatus.REQUEST_TIMEOUT, [problem], close) from error
    return bytes(content)


def _check_headers(request: Request, limit: int) -> None:
    kind = request.headers.get("content-type", "")
    if kind.partition(";")[0].strip().lower() != "application/json":
        raise _unsupported("content-type", kind, "is not application/json", "send JSON")
    coding = request.headers.get("content-encoding", "identity")
    if coding.lower() != "identity":
        raise _unsupported("content-encoding", coding, "is not supported", "send it uncompressed")
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise _too_large(f"{length} bytes", limit)


def _unsupported(header: str, value: str, wrong: str, fix: str) -> ApiError:
    problem = Problem(f"header {header}", shown(value), wrong, fix)
    return ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, [problem])


def _too_large(size: str, limit: int) -> ApiError:
    wrong = f"is larger than the limit of {limit} bytes"
    problem = Problem("body", size, wrong, "send several smaller batches")
    return ApiError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, [problem])
