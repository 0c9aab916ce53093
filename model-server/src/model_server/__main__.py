"""Starts the server, or says in a line each what keeps it from starting."""

import logging
import os
import sys

from model_server import logs, model, server, settings
from model_server.service import assemble
from model_server.settings import SettingsError
from model_server.tokens import TokenFile, TokenFileError

_log = logging.getLogger("model_server")
_BAD_INPUT = 2


def main() -> int:
    try:
        chosen = settings.load(os.environ)
        loaded = model.load(chosen.model_folder)
        tokens = TokenFile(chosen.token_file) if chosen.token_file else None
    except (SettingsError, model.ModelError, TokenFileError) as error:
        return _refuse(str(error))
    try:
        listener = server.listen(chosen.host, chosen.port)
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        return _refuse(
            f"cannot listen on {chosen.host}:{chosen.port}: {reason}; "
            "set HOST and PORT to an address that is free"
        )
    logs.configure(chosen.log_level)
    if tokens is None:
        _log.warning("AUTH=none: /v1/predict serves anyone who can reach it")
    server.serve(assemble(chosen, loaded, tokens), listener)
    return 0


def _refuse(reasons: str) -> int:
    for reason in reasons.splitlines():
        print(f"model-server: cannot start: {reason}", file=sys.stderr)  # noqa: T201
    return _BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
