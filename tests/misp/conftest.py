"""What the tests of the MISP face may ask for."""

from tests.misp.machine import bank

__all__ = ["bank"]
