"""The waiting file of an upload is erased once nothing waits for it, also where the program ended in between."""

from corroborate_node.core import opened
from corroborate_node.core.rooms import rooms
from corroborate_node.core.storing import storing
from corroborate_node.importing import models, states


def erase(upload: models.Upload) -> None:
    """The file, unless some other record relies on the same content; then the row says that it is gone."""
    address = upload.address
    with storing():
        models.Upload.objects.filter(id=upload.id).update(address="")
        upload.address = ""
    if address and address not in {one for room in rooms() for one in room.sealed_addresses()}:
        opened.current().files.delete(address)


def left_over() -> int:
    """When a vault is opened: files of uploads that ended just before their file was erased."""
    ended = list(models.Upload.objects.filter(state__in=states.ENDED).exclude(address=""))
    for upload in ended:
        erase(upload)
    return len(ended)
