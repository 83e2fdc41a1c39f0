"""The laws that our estimators obey, for yours."""

from ._descriptors import check_descriptor, descriptor_checks
from ._identifiers import check_identifier, identifier_checks
from ._pairers import check_pairer, pairer_checks

__all__ = [
    "check_descriptor",
    "check_identifier",
    "check_pairer",
    "descriptor_checks",
    "identifier_checks",
    "pairer_checks",
]
