"""A set of environment variables that is right, for tests to spoil."""

from tests.support.paths import MODEL

RIGHT = {
    "CLUSTER_NAME": "ml-platform.prod-us",
    "CLOUD_PROVIDER": "aws",
    "CLOUD_REGION": "us-east-1",
    "MODEL_DIR": str(MODEL),
    "AUTH": "none",
}
SERVED_BY = "ml-platform.prod-us;provider=aws;region=us-east-1"
