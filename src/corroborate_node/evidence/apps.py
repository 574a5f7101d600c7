from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "corroborate_node.evidence"
    label = "evidence"
