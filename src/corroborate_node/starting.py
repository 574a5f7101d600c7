"""Django is set up once in a process, before any model is loaded and without a vault."""

import django
from django.conf import settings as django_settings

from corroborate_node import settings
from corroborate_node.core import quiet


def start() -> None:
    """Set Django up with the node's settings, whatever the environment says, and make the rooms known to core."""
    if django_settings.configured:
        return
    django_settings.configure(**{name: value for name, value in vars(settings).items() if name.isupper()})
    django.setup()
    quiet.listen()
    from corroborate_node.rooms import enter_all  # models can be loaded now, and not before

    enter_all()
