"""The lives of a company's registration and of a need, as tables (DESIGN §3.7)."""

from web.lifecycle import table

DRAFT, SUBMITTED, RETURNED, REVIEWED = "draft", "submitted", "returned", "reviewed"

COMPANY = table(
    DRAFT,
    # from, action, to, who, needs
    (DRAFT, "submit", SUBMITTED, "owner staff officer", "complete"),
    (RETURNED, "submit", SUBMITTED, "owner staff officer", "complete"),
    (SUBMITTED, "recall", DRAFT, "owner staff", ""),
    (SUBMITTED, "approve", REVIEWED, "officer", "second_person"),
    (SUBMITTED, "return", RETURNED, "officer", "remarks"),
    # Another name, number or place is another company until an officer has seen it.
    (REVIEWED, "restate", SUBMITTED, "owner staff", "complete"),
)

OPEN, CLOSED = "open", "closed"

NEED = table(
    DRAFT,
    (DRAFT, "open", OPEN, "owner staff", "complete reviewed"),
    (OPEN, "close", CLOSED, "owner staff", "reason"),
    (CLOSED, "reopen", OPEN, "owner staff", "complete reviewed"),
)
