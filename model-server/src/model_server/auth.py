"""Who may ask for predictions."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from model_server.errors import ApiError
from model_server.problem import Problem
from model_server.service import Service, service

_bearer = HTTPBearer(auto_error=False, description="A token from the file in TOKEN_FILE.")


async def authorized(
    service: Annotated[Service, Depends(service)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    """Before anything of the body is read. The token is neither shown nor logged."""
    if service.tokens is None:
        return
    if credentials is None:
        wrong, fix = "holds no bearer token", "send `Authorization: Bearer TOKEN`"
        raise _refused("Bearer", wrong, fix)
    if not service.tokens.accepts(credentials.credentials):
        wrong, fix = (
            "holds a token that is not valid",
            "send one that the server's token file has now",
        )
        raise _refused('Bearer error="invalid_token"', wrong, fix)


def _refused(challenge: str, wrong: str, fix: str) -> ApiError:
    problem = Problem("header Authorization", "", wrong, fix)
    return ApiError(HTTPStatus.UNAUTHORIZED, [problem], {"WWW-Authenticate": challenge})
