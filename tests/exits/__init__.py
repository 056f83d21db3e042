"""What leaves by which exit, for whom and of which TLP: the handling policy written out again and held against all."""
