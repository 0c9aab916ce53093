"""What a request is refused with."""


class Refusal(Exception):  # noqa: N818  The word of the other clouds of the tests.
    """An error of an API: its code, its message and its HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def invalid(message: str) -> Refusal:
    """A parameter with a value that does not do."""
    return Refusal("InvalidParameterException", message)


def in_use(message: str) -> Refusal:
    """A thing that something else goes on with, or that exists already."""
    return Refusal("ResourceInUseException", message, 409)


def not_found(message: str) -> Refusal:
    """A thing that there is not."""
    return Refusal("ResourceNotFoundException", message, 404)
