"""Pages by address."""

urlpatterns: list[object] = []
