"""Names in the order in which a reader of a language looks for them."""

import unicodedata
from collections.abc import Iterable

_COMBINING_N = "n\N{COMBINING TILDE}"
# How the characters read that begin names of countries, and stand in them, in Japanese: longest first.
_READ = (
    ("中華人民共和国香港特別行政区", "ほんこん"),
    ("中華人民共和国マカオ特別行政区", "まかお"),
    ("アメリカ合衆国", "あめりか"),
    ("合衆国領有小離島", "がっしゅうこくりょうゆうしょうりとう"),
    ("大韓民国", "だいかんみんこく"),
    ("北朝鮮", "きたちょうせん"),
    ("韓国", "かんこく"),
    ("日本", "にほん"),
    ("中国", "ちゅうごく"),
    ("台湾", "たいわん"),
    ("米国", "べいこく"),
    ("英国", "えいこく"),
    ("赤道", "せきどう"),
    ("南極", "なんきょく"),
    ("中央", "ちゅうおう"),
    ("英領", "えいりょう"),
    ("仏領", "ふつりょう"),
    ("米領", "べいりょう"),
    ("北", "きた"),
    ("南", "みなみ"),
    ("西", "にし"),
    ("東", "ひがし"),
)
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")


def reading_key(name: str, language: str) -> tuple[str, str]:
    """What to sort a name by. Latin letters: without their marks, but ñ after n in Spanish. Japanese: by the sound,
    in the order of the kana, where long vowels, small kana and voicing count for nothing unless all else is the same.
    Korean: by the syllables, which stand in that order already. A blank comes before a letter, but in Japanese."""
    if language == "ja":
        for written, read in _READ:
            name = name.replace(written, read)
        name = "".join(chr(ord(one) - 0x60) if "ァ" <= one <= "ヶ" else one for one in name)  # katakana as hiragana
    parts = unicodedata.normalize("NFD", name.casefold())
    if language == "ko":  # a syllable is one sign: taken apart, its last letter would weigh as a first one
        parts = unicodedata.normalize("NFC", parts)
    if language == "es":
        parts = parts.replace(_COMBINING_N, "n\uffff")
    blank = "" if language == "ja" else " "
    plain = "".join(
        one if one.isalnum() or one == "\uffff" else blank for one in parts if not unicodedata.combining(one)
    )
    return plain.replace("ー", "").translate(_SMALL), name


def in_reading_order(named: Iterable[tuple[str, str]], language: str) -> list[tuple[str, str]]:
    """Codes with their names, by name as a reader of the language looks for them."""
    return sorted(named, key=lambda one: reading_key(one[1], language))
