from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "corroborate_node.coalition.campaign"
    label = "campaign"
