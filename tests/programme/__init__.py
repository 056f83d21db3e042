"""Tests of moving in and of the demonstration."""
