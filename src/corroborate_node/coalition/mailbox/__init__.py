"""The hub's mailbox: bundles on their way between two members, encrypted, for a while."""
