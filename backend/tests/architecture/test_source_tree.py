"""The source tree keeps to the plan of the house."""

import pytest

from tests.architecture.source_tree import PACKAGE_CHECKS, REPOSITORY, TREE_CHECKS, Check, files_under

OTHER_TREES = ("backend/tests", "tools", "benchmarks")


@pytest.mark.parametrize("check", PACKAGE_CHECKS, ids=lambda check: check.__name__)
def test_package(check: Check) -> None:
    files = files_under(REPOSITORY / "backend/src/kryptos", shown_from=REPOSITORY)
    findings = [str(finding) for file in files for finding in check(file)]
    assert files
    assert not findings, "\n" + "\n".join(findings)


@pytest.mark.parametrize("check", TREE_CHECKS, ids=lambda check: check.__name__)
def test_other_trees(check: Check) -> None:
    files = [file for tree in OTHER_TREES for file in files_under(REPOSITORY / tree, shown_from=REPOSITORY)]
    findings = [str(finding) for file in files for finding in check(file)]
    assert not findings, "\n" + "\n".join(findings)
