"""Files that are there whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write_whole(file: str, parts: Iterable[str], stdout: Any) -> None:
    """Write `parts` to `file`, which is replaced in one step when all is written; "-" means `stdout`."""
    if file == "-":
        for part in parts:
            stdout.write(part, ending="")
        return
    path = Path(file)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as out:
            out.writelines(parts)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
