"""What the directory shows beside the facts: machines, what owners hide, favourites of a buyer, reports."""

from ikm import favourites, reports
from ikm.models import ProcessCapability
from partnership_portal.seeding.register import Seeding

# Workshop -> process -> machines.
MACHINES = {
    "cv-roller-samangraya": {
        "bubut-manual": "3 mesin bubut 1,5 m; 1 mesin bubut 3 m",
        "las-gmaw": "4 mesin las CO2 350 A",
    },
    "cv-konveyor-ramanuju": {"las-gmaw": "6 mesin las CO2; meja rakit 12 m"},
}
# Everything is hidden that is not named here; these show where they stand, or keep more to themselves.
HIDDEN = {
    "cv-roller-samangraya": [],
    "cv-konveyor-ramanuju": [],
    "ud-bubut-sukmajaya": ["workers", "investment_band", "address", "machines"],
}


def add_directory(seed: Seeding) -> None:
    for slug, machines in MACHINES.items():
        for process, words in machines.items():
            ProcessCapability.objects.filter(ikm=seed.ikms[slug], process=process).update(machines=words)
    for slug, hidden in HIDDEN.items():
        seed.ikms[slug].hidden_fields = hidden
        seed.ikms[slug].save(update_fields=["hidden_fields"])
    add_favourites(seed)
    add_reports(seed)


def add_favourites(seed: Seeding) -> None:
    company = seed.companies["pt-baja-selat-gunungan"]
    of, by = company.organisation, company.entered_by
    kept = favourites.keep(seed.ikms["cv-roller-samangraya"], organisation=of, by=by)
    favourites.write_note(kept, note="Roller 2025 rapi dan tepat waktu; tanyakan diameter 159 mm.")
    favourites.keep(seed.ikms["ud-bubut-sukmajaya"], organisation=of, by=by)


def add_reports(seed: Seeding) -> None:
    """One that waits, from somebody who was not logged in, and one that is settled."""
    reports.report(
        seed.ikms["cv-kanal-mekarsari"],
        kind="moved",
        text="Sejak bulan lalu papan namanya sudah tidak ada di Jl. Mekarsari.",
        by=None,
    )
    told = reports.report(
        seed.ikms["kub-tempa-bulakan"], kind="wrong", text="Dodos tidak dibuat lagi.", by=None
    )
    reports.settle(told, outcome="Pemilik ditelepon; dodos masih dibuat bila dipesan.", by=seed.officers[0])
