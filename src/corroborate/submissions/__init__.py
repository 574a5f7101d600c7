"""Submissions to procedures of the United Nations: what each asks for, and the text that is filed."""

from corroborate.submissions.forms import Field, Form, form, missing, write

__all__ = ["Field", "Form", "form", "missing", "write"]
