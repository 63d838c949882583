"""Pictures and PDFs are made here, byte by byte where a library would not write what an attacker writes."""

import hashlib
import io
import os
import struct
import subprocess
import sys
import time
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from web import pictures
from web.pictures import FileRefused, reduce


def upload(data, name="foto.jpg"):
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def refusal(data):
    with pytest.raises(FileRefused) as caught:
        reduce(upload(data))
    return caught.value.code


def opened(data):
    return Image.open(io.BytesIO(data))


def photo(size=(2400, 1800), mode="RGB"):
    """A picture with edges and shades, red at the left and blue at the right."""
    image = Image.new("RGB", size, "red")
    draw = ImageDraw.Draw(image)
    draw.rectangle((size[0] // 2, 0, *size), fill="blue")
    for step in range(0, size[1], 40):
        draw.line((0, step, size[0], size[1] - step), fill=(step % 256, 90, 40), width=3)
    return image.convert(mode)


def saved(image, format="JPEG", **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def exif_with_position(orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Kamera Contoh"
    exif.get_ifd(0x8825).update({1: "S", 2: (6.0, 1.0, 2.0), 3: "E", 4: (106.0, 3.0, 4.0)})
    return exif


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_a_small_jpeg(format):
    picture = reduce(upload(saved(photo(), format)))
    assert (picture.content_type, picture.extension) == ("image/jpeg", ".jpg")
    assert (picture.width, picture.height) == (1600, 1200)
    assert opened(picture.content).size == (1600, 1200)
    assert opened(picture.content).format == "JPEG"
    assert len(picture.thumbnail) <= 12 * 1024
    assert max(opened(picture.thumbnail).size) <= 320
    assert picture.sha256 == hashlib.sha256(picture.content).hexdigest()


def test_the_same_file_gives_the_same_bytes():
    data = saved(photo())
    assert reduce(upload(data)) == reduce(upload(data, "lain.png"))


def test_a_small_picture_keeps_its_size():
    assert (reduce(upload(saved(photo((200, 100))))).width) == 200


def test_a_noisy_picture_still_has_a_small_thumbnail():
    noise = Image.effect_noise((1200, 1200), 120).convert("RGB")
    assert len(reduce(upload(saved(noise))).thumbnail) <= 12 * 1024


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_are_removed(format):
    data = saved(photo((300, 200)), format, exif=exif_with_position())
    assert b"Kamera Contoh" in data
    picture = reduce(upload(data))
    for content in (picture.content, picture.thumbnail):
        assert b"Kamera" not in content
        assert b"Exif" not in content
        assert dict(opened(content).getexif()) == {}


def test_comments_and_profiles_are_removed():
    data = saved(photo((300, 200)), comment=b"rahasia", icc_profile=b"profil rahasia" * 9)
    assert b"rahasia" in data
    assert b"rahasia" not in reduce(upload(data)).content


def test_a_picture_taken_sideways_stands_upright():
    picture = reduce(upload(saved(photo((300, 200)), exif=exif_with_position(orientation=6))))
    assert (picture.width, picture.height) == (200, 300)
    red, _, blue = opened(picture.content).convert("RGB").getpixel((100, 5))
    assert red > 150 > blue


@pytest.mark.filterwarnings("ignore:Corrupt EXIF", "ignore:Truncated File")  # Pillow tells the log
def test_a_damaged_note_about_the_camera_does_not_spoil_the_picture():
    data = saved(photo((300, 200)), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert reduce(upload(data)).width == 300


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16", "RGBA"])
def test_every_way_to_store_points(mode):
    format = "JPEG" if mode == "CMYK" else "PNG"
    image = photo((300, 200), "L").convert("I;16") if mode == "I;16" else photo((300, 200)).convert(mode)
    assert opened(reduce(upload(saved(image, format))).content).mode == "RGB"


def test_transparent_becomes_white():
    picture = reduce(upload(saved(Image.new("RGBA", (50, 50), (255, 0, 0, 0)), "PNG")))
    assert opened(picture.content).getpixel((25, 25)) == (255, 255, 255)


def test_an_animation_is_its_first_picture():
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue")]
    picture = reduce(upload(saved(frames[0], "WEBP", save_all=True, append_images=frames[1:])))
    assert opened(picture.content).getpixel((30, 30))[0] > 200


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00" + b"\0" * 500, "unknown"),
        (b"#!/bin/sh\nrm -rf /\n", "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "unknown"),
        (b"GIF89a" + b"\0" * 50, "unknown"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "heic"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "broken"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "broken"),
        (b"RIFF\0\0\0\0WEBPVP8X", "broken"),
        (b"RIFF\0\0\0\0WEBPABCD" + b"\0" * 50, "broken"),
        (b"<html>%PDF-1.4", "unknown"),
    ],
)
def test_files_that_are_not_what_they_claim(data, code):
    assert refusal(data) == code


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture(format):
    data = saved(photo((800, 600)), format)
    assert refusal(data[: len(data) // 2]) == "broken"
    assert refusal(data[:40]) == "broken"


def test_a_refusal_is_a_validation_error_that_says_what_to_do():
    with pytest.raises(ValidationError) as caught:
        reduce(upload(b"MZ"))
    assert caught.value.messages == [
        "Berkas ini bukan JPEG, PNG, WebP atau PDF. Kirim foto atau hasil pindai."
    ]
    with pytest.raises(ValidationError) as caught:
        reduce(upload(b"\xff" * (pictures.LARGEST_FILE + 1)))
    assert caught.value.messages == [
        "Berkas ini 10,1 MB; paling besar 10 MB. Ambil ulang foto dengan ukuran lebih kecil."
    ]


def png(width, height, packed):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def webp(width, height):
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\0\0\0\0WEBPVP8X" + struct.pack("<I", 10) + b"\0" * 4 + canvas + b"\0" * 40


BOMBS = {
    "png of 900 million points": png(30_000, 30_000, zlib.compress(b"\0" * 10**6)),
    "png of 100 million points": png(10_000, 10_000, zlib.compress(b"\0" * 10**6)),
    "png of 17 million points": png(4_200, 4_100, zlib.compress(b"\0" * 10**6)),
    "png that is one line": png(2**31 - 1, 1, b""),
    "webp of 268 million points": webp(16_384, 16_384),
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_by_its_header(data):
    begin = time.process_time()
    assert refusal(data) == "too_many_points"
    assert time.process_time() - begin < 0.5


def test_a_picture_of_one_point_is_no_evidence():
    assert refusal(png(1, 1, zlib.compress(b"\0\0\0\0"))) == "too_few_points"


PEAK = """
import re, sys, django
django.setup()
from django.core.files.base import ContentFile
from web.pictures import reduce

def peak():  # of this program alone; getrusage would count its parent too
    return int(re.search(r"VmHWM:\\s+([0-9]+) kB", open("/proc/self/status").read())[1]) // 1024

data = open(sys.argv[1], "rb").read()
start = peak()
reduce(ContentFile(data))
print(peak() - start)
"""


@pytest.mark.parametrize(
    ("size", "mode", "options"),
    [
        ((4000, 4000), "RGBA", {"format": "PNG", "compress_level": 1}),
        ((4000, 4000), "RGB", {"format": "JPEG", "progressive": True}),
        ((9000, 6600), "RGB", {"format": "JPEG"}),
        ((3300, 3000), "RGBA", {"format": "WEBP", "quality": 50}),
    ],
)
def test_the_largest_pictures_fit_in_memory(tmp_path, size, mode, options):
    file = tmp_path / "picture"
    Image.new(mode, size, "red").save(file, **options)
    megabytes = subprocess.run(
        [sys.executable, "-c", PEAK, file],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "partnership_portal.settings"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert int(megabytes) < 200


# --- PDF


def pdf(*objects, trailer=b"<< /Root 1 0 R >>", head=b"%PDF-1.7\n"):
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, start=1))
    return head + body + b"xref\n0 1\ntrailer\n" + trailer + b"\nstartxref\n9\n%%EOF\n"


def stream(content, head=b"/Filter /FlateDecode"):
    packed = zlib.compress(content)
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(packed), packed)


PLAIN = pdf(
    b"<< /Type /Catalog /Pages 2 0 R /OpenAction [3 0 R /Fit] >>", b"<< /Type /Pages /Kids [] /Count 0 >>"
)


def test_a_pdf_is_kept_as_it_is():
    picture = reduce(upload(PLAIN, "izin.pdf"))
    assert picture == pictures.Picture(PLAIN, "application/pdf", ".pdf")
    page = pdf(b"<< /Type /Catalog >>", stream(b"1 0 0 1 72 720 cm BT /F1 12 Tf (NIB) Tj ET"))
    assert reduce(upload(page)).content == page


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (PLAIN[:-20], "broken"),
        (PLAIN.replace(b"startxref", b"startxxxx"), "broken"),
        (b"%PDF-", "broken"),
        (b"%PDF-x.y\n" + PLAIN, "broken"),
        (pdf(b"<< /Type /Catalog >>", trailer=b"<< /Root 1 0 R /Encrypt 5 0 R >>"), "encrypted"),
        (pdf(b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>"), "active"),
        (pdf(b"<< /OpenAction << /S /J#61vaScript /JS (app.alert(1)) >> >>"), "active"),
        (pdf(b"<< /OpenAction << /S /Launch /F (cmd.exe) >> >>"), "active"),
        (pdf(b"<< /Names << /EmbeddedFiles << >> >> >>"), "active"),
        (pdf(b"<< /A << /S /SubmitForm /F (http://contoh.example) >> >>"), "active"),
        (pdf(stream(b"7 0 << /S /JavaScript /JS (x) >>", b"/Type /ObjStm /N 1 /Filter /FlateDecode")), "active"),
        (pdf(stream(b"% x\n7 0 << /S /Launch >>", b"/Type /Obj#53tm /Filter /FlateDecode" + b" " * 9000)), "active"),
        (pdf(stream(b"7 0", b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]")), "complex"),
        (pdf(*[stream(b"7 0 " + b"/a " * 2_500_000)] * 4), "complex"),
        (pdf(b"stream\n" * 20_010), "complex"),
    ],
)  # fmt: skip
def test_a_pdf_that_could_act_or_cannot_be_read(data, code):
    begin = time.process_time()
    assert refusal(data) == code
    assert time.process_time() - begin < 2


def test_packed_data_that_looks_like_names_by_chance_is_no_action():
    page = pdf(b"<< /Type /Catalog >>", stream(b"\xff\x00 /JS (/AA <"))
    assert reduce(upload(page)).content == page


def test_a_large_pdf():
    with pytest.raises(FileRefused) as caught:
        reduce(upload(PLAIN + b" " * pictures.LARGEST_PDF))
    assert caught.value.messages == [
        "Berkas ini 5,1 MB; paling besar 5 MB. Pindai hitam putih, atau kirim halaman yang penting saja."
    ]


def test_five_megabytes_of_noise_are_searched_quickly():
    noise = hashlib.shake_256(b"scan").digest(4_900_000)
    page = pdf(b"<< /Filter /DCTDecode /Length %d >>\nstream\n%s\nendstream" % (len(noise), noise))
    begin = time.process_time()
    assert reduce(upload(page)).content == page
    assert time.process_time() - begin < 2
