"""Uploaded pictures and PDFs: known by their content, made small, stripped of where and with what they were taken.

What comes out of here was decoded and written anew (pictures) or searched for active content (PDF); the name and
the type that the sender stated count for nothing.
"""

import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_PDF = 5 * 1024 * 1024
LONGEST_SIDE = 1600
SMALLEST_SIDE = 16
THUMBNAIL_BYTES = 12 * 1024
# A sequential JPEG is decoded at a fraction of its size, anything else as a whole: up to 10 bytes a point are
# needed for a PNG, 16 for a WebP. The largest of each takes 160 MB.
MOST_POINTS_JPEG = 60_000_000
MOST_POINTS = 16_000_000
MOST_POINTS_WEBP = 10_000_000
LONGEST_SIDE_READ = 16_384

MESSAGES = {
    "empty": _("Berkas ini kosong. Pilih berkas lain."),
    "too_large": _("Berkas ini %(size)s MB; paling besar %(limit)s MB. %(advice)s"),
    "heic": _(
        "Foto HEIC belum dapat dibaca. Di iPhone: Pengaturan, Kamera, Format, pilih Paling Kompatibel, "
        "lalu ambil ulang. Atau kirim tangkapan layarnya."
    ),
    "unknown": _("Berkas ini bukan JPEG, PNG, WebP atau PDF. Kirim foto atau hasil pindai."),
    "broken": _("Berkas ini rusak atau terpotong. Kirim ulang dari sumbernya."),
    "too_many_points": _("Gambar ini lebih dari %(most)d juta titik. Kecilkan dulu, lalu unggah lagi."),
    "too_few_points": _("Gambar ini terlalu kecil untuk dibaca: %(width)d × %(height)d titik."),
    "encrypted": _("PDF ini terkunci dengan kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."),
    "active": _("PDF ini berisi program atau lampiran. Cetak ke PDF baru, lalu unggah hasilnya."),
    "complex": _("PDF ini terlalu rumit untuk diperiksa. Cetak ke PDF baru, lalu unggah hasilnya."),
}
ADVICE_PICTURE = _("Ambil ulang foto dengan ukuran lebih kecil.")
ADVICE_PDF = _("Pindai hitam putih, atau kirim halaman yang penting saja.")


class FileRefused(ValidationError):
    """A file that is not kept; `code` is a key of MESSAGES, the message says what would be taken."""

    def __init__(self, code: str, **params: Any):
        super().__init__(MESSAGES[code], code=code, params=params)


@dataclass(frozen=True)
class Picture:
    """What is kept. A PDF has neither size nor thumbnail."""

    content: bytes
    content_type: str
    extension: str
    width: int | None = None
    height: int | None = None
    thumbnail: bytes = b""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def reduce(upload: File) -> Picture:
    """The upload as it is kept: a JPEG of at most 1600 px a side with a JPEG thumbnail ≤ 12 KB, or the PDF itself.

    FileRefused (a ValidationError) when it is anything else, too large, broken, or a PDF that could act.
    """
    if upload.size > LARGEST_FILE:
        raise too_large(upload.size, LARGEST_FILE, ADVICE_PICTURE)
    upload.seek(0)
    data = upload.read(LARGEST_FILE + 1)
    if not data:
        raise FileRefused("empty")
    if data.startswith(b"%PDF-"):
        check_pdf(data)
        return Picture(data, "application/pdf", ".pdf")
    image = decoded(data)
    try:
        return _picture(image)
    finally:
        image.close()


def too_large(size: int, limit: int, advice: str | Promise) -> FileRefused:
    # Rounded up, so that a file just above the limit is not said to have its size.
    megabytes = f"{-(-size * 10 // 1024**2) / 10:.1f}".replace(".", ",")
    return FileRefused("too_large", size=megabytes, limit=limit // 1024**2, advice=advice)


def kind(data: bytes) -> str:
    """JPEG, PNG or WEBP by the first bytes; FileRefused for anything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        raise FileRefused("heic")
    raise FileRefused("unknown")


def decoded(data: bytes) -> Image.Image:
    """The picture upright, in RGB, at most 1600 px a side; FileRefused if it cannot be read."""
    name = kind(data)
    if name == "WEBP":
        _check_points(*_webp_size(data), MOST_POINTS_WEBP)
    try:
        image: Image.Image = Image.open(io.BytesIO(data), formats=[name])
        sequential = name == "JPEG" and not image.info.get("progressive")
        _check_points(*image.size, MOST_POINTS_JPEG if sequential else MOST_POINTS)
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
        image = _resizable(image)
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        return _flat(_upright(image))
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused("too_many_points", most=MOST_POINTS // 10**6) from None
    except Exception:  # decoders fail in many ways (OSError, SyntaxError, ValueError, struct.error, …)
        raise FileRefused("broken") from None


def _check_points(width: int, height: int, most: int) -> None:
    if width * height > most or max(width, height) > LONGEST_SIDE_READ:
        raise FileRefused("too_many_points", most=most // 10**6)
    if min(width, height) < SMALLEST_SIDE:
        raise FileRefused("too_few_points", width=width, height=height)


def _webp_size(data: bytes) -> tuple[int, int]:
    """Read here, because Pillow's decoder takes memory for the whole picture before it tells the size."""
    chunk, head = data[12:16], data[20:30]
    if len(data) < 30:
        raise FileRefused("broken")
    if chunk == b"VP8X":
        return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:10], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        return int.from_bytes(head[6:8], "little") & 0x3FFF, int.from_bytes(head[8:10], "little") & 0x3FFF
    raise FileRefused("broken")


def _resizable(image: Image.Image) -> Image.Image:
    """In a mode that is resized smoothly; 16 bits a point become 8."""
    if image.mode.startswith("I") or image.mode == "F":
        return image.point(lambda value: value / 256).convert("L")
    if image.mode in {"RGB", "RGBA", "L", "LA", "CMYK"}:
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # a damaged note about the camera does not spoil the picture
        return image


def _flat(image: Image.Image) -> Image.Image:
    """In RGB on white, with nothing but its points: no EXIF, no position, no comment, no profile."""
    clean = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        clean.paste(image, mask=image.getchannel("A"))
    else:
        clean.paste(image.convert("RGB"))
    return clean


def _picture(image: Image.Image) -> Picture:
    content = _jpeg(image, quality=80)
    return Picture(content, "image/jpeg", ".jpg", image.width, image.height, _thumbnail(image))


def _thumbnail(image: Image.Image) -> bytes:
    for side, quality in ((320, 72), (320, 55), (240, 55), (240, 35), (160, 35), (96, 30)):
        small = image.copy()
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        content = _jpeg(small, quality)
        if len(content) <= THUMBNAIL_BYTES:
            break
    return content


def _jpeg(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, optimize=True, progressive=True)
    return file.getvalue()


# --- PDF: kept as it is, so it must not be able to do anything

_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]+)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream\r?\n")
# An object stream begins with pairs of numbers (PDF 32000-1, 7.5.7).
_PAIRS = re.compile(rb"(?:\s|%[^\r\n]*[\r\n])*[0-9]+\s+[0-9]")
_ACTIVE = {
    *(b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"XFA", b"SubmitForm"),
    *(b"ImportData", b"GoToR", b"GoToE", b"Rendition", b"Movie", b"Sound"),
}
_RARE_FILTERS = {b"LZWDecode", b"ASCII85Decode", b"ASCIIHexDecode", b"RunLengthDecode", b"Crypt"}
MOST_STREAMS = 20_000
MOST_OBJECT_STREAMS = 1_000
LARGEST_PACKED = 1024 * 1024
LARGEST_UNPACKED = 10 * 1024 * 1024


def check_pdf(data: bytes) -> None:
    """FileRefused unless it is whole, ≤ 5 MB, not encrypted, and no script, action or attachment is found in it.

    A search, not a proof: the file is served so that it can do nothing (accounts.documents).
    """
    if len(data) > LARGEST_PDF:
        raise too_large(len(data), LARGEST_PDF, ADVICE_PDF)
    whole = b"startxref" in data[-2048:] and b"%%EOF" in data[-1024:]
    if not whole or not re.match(rb"%PDF-[12]\.[0-9]", data):
        raise FileRefused("broken")
    found = names(data)
    if b"Encrypt" in found:
        raise FileRefused("encrypted")
    if b"ObjStm" in found and found & _RARE_FILTERS:
        raise FileRefused("complex")
    if found & _ACTIVE or any(names(objects) & _ACTIVE for objects in object_streams(data)):
        raise FileRefused("active")


def names(data: bytes) -> set[bytes]:
    """All names in a piece of PDF, with their escapes undone: /J#61vaScript is JavaScript."""
    raw = {match[1] for match in _NAME.finditer(data)}
    return {_ESCAPED.sub(lambda escape: bytes([int(escape[1], 16)]), name) for name in raw}


def object_streams(data: bytes) -> Iterator[bytes]:
    """What packed streams hold that look like objects, whatever their dictionary says."""
    left, found, view = LARGEST_UNPACKED, 0, memoryview(data)
    for number, match in enumerate(_STREAM.finditer(data)):
        packed = view[match.end() : match.end() + LARGEST_PACKED]
        if _PAIRS.match(_unpacked(packed[:4096], 256)):
            objects = _unpacked(packed, left)
            left, found = left - len(objects), found + 1
            yield objects
        if left <= 0 or found > MOST_OBJECT_STREAMS or number > MOST_STREAMS:
            raise FileRefused("complex")


def _unpacked(packed: memoryview, most: int) -> bytes:
    """What `packed` begins with, at most `most` bytes; b"" where it is not packed with zlib."""
    try:
        return zlib.decompressobj().decompress(packed, most)
    except zlib.error:
        return b""
