"""What every estimate assumes, in the languages that we write. Apart from the estimation, so that a page may say it
where nothing is installed that estimates."""

from collections.abc import Mapping

ASSUMPTIONS_IN: Mapping[str, tuple[str, ...]] = {
    "en": (
        "The people on the lists are the same closed group: nobody enters or leaves it in the time looked at.",
        "Linkage is right: entries said to be one person are, and no two entries of one person were left apart.",
        "Given what the overlaps show, no further group of people was out of the reach of all lists together. "
        "No list can test this; the sensitivity says what follows if it is wrong.",
    ),
    "ko": (
        "명단에 오른 사람들은 같은 닫힌 집단이다. 살펴본 기간에 들어오거나 나간 사람이 없다.",
        "연결이 옳다. 한 사람이라고 한 기록은 한 사람의 것이고, 한 사람의 기록이 둘로 남지 않았다.",
        "겹침이 보여 주는 것 밖에, 모든 명단이 함께 닿지 못한 집단은 없다. 어떤 명단도 이를 확인할 수 없다. "
        "이것이 틀렸을 때 어떻게 되는지는 민감도가 말한다.",
    ),
    "ja": (
        "名簿の人びとは同じ閉じた集団である。対象の期間に出入りした人はいない。",
        "照合は正しい。同じ人とされた記録は同じ人のものであり、一人の記録が別々に残っていない。",
        "重なりが示すほかに、すべての名簿がそろって届かなかった集団はない。どの名簿もこれを確かめられない。"
        "これが誤りならどうなるかは感度が示す。",
    ),
    "es": (
        "Las personas de las listas forman un mismo grupo cerrado: nadie entra ni sale en el período estudiado.",
        "La vinculación es correcta: las entradas atribuidas a una persona son suyas, y no quedaron separadas dos "
        "entradas de una misma persona.",
        "Más allá de lo que muestran los solapamientos, ningún otro grupo quedó fuera del alcance de todas las listas. "
        "Ninguna lista puede comprobarlo; la sensibilidad dice qué se sigue si es falso.",
    ),
}
ASSUMPTIONS = ASSUMPTIONS_IN["en"]
