"""What people write into the forms of this room."""

from django import forms


class Correction(forms.Form):
    """What is right, and how somebody knows."""

    to = forms.CharField(max_length=20_000, strip=True)
    because = forms.CharField(max_length=2_000, strip=True)
