"""Names of the tests that are made from the document: each says which operation it calls."""

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """Put the operation into the id: pytest 9.2 takes it for a part of the function's name, and leaves it out."""
    operation = getattr(item, "operation_label", None)
    if operation is not None and item.id.params is None:
        item._id = item.id.with_params(operation)
