from django.apps import AppConfig


class PackagesConfig(AppConfig):
    name = "corroborate_node.release"
    label = "packages"

    def ready(self) -> None:
        from corroborate_node.records.actions import AFTER_WITHDRAWAL
        from corroborate_node.release.recalling import taken_back

        if taken_back not in AFTER_WITHDRAWAL:
            AFTER_WITHDRAWAL.append(taken_back)
