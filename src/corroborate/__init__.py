"""Join what independent groups each know into one case that an investigator can verify.

The library knows no Django, no clock and no environment: whoever calls it hands these in.
"""
