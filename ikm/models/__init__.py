from ikm.models.capabilities import Certificate, ProcessCapability, Product, Reservation
from ikm.models.profile import Ikm, InvestmentBand, Review, SupplyVersion, Visit

__all__ = [
    "Certificate",
    "Ikm",
    "InvestmentBand",
    "ProcessCapability",
    "Product",
    "Reservation",
    "Review",
    "SupplyVersion",
    "Visit",
]
