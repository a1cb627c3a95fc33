"""Pictures painted by tests, with everything planted in them that must not come out."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

CANARIES = ("KENARI-KOMENTAR", "KENARI-EXIF-SITI", "KENARI-XMP-AMINAH", "KENARI-KAMERA-9931", "1871152208210001", "081234567890", "KENARI-ICC", "KENARI-EKOR", "KENARI-KECIL")
"""What is planted: texts, a NIK, a phone number. None may be in any byte of a copy."""

GPS_IFD, EXIF_IFD = 0x8825, 0x8769


def scene(width: int = 320, height: int = 240) -> Image.Image:
    """A picture whose corners tell which way up it is: red above left, green above right, blue below left, white below right."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill=(200, 30, 30))
    draw.rectangle((width // 2, 0, width, height // 2 - 1), fill=(30, 160, 30))
    draw.rectangle((0, height // 2, width // 2 - 1, height), fill=(30, 30, 200))
    return image


def exif_of(orientation: int = 1, thumbnail: bool = False) -> Image.Exif:
    """EXIF with a description, an author, a serial number and a place."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "KENARI-EXIF-SITI 1871152208210001"
    exif[0x013B] = "081234567890"
    exif.get_ifd(EXIF_IFD)[0xA431] = "KENARI-KAMERA-9931"
    exif.get_ifd(GPS_IFD).update({1: "S", 2: (5.0, 23.0, 17.25), 3: "E", 4: (105.0, 16.0, 44.5)})
    return exif


def profile() -> bytes:
    """An sRGB profile with a planted description."""
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + b"KENARI-ICC"


XMP = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="KENARI-XMP-AMINAH" '
       b'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="5,23.2875S"/></rdf:RDF></x:xmpmeta>')


def write_jpeg(path: Path, image: Image.Image | None = None, orientation: int = 1, quality: int = 90) -> Path:
    """A JPEG with EXIF, GPS, XMP, a comment, a profile with junk, a second picture and a tail."""
    small = io.BytesIO()
    scene(64, 48).save(small, "JPEG", comment=b"KENARI-KECIL")
    (image or scene()).save(path, "JPEG", quality=quality, exif=exif_of(orientation), comment=b"KENARI-KOMENTAR 1871152208210001", xmp=XMP, icc_profile=profile())
    path.write_bytes(path.read_bytes() + small.getvalue() + b"KENARI-EKOR")
    return path


def write_png(path: Path, image: Image.Image | None = None) -> Path:
    """A PNG with text chunks, EXIF, XMP and a profile with junk."""
    about = PngInfo()
    about.add_text("Comment", "KENARI-KOMENTAR 081234567890")
    about.add_itxt("XML:com.adobe.xmp", XMP.decode())
    (image or scene()).save(path, "PNG", pnginfo=about, exif=exif_of(), icc_profile=profile())
    return path


def png_bomb(path: Path, width: int = 60_000, height: int = 60_000) -> Path:
    """A tiny PNG that says it is huge."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b""))
    return path
