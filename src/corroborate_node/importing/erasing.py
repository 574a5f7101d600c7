"""The waiting file of an upload is erased once nothing waits for it, also where the program ended in between."""

from collections.abc import Sequence

from corroborate_node.core import leaving
from corroborate_node.core.desk import Desk
from corroborate_node.core.storing import storing
from corroborate_node.importing import models, states
from corroborate_node.importing.choosing import Choices
from corroborate_node.records import models as imports
from corroborate_node.records.actions import WITHDRAWN

UNNAMED = "—"


def erase(upload: models.Upload) -> None:
    """The file, unless some other record relies on the same content; then the row says that it is gone."""
    address = upload.address
    with storing():
        models.Upload.objects.filter(id=upload.id).update(address="")
        upload.address = ""
        leaving.erase_after([address] if address else [])


def taken_back(_desk: Desk, _ids: Sequence[str], reason: str) -> None:
    """Of an upload of which nothing is left, neither the file's name nor its title stays: it may name somebody."""
    if reason != WITHDRAWN:
        return
    gone = set(imports.Import.objects.filter(name="").values_list("number", flat=True))
    for one in models.Upload.objects.filter(state=states.DONE).exclude(name=""):
        if one.report and one.report.get("import") in gone:
            plain = Choices(UNNAMED).as_json()
            models.Upload.objects.filter(id=one.id).update(name="", choices=plain)


def left_over() -> int:
    """When a vault is opened: files of uploads that ended just before their file was erased."""
    ended = list(models.Upload.objects.filter(state__in=states.ENDED).exclude(address=""))
    for upload in ended:
        erase(upload)
    return len(ended)
