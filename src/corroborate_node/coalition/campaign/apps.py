from collections.abc import Iterable

from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "corroborate_node.coalition.campaign"
    label = "campaign"

    def sealed_addresses(self) -> Iterable[str]:
        """The sealed files that this room relies on: a check of everything asks whether they are still there."""
        return self.get_model("Scan").objects.values_list("address", flat=True)

    def ready(self) -> None:
        from corroborate_node.coalition.campaign import actions, queries
        from corroborate_node.core.accounts import SCOPES, Scope
        from corroborate_node.release.supplying import SUPPLIERS

        if queries.for_release not in SUPPLIERS:
            SUPPLIERS.append(queries.for_release)
        SCOPES["representative"] = Scope(queries.choices_of_members, actions.represent, queries.represented_name)
