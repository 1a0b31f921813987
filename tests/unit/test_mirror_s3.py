"""The mirror on S3: the client of production against a server that speaks the protocol, and its errors."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from include.publication.mirror import bring, tidy_mirror
from include.publication.mirror_store import MirrorError
from include.publication.package import SUMS, listed_checksums
from include.publication.pointer import CURRENT, live
from include.publication.rollback import roll_back
from include.settings import Settings
from tests.builders import DAY, correction
from tests.faults import Killed, Operations
from tests.mirror import Mirrored, writes
from tests.publication import night_in

NEXT_DAY = "2022-10-17"
ROWS = [correction()]
BUCKET, URL = "regsosek", "s3://regsosek/published"
SECRET = "of-nobody"  # noqa: S105 - the server asks nobody


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An S3 server of this process, in memory."""
    moto = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


@pytest.fixture
def mirrored(
    server: str, tmp_path: Path, pointed_at: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mirrored]:
    """A mirror in a bucket that holds the first of two nights; the client is set up by the environment alone."""
    environment = {"ENDPOINT_URL": server, "ACCESS_KEY_ID": "nobody", "SECRET_ACCESS_KEY": SECRET}
    for name, value in {**environment, "DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    night = night_in(tmp_path, pointed_at)
    night.publish(DAY, ROWS)
    bring(night.published, URL)
    night.publish(NEXT_DAY, ROWS)
    yield Mirrored(night, URL)
    bucket = boto3.resource("s3").Bucket(BUCKET)
    bucket.objects.all().delete()
    bucket.delete()


def test_the_pointer_is_put_last_and_every_file_with_its_checksum(mirrored: Mirrored) -> None:
    done = writes(mirrored.bring())
    assert done[-1] == f"pipe_file {BUCKET}/published/{CURRENT}"
    mirrored.assert_whole(live(mirrored.published))
    assert writes(mirrored.bring()) == []
    path = live(mirrored.published)["tiers"]["open"]["path"]
    for name, sha256 in listed_checksums(mirrored.published / path).items():
        said = boto3.client("s3").head_object(Bucket=BUCKET, Key=f"published/{path}/{name}", ChecksumMode="ENABLED")
        assert base64.b64decode(said["ChecksumSHA256"]).hex() == sha256


def test_a_run_that_is_killed_leaves_one_whole_snapshot_and_the_next_completes_it(mirrored: Mirrored) -> None:
    done = mirrored.bring()
    # Every operation is struck on the other stores; here, over the network, one of many files and the pointer.
    for number in (len(done) // 2, len(done) - 1):
        before = live(mirrored.published)
        mirrored.night.publish(NEXT_DAY, ROWS, f"struck at {number}")
        with pytest.raises((Killed, MirrorError)):
            mirrored.bring(Operations(number))
        mirrored.assert_whole(before)
        mirrored.bring()
        mirrored.assert_whole(live(mirrored.published))


def test_a_harmed_file_is_mended_a_rollback_followed_and_what_is_old_taken_away(mirrored: Mirrored) -> None:
    bring(mirrored.published, URL)
    second = live(mirrored.published)
    path = f"{BUCKET}/published/{second['tiers']['operational']['path']}"
    mirrored.files.rm_file(f"{path}/dictionary.csv")
    mirrored.files.pipe_file(f"{path}/datapackage.json", b"{}")
    assert bring(mirrored.published, URL)["files"] == 2
    mirrored.assert_whole(second)
    roll_back(mirrored.published, DAY)
    assert bring(mirrored.published, URL)["files"] == 0
    mirrored.assert_whole(live(mirrored.published))
    assert live(mirrored.published)["as_of"] == DAY
    for entry in (mirrored.published / "history").iterdir():
        entry.unlink()
    assert tidy_mirror(mirrored.published, 2, URL) == {"removed_from_mirror": 3}
    assert mirrored.store.text(f"{second['tiers']['open']['path']}/{SUMS}") is None
    mirrored.assert_whole(live(mirrored.published))


def test_a_server_out_of_reach_and_a_bucket_that_is_not_there_are_named(
    mirrored: Mirrored, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = live(mirrored.published)["tiers"]["open"]["path"]
    with pytest.raises(MirrorError, match=rf"mirror s3://nowhere/published: cannot put {path}/\S+: FileNotFoundError"):
        bring(mirrored.published, "s3://nowhere/published")
    out_of_reach = rf"mirror {URL}: cannot read {path}/{SUMS}: EndpointConnectionError"
    with monkeypatch.context() as patched, pytest.raises(MirrorError, match=out_of_reach) as caught:
        patched.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
        bring(mirrored.published, URL)
    assert SECRET not in str(caught.value)
    assert live(mirrored.published)["as_of"] == NEXT_DAY
