"""Codecs of the field's standards: values in, values out, no Django, no network, no clock."""
