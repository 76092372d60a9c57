"""The messages of the widget as JSON Schema: equal to the TypeScript types, by one typed sample of each variant."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

REPOSITORY = Path(__file__).resolve().parents[3]
SCHEMA: dict[str, Any] = json.loads((REPOSITORY / "api" / "widget-protocol.json").read_text())
TESTS = REPOSITORY / "packages" / "connect-core" / "test"
SIDES = ("frame", "hello", "host", "widget")

Samples = dict[str, dict[str, list[dict[str, Any]]]]


def read(path: Path) -> Samples:
    """Return side -> variant -> samples."""
    samples: Samples = json.loads(path.read_text())
    return samples


def validator(side: str) -> Draft202012Validator:
    """Return what checks the messages of one side."""
    return Draft202012Validator({"$ref": f"#/$defs/{side}", "$defs": SCHEMA["$defs"]})


def variants(side: str) -> dict[str, list[dict[str, Any]]]:
    """Return the message's word -> its shapes in the schema."""
    shapes: dict[str, list[dict[str, Any]]] = {}
    todo = [SCHEMA["$defs"][side]]
    while todo:
        shape = todo.pop()
        if "$ref" in shape:
            todo.append(SCHEMA["$defs"][shape["$ref"].rpartition("/")[2]])
        elif "oneOf" in shape:
            todo.extend(shape["oneOf"])
        else:
            shapes.setdefault(shape["properties"]["type"]["const"], []).append(shape)
    return shapes


def test_the_schema_is_one() -> None:
    """It is valid JSON Schema itself."""
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "path", [TESTS / "samples.json", *sorted((TESTS / "frozen").glob("*.json"))], ids=str
)
def test_every_sample_is_valid(path: Path) -> None:
    """Today's messages and those of every released version."""
    for side, by_word in read(path).items():
        for word, samples in by_word.items():
            for sample in samples:
                assert sample["type"] == word
                validator(side).validate(sample)


@pytest.mark.parametrize("side", SIDES)
def test_schema_and_types_have_the_same_variants(side: str) -> None:
    """The samples' type has a key for every variant of the union, so their keys are the union's."""
    assert set(variants(side)) == set(read(TESTS / "samples.json")[side])


@pytest.mark.parametrize("side", SIDES)
def test_a_sample_shows_every_field(side: str) -> None:
    """A field that the schema has, some typed sample has too; one that no sample has, no type need have."""
    for word, shapes in variants(side).items():
        shown = {name for sample in read(TESTS / "samples.json")[side][word] for name in sample}
        assert shown == {name for shape in shapes for name in shape["properties"]}


@pytest.mark.parametrize("side", SIDES)
def test_what_lacks_a_required_field_is_refused(side: str) -> None:
    """Every required field of every variant is needed."""
    for word, samples in read(TESTS / "samples.json")[side].items():
        for sample in samples:
            required = {name for shape in variants(side)[word] for name in shape["required"]}
            for name in required & set(sample):
                lacking = {key: value for key, value in sample.items() if key != name}
                assert not validator(side).is_valid(lacking), f"{word} without {name}"


def test_a_later_field_is_accepted() -> None:
    """Messages gain optional fields: whoever knows an older schema still accepts them."""
    validator("widget").validate({"type": "success", "publicToken": None, "later": 1})


def test_results_of_requests_are_described_for_every_method() -> None:
    """One result for every method that the widget may ask."""
    methods = {shape["properties"]["method"]["const"] for shape in variants("widget")["request"]}
    assert set(SCHEMA["$defs"]["results"]["properties"]) == methods
