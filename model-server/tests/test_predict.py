"""POST /v1/predict: what comes back, and what is said about a wrong request."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from digits_data import splits
from model_server.model import Model
from model_server.schema import PredictResponse
from tests.support.paths import EXAMPLES

JSON = {"Content-Type": "application/json"}


def post(client: TestClient, content: str | bytes) -> httpx2.Response:
    return client.post("/v1/predict", content=content, headers=JSON)


def problems(response: httpx2.Response, status: int = 422) -> list[str]:
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"error", "problems", "request_id"}
    assert body["request_id"] == response.headers["X-Request-Id"]
    found: list[str] = body["problems"]
    assert not [line for line in found if "\n" in line or len(line) > 300]
    return found


def test_one_instance(client: TestClient, digits: Model, instance: list[float]) -> None:
    response = client.post("/v1/predict", json={"instances": [instance]})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    body = response.json()
    model = digits.description
    assert body["model"] == {"name": "digits", "version": model.version, "sha256": model.sha256}
    (prediction,) = body["predictions"]
    assert prediction["label"] == model.check.label
    assert list(prediction["probabilities"]) == [str(digit) for digit in range(10)]
    assert prediction["probability"] == prediction["probabilities"][model.check.label]
    assert sum(prediction["probabilities"].values()) == pytest.approx(1, abs=1e-5)


def test_the_example_of_the_readme(client: TestClient) -> None:
    """What a failover compares between clouds."""
    response = post(client, (EXAMPLES / "request.json").read_bytes())
    assert response.json() == json.loads((EXAMPLES / "response.json").read_text())


def test_a_batch_keeps_its_order(client: TestClient) -> None:
    _, held_out = splits()
    images = held_out.images[:64].tolist()
    batch = client.post("/v1/predict", json={"instances": images}).json()["predictions"]
    alone = [
        client.post("/v1/predict", json={"instances": [image]}).json()["predictions"][0] for image in images
    ]
    assert [prediction["label"] for prediction in batch] == [prediction["label"] for prediction in alone]
    assert len({prediction["label"] for prediction in batch}) == 10
    for ours, theirs in zip(batch, alone, strict=True):
        assert ours["probability"] == pytest.approx(theirs["probability"], abs=2e-6)


def test_whole_numbers_and_edges_are_fine(client: TestClient) -> None:
    response = client.post("/v1/predict", json={"instances": [[0] * 32 + [16] * 32]})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "body: is not JSON: EOF while parsing a value"),
        ("{", "body: is not JSON: "),
        (b"\xff\xfe", "body: is not JSON: "),
        ("[" * 10_000, "body: is not JSON: recursion limit exceeded"),
        ("null", 'body: null: is not an object; send {"instances": [[...], ...]}'),
        ("[]", 'body: a list of 0: is not an object; send {"instances": [[...], ...]}'),
        ("{}", 'instances: not there: is required; send {"instances": [[...], ...]}'),
        ('{"instances": {}}', "instances: an object with 0 fields: is not a list; send "),
        ('{"instances": "x"}', 'instances: "x": is not a list; send '),
        ('{"instances": []}', "instances: a list of 0: is not a batch of 1 to 64; send that many instances"),
        ('{"instances": [7]}', "instances[0]: 7: is not a list; send "),
        (
            '{"instances": [[]]}',
            "instances[0]: a list of 0: does not have 64 numbers; send one for each of the 64 features",
        ),
    ],
)
def test_a_wrong_shape_is_one_problem(client: TestClient, content: str | bytes, said: str) -> None:
    (found,) = problems(post(client, content))
    assert found.startswith(said)


@pytest.mark.parametrize(
    ("value", "shown", "wrong", "fix"),
    [
        ("NaN", "NaN", "is not a number from 0 to 16", "send a finite number"),
        ("Infinity", "Infinity", "is not a number from 0 to 16", "send a finite number"),
        ("-Infinity", "-Infinity", "is not a number from 0 to 16", "send a finite number"),
        ("1e999", "Infinity", "is not a number from 0 to 16", "send a finite number"),
        ("-0.5", "-0.5", "is not a number from 0 to 16", "scale the value into that range"),
        ("16.000000001", "16.000000001", "is not a number from 0 to 16", "scale the value into that range"),
        ("1e300", "1e+300", "is not a number from 0 to 16", "scale the value into that range"),
        ('"7"', '"7"', "is not a number", "send a JSON number"),
        ("true", "true", "is not a number", "send a JSON number"),
        ("null", "null", "is not a number", "send a JSON number"),
        ("[1]", "a list of 1", "is not a number", "send a JSON number"),
        ("{}", "an object with 0 fields", "is not a number", "send a JSON number"),
        (f'"{"x" * 1000}"', f'"{"x" * 56}...', "is not a number", "send a JSON number"),
    ],
)
def test_a_wrong_value_is_named(client: TestClient, value: str, shown: str, wrong: str, fix: str) -> None:
    good = ", ".join(["1"] * 64)
    bad = ", ".join(["1"] * 5 + [value] + ["1"] * 58)
    found = problems(post(client, f'{{"instances": [[{good}], [{bad}]]}}'))
    assert found == [f"instances[1][5]: {shown}: {wrong}; {fix}"]


@pytest.mark.parametrize("length", [63, 65])
def test_a_wrong_length_is_named(client: TestClient, instance: list[float], length: int) -> None:
    wrong = ([*instance, 0.0])[:length]
    found = problems(client.post("/v1/predict", json={"instances": [instance, wrong, instance]}))
    expected = (
        f"instances[1]: a list of {length}: does not have 64 numbers; send one for each of the 64 features"
    )
    assert found == [expected]


def test_all_problems_come_at_once(client: TestClient, instance: list[float]) -> None:
    content = json.dumps({"instances": [["a"], instance, [True]], "extra": 1, "a b\n": 2})
    assert problems(post(client, content)) == [
        'instances[0][0]: "a": is not a number; send a JSON number',
        "instances[2][0]: true: is not a number; send a JSON number",
        "extra: 1: is not a known field; leave it out",
        '["a b\\n"]: 2: is not a known field; leave it out',
    ]


def test_a_list_of_problems_ends(client: TestClient) -> None:
    found = problems(client.post("/v1/predict", json={"instances": [[99.0] * 64] * 2}))
    assert len(found) == 21
    assert found[19].startswith("instances[0][19]: 99.0: ")
    assert found[20] == "body: has 108 more problems; mend those above first"
    found = problems(client.post("/v1/predict", json={"instances": [[0]] * 30}))
    assert found[20] == "body: has 10 more problems; mend those above first"


def test_an_instance_has_one_problem_of_type(client: TestClient) -> None:
    found = problems(client.post("/v1/predict", json={"instances": [["a"] * 64, [None] * 64]}))
    assert found == [
        'instances[0][0]: "a": is not a number; send a JSON number',
        "instances[1][0]: null: is not a number; send a JSON number",
    ]


def test_very_many_problems_are_only_counted(client: TestClient) -> None:
    found = problems(client.post("/v1/predict", json={"instances": [7] * 100_000}))
    assert found == ['body: 100000 values: are of a wrong type or unknown; send {"instances": [[...], ...]}']


class TestSmallLimits:
    @pytest.fixture
    def variables(self, variables: dict[str, str]) -> dict[str, str]:
        return {**variables, "MAX_BATCH": "2", "MAX_BODY_BYTES": "1024"}

    def test_a_batch_within(self, client: TestClient) -> None:
        assert client.post("/v1/predict", json={"instances": [[0] * 64] * 2}).status_code == 200

    def test_a_batch_too_large(self, client: TestClient) -> None:
        found = problems(client.post("/v1/predict", json={"instances": [[0] * 64] * 3}))
        assert found == ["instances: a list of 3: is not a batch of 1 to 2; send that many instances"]

    def test_a_body_that_says_it_is_too_large(self, client: TestClient) -> None:
        found = problems(post(client, b" " * 1025), 413)
        assert found == [
            "body: 1025 bytes: is larger than the limit of 1024 bytes; send several smaller batches"
        ]

    def test_a_body_that_does_not_say_so(self, client: TestClient) -> None:
        def chunks() -> Iterator[bytes]:
            yield from [b" " * 600] * 2

        response = client.post("/v1/predict", content=chunks(), headers=JSON)
        (found,) = problems(response, 413)
        assert found.startswith("body: more than 1024 bytes: is larger than the limit of 1024 bytes; ")

    def test_a_body_just_within(self, client: TestClient) -> None:
        content = json.dumps({"instances": [[0] * 64]}).ljust(1024)
        assert post(client, content).status_code == 200

    def test_openapi_has_them(self, client: TestClient) -> None:
        assert request_schema(client)["properties"]["instances"]["maxItems"] == 2


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, 'header content-type: "": is not application/json; send JSON'),
        (
            {"Content-Type": "text/plain"},
            'header content-type: "text/plain": is not application/json; send JSON',
        ),
        (
            {**JSON, "Content-Encoding": "gzip"},
            'header content-encoding: "gzip": is not supported; send it uncompressed',
        ),
    ],
)
def test_what_is_not_plain_json_is_refused(client: TestClient, headers: dict[str, str], said: str) -> None:
    response = client.post("/v1/predict", content=b"{}", headers=headers)
    assert problems(response, 415) == [said]


def test_a_charset_does_no_harm(client: TestClient, instance: list[float]) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8", "Content-Encoding": "identity"}
    content = json.dumps({"instances": [instance]})
    assert client.post("/v1/predict", content=content, headers=headers).status_code == 200


def request_schema(client: TestClient) -> dict[str, Any]:
    operation = client.get("/openapi.json").json()["paths"]["/v1/predict"]["post"]
    schema: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    return schema


def test_openapi_describes_the_request(client: TestClient) -> None:
    instances = request_schema(client)["properties"]["instances"]
    assert (instances["minItems"], instances["maxItems"]) == (1, 64)
    assert (instances["items"]["minItems"], instances["items"]["maxItems"]) == (64, 64)
    assert instances["items"]["items"] == {"type": "number", "minimum": 0.0, "maximum": 16.0}
    document = client.get("/openapi.json").json()
    operation = document["paths"]["/v1/predict"]["post"]
    example = operation["requestBody"]["content"]["application/json"]["example"]
    assert client.post("/v1/predict", json=example).status_code == 200
    assert operation["security"] == [{"HTTPBearer": []}]
    assert {"401", "408", "413", "415", "422", "503"} < set(operation["responses"])
    answer = operation["responses"]["200"]["content"]["application/json"]["example"]
    given = client.post("/v1/predict", json=example).json()
    assert PredictResponse.model_validate(answer, extra="forbid").predictions[0].label == "9"
    assert answer["model"] == given["model"]
    assert answer["predictions"][0].keys() == given["predictions"][0].keys()


def test_the_docs_are_there(client: TestClient) -> None:
    assert "swagger" in client.get("/docs").text
