"""The mirror of what is live: a reader finds one whole snapshot in it, whenever and however a run of it ends."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import fsspec
import pytest

from include import housekeeping_steps, step, steps
from include.publication import mirror, mirror_store, rollback
from include.publication.housekeeping import BusyError, tidy
from include.publication.mirror import bring, tidy_mirror
from include.publication.mirror_store import MirrorError
from include.publication.package import SUMS, listed_checksums
from include.publication.pointer import live, mirror_lock
from include.publication.rollback import roll_back
from include.run_log import RunLog
from include.settings import Settings
from tests.builders import DAY, correction
from tests.faults import Killed, Operations
from tests.mirror import Mirrored, writes
from tests.publication import Night, night_in

NEXT_DAY, LAST_DAY = "2022-10-17", "2022-10-18"
ROWS = [correction()]


BOTH = pytest.mark.parametrize("mirrored", ["memory", "file"], indirect=True)


@pytest.fixture
def mirrored(request: pytest.FixtureRequest, tmp_path: Path, pointed_at: Callable[..., Settings]) -> Iterator[Mirrored]:
    """A mirror that holds the first of two nights; the second is live here."""
    (tmp_path / "mirror").mkdir()
    night, on_files = night_in(tmp_path, pointed_at), getattr(request, "param", "memory") == "file"
    mirrored = Mirrored(night, (tmp_path / "mirror").as_uri() if on_files else "memory://mirror")
    night.publish(DAY, ROWS)
    mirrored.bring()
    night.publish(NEXT_DAY, ROWS)
    yield mirrored
    fsspec.filesystem("memory").store.clear()
    fsspec.filesystem("memory").pseudo_dirs[:] = [""]  # as fsspec has it: its root is always there


@pytest.fixture
def on_files(tmp_path: Path, pointed_at: Callable[..., Settings]) -> Mirrored:
    """A night whose settings name a mirror of files; nothing is published yet."""
    (tmp_path / "mirror").mkdir()
    night = night_in(tmp_path, pointed_at)
    url = (tmp_path / "mirror").as_uri()
    return Mirrored(
        Night(pointed_at(tmp_path, **_of(night), published_mirror=url, snapshots_kept=2), night.manifest), url
    )


def _of(night: Night) -> dict[str, object]:
    return {name: getattr(night.settings, name) for name in ("publication_policy", "schema_versions")}


@BOTH
def test_the_mirror_is_brought_to_what_is_live_and_its_pointer_is_written_last(mirrored: Mirrored) -> None:
    done = writes(mirrored.bring())
    mirrored.assert_whole(live(mirrored.published))
    last = "pipe_file /mirror/CURRENT.json" if mirrored.url.startswith("memory") else "replace"
    assert done[-1] == last
    tiers = [n for n, name in enumerate(done) if name.endswith(("/CURRENT", "write .CURRENT.beside"))]
    sums = [n for n, name in enumerate(done) if name.endswith((SUMS, f"write .{SUMS}.beside"))]
    sent = [n for n, name in enumerate(done) if name.startswith("put_file")]
    assert len(tiers) == len(sums) == 3
    assert max(sent) < max(sums) < min(tiers)
    for said in live(mirrored.published)["tiers"].values():
        (of_sums,) = [n for n in sums if _sent_before(done, n, said["path"])]
        assert of_sums > max(n for n in sent if said["path"] in done[n])


def _sent_before(done: list[str], number: int, path: str) -> bool:
    before = [name for name in done[:number] if name.startswith("put_file")]
    return path in before[-1]


def test_files_are_on_the_disk_before_the_checksums_say_that_they_are(on_files: Mirrored) -> None:
    on_files.night.publish(DAY, ROWS)
    done = on_files.bring()
    sums = done.index(f"write .{SUMS}.beside")
    sent = [n for n, name in enumerate(done) if name.startswith("put_file") and n < sums]
    assert done[sent[-1] : sums].count("fsync") > len(sent)


def test_nothing_is_tidied_away_here_while_it_is_sent(mirrored: Mirrored) -> None:
    class Tidying(Operations):
        def take(self, name: str) -> None:
            super().take(name)
            if name.startswith("put_file"):
                with pytest.raises(BusyError):
                    tidy(mirrored.published, 2)

    assert any(name.startswith("put_file") for name in mirrored.bring(Tidying()))


def test_the_mirror_is_not_tidied_while_it_is_written(mirrored: Mirrored) -> None:
    tidying = threading.Thread(target=tidy_mirror, args=(mirrored.published, 2, mirrored.url))
    with mirror_lock(mirrored.published):
        tidying.start()
        tidying.join(0.2)
        assert tidying.is_alive()
    tidying.join(10)
    assert not tidying.is_alive()


@BOTH
def test_a_second_run_sends_nothing(mirrored: Mirrored) -> None:
    mirrored.bring()
    assert writes(mirrored.bring()) == []
    assert bring(mirrored.published, mirrored.url) == {"as_of": NEXT_DAY, "files": 0, "bytes": 0}


@BOTH
def test_wherever_a_run_is_killed_the_mirror_is_whole_and_the_next_run_completes_it(mirrored: Mirrored) -> None:
    first = mirrored.live()
    files, root = mirrored.files, mirrored.store.root
    backup = mirrored.night.settings.scratch / "backup"
    files.get(root, str(backup), recursive=True)
    done, second = mirrored.bring(), live(mirrored.published)
    assert len(done) > 40
    # On files each is synced, too: of those operations some, and all of the pointer's, which come last.
    some = range(0, len(done), 5 if mirrored.url.startswith("file:") else 1)
    for number in sorted({*some, *range(len(done) - 16, len(done))}):
        files.rm(root, recursive=True)
        files.put(str(backup), root, recursive=True)
        with pytest.raises((Killed, MirrorError)):
            mirrored.bring(Operations(number))
        # On files the very last operation makes the rename of the pointer last: it is the new one by then.
        mirrored.assert_whole(second if done[number] == "fsync" and number == len(done) - 1 else first)
        mirrored.bring()
        mirrored.assert_whole(second)


def test_a_store_that_fails_is_named_with_the_file_and_what_is_live_here_stays(
    mirrored: Mirrored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret")
    first, second = mirrored.live(), live(mirrored.published)

    class Refusing(Operations):
        def take(self, name: str) -> None:
            super().take(name)
            if name.startswith("put_file") and name.endswith("dictionary.csv"):
                raise ConnectionError("no answer to very-secret")

    with pytest.raises(MirrorError) as caught:
        mirrored.bring(Refusing())
    path = f"{second['tiers']['open']['path']}/dictionary.csv"
    assert str(caught.value) == f"mirror {mirrored.url}: cannot put {path}: ConnectionError: no answer to …"
    # Nor is the store's own error shown with it, which may quote more.
    assert caught.value.__suppress_context__
    assert caught.value.__cause__ is None
    assert live(mirrored.published) == second
    mirrored.assert_whole(first)


@pytest.mark.parametrize("harm", ["deleted", "shortened", "added"])
def test_a_file_that_was_harmed_in_the_mirror_is_mended(mirrored: Mirrored, harm: str) -> None:
    mirrored.bring()
    files, path = mirrored.files, mirrored.path(live(mirrored.published)["tiers"]["open"]["path"])
    if harm == "deleted":
        files.rm_file(f"{path}/dictionary.csv")
    elif harm == "shortened":
        files.pipe_file(f"{path}/dictionary.csv", b"mart")
    else:
        files.pipe_file(f"{path}/strange.csv", b"mart")
    assert verify_fails(mirrored)
    done = writes(mirrored.bring())
    assert [name.split()[0] for name in done] == ["rm_file" if harm == "added" else "put_file"]
    mirrored.assert_whole(live(mirrored.published))


def verify_fails(mirrored: Mirrored) -> bool:
    with suppress(AssertionError):
        mirrored.assert_whole(live(mirrored.published))
        return False
    return True


def test_other_content_of_the_same_snapshot_is_replaced_and_never_called_whole_meanwhile(mirrored: Mirrored) -> None:
    mirrored.bring()
    path = live(mirrored.published)["tiers"]["open"]["path"]
    folder = mirrored.published / path
    other = "other".rjust((folder / "dictionary.csv").stat().st_size)
    digest = listed_checksums(folder)["dictionary.csv"]
    mirrored.files.pipe_file(mirrored.path(f"{path}/dictionary.csv"), other.encode())
    said = (folder / SUMS).read_text().replace(digest, "0" * 64)
    mirrored.files.pipe_file(mirrored.path(f"{path}/{SUMS}"), said.encode())
    done = writes(mirrored.bring())
    assert done[0] == f"rm_file {mirrored.path(f'{path}/{SUMS}')}"
    mirrored.assert_whole(live(mirrored.published))


def test_a_file_that_was_altered_here_is_not_sent(mirrored: Mirrored) -> None:
    first = mirrored.live()
    (mirrored.night.snapshot("open") / "dictionary.csv").write_text("altered")
    with pytest.raises(MirrorError, match=r"open/snapshots/.*/dictionary.csv is altered here since it was published"):
        mirrored.bring()
    mirrored.assert_whole(first)


def test_what_the_store_lost_while_it_was_sent_keeps_the_pointer(mirrored: Mirrored) -> None:
    first = mirrored.live()

    class Forgetful(Operations):
        def take(self, name: str) -> None:
            super().take(name)
            sent = [name.split()[1] for name in self.done if name.startswith("put_file")]
            if name.startswith("put_file") and name.endswith("dictionary.csv"):
                mirrored.files.rm_file(sent[0])

    with pytest.raises(MirrorError, match=r"open/snapshots/.* not there as sent"):
        mirrored.bring(Forgetful())
    mirrored.assert_whole(first)


def test_a_run_reads_the_pointer_when_its_turn_comes_so_that_no_older_one_follows(mirrored: Mirrored) -> None:
    """A night waits for a response's mirror while a third snapshot becomes live: what it then brings is the third."""
    brought: list[dict] = []
    waiting = threading.Thread(target=lambda: brought.append(bring(mirrored.published, mirrored.url)))
    with mirror_lock(mirrored.published):
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        mirrored.night.publish(LAST_DAY, ROWS)
    waiting.join()
    assert brought[0]["as_of"] == LAST_DAY
    mirrored.assert_whole(live(mirrored.published))


@BOTH
def test_housekeeping_takes_from_the_mirror_what_is_not_kept_here_and_never_its_live_one(mirrored: Mirrored) -> None:
    first = mirrored.live()
    shutil.rmtree(mirrored.published / "history")  # as if the first night were long past
    assert tidy_mirror(mirrored.published, 2, mirrored.url) == {"removed_from_mirror": 0}
    mirrored.assert_whole(first)
    mirrored.bring()
    assert tidy_mirror(mirrored.published, 2, mirrored.url) == {"removed_from_mirror": 3}
    assert mirrored.store.folders("open/snapshots") == [live(mirrored.published)["tiers"]["open"]["snapshot"]]
    mirrored.assert_whole(live(mirrored.published))


def test_a_snapshot_half_taken_away_does_not_say_that_it_is_whole(mirrored: Mirrored) -> None:
    path = mirrored.live()["tiers"]["open"]["path"]
    mirrored.bring()
    shutil.rmtree(mirrored.published / "history")
    with pytest.MonkeyPatch.context() as patched, pytest.raises(Killed):
        patched.setattr(mirror_store.Store, "remove_folder", lambda *_: (_ for _ in ()).throw(Killed()))
        tidy_mirror(mirrored.published, 2, mirrored.url)
    assert mirrored.store.text(f"{path}/{SUMS}") is None
    assert tidy_mirror(mirrored.published, 2, mirrored.url)["removed_from_mirror"] == 3


def test_where_nothing_is_live_here_the_mirror_keeps_all(mirrored: Mirrored) -> None:
    mirrored.bring()
    second, snapshots = mirrored.live(), mirrored.store.folders("open/snapshots")
    shutil.rmtree(mirrored.published)
    assert tidy_mirror(mirrored.published, 2, mirrored.url) == {"removed_from_mirror": 0}
    assert bring(mirrored.published, mirrored.url)["files"] == 0
    assert mirrored.store.folders("open/snapshots") == snapshots
    assert len(snapshots) == 2
    mirrored.assert_whole(second)


def test_a_folder_that_is_not_mounted_is_not_taken_for_an_empty_mirror(on_files: Mirrored) -> None:
    on_files.night.publish(DAY, ROWS)
    (on_files.night.settings.scratch.parent / "mirror").rmdir()
    with pytest.raises(MirrorError, match=r"file:///.*/mirror does not exist: make or mount the folder"):
        bring(on_files.published, on_files.url)


def logged(night: Night, pattern: str) -> list[tuple[str, str, dict]]:
    (folder,) = (night.settings.state / "run_log").glob(pattern)
    entries = RunLog(night.settings.state, folder.name).entries()
    return [(e["step"], e["outcome"], json.loads(e["figures"] or "{}")) for e in entries]


def test_the_task_brings_the_mirror_and_says_in_the_run_log_what_it_sent(on_files: Mirrored) -> None:
    on_files.night.publish(DAY, ROWS)
    assert steps.mirror("field_uploads_nightly/once", DAY) == on_files.url
    ((name, outcome, figures),) = logged(on_files.night, "field_uploads_nightly__once")
    assert (name, outcome, figures["mirror"], figures["as_of"]) == ("mirror", "done", on_files.url, DAY)
    assert figures["files"] > 20
    assert figures["bytes"] > 1000


def test_a_mirror_out_of_reach_fails_the_task_to_be_tried_again(on_files: Mirrored) -> None:
    on_files.night.publish(DAY, ROWS)
    folder = on_files.night.settings.scratch.parent / "mirror"
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(MirrorError):  # and not Airflow's error that ends a task for good
        steps.mirror("field_uploads_nightly/once", DAY)
    folder.with_name("elsewhere").rename(folder)
    steps.mirror("field_uploads_nightly/once", DAY)
    assert [outcome for _, outcome, _ in logged(on_files.night, "field_uploads_nightly__once")] == ["failed", "done"]


def test_without_a_mirror_the_task_does_nothing_and_says_so(
    tmp_path: Path, pointed_at: Callable[..., Settings]
) -> None:
    night = night_in(tmp_path, pointed_at)
    night.publish(DAY, ROWS)
    assert "REGSOSEK_PUBLISHED_MIRROR is not set" in steps.mirror("field_uploads_nightly/once", DAY)
    ((_, outcome, figures),) = logged(night, "field_uploads_nightly__once")
    assert (outcome, figures) == ("done", {"mirror": "none: REGSOSEK_PUBLISHED_MIRROR is not set"})
    assert not (night.published / ".mirror").exists()


@BOTH
def test_the_mirror_follows_a_rollback(mirrored: Mirrored) -> None:
    first = mirrored.live()
    mirrored.bring()
    roll_back(mirrored.published, DAY)
    assert len(writes(mirrored.bring())) == (
        4 if mirrored.url.startswith("memory") else 8
    )  # the pointer, thrice copied
    mirrored.assert_whole(first)


def test_the_command_of_a_rollback_takes_the_mirror_along(on_files: Mirrored, capsys) -> None:  # noqa: ANN001
    for day in (DAY, NEXT_DAY):
        on_files.night.publish(day, ROWS)
    assert mirror.main() == 0
    assert f"mirror {on_files.url}: " in capsys.readouterr().out
    assert rollback.main([DAY]) == 0
    assert on_files.live() == live(on_files.published)
    assert [entry[:2] for entry in logged(on_files.night, "rollback__*")][2] == ("mirror", "done")
    on_files.assert_whole(live(on_files.published))


def test_a_rollback_whose_mirror_is_out_of_reach_says_so_and_the_command_of_the_mirror_completes_it(
    on_files: Mirrored,
    capsys,  # noqa: ANN001
) -> None:
    for day in (DAY, NEXT_DAY):
        on_files.night.publish(day, ROWS)
    folder = on_files.night.settings.scratch.parent / "mirror"
    folder.rmdir()
    assert rollback.main([DAY]) == 1
    assert "rolled back here, and the mirror did not follow; `make mirror`" in capsys.readouterr().err
    assert live(on_files.published)["as_of"] == DAY
    assert mirror.main() == 1
    folder.mkdir()
    assert mirror.main() == 0
    on_files.assert_whole(live(on_files.published))


def test_the_step_of_housekeeping_tidies_the_mirror_too(on_files: Mirrored) -> None:
    for day in (DAY, NEXT_DAY, LAST_DAY, "2022-10-19"):
        on_files.night.publish(day, ROWS)
        steps.mirror(f"field_uploads_nightly/{day}", day)
    assert (
        housekeeping_steps.housekeep("housekeeping/once") == 3
    )  # the second of four days: not of the last two, nor the last of its week
    figures = logged(on_files.night, "housekeeping__once")[1][2]
    assert (figures["removed"], figures["removed_from_mirror"]) == (3, 3)
    assert step.settings().published_mirror == on_files.url
