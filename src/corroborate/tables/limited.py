"""What a process that reads a stranger's file is left with: little time and memory, no network, no other program."""

import sys

from corroborate.tables.sheets import Limits


def limit(limits: Limits, *, native: bool = False) -> None:
    """Take from this process what reading a file does not need."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform != "darwin":  # where the limit is not kept
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))

    def refuse(event: str, arguments: object) -> None:
        if event.startswith(
            (
                "socket.",
                "subprocess.",
                "os.exec",
                "os.fork",
                "os.posix_spawn",
                "os.system",
                *(() if native else ("ctypes.",)),
            )
        ):
            raise PermissionError(f"reading a file needs no {event}")

    sys.addaudithook(refuse)


def allow(seconds: int, most: int) -> None:
    """So many seconds of the processor from now on, of those that this process has in all."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        now = int(used.ru_utime + used.ru_stime) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (min(now + seconds, most), most))


__all__ = ["allow", "limit"]
