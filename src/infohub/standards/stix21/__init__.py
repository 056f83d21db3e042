"""STIX 2.1: identifiers, markings, time stamps, and our pieces as STIX objects."""
