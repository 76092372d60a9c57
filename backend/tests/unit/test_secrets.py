"""The pepper: generated once for all processes, readable by its owner alone, replaced without losing old tokens."""

import multiprocessing
import stat
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from kryptos.infra.secrets import TokenHasher, load_token_hasher
from kryptos.infra.settings import Settings, SettingsWrong

OLD, NEW = "old:" + "11" * 32, "new:" + "22" * 32
PROCESSES = 6


def test_the_first_start_generates_a_pepper_that_only_its_owner_can_read(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    first = load_token_hasher(Settings(data_dir=data_dir))
    path = data_dir / "secrets" / "pepper"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["pepper"]
    second = load_token_hasher(Settings(data_dir=data_dir))
    assert first.hash("cat_x") == second.hash("cat_x")
    elsewhere = load_token_hasher(Settings(data_dir=tmp_path / "other"))
    assert elsewhere.hash("cat_x") != first.hash("cat_x")


def _start(data_dir: Path, barrier: Barrier, results: "multiprocessing.Queue[bytes]") -> None:
    barrier.wait(30)
    results.put(load_token_hasher(Settings(data_dir=data_dir)).hash("cat_x"))


def test_processes_that_start_at_once_agree_on_one_pepper(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for turn in range(5):
        barrier, results = context.Barrier(PROCESSES), context.Queue()
        data_dir = tmp_path / str(turn)
        started = [
            context.Process(target=_start, args=(data_dir, barrier, results)) for _ in range(PROCESSES)
        ]
        for process in started:
            process.start()
        hashes = {results.get(timeout=30) for _ in started}
        for process in started:
            process.join(30)
        assert len(hashes) == 1
        assert [each.name for each in (data_dir / "secrets").iterdir()] == ["pepper"]


def test_after_a_rotation_old_hashes_are_recognised_and_new_ones_are_made_with_the_new_key() -> None:
    before = load_token_hasher(Settings(pepper=OLD))
    during = load_token_hasher(Settings(pepper=f"{NEW}, {OLD}"))
    after = load_token_hasher(Settings(pepper=NEW))
    stored = before.hash("cat_x")
    assert during.key_id == "new"
    assert stored in during.candidates("cat_x")
    assert during.hash("cat_x") == during.candidates("cat_x")[0] == after.hash("cat_x") != stored
    assert stored not in after.candidates("cat_x")


@pytest.mark.parametrize(
    "pepper",
    ["x", "1:", "1:zz", "1:" + "a" * 63, "1:" + "ab" * 31, "1:" + "ab" * 33, f"{OLD},", ",", f"{OLD};{NEW}"],
)
def test_a_pepper_of_the_wrong_form_names_its_variable_and_not_its_value(pepper: str) -> None:
    with pytest.raises(SettingsWrong, match="KRYPTOS_PEPPER") as wrong:
        load_token_hasher(Settings(pepper=pepper))
    assert "ab" * 8 not in wrong.value.message
    assert "11" * 8 not in wrong.value.message


def test_a_hash_is_of_the_whole_token_and_needs_the_key() -> None:
    hasher = TokenHasher({"1": b"k" * 32})
    assert len(hasher.hash("cat_x")) == 32
    assert hasher.hash("cat_x") != hasher.hash("cat_X") != hasher.hash("cat_x ")
    assert hasher.hash("cat_x") != TokenHasher({"1": b"j" * 32}).hash("cat_x")
    assert hasher.candidates("\ud800")
