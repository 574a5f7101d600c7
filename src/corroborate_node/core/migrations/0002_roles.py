"""Accounts made before there was a table of roles keep what they could do.

The only account of a vault is its keeper and has every role of the work. Where there are several, all keep the roles
of the work; keeper is who was named so, and the account that the node was made with (number 1) where it still stands:
nobody becomes keeper by having the lowest number left. Each chooses a passphrase of its own at the next log-in, since
the first one's was the vault's.
"""

from typing import Any

from django.db import migrations

from corroborate_node.core import opened

WORK = ("coordinator", "documenter", "analyst", "lawyer", "reviewer", "reader")


def give(apps: Any, schema_editor: Any) -> None:
    User, Role = apps.get_model("auth", "User"), apps.get_model("core", "Role")
    Standing, Hand = apps.get_model("core", "Standing"), apps.get_model("core", "Hand")
    hub, users = opened.current().hub, list(User.objects.order_by("id"))
    named = {user.id: set(user.groups.values_list("name", flat=True)) for user in users}
    keepers = [user for user in users if "keeper" in named[user.id] or (user.id == 1 and not named[user.id])]
    for user in users:
        keeper = user in keepers
        if hub:
            roles = {"secretariat"} if keeper or "secretariat" in named[user.id] else named[user.id] & {"representative"}
        else:
            roles = set(WORK)
        Standing.objects.create(user=user)
        Role.objects.bulk_create(Role(user=user, role=role) for role in sorted(roles | ({"keeper"} if keeper else set())))
        if user.id != 1 and keepers and keepers[0] is not user:  # only a keeper could make accounts
            Hand.objects.create(user=user, by=keepers[0], what="made", at=user.date_joined)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
