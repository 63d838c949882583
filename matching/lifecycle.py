"""The life of a selection record (Berita acara pemilihan), as a table (DESIGN §3.7)."""

from web.lifecycle import table

DRAFT, FINAL = "draft", "final"

SELECTION = table(
    DRAFT,
    # from, action, to, who, needs
    (DRAFT, "shortlist", DRAFT, "owner staff", ""),
    (DRAFT, "decide", DRAFT, "owner staff", "shortlisted"),
    (DRAFT, "finish", FINAL, "owner staff", "all_decided"),
)
