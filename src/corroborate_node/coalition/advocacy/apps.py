from django.apps import AppConfig


class AdvocacyConfig(AppConfig):
    name = "corroborate_node.coalition.advocacy"
    label = "advocacy"

    def ready(self) -> None:
        from corroborate_node.coalition.advocacy import queries
        from corroborate_node.release.supplying import SUPPLIERS

        if queries.for_release not in SUPPLIERS:
            SUPPLIERS.append(queries.for_release)
