import json
from base64 import b64encode
from hashlib import sha384

from django.conf import settings

FOLDER = settings.BASE_DIR / "static" / "vendor"
PACKAGES = json.loads((FOLDER / "manifest.json").read_text())["packages"]


def test_vendored_files_are_the_released_ones():
    found = {
        p["file"]: "sha384-" + b64encode(sha384((FOLDER / p["file"]).read_bytes()).digest()).decode()
        for p in PACKAGES
    }
    assert found == {p["file"]: p["sha384"] for p in PACKAGES}


def test_nothing_is_vendored_that_the_manifest_does_not_name():
    named = {p["file"] for p in PACKAGES} | {p["licence_file"] for p in PACKAGES} | {"manifest.json"}
    assert {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()} == named
