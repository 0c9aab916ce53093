"""The tokens that callers may present, from a file that may change while the server runs."""

import hashlib
import hmac
import logging
import re
from pathlib import Path

_log = logging.getLogger(__name__)

_Stamp = tuple[int, int, int, int]


class TokenFileError(Exception):
    """Why a token file is of no use, in one line, without anything from it."""


class TokenFile:
    """Accepts what the file holds now: one token a line, so that two are valid while one is replaced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # Taken before reading: a change in between shows as a new stamp, and is read next time.
        self._stamp = _stamp(path)
        self._digests = _digests(path)

    def accepts(self, presented: str) -> bool:
        self._refresh()
        digest = _digest(presented.encode("utf-8", "surrogateescape"))
        # Digests have one length, and all are compared: time tells neither a token nor its place.
        matches = [hmac.compare_digest(digest, known) for known in self._digests]
        return any(matches)

    def _refresh(self) -> None:
        """External Secrets replaces the file. One that is unusable does not lock callers out."""
        stamp = _stamp(self._path)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._digests = _digests(self._path)
        except TokenFileError as error:
            _log.error("token file kept as it was", extra={"reason": str(error)})
        else:
            _log.info("token file read again", extra={"tokens": len(self._digests)})


def _stamp(path: Path) -> _Stamp | None:
    try:
        # Follows the links by which kubelet swaps a mounted Secret.
        status = path.stat()
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _digests(path: Path) -> tuple[bytes, ...]:
    try:
        lines = [line.strip() for line in path.read_bytes().splitlines()]
    except OSError as error:
        raise TokenFileError(
            f"cannot read token file {path}: {error.strerror}; "
            "mount the Secret there, or set TOKEN_FILE to where it is"
        ) from error
    tokens = [line for line in lines if line]
    if not tokens:
        raise TokenFileError(f"token file {path} is empty; write one token a line")
    for number, token in enumerate(tokens, start=1):
        if re.fullmatch(rb"[A-Za-z0-9._~+/=-]{16,512}", token) is None:
            raise TokenFileError(
                f"token {number} in {path} is no token: it needs 16 to 512 letters, digits "
                "or -._~+/=; make one with `openssl rand -hex 32`"
            )
    return tuple(map(_digest, tokens))


def _digest(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
