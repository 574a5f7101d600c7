"""Arabic names, in Arabic letters and in Latin ones, under one skeleton: the second filling of the seam of ``names``.

What is folded away, each with its reason:

- the article: ال, al-, el-, and assimilated as-, ash-, ad-, an-, ar-, at-, az- (sun letters: any grammar, e.g. Wright
  (1896), section 14): الشامي, al-Shami, ash-Shami;
- hamza and the seats of alif: أ إ آ ا ٱ (Unicode core specification, section 9.2; many write without hamza);
- ta marbuta: ة read as h or t, in Latin -a, -ah, -at: فاطمة, Fatima, Fatimah, Fatimat;
- alif maqsura ى and ya ي at the end: ليلى, Layla, Laila, Leila;
- short vowels, which Arabic does not write and Latin writes in every way: محمد, Muhammad, Mohamed, Mohammed, Mehmet;
- long vowels with them, since Latin does not tell them apart: Muhammad and Mahmud have one skeleton;
- doubled consonants (shadda): Hassan and Hasan meet here, as they do on lists; a skeleton decides nothing;
- consonants that Latin does not tell apart: ح ه, س ص, ت ط, د ض, ذ ز ظ, ك ق, ع and hamza (BGN/PCGN 1956 and ALA-LC
  romanisations with their marks left off); ج is j, and g in Egypt; غ is gh and g, خ is kh.

``ibn``, ``bin``, ``ben`` and ``bint`` stand between a name and a father's name and are left out. A kunya (أبو, أم: father
of, mother of) is a name beside the name: it is one word with what follows, so that Abu Omar is not Omar.
"""

import re
import unicodedata
from functools import lru_cache

_LETTERS = {
    **dict.fromkeys("اأإآٱءئؤعىي", ""), **dict.fromkeys("و", ""), "ب": "b", "پ": "b", **dict.fromkeys("تط", "t"), "ث": "t",
    **dict.fromkeys("جچ", "j"), **dict.fromkeys("حه", "h"), "خ": "k", **dict.fromkeys("دض", "d"), **dict.fromkeys("ذزظ", "z"),
    "ر": "r", **dict.fromkeys("سص", "s"), "ش": "$", "غ": "g", "ف": "f", **dict.fromkeys("كقک", "k"), "ل": "l", "م": "m",
    "ن": "n", "ة": "", "ی": "",
}  # fmt: skip
_LATIN = (("sh", "$"), ("ch", "$"), ("kh", "k"), ("gh", "g"), ("th", "t"), ("dh", "z"), ("ph", "f"), ("ou", ""), ("q", "k"),
          ("c", "k"), ("v", "f"), ("p", "b"), ("x", "ks"))  # fmt: skip
_SUN = r"(?:a[lnrstdz]|ash|e[lnrstdz]|esh|ul)"
_SONS = frozenset(("ibn", "bin", "ben", "bint", "b", "wold", "ould"))
_KUNYAS = {
    "abu": "abu",
    "abou": "abu",
    "abi": "abu",
    "aboo": "abu",
    "um": "umm",
    "umm": "umm",
    "om": "umm",
    "oum": "umm",
}
# Names that mark a name in Latin letters as Arabic: their skeletons are as in Arabic letters. The commonest ones only.
_MARKS = frozenset(("mhmd", "hmd", "hsn", "mhmwd", "$rf", "brhm", "zns", "khld", "fhd", "sd"))
_SPELLED = frozenset(["mohamed", "mohammed", "muhammad", "mohammad", "mohamad", "muhammed", "ahmad", "ahmed", "ali", "hassan", "hasan", "hussein", "husayn", "hossein", "hussain", "omar", "umar", "othman", "uthman", "ibrahim", "khaled", "khalid", "mahmoud", "mahmud", "mustafa", "moustafa", "yousef", "youssef", "yusuf", "fatima", "fatimah", "fatma", "aisha", "aicha", "khadija", "khadijah", "maryam", "mariam", "zainab", "zaynab", "layla", "laila", "leila", "abdullah", "abdallah", "abdulrahman", "said", "saeed", "salim", "salem", "saleh", "salih", "nasser", "nasir", "jamal", "gamal", "kamal", "karim", "kareem", "tariq", "tarek", "walid", "waleed", "ziad", "ziyad", "bilal", "hamza", "hamzah", "yasin", "yassin", "samir", "sameer", "rashid", "rasheed", "majid", "majed", "faisal", "faysal", "sami", "fadi", "rami", "amal", "amina", "aminah", "huda", "nour", "noor"])  # fmt: skip


_BETWEEN = frozenset(("ibn", "bint", "abu", "abou", "umm"))
_LATIN_WORDS = re.compile(r"[a-z]+")
_ARTICLE = re.compile(r"\b(?:al|el|ash|as|ar|an|ad|az|at)-[a-z]{3}")


def _word(word: str) -> str:
    """Skeleton of a word in either script: its consonants."""
    if re.search(r"[؀-ۿ]", word):
        word = re.sub(r"^[وفب]?ال(?=..)", "", word)
        word = re.sub(r"[ًٌٍَُِّْـ]", "", word)
        if word.endswith("ه"):  # ta marbuta without its dots
            word = word[:-1]
        return re.sub(r"(.)\1+", r"\1", "".join(_LETTERS.get(c, "") for c in word))
    for before, after in _LATIN:
        word = word.replace(before, after)
    word = re.sub(r"(?<=[aeiou])h$", "", word)
    word = re.sub(r"(?<=[ai])t$", "t", word)
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouyw']", "", word))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    plain = re.sub(r"[’ʼ`ʿʾ‘]", "'", plain)
    plain = re.sub(rf"\b{_SUN}[- ](?=[a-z]{{3}})", "", plain)  # the article, before a hyphen or a space
    plain = re.sub(r"\babd(?:[aeiou]?l[- ]?|[aeiou]([rnsz])[- ]?(?=\1)|[- ])(?=[a-z]{3})", "abd", plain)
    plain = re.sub(r"عبد\s+ال", "عبد", plain)
    return re.findall(r"[a-z']+|[؀-ۿ]+", plain)


def is_arabic(text: str) -> bool:
    """Whether a name is in Arabic letters, or in Latin ones and shows it: an article, a son, a kunya or a common name."""
    if not text.isascii():
        if re.search(r"[ء-ي]", text):
            return True
        text = unicodedata.normalize("NFKC", text)
    lower = text.lower()
    words = _LATIN_WORDS.findall(lower)
    return ("-" in lower and _ARTICLE.search(lower) is not None) or (
        len(words) > 1
        and any(w in _SPELLED or w in _BETWEEN or (w[:3] == "abd" and re.match(r"abd[aeiou]?l.", w)) for w in words)
    )


@lru_cache(maxsize=200_000)
def arabic_forms(text: str) -> tuple[str, str, str] | None:
    """(given, family, key) of an Arabic name: the first name, the last, and the skeleton of the whole in order."""
    words = _words(text)
    parts: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        kunya = {"ابو": "abu", "ابي": "abu", "ام": "umm"}.get(word) or _KUNYAS.get(word)
        if kunya and at + 1 < len(words):
            parts.append(f"{kunya}.{_word(words[at + 1])}")
            at += 2
            continue
        if word not in _SONS and word not in ("بن", "ابن", "بنت"):
            skeleton = _word(word)
            if skeleton:
                parts.append(skeleton)
        at += 1
    if not parts:
        return None
    return parts[0], parts[-1] if len(parts) > 1 else "", "a:" + "-".join(parts)
