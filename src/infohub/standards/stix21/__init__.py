"""STIX 2.1: identifiers, markings, time stamps, our pieces as STIX objects, and whether an object is one."""
