"""The life of a workshop's profile, as one table (DESIGN §3.7). Facts inside it have evidence of their own."""

from web.lifecycle import table

DRAFT, SUBMITTED, RETURNED, APPROVED, WITHDRAWN = "draft", "submitted", "returned", "approved", "withdrawn"

PROFILE = table(
    DRAFT,
    # from, action, to, who, needs
    (DRAFT, "submit", SUBMITTED, "owner staff officer", "complete consent"),
    (RETURNED, "submit", SUBMITTED, "owner staff officer", "complete consent"),
    (SUBMITTED, "recall", DRAFT, "owner staff", ""),
    (SUBMITTED, "approve", APPROVED, "officer", "second_person"),
    (SUBMITTED, "return", RETURNED, "officer", "remarks"),
    (APPROVED, "withdraw", WITHDRAWN, "owner officer", "reason"),
    (WITHDRAWN, "submit", SUBMITTED, "owner staff officer", "complete consent"),
)
