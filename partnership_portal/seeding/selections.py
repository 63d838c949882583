"""A need whose buyer has already decided: a final record with its files."""

from accounts.models import User
from industry.models import Need
from matching import selections
from partnership_portal.seeding.register import Seeding

NEED = "n02-jasa-bubut-payung"
SAID = {
    "pt-mitra-presisi-kubangsari": (
        "not_chosen",
        "too_dear",
        "Penawarannya 15 persen di atas yang terpilih.",
    ),
    "cv-bubut-frais-lebak-denok": ("not_chosen", "too_little", "Kami perlu dua giliran kerja."),
    "ud-bubut-sukmajaya": ("chosen", "best", "Sanggup 400 jam mesin sebulan, mulai Januari."),
}


def add_selections(seeding: Seeding) -> None:
    need = Need.objects.get(ref=NEED, office=seeding.office)
    people = User.objects.filter(memberships__organisation=need.company.organisation_id)
    buyer = people.order_by("pk").first()
    record = selections.start(need, by=buyer, today=seeding.today)
    listed = {row["ref"]: row["ikm"] for row in record.content["rows"]}
    found = {listed[ref]: said for ref, said in SAID.items() if ref in listed}
    selections.shortlist(record, found, by=buyer)
    for ikm, (verdict, reason, words) in found.items():
        selections.choose(record, ikm, verdict=verdict, reason=reason, words=words, by=buyer)
    selections.finish(record, by=buyer)
