"""What of a workshop everybody sees, and what its owner may keep from the public. Pure: no Django.

Never public, whatever the owner says: telephone, WhatsApp, e-mail, the name of the contact, NIB and NPWP.
"""

# What the owner may hide. Hidden, the workshop itself sees it, its office, and whoever was introduced to it.
SWITCHES = ["workers", "investment_band", "year_founded", "address", "machines", "photos"]


def hidden_at_first() -> list[str]:
    """Many workshops are homes: where they stand is shown only when the owner says so."""
    return ["address"]
