"""Faults of machine, disk, clock, files, portals and operators in, what the published warehouse then is out."""
