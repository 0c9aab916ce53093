"""Who is let in, and how the file of tokens may change."""

import logging
import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from model_server import settings
from model_server.app import create_app
from model_server.model import Model
from model_server.service import assemble
from model_server.tokens import TokenFile, TokenFileError
from tests.support.variables import RIGHT

OLD = "the-old-token-of-these-tests"
NEW = "the-new-token-of-these-tests"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "tokens"
    path.write_text(OLD)
    return path


def replace(path: Path, content: str | bytes) -> None:
    """As kubelet does: a new file takes the place of the old one."""
    fresh = path.with_suffix(".fresh")
    fresh.write_bytes(content.encode() if isinstance(content, str) else content)
    fresh.replace(path)


@pytest.mark.parametrize("content", [OLD, f"{OLD}\n", f"\n  {OLD}\r\n", f"{NEW}\n{OLD}\n"])
def test_a_token_of_the_file_is_accepted(path: Path, content: str) -> None:
    path.write_text(content)
    assert TokenFile(path).accepts(OLD)


@pytest.mark.parametrize("presented", ["", NEW, OLD[:-1], f"{OLD} ", OLD.upper(), f"{OLD}\n{NEW}", "\udcff"])
def test_anything_else_is_not(path: Path, presented: str) -> None:
    assert not TokenFile(path).accepts(presented)


def test_a_new_token_is_accepted_at_once_and_the_old_one_no_more(path: Path) -> None:
    tokens = TokenFile(path)
    replace(path, NEW)
    assert tokens.accepts(NEW)
    assert not tokens.accepts(OLD)


def test_two_tokens_are_valid_while_one_is_replaced(path: Path) -> None:
    tokens = TokenFile(path)
    replace(path, f"{OLD}\n{NEW}")
    assert tokens.accepts(OLD)
    assert tokens.accepts(NEW)


def test_a_file_that_changes_in_place_is_read_again(path: Path) -> None:
    tokens = TokenFile(path)
    path.write_text(NEW)
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert tokens.accepts(NEW)


def test_a_mounted_secret_that_kubelet_swaps_is_read_again(tmp_path: Path) -> None:
    for name, token in (("one", OLD), ("two", NEW)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tokens").write_text(token)
    data = tmp_path / "data"
    data.symlink_to("one")
    tokens = TokenFile(data / "tokens")
    fresh = tmp_path / "fresh"
    fresh.symlink_to("two")
    fresh.replace(data)
    assert tokens.accepts(NEW)
    assert not tokens.accepts(OLD)


@pytest.mark.parametrize("content", [None, "", "\n \n", "short", "a token with spaces in it", b"\xff" * 20])
def test_an_unusable_file_keeps_the_tokens_and_is_logged_once(
    path: Path, content: str | bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "model_server")
    tokens = TokenFile(path)
    if content is None:
        path.unlink()
    else:
        replace(path, content)
    assert tokens.accepts(OLD)
    assert tokens.accepts(OLD)
    assert [record.message for record in caplog.records] == ["token file kept as it was"]
    replace(path, NEW)
    assert tokens.accepts(NEW)
    assert [record.message for record in caplog.records][1:] == ["token file read again"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "token file {path} is empty; write one token a line"),
        ("x" * 15, "token 1 in {path} is no token: it needs 16 to 512 letters, digits or "),
        ("x" * 513, "token 1 in {path} is no token: "),
        (f"{OLD}\nnot one, with-a-secret-in-it", "token 2 in {path} is no token: "),
    ],
)
def test_an_unusable_file_at_the_start_is_refused(path: Path, content: str, said: str) -> None:
    path.write_text(content)
    with pytest.raises(TokenFileError) as raised:
        TokenFile(path)
    assert str(raised.value).startswith(said.format(path=path))
    assert "secret" not in str(raised.value)


def test_a_missing_file_at_the_start_is_refused(path: Path) -> None:
    path.unlink()
    with pytest.raises(TokenFileError, match=r"cannot read token file .*: No such file or directory; mount"):
        TokenFile(path)


class TestOverHttp:
    @pytest.fixture
    def client(self, digits: Model, path: Path) -> TestClient:
        chosen = settings.load({**RIGHT, "AUTH": "token", "TOKEN_FILE": str(path)})
        service = assemble(chosen, digits, TokenFile(path))
        service.lifecycle.ready()
        return TestClient(create_app(service))

    @pytest.mark.parametrize(
        ("header", "challenge", "said"),
        [
            (None, "Bearer", "holds no bearer token; send `Authorization: Bearer TOKEN`"),
            ("", "Bearer", "holds no bearer token; send `Authorization: Bearer TOKEN`"),
            (f"Basic {OLD}", "Bearer", "holds no bearer token; send `Authorization: Bearer TOKEN`"),
            (OLD, "Bearer", "holds no bearer token; send `Authorization: Bearer TOKEN`"),
            (
                f"Bearer {NEW}",
                'Bearer error="invalid_token"',
                "holds a token that is not valid; send one that the server's token file has now",
            ),
        ],
    )
    def test_without_a_valid_token(
        self, client: TestClient, header: str | None, challenge: str, said: str
    ) -> None:
        headers = {} if header is None else {"Authorization": header}
        # A body that would be refused, too: nobody reads it before the token is known.
        response = client.post("/v1/predict", content=b"x" * 1_000_000, headers=headers)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == challenge
        assert response.json()["problems"] == [f"header Authorization: {said}"]

    def test_a_token_that_is_not_ascii(self, client: TestClient) -> None:
        headers = [(b"authorization", b"Bearer \xff\xfe")]
        assert client.post("/v1/predict", headers=headers).status_code == 401

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
    def test_with_one(self, client: TestClient, instance: list[float], scheme: str) -> None:
        headers = {"Authorization": f"{scheme} {OLD}"}
        response = client.post("/v1/predict", json={"instances": [instance]}, headers=headers)
        assert response.status_code == 200

    @pytest.mark.parametrize("route", ["/healthz", "/readyz", "/metrics", "/openapi.json"])
    def test_probes_need_none(self, client: TestClient, route: str) -> None:
        assert client.get(route).status_code == 200
