"""The data: the selection, the embedded file, the IDX reader, and one clear line for every
error."""

import gzip
import hashlib
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest

from ntk_helpers import data, idx
from ntk_helpers.data import fashion_pair, fashion_pair_arrays, loader
from tools import embed

needs_debian = pytest.mark.skipif(
    not idx.DEBIAN.is_dir(), reason="the Debian package dataset-fashion-mnist is not installed"
)


@pytest.fixture
def no_copies(monkeypatch, tmp_path):
    """A machine without any copy of the whole dataset."""
    monkeypatch.setattr(idx, "DEBIAN", tmp_path / "no-debian")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("NTK_DATA", raising=False)


def write_idx(folder, prefix, images, labels):
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in ((idx.IMAGES, images), (idx.LABELS, labels)):
        header = bytes([0, 0, 8, array.ndim]) + b"".join(s.to_bytes(4, "big") for s in array.shape)
        (folder / (name.format(prefix) + ".gz")).write_bytes(
            gzip.compress(header + array.tobytes())
        )


@pytest.fixture
def small(tmp_path):
    """A tiny dataset of ten images whose pixels are their position."""
    labels = np.array([5, 0, 5, 7, 0, 0, 5, 7, 0, 5], np.uint8)
    images = np.broadcast_to(np.arange(10, dtype=np.uint8)[:, None, None], (10, 28, 28))
    write_idx(tmp_path / "small", "train", images, labels)
    return tmp_path / "small"


def test_tensors():
    images, labels = fashion_pair(200)
    assert images.shape == (200, 1, 28, 28) and str(images.dtype) == "torch.float32"
    assert labels.shape == (200,) and str(labels.dtype) == "torch.int64"
    assert images.min() == -1 and images.max() == 1
    assert (labels == 1).sum() == (labels == 3).sum() == 100
    assert [data.CLASSES[c] for c in labels[:4]] == ["Dress", "Trouser", "Dress", "Trouser"]


def test_pixels_are_those_of_torchvision():
    torch = pytest.importorskip("torch")
    transforms = pytest.importorskip("torchvision").transforms
    transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    raw, _ = fashion_pair_arrays(20)
    expected = torch.stack([transform(image[..., None]) for image in raw])
    assert torch.equal(fashion_pair(20)[0], expected)


def test_selection_is_the_first_of_each_class_in_dataset_order(small):
    images, labels = fashion_pair_arrays(4, (0, 5), root=small)
    assert images[:, 0, 0].tolist() == [0, 1, 2, 4]
    assert labels.tolist() == [5, 0, 5, 0]
    assert images.dtype == np.uint8 and labels.dtype == np.int64


def test_a_smaller_selection_is_part_of_a_larger_one():
    small, large = fashion_pair_arrays(100)[0], fashion_pair_arrays(2000)[0]
    rows = {image.tobytes() for image in large}
    assert all(image.tobytes() in rows for image in small)


def test_classes_are_a_set():
    for one, other in zip(
        fashion_pair_arrays(50, (1, 3)), fashion_pair_arrays(50, [3, 1]), strict=True
    ):
        assert np.array_equal(one, other)


def test_the_embedded_arrays_cannot_be_spoilt_by_a_caller():
    before = fashion_pair_arrays(2000)[0]
    fashion_pair_arrays(2000)[0][:] = 0
    assert np.array_equal(fashion_pair_arrays(2000)[0], before)


@needs_debian
@pytest.mark.parametrize(("split", "prefix"), data.SPLITS.items())
def test_embedded_bytes_are_those_of_the_debian_package(split, prefix):
    images = idx.read_idx(idx.DEBIAN / (idx.IMAGES.format(prefix) + ".gz"))
    labels = idx.read_idx(idx.DEBIAN / (idx.LABELS.format(prefix) + ".gz"))
    keep = np.isin(labels, (1, 3))
    count = np.where(labels == 1, np.cumsum(labels == 1), np.cumsum(labels == 3))
    keep &= count <= 1000
    got_images, got_labels = fashion_pair_arrays(2000, split=split)
    assert np.array_equal(got_images, images[keep]) and np.array_equal(got_labels, labels[keep])


@needs_debian
def test_the_script_rebuilds_the_embedded_arrays(tmp_path, capsys):
    embed.main(["--output", str(tmp_path / "rebuilt.npz")])
    shipped = files("ntk_helpers").joinpath("assets", data.EMBEDDED_FILE)
    with np.load(tmp_path / "rebuilt.npz") as rebuilt, np.load(str(shipped)) as kept:
        assert sorted(rebuilt) == sorted(kept)
        assert all(np.array_equal(rebuilt[name], kept[name]) for name in kept)
    assert "SHA-256" in capsys.readouterr().out


def test_the_embedded_file_is_small_and_carries_its_licence():
    assets = files("ntk_helpers").joinpath("assets")
    content = assets.joinpath(data.EMBEDDED_FILE).read_bytes()
    assert len(content) < 1_500_000 and hashlib.sha256(content).hexdigest() == data.EMBEDDED_SHA256
    licence = assets.joinpath("LICENSE-Fashion-MNIST").read_text(encoding="utf-8")
    assert "2017 Zalando SE" in licence and "Permission is hereby granted" in licence


@needs_debian
def test_other_pairs_and_larger_sizes_come_from_the_whole_dataset():
    images, labels = fashion_pair_arrays(12000)
    assert np.bincount(labels).tolist() == [0, 6000, 0, 6000]
    embedded = {image.tobytes() for image in fashion_pair_arrays(2000)[0]}
    assert embedded <= {image.tobytes() for image in images}
    assert set(fashion_pair_arrays(10, (6, 2), "test")[1]) == {2, 6}


@pytest.mark.parametrize("nested", ["", "FashionMNIST/raw"])
def test_ntk_data_names_a_folder(no_copies, monkeypatch, tmp_path, nested):
    labels = np.array([2, 4, 2, 4], np.uint8)
    write_idx(tmp_path / "mine" / nested, "t10k", np.zeros((4, 28, 28), np.uint8), labels)
    monkeypatch.setenv("NTK_DATA", str(tmp_path / "mine"))
    assert fashion_pair_arrays(4, (2, 4), "test")[1].tolist() == [2, 4, 2, 4]


def test_a_root_goes_before_ntk_data(small, monkeypatch, tmp_path):
    monkeypatch.setenv("NTK_DATA", str(tmp_path))
    assert fashion_pair_arrays(2, (0, 5), root=small)[0][:, 0, 0].tolist() == [0, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 3}, "even number"),
        ({"n": 0}, "even number"),
        ({"n": -2}, "even number"),
        ({"n": 2.5}, "whole number"),
        ({"n": 12002}, "n <= 12000"),
        ({"n": 2002, "split": "test"}, "n <= 2000"),
        ({"classes": (3, 3)}, "equal"),
        ({"classes": (1, 10)}, "unknown class"),
        ({"classes": (-1, 3)}, "unknown class"),
        ({"classes": (1,)}, "two labels"),
        ({"classes": "ab"}, "two labels"),
        ({"classes": 1}, "two labels"),
        ({"split": "valid"}, "'train' or 'test'"),
    ],
)
def test_impossible_requests(arguments, message):
    with pytest.raises(ValueError, match=message) as caught:
        fashion_pair_arrays(**arguments)
    assert "\n" not in str(caught.value)


def test_more_images_than_a_smaller_dataset_has(small):
    with pytest.raises(ValueError, match="use n <= 8"):
        fashion_pair_arrays(10, (0, 5), root=small)


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="does not exist"):
        fashion_pair_arrays(10, root=tmp_path / "nowhere")


@pytest.mark.parametrize(
    "damage", [lambda b: b[:500], lambda b: b"\x1f\x8b" + b[5:], lambda b: b"<html>"]
)
def test_a_damaged_idx_file(small, damage):
    path = small / (idx.IMAGES.format("train") + ".gz")
    path.write_bytes(damage(path.read_bytes()[:-9]))
    with pytest.raises(RuntimeError, match="damaged") as caught:
        fashion_pair_arrays(4, (0, 5), root=small)
    assert "\n" not in str(caught.value)


def test_a_truncated_raw_idx_file(tmp_path):
    (tmp_path / "short").write_bytes(b"\0\0\x08\x03" + (2).to_bytes(4, "big") + b"\0\0")
    with pytest.raises(RuntimeError, match="damaged"):
        idx.read_idx(tmp_path / "short")


def test_images_and_labels_that_do_not_fit(small):
    write_idx(small, "train", np.zeros((3, 28, 28), np.uint8), np.zeros(4, np.uint8))
    with pytest.raises(RuntimeError, match="do not fit"):
        fashion_pair_arrays(2, (0, 5), root=small)


def test_a_damaged_embedded_file(monkeypatch):
    data._embedded.cache_clear()
    monkeypatch.setattr(data, "EMBEDDED_SHA256", "0" * 64)
    try:
        with pytest.raises(RuntimeError, match="damaged"):
            fashion_pair_arrays(2)
    finally:
        data._embedded.cache_clear()


def test_a_failed_download_says_what_to_do(no_copies, monkeypatch):
    datasets = pytest.importorskip("torchvision").datasets

    def offline(*args, **kwargs):
        raise RuntimeError("Error downloading train-images\nand much more")

    monkeypatch.setattr(datasets, "FashionMNIST", offline)
    with pytest.raises(RuntimeError, match="set NTK_DATA") as caught:
        fashion_pair_arrays(2, (0, 9))
    assert "\n" not in str(caught.value)


def test_a_download_is_found_again(no_copies, monkeypatch, tmp_path):
    datasets = pytest.importorskip("torchvision").datasets

    def download(root, train, download):
        write_idx(
            root / "FashionMNIST" / "raw",
            "train",
            np.zeros((2, 28, 28), np.uint8),
            np.array([0, 9], np.uint8),
        )

    monkeypatch.setattr(datasets, "FashionMNIST", download)
    assert fashion_pair_arrays(2, (0, 9))[1].tolist() == [0, 9]
    assert (tmp_path / "cache" / "ntk-helpers" / "FashionMNIST" / "raw").is_dir()


def test_loader_keeps_the_order_and_every_image():
    torch = pytest.importorskip("torch")
    images, labels = fashion_pair(70)
    batches = list(loader(images, labels, batch_size=32))
    assert [len(y) for _, y in batches] == [32, 32, 6]
    assert torch.equal(torch.cat([x for x, _ in batches]), images)
    assert torch.equal(torch.cat([y for _, y in batches]), labels)
    assert len(loader(images, labels).dataset) == 70


def test_arrays_need_no_torch():
    code = (
        "import sys; from ntk_helpers.data import fashion_pair_arrays; fashion_pair_arrays(2);"
        "assert 'torch' not in sys.modules and 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
