"""A folder, memory and a bucket hold objects alike: whole or not at all, in little memory, erased for good."""

import tracemalloc

import pytest

from corroborate.errors import InvalidValue, StoreAway
from corroborate.sealed import BucketStore, FolderStore, MemoryStore, SealedFiles, bucket
from corroborate.sealed.buckets import PART

CONTENT = bytes(range(256)) * 300
LARGE = 2 * PART + 12_345


@pytest.fixture(params=["folder", "memory", "bucket"])
def store(request, tmp_path):
    if request.param == "folder":
        return FolderStore(tmp_path / "sealed")
    return MemoryStore() if request.param == "memory" else request.getfixturevalue("in_bucket")


@pytest.fixture
def address(server, bucket):
    return f"s3://{bucket}/kept here?endpoint={server.endpoint}"


@pytest.fixture
def in_bucket(address, key):
    return BucketStore(bucket(address, key, "own"))


def parts(size):
    for start in range(0, size, 50_000):
        yield CONTENT[: min(50_000, size - start)]


@pytest.mark.parametrize("size", [0, 1, 60_000, LARGE])
def test_what_is_put_is_got_back(store, size):
    store.put("ab/abc", parts(size))
    assert b"".join(store.get("ab/abc")) == b"".join(parts(size))
    assert store.has("ab/abc")
    assert store.paths() == ["ab/abc"]
    store.put("cd/cde", [b"other"])
    assert store.paths() == ["ab/abc", "cd/cde"]
    store.delete("ab/abc")
    store.delete("ab/abc")
    assert not store.has("ab/abc")
    assert store.paths() == ["cd/cde"]
    with pytest.raises(InvalidValue, match="no sealed file"):
        list(store.get("ab/abc"))
    assert store.look().state == "good"


@pytest.mark.parametrize("size", [60_000, LARGE])
def test_an_object_whose_source_breaks_off_is_not_there_at_all(store, size):
    def broken():
        yield from parts(size)
        raise RuntimeError("the disk it is read from is gone")

    with pytest.raises(RuntimeError, match="is gone"):
        store.put("ab/abc", broken())
    assert store.paths() == []
    assert not store.has("ab/abc")


def test_a_bucket_keeps_no_parts_of_it_either(in_bucket, server):
    with pytest.raises(ZeroDivisionError):
        in_bucket.put("ab/abc", (b"x" * PART if one else bytes(1 // one) for one in (2, 1, 0)))
    assert server.unfinished(in_bucket.bucket.name) == []


def test_a_large_object_goes_there_and_comes_back_in_little_memory(in_bucket):
    size = 6 * PART
    in_bucket.put("ab/warm", [b"the driver is loaded"])
    list(in_bucket.get("ab/warm"))
    tracemalloc.start()
    in_bucket.put("ab/abc", parts(size))
    assert sum(map(len, in_bucket.get("ab/abc"))) == size
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * PART


def test_one_bucket_holds_several_vaults(address, key):
    one, other = (BucketStore(bucket(address, key, own)) for own in ("own", "own2"))
    one.put("ab/abc", [b"one"])
    other.put("ab/abc", [b"other"])
    assert b"".join(one.get("ab/abc")) == b"one"
    one.delete("ab/abc")
    assert (one.paths(), other.paths()) == ([], ["ab/abc"])


def test_a_bucket_that_keeps_versions_keeps_none_of_what_is_erased(server, key):
    name = server.bucket("with-versions", versions=True)
    store = BucketStore(bucket(f"s3://{name}?endpoint={server.endpoint}", key, "own"))
    store.prove("proof")
    for words in (b"first", b"second"):
        store.put("ab/abc", [words])
    store.put("ab/abcd", [b"of another"])
    assert len(server.objects(name)) == 3
    store.delete("ab/abc")
    assert [one.partition("@")[0] for one in server.objects(name)] == ["own/ab/abcd"]
    assert "keeps versions, which are erased" in store.look().words


def test_a_bucket_that_would_keep_what_is_erased_is_refused_before_anything_is_entrusted_to_it(server):
    name = server.bucket("may-not-erase", versions=True)
    deny = {"Effect": "Deny", "Action": "s3:DeleteObjectVersion", "Resource": "*"}
    locked = server.bucket("locked", ObjectLockEnabledForBucket=True)
    rule = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3}}}
    server.reader.put_object_lock_configuration(Bucket=locked, ObjectLockConfiguration=rule)
    half = server.key("half", {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, deny)
    for where, with_key in ((name, half), (locked, server.key("locking"))):
        store = BucketStore(bucket(f"s3://{where}?endpoint={server.endpoint}", with_key, "own"))
        with pytest.raises(StoreAway, match=r"refuses|keeps what is erased|ObjectLock"):
            store.prove("proof")


def test_an_answer_that_breaks_off_is_asked_for_again_from_there(road, address, server, key, in_bucket):
    in_bucket.put("ab/abc", parts(LARGE))
    far = BucketStore(bucket(address.replace(server.endpoint, road.endpoint), key, "own"))
    assert far.has("ab/abc")
    road.answers = PART
    assert b"".join(far.get("ab/abc")) == b"".join(parts(LARGE))
    assert road.answers is None
    road.close()
    with pytest.raises(StoreAway, match="does not answer"):
        list(far.get("ab/abc"))


def test_a_question_that_breaks_off_is_put_again(road, address, server, key):
    far = BucketStore(bucket(address.replace(server.endpoint, road.endpoint), key, "own"))
    road.questions = PART + 1000
    far.put("ab/abc", parts(LARGE))
    assert road.questions is None
    assert sum(map(len, far.get("ab/abc"))) == LARGE


def test_files_are_copied_as_they_are_sealed_and_opened_there(tmp_path, in_bucket, server):
    folder = SealedFiles(FolderStore(tmp_path / "sealed"), b"k" * 32)
    content = tmp_path / "content"
    content.write_bytes(b"a needle in it" * 20_000)
    with content.open("rb") as file:
        digest, address = folder.put(file)
    in_bucket.put("ab/ab" + "0" * 62, [b"of an earlier try, withdrawn since"])
    assert list(folder.copied(in_bucket)) == [address]
    there = SealedFiles(in_bucket, b"k" * 32)
    assert there.addresses() == [address]
    assert b"".join(there.get(address)) == content.read_bytes()
    assert all(b"needle" not in one for one in server.objects(in_bucket.bucket.name).values())
    assert digest.hex not in "".join(server.objects(in_bucket.bucket.name))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://example.org/bucket", "no address of a bucket"),
        ("s3://", "no address of a bucket"),
        ("s3://key:secret@bucket", "no address of a bucket"),
        ("s3://bucket?endpiont=https://example.org", "not endpiont"),
        ("s3://bucket?endpoint=example.org", "https://HOST"),
        ("s3://bucket?endpoint=https://key:secret@example.org", "https://HOST"),
        ("s3://bucket?endpoint=http://example.org", "reads along"),
    ],
)
def test_what_is_no_address_of_a_bucket_is_refused(address, words):
    with pytest.raises(InvalidValue, match=words) as found:
        bucket(address, {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}, "own")
    assert "secret" not in str(found.value)


def test_a_bucket_without_its_key_is_refused():
    with pytest.raises(InvalidValue, match="AWS_SECRET_ACCESS_KEY"):
        bucket("s3://bucket", {"AWS_ACCESS_KEY_ID": "a"}, "own")
