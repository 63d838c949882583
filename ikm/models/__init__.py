from ikm.models.capabilities import Certificate, ProcessCapability, Product, Reservation
from ikm.models.profile import Ikm, Review, SupplyVersion, Visit

__all__ = [
    "Certificate",
    "Ikm",
    "ProcessCapability",
    "Product",
    "Reservation",
    "Review",
    "SupplyVersion",
    "Visit",
]
