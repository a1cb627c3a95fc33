"""Pictures come out upright, small, in sRGB, without anything else their files held, and hidden parts cannot be computed back."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from baksos_eval.activities.pictures import LONGEST_SIDE, Box, copy_pixels, read_boxes
from baksos_eval.errors import BaksosError
from tests.activities.painting import CANARIES, png_bomb, scene, write_jpeg, write_png

CORNERS = {"red": (200, 30, 30), "green": (30, 160, 30), "blue": (30, 30, 200), "white": (255, 255, 255)}


def pixels(jpeg: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB")).astype(int)


def corners(jpeg: bytes) -> list[str]:
    """What stands above left, above right, below left and below right."""
    image = pixels(jpeg)
    height, width, _ = image.shape
    places = [(height // 4, width // 4), (height // 4, 3 * width // 4), (3 * height // 4, width // 4), (3 * height // 4, 3 * width // 4)]
    return [min(CORNERS, key=lambda name: abs(image[place] - CORNERS[name]).sum()) for place in places]


@pytest.mark.parametrize("write", [write_jpeg, write_png])
def test_nothing_but_pixels_comes_out(tmp_path: Path, write):
    path = write(tmp_path / ("a.jpg" if write is write_jpeg else "a.png"))
    planted = path.read_bytes()
    assert sum(canary.encode() in planted for canary in CANARIES) >= 3     # the test would notice a leak
    copied = copy_pixels(path).jpeg
    assert [canary for canary in CANARIES if canary.encode() in copied] == []
    opened = Image.open(io.BytesIO(copied))
    opened.load()
    assert dict(opened.getexif()) == {} and set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    markers = [copied[at + 1] for at in range(len(copied) - 1) if copied[at] == 0xFF and copied[at + 1] in (*range(0xE1, 0xF0), 0xFE)]
    assert markers == [] and copied.endswith(b"\xff\xd9") and copied.count(b"\xff\xd8\xff") == 1


@pytest.mark.parametrize(("orientation", "expected"), [
    (1, ["red", "green", "blue", "white"]), (2, ["green", "red", "white", "blue"]), (3, ["white", "blue", "green", "red"]), (4, ["blue", "white", "red", "green"]),
    (5, ["red", "blue", "green", "white"]), (6, ["blue", "red", "white", "green"]), (7, ["white", "green", "blue", "red"]), (8, ["green", "white", "red", "blue"])])
def test_the_picture_stands_upright(tmp_path: Path, orientation: int, expected: list[str]):
    copied = copy_pixels(write_jpeg(tmp_path / "a.jpg", orientation=orientation))
    assert corners(copied.jpeg) == expected
    assert (copied.width, copied.height) == ((320, 240) if orientation < 5 else (240, 320))


def test_a_large_picture_is_made_small_and_a_small_one_is_not_blown_up(tmp_path: Path):
    scene(4000, 3000).save(tmp_path / "large.jpg")
    copied = copy_pixels(tmp_path / "large.jpg")
    assert (copied.width, copied.height) == (LONGEST_SIDE, 1200) and corners(copied.jpeg) == ["red", "green", "blue", "white"]
    assert copy_pixels(write_png(tmp_path / "a.png"))[1:3] == (320, 240)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "CMYK", "I;16"])
def test_every_kind_of_colour_is_read(tmp_path: Path, mode: str):
    path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
    image = Image.fromarray(np.asarray(scene().convert("L")).astype(np.uint16) * 257) if mode == "I;16" else scene().convert(mode)
    image.save(path)
    shown = pixels(copy_pixels(path).jpeg)
    expected = np.asarray(scene().convert("L" if mode in ("L", "LA", "I;16", "1") else "RGB").convert("RGB")).astype(int)
    if mode != "1":
        assert np.abs(shown - expected).mean() < 12


def test_clear_parts_are_white(tmp_path: Path):
    Image.new("RGBA", (50, 40), (255, 0, 0, 0)).save(tmp_path / "a.png")
    assert pixels(copy_pixels(tmp_path / "a.png").jpeg).min() > 250


def test_a_wide_profile_becomes_srgb(tmp_path: Path):
    from PIL import ImageCms

    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    Image.new("RGB", (40, 40), (120, 60, 200)).save(tmp_path / "a.png", icc_profile=lab.tobytes())
    assert np.abs(pixels(copy_pixels(tmp_path / "a.png").jpeg)[20, 20] - (120, 60, 200)).max() <= 6
    Image.new("RGB", (40, 40), (120, 60, 200)).save(tmp_path / "b.png", icc_profile=b"not a profile at all")
    assert np.abs(pixels(copy_pixels(tmp_path / "b.png").jpeg)[20, 20] - (120, 60, 200)).max() <= 6


def crowd(seed: int) -> Image.Image:
    """Noise that differs inside the box and nowhere else."""
    image = scene(400, 300)
    draw, dice = ImageDraw.Draw(image), random.Random(seed)
    for _ in range(300):
        x, y = dice.randrange(110, 180), dice.randrange(90, 180)
        draw.rectangle((x, y, x + 3, y + 3), fill=tuple(dice.randrange(256) for _ in range(3)))
    return image


@pytest.mark.parametrize("box", [Box(105, 85, 85, 105), Box(26.25, 28.34, 21.25, 35.0, percent=True)])
def test_what_a_box_hides_is_gone_for_good(tmp_path: Path, box: Box):
    crowd(1).save(tmp_path / "a.png")
    crowd(2).save(tmp_path / "b.png")
    plain, hidden, other = copy_pixels(tmp_path / "a.png"), copy_pixels(tmp_path / "a.png", (box,)), copy_pixels(tmp_path / "b.png", (box,))
    inside = (slice(100, 175), slice(120, 175))
    original, covered = pixels(plain.jpeg), pixels(hidden.jpeg)
    assert np.abs(np.diff(original[inside], axis=1)).mean() > 20                       # there was something to see
    assert np.abs(np.diff(covered[inside], axis=1)).mean() < 2.5                       # there is not any more
    outside = np.ones(original.shape[:2], dtype=bool)
    outside[60:220, 80:215] = False
    assert np.abs(original - covered)[outside].max() <= 24                             # only JPEG's own noise
    assert np.abs(covered[inside] - pixels(other.jpeg)[inside]).mean() < 25            # two crowds look alike


def test_of_a_hidden_part_only_a_few_averages_are_kept(tmp_path: Path):
    """Pixels that change places within a cell leave no trace: nothing of their order can be in the copy."""
    box, dice = Box(100, 80, 100, 120), np.random.default_rng(1)
    drawn = np.asarray(crowd(1)).copy()
    shuffled = drawn.copy()
    for top in np.arange(68, 212, 36):                                                 # the box with its margin is 120 x 144: four rows and three columns of cells
        for left in np.arange(90, 210, 40):
            cell = shuffled[top + 3:top + 33, left + 3:left + 37].reshape(-1, 3)
            shuffled[top + 3:top + 33, left + 3:left + 37] = dice.permutation(cell).reshape(30, 34, 3)
    for name, picture in (("a", drawn), ("b", shuffled)):
        Image.fromarray(picture).save(tmp_path / f"{name}.png")
    one, two = (pixels(copy_pixels(tmp_path / f"{name}.png", (box,)).jpeg) for name in "ab")
    assert np.abs(drawn.astype(int) - shuffled).max() > 100
    assert np.abs(one - two).max() <= 16 and np.abs(one - two).mean() < 0.1            # an average rounded the other way, and JPEG's noise about it


def test_a_box_is_measured_on_the_upright_and_whole_picture(tmp_path: Path):
    upright = Image.new("RGB", (3000, 4000), "white")
    ImageDraw.Draw(upright).rectangle((300, 400, 900, 1000), fill="black")
    upright.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "a.jpg", exif=orientation_of(6))
    plain, hidden = (pixels(copy_pixels(tmp_path / "a.jpg", boxes).jpeg) for boxes in ((), (Box(200, 300, 800, 800),)))
    edges = [np.abs(np.diff(shown[150:410, 110:370, 0], axis=axis)).max() for shown in (plain, hidden) for axis in (0, 1)]
    assert hidden.shape[:2] == (1600, 1200) and min(edges[:2]) > 100 and max(edges[2:]) < 25


def orientation_of(turn: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = turn
    return exif


@pytest.mark.parametrize("box", [Box(300, 10, 100, 20), Box(-5, 0, 10, 10), Box(0, 0, 0, 10), Box(90, 90, 20, 20, percent=True)])
def test_a_box_outside_the_picture_is_refused(tmp_path: Path, box: Box):
    assert refusal(write_jpeg(tmp_path / "a.jpg"), (box,)) == "picture_box_outside"


@pytest.mark.parametrize(("text", "boxes"), [
    ("120,80,60,70", [Box(120, 80, 60, 70)]), ("120 80 60 70", [Box(120, 80, 60, 70)]), ("x=1, y=2, w=3, h=4", [Box(1, 2, 3, 4)]),
    ("12,5%, 8%, 10%, 12,25%", [Box(12.5, 8, 10, 12.25, True)]), ("1,2,3,4;5,6,7,8\n9,10,11,12", [Box(1, 2, 3, 4), Box(5, 6, 7, 8), Box(9, 10, 11, 12)]), ("", [])])
def test_boxes_are_read(text: str, boxes: list[Box]):
    assert list(read_boxes(text)) == boxes


@pytest.mark.parametrize("text", ["wajah kiri", "1,2,3", "1,2,3,4,5", "12%, 8, 10, 12", "1,2,3,-4", "1.5,2,3,4"])
def test_what_is_no_box_is_refused(text: str):
    with pytest.raises(ValueError):
        read_boxes(text)


def refusal(path: Path, boxes: tuple[Box, ...] = ()) -> str:
    with pytest.raises(BaksosError) as caught:
        copy_pixels(path, boxes)
    return caught.value.code


def test_bombs_and_giants_are_refused_at_once(tmp_path: Path):
    assert refusal(png_bomb(tmp_path / "a.png")) == "picture_too_large"
    assert refusal(png_bomb(tmp_path / "b.png", 8000, 7000)) == "picture_too_large"
    assert refusal(png_bomb(tmp_path / "c.png", 30_000, 10)) == "picture_too_large"


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_picture_cut_short_is_refused(tmp_path: Path, share: float):
    scene().save(tmp_path / "whole.jpg")
    content = (tmp_path / "whole.jpg").read_bytes()
    (tmp_path / "a.jpg").write_bytes(content[:int(share * len(content))])
    assert refusal(tmp_path / "a.jpg") == "picture_broken"


def test_what_is_no_picture_or_moves_or_holds_another_file_is_refused(tmp_path: Path):
    def named(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    scene().save(tmp_path / "good.jpg")
    good = (tmp_path / "good.jpg").read_bytes()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a.txt", "hidden")
    assert refusal(tmp_path / "none.jpg") == "picture_not_found" and refusal(tmp_path) == "picture_not_found"
    assert refusal(named("empty.jpg", b"")) == "picture_empty"
    assert refusal(named("pdf.jpg", b"%PDF-1.7 and so on")) == "picture_unknown_kind"
    assert refusal(named("picture.pdf", good)) == "picture_unknown_kind"
    assert refusal(named("svg.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")) == "picture_unknown_kind"
    assert refusal(named("phone.heic", b"\x00\x00\x00\x18ftypheic" + bytes(50))) == "picture_heic"
    assert refusal(named("phone.jpg", b"\x00\x00\x00\x18ftypmif1" + bytes(50))) == "picture_heic"
    for tail in (archive.getvalue(), b"<?php system($_GET[0]); ?>", b"<script>alert(1)</script>", b"Rar!\x1a\x07\x00"):
        assert refusal(named("two.jpg", good + tail)) == "picture_hides_file"
    assert refusal(named("front.jpg", good[:2] + b"\xff\xfe\x00\x0c%PDF-1.7\n\n" + good[2:])) == "picture_hides_file"
    frames = [scene(), scene().transpose(Image.Transpose.ROTATE_180)]
    for name in ("a.png", "a.webp"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], duration=100)
        assert refusal(tmp_path / name) == "picture_moves"
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert refusal(tmp_path / "a.gif") == "picture_unknown_kind"


def test_a_phones_picture_with_further_pictures_in_it_is_read(tmp_path: Path):
    scene().save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[scene(100, 80)])
    assert copy_pixels(tmp_path / "a.jpg")[1:3] == (320, 240)


def test_the_content_counts_and_not_the_name(tmp_path: Path):
    assert not copy_pixels(write_jpeg(tmp_path / "a.jpeg")).misnamed
    write_png(tmp_path / "b.png").rename(tmp_path / "b.jpg")
    assert copy_pixels(tmp_path / "b.jpg").misnamed


def test_damage_is_refused_and_never_a_traceback(tmp_path: Path):
    dice = random.Random(20210804)
    made = {"a.jpg": write_jpeg(tmp_path / "a.jpg"), "a.png": write_png(tmp_path / "a.png"), "a.webp": tmp_path / "a.webp"}
    scene().save(made["a.webp"])
    whole = {name: path.read_bytes() for name, path in made.items()}
    refused = 0
    for turn in range(150):
        name = list(made)[turn % 3]
        content = bytearray(whole[name])
        for _ in range(dice.randrange(1, 10)):
            content[dice.randrange(min(len(content), dice.choice((40, 700, len(content)))))] = dice.randrange(256)
        made[name].write_bytes(bytes(content))
        try:
            copy_pixels(made[name])
        except BaksosError:
            refused += 1
    assert 10 < refused < 150
