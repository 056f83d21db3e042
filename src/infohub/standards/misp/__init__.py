"""MISP core format (draft-dulaunoy-misp-core-format)."""
