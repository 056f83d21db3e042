"""What the tests of TAXII may ask for."""

from tests.taxii.machine import bank

__all__ = ["bank"]
