"""Every answer that is not a success has one form."""

from collections.abc import Mapping
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from model_server.problem import Problem, shown


class ErrorBody(BaseModel):
    """What is wrong, each problem in one line: where, which value, why, and the fix."""

    error: str
    problems: list[str]
    request_id: str


class ApiError(Exception):
    """Ends a request with a status and what is wrong with it."""

    def __init__(
        self,
        status: HTTPStatus,
        problems: list[Problem],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status.phrase)
        self.status = status
        self.problems = problems
        self.headers = dict(headers or {})


def install(app: FastAPI) -> None:
    """Gives all errors of an app that form, those of its framework too."""

    @app.exception_handler(ApiError)
    async def api_error(request: Request, error: ApiError) -> Response:
        return _answer(request, error.status, error.problems, error.headers)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        status = HTTPStatus(error.status_code)
        path, method = shown(request.url.path), request.method
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = (error.headers or {}).get("Allow", "another method")
            problem = Problem("method", method, f"is not for {path}", f"use {allowed}")
        else:
            problem = Problem("path", path, "does not exist", "see /docs for those that do")
        return _answer(request, status, [problem], error.headers or {})

    @app.exception_handler(Exception)
    async def unexpected(request: Request, _error: Exception) -> Response:
        problem = Problem("server", "", "failed unexpectedly", "report the request_id")
        return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, [problem], {})


def _answer(
    request: Request, status: HTTPStatus, problems: list[Problem], headers: Mapping[str, str]
) -> Response:
    body = ErrorBody(
        error=status.phrase.lower(),
        problems=[str(problem) for problem in problems],
        request_id=request.state.request_id,
    )
    return JSONResponse(body.model_dump(), status, dict(headers))
