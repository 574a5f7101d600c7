from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "corroborate_node.campaign"
    label = "campaign"
