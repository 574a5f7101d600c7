"""A running vault or hub: Django over the library. Programs use :mod:`corroborate_node.api`."""

from corroborate_node.starting import start

start()
