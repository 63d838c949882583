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

NEW, INTERESTED, INVITED = "new", "interested", "invited"
DECLINED, REFUSED, TAKEN_BACK, LAPSED = "declined", "refused", "taken_back", "lapsed"
TALKS, AGREED, ENDED = "talks", "agreed", "ended"

# Between one need and one workshop. Two sides: "workshop" and "buyer"; "portal" acts when a need is closed.
# Both have said yes in "talks" and whatever follows from it, and in no other state: contacts open there.
INTEREST = table(
    NEW,
    (NEW, "answer", INTERESTED, "workshop", "open_need"),
    (NEW, "invite", INVITED, "buyer", "open_need"),
    (NEW, "decline", DECLINED, "workshop", "open_need reason"),
    (INTERESTED, "invite", TALKS, "buyer", "open_need"),
    (INTERESTED, "refuse", REFUSED, "buyer", "reason"),
    (INTERESTED, "take_back", TAKEN_BACK, "workshop", ""),
    (INTERESTED, "lapse", LAPSED, "portal", ""),
    (INVITED, "answer", TALKS, "workshop", "open_need"),
    (INVITED, "decline", DECLINED, "workshop", "reason"),
    (INVITED, "take_back", TAKEN_BACK, "buyer", ""),
    (INVITED, "lapse", LAPSED, "portal", ""),
    # Who said no may think again; the other side does not ask twice.
    (DECLINED, "answer", INTERESTED, "workshop", "open_need"),
    (REFUSED, "invite", INVITED, "buyer", "open_need"),
    (TAKEN_BACK, "answer", INTERESTED, "workshop", "open_need"),
    (TAKEN_BACK, "invite", INVITED, "buyer", "open_need"),
    (LAPSED, "answer", INTERESTED, "workshop", "open_need"),
    (LAPSED, "invite", INVITED, "buyer", "open_need"),
    (TALKS, "agree", AGREED, "buyer", ""),
    (TALKS, "end", ENDED, "workshop buyer", "reason"),
    (AGREED, "end", ENDED, "workshop buyer", "reason"),
    (ENDED, "answer", INTERESTED, "workshop", "open_need"),
    (ENDED, "invite", INVITED, "buyer", "open_need"),
)
# Both sides said yes.
MUTUAL = (TALKS, AGREED, ENDED)
# Where somebody still has to say something.
UNANSWERED = (INTERESTED, INVITED)
# States in which one side said no, with its reason.
WITH_REASON = (DECLINED, REFUSED, ENDED)
# The column that holds when a state was last reached.
MOMENTS = {state: f"{state}_at" for state in INTEREST.states if state != NEW}
