"""Stretches of a WAV recording made silent, or filled with a tone, and everything but its samples left out."""

import io
import math
import wave
from collections.abc import Sequence

from corroborate.copies.regions import Stretch
from corroborate.errors import InputRefused, InvalidValue

TONE = 1000  # hertz
_LOUD = 0.2  # of the loudest


def covered(content: bytes, stretches: Sequence[Stretch], *, tone: bool) -> bytes:
    """A new WAV file: the same samples, those of the stretches replaced. Raises InputRefused, InvalidValue."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            form, samples = file.getparams(), bytearray(file.readframes(file.getnframes()))
    except (wave.Error, EOFError) as error:
        raise InputRefused("the recording cannot be read: WAV files of plain samples (PCM) can") from error
    width = form.sampwidth * form.nchannels
    frames = len(samples) // width
    for one in stretches:
        if one.start * form.framerate >= frames:
            raise InvalidValue("the recording ends before {start}", start=str(one).split()[0])
        first, last = math.floor(one.start * form.framerate), min(frames, math.ceil(one.stop * form.framerate))
        samples[first * width : last * width] = _filling(form, last - first, tone=tone)
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(form.nchannels)
        made.setsampwidth(form.sampwidth)
        made.setframerate(form.framerate)
        made.writeframes(bytes(samples[: frames * width]))
    return out.getvalue()


def _filling(form: "wave._wave_params", frames: int, *, tone: bool) -> bytes:
    if not tone:
        return (b"\x80" if form.sampwidth == 1 else bytes(form.sampwidth)) * form.nchannels * frames
    period = max(2, round(form.framerate / TONE))
    wavelength = b"".join(_sample(form.sampwidth, math.sin(2 * math.pi * at / period)) * form.nchannels
                          for at in range(period))  # fmt: skip
    whole = wavelength * (frames // period + 1)
    return whole[: frames * form.sampwidth * form.nchannels]


def _sample(width: int, height: float) -> bytes:
    loudest = (1 << (8 * width - 1)) - 1
    value = round(height * _LOUD * loudest)
    return bytes([value + 128]) if width == 1 else value.to_bytes(width, "little", signed=True)


__all__ = ["TONE", "covered"]
