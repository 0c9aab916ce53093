"""Keys that somebody else has made."""

from moto.backends import get_backend

from cloud.account import ACCOUNT


def add_key(region: str) -> str:
    """A key of a region. Its ARN."""
    key = get_backend("kms")[ACCOUNT][region].create_key(
        policy="", key_usage="ENCRYPT_DECRYPT", key_spec="SYMMETRIC_DEFAULT", description="", tags=[]
    )
    return str(key.arn)
