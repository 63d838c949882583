"""What of a workshop everybody sees, and what its owner may keep from the public. Pure: no Django.

Never public, whatever the owner says: telephone, WhatsApp, e-mail, the name of the contact, NIB and NPWP.
"""

# What the owner may hide. Hidden, it is seen by the workshop itself, by its office, and by whoever was introduced to it.
SWITCHES = ["workers", "investment_band", "year_founded", "address", "machines", "photos"]
