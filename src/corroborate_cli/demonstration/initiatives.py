"""Invented actions of the demonstration's members. Two are one event, entered by both who held it."""

from datetime import date, timedelta

from corroborate.coalition import Action


def initiatives(on: date) -> tuple[Action, ...]:
    """Actions around a day, the same for the same day."""
    autumn, soon = on - timedelta(days=40), on + timedelta(days=16)
    return (
        Action("action_demo_1", "exhibition", "돌아오지 못한 사람들: 사진전", ("새봄인권기록회",), autumn,
               autumn + timedelta(days=13), "ko", "KR", "서울", ("demand.release_abductees",),
               "사진 40점. 지어낸 활동입니다."),
        Action("action_demo_2", "exhibition", "사진전: 돌아오지 못한 사람들", ("문밖의 사람들",), autumn,
               autumn + timedelta(days=13), "ko", "KR", "서울", ("demand.release_political_prisoners",)),
        Action("action_demo_3", "hearing", "家族の声を聞く会", ("帰りを待つ会",), soon, soon, "ja", "JP", "新潟",
               ("demand.release_abductees",), "架空の活動です。"),
        Action("action_demo_4", "lobbying", "Visits to missions in Geneva", ("Northern Records Project",), soon,
               soon + timedelta(days=2), "en", "CH", "Geneva",
               ("demand.access_special_rapporteur", "demand.end_culture_of_impunity"), "An invented action."),
    )  # fmt: skip
