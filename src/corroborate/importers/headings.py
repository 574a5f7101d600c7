"""What a column's heading says, in eleven languages: whole headings that are known, else composed of known words."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from corroborate.languages.reviewed import reviewed
from corroborate.records.consent import column_asks

BESIDES = "in the export: "  # before what the export of a program says without a field of ours
NAME_FIELDS = ("name", "family", "given", "hanja", "reading")
SEVERAL = frozenset(
    ("name", "alias", "nickname", "reading", "hanja", "violation", "witness", "perpetrator", "notes", "cited", "kin")
)
"""Fields of which every column says something of its own; of the others the first filled cell counts."""


@cache
def fields() -> Mapping[str, tuple[str, ...]]:
    """Field -> headings that are known."""
    table = reviewed(__package__, "headings")
    return {field: tuple(str(word) for word in words) for field, words in table.items()}


def _key(text: str) -> str:
    """Letters and digits alone, lower case, without marks on Latin and Arabic letters."""
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    text = re.sub(r"[\u0300-\u036f\u064b-\u0652\u0640]", "", text)
    text = unicodedata.normalize("NFC", text).translate(str.maketrans("أإآىةيك", "اااىهیک"))
    return re.sub(r"[^\w]|_", "", text)


@cache
def _known() -> Mapping[str, str]:
    return {_key(word): field for field, words in reversed(list(fields().items())) for word in words}


_NUMBER = re.compile(
    r"^\s*(?:\(?(?:q(?:uestion)?\.?\s?)?\d{1,3}(?:[.\-]\d{1,2})?\s*[.):\]-]\s*|\(?[a-z]\d{1,3}\s*[.):_-]\s*|[①-⑳]\s*|q\d{1,3}\s+|\d{1,3}\s+(?=[^\W\d]))",
    re.I,
)
_LANGUAGE = re.compile(
    r"[\s_.:(\-]+(?:in )?(?:en|eng|english|ko|kor|korean|ja|jp|jpn|japanese|es|spanish|fr|french|ru|russian|uk|ukrainian|ar|arabic|fa|persian|farsi|zh|chinese|my|mm|burmese|latin|latn|local|native|original|hangul|hangeul|roman)\)?\s*$",
    re.I,
)
_BRACKETS = re.compile(r"\s*[(（\[【<《〈{][^()（）\[\]]*[)）\]】>》〉}]\s*")


@lru_cache(maxsize=10_000)
def field_of(heading: str) -> str | None:
    """The field that a heading says, or None. Groups before it, numbers, formats and units in brackets, and the
    language that a column is in are looked past."""
    text = unicodedata.normalize("NFKC", heading).strip(" \t\n*:?　")
    if not text:
        return None
    if text.startswith(BESIDES):
        return "consent" if column_asks(text.removeprefix(BESIDES)) else None
    known = _known()
    if (field := known.get(_key(text))) is not None:
        return field
    plain = _NUMBER.sub("", text)
    bare = _BRACKETS.sub(" ", plain).strip(" *:?")
    inside = " ".join(re.findall(r"[(（\[]([^()（）\[\]]*)[)）\]]", plain))
    for form in dict.fromkeys((plain, bare, _LANGUAGE.sub("", bare), _LANGUAGE.sub("", plain))):
        if form and (field := known.get(_key(form))) is not None:
            return _narrowed(field, inside)
    if text.startswith("_"):  # a program's own: _parent_index, _submission_time
        return None
    if column_asks(text):
        return "consent"
    field = _of_groups(bare) or _of_somebody(bare) or _of_several(bare) or _composed(bare)
    if field is None:
        field = _of_parts(bare) or _of_groups(plain)
    return _narrowed(field or None, inside)


def _narrowed(field: str | None, inside: str) -> str | None:
    """A name's column that says in brackets which writing it holds."""
    if field == "name" and re.search(r"한자|hanja|chinese char", inside, re.I):
        return "hanja"
    if field in ("name", "hanja") and re.search(
        r"カナ|かな|ふりがな|フリガナ|よみ|読み|kana|reading|발음", inside, re.I
    ):
        return "reading"
    return field


_WHOSE = re.compile(
    r"^(?:the )?(?:victim|detainee|person|deceased|survivor|prisoner|abductee|individual)(?:'?s)?[\s_]+"
    r"| of (?:the )?(?:victim|detainee|person|deceased|survivor|prisoner|abductee|individual)$"
    r"|(?: |\s?\()at (?:the )?time(?: of .*)?\)?$"
    r"|^(?:피해자|납북자|실종자|대상자|본인|당사자|희생자|수감자|사망자|고인|피랍자|피납자)(?:의|\s)\s*"
    r"|^(?:(?:사건|납북|실종|체포|구금|사망|피해|발생)\s?)?당시(?:의)?\s*"
    r"|^(?:被害者|失踪者|拉致被害者|本人|対象者|死亡者|収容者|犠牲者)の"
    r"|^(?:失踪|拉致|逮捕|事件|死亡|被害|連行)?(?:当時|時)の"
    r"| (?:de la v[ií]ctima|del detenido|de la persona|del desaparecido|del fallecido)$| al momento de.*$"
    r"| (?:de la victime|du d[ée]tenu|de la personne|du disparu)$| au moment d.*$"
    r"| (?:жертвы|потерпевшего|пострадавшего|задержанного|погибшего|потерпілого|загиблого|постраждалого)$"
    r"| (?:الضحية|المعتقل|المفقود|الشخص|الشهيد|قربانی|زندانی|فرد|متوفی)$"
    r"|^(?:受害者|受害人|被捕者|失踪者|遇难者|当事人)的?",
    re.I,
)
_OF_THE_WRONGDOER = ("unit", "rank")  # whoever suffered has no unit that did it


def _of_somebody(text: str) -> str | None:
    """``Victim's occupation``, ``失踪当時の職業``: what is asked, without whose it is and at which time."""
    bare = _WHOSE.sub("", text).strip()
    if bare == text or not bare:
        return None
    field = _known().get(_key(bare))
    return None if field in _OF_THE_WRONGDOER else field


_AND = re.compile(
    r"\s+(?:y|o|u|e|or|and|et|ou|и|или|та|або|чи|و|أو|یا|및|또는)\s+|\s*[/,&+·・、،]\s*|または|或|及", re.I
)


def _of_several(text: str) -> str | None:
    """``Oficio u ocupación``, ``본적지 주소``: words that all say one field, or the two parts of a name."""
    said = [_known().get(_key(part)) for part in _AND.split(text) if part.strip()]
    if len(said) < 2:
        said = [_known().get(_key(part)) for part in text.split()]
    known = set(said)
    if len(said) < 2 or None in known:
        return None
    if known == {"family", "given"}:
        return "name"
    return said[0] if len(known) == 1 or known == {"alias", "nickname"} else None


def _of_groups(text: str) -> str | None:
    """``group_ab/victim_name``, ``성명 / Name``: the last part that is known."""
    parts = [part for part in re.split(r"\s*(?:/|::|\||\n|>|→|・)\s*", text) if part.strip()]
    if len(parts) > 1:
        found = [field for part in reversed(parts) if (field := field_of(part)) is not None]
        if found:
            return found[0]
    return None


def _of_parts(text: str) -> str | None:
    """``event-date_taken``, ``Violation 2``: the longest end that is known."""
    known = _known()
    pieces = re.split(r"[-.]|__", text)
    for at in range(1, len(pieces)):
        if (field := known.get(_key("-".join(pieces[at:])))) is not None:
            return field
    pieces = re.split(r"[_\s]+", text)
    if len(pieces) > 1 and pieces[-1].isdigit():
        return known.get(_key(" ".join(pieces[:-1])))
    if len(pieces) > 1 and "_" in text:
        for at in range(1, len(pieces)):
            if (field := known.get(_key(" ".join(pieces[at:])))) is not None and field not in ("id",):
                return field
    return None


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of headings in one group of languages, as patterns."""

    date: str
    place: str
    name: str
    age: str
    birth: str
    event: str
    home: str
    held: str
    victim: str
    wrongdoer: str
    witness: str
    kin: tuple[tuple[str, str], ...]
    paper: str  # what is about the record, or who made it, not about the person
    note: str  # what somebody remarked: never the thing itself that it speaks of
    harm: str = r"(?!)"
    sort: str = r"(?!)"  # which of several, or that it was suffered
    rank: str = r"(?!)"
    unit: str = r"(?!)"


_COMPOSED = (
    _Words(
        date=r"\b(?:date|day|year|month|when|time|datetime|timestamp|period)\b|since$",
        place=r"\b(?:place|location|site|where|city|town|village|district|province|governorate|township|country|locality|area|address)\b",
        name=r"\b(?:name|names|named)\b",
        age=r"\bage\b",
        birth=r"\b(?:birth|born)\b",
        event=r"arrest|detain|detention|abduct|kidnap|captur|disappear|missing|death|died|deceas|execut|kill|murder|incident|event|violation|occur|happen|taken|seized|imprison|incarcerat|tortur|repatriat|deport|transfer|attack|crime|last seen|last contact|seen|shot|release|loss|abuse|rape|assault|offen[cs]e",
        home=r"\b(?:origin|residence|resident|home|hometown|domicile|lived|living|native|address|(?:come|comes|came|is|are|was) from)\b",
        held=r"\b(?:held|prison|imprison\w*|jail\w*|camp|custody|detention|detained|incarcerat\w*|confine\w*|kept)\b",
        victim=r"\b(?:victim|victims|victim's|person|detainee|prisoner|deceased|missing|abductee|disappeared|dead|individual|patient|child|subject|people|casualt\w+)\b",
        wrongdoer=r"\b(?:perpetrator|perpetrators|offender|suspect|abuser|captor|responsible|accused|committed by|arrested by|culprit|assailant|attacker|torturer)\b",
        witness=r"\b(?:witness|witnesses|informant|interviewee|respondent|source|testifier|narrator|reporter|complainant|deponent)\b",
        kin=(
            (r"father", "father"),
            (r"mother", "mother"),
            (r"spouse|husband|wife", "spouse"),
            (
                r"brother|sister|sibling|children|\bsons?\b|daughter|relative|\bkin\b|parent|guardian|family member",
                "kin",
            ),
        ),
        paper=r"\b(?:interview|interviewer|entry|entered|submission|submitted|submitter|report date|record|recorded|created|updated|modified|publication|published|registration|registered|collector|enumerator|translator|interpreter|coder|coders|interviewers|researcher|investigator|caseworker|file|form|signature|signed|organi[sz]ation|document|upload|data entry)\b",
        note=r"\b(?:notes?|memos?|remarks?|comments?|observations)\b",
        harm=r"\b(?:violations?|abuses?|harms?|ill treatment|mistreatment|torture|crimes?|incidents?)\b",
        sort=r"\b(?:types?|kinds?|forms?|category|categories|nature|experienced|suffered|endured|committed|list|class|classification|code|alleged|reported|select)\b",
        rank=r"\b(?:rank|title|position)\b",
        unit=r"\b(?:unit|battalion|brigade|regiment|affiliation|organi[sz]ation)\b",
    ),
    _Words(
        date=r"\b(?:fecha|ano|dia|mes|hora|cuando|periodo|date|annee|jour|mois|quand|periode)\b",
        place=r"\b(?:lugar|sitio|ciudad|donde|localidad|municipio|provincia|pais|ubicacion|lieu|ville|ou|endroit|localite|pays|province)\b",
        name=r"\b(?:nombre|nombres|nom|noms)\b",
        age=r"\b(?:edad|age)\b",
        birth=r"\b(?:nacimiento|nacido|nacida|nacio|naissance|ne|nee)\b",
        event=r"arrest|deten|captur|desapar|muert|fallec|ejecu|secuest|asesin|hecho|incident|evento|violacion|ocurr|suces|disparition|deces|mort|execution|enlevement|faits|evenement|meurtre|disparu|tortur|contacto|deportac|traslad|agresion|massacre|masacre",
        home=r"\b(?:origen|residencia|domicilio|procedencia|origine|residence|domicile|vivia|habitation)\b",
        held=r"\b(?:reclusion|prision|carcel|encierro|cautiverio|incarceration|emprisonnement|prison|campo|camp)\b",
        victim=r"\b(?:victima|victimas|persona|detenido|preso|desaparecido|fallecido|victime|victimes|personne|detenu|disparu|prisonnier)\b",
        wrongdoer=r"\b(?:perpetrador|perpetradores|autor|autores|victimario|agresor|responsable|auteur|auteurs|responsables|agresseur|captor)\b",
        witness=r"\b(?:testigo|testigos|informante|declarante|entrevistado|denunciante|temoin|temoins|informateur|declarant)\b",
        kin=(
            (r"\b(?:padre|pere)\b", "father"),
            (r"\b(?:madre|mere)\b", "mother"),
            (r"esposo|esposa|conyuge|epoux|epouse|conjoint", "spouse"),
            (r"herman|hij[oa]|familiar|frere|soeur", "kin"),
        ),
        paper=r"\b(?:entrevista|registro|creacion|actualizacion|publicacion|entretien|saisie|enregistrement|organizacion|organisation|formulario|denuncia|entrevistador(?:a|es|as)?|encuestador(?:a|es|as)?|codificador(?:a|es|as)?|digitador(?:a|es|as)?|investigador(?:a|es|as)?|transcriptor(?:a)?|traductor(?:a)?|enqueteurs?|enquetrices?|intervieweurs?|codeurs?|traducteurs?)\b",
        note=r"\b(?:notas?|observaciones|comentarios?|apuntes?|anotacion(?:es)?|remarques?|commentaires?|annotations?)\b",
        harm=r"\b(?:violacion(?:es)?|abusos?|hechos?|violencias?|delitos?|vulneracion(?:es)?|victimizacion(?:es)?|violations?|abus|sevices|violences?|atteintes?|agresion(?:es)?)\b",
        sort=r"\b(?:tipos?|clases?|formas?|categorias?|modalidad(?:es)?|sufrid[oa]s?|victimizantes?|types?|formes?|categories?|natures?|subi(?:e?s)?)\b",
        rank=r"\b(?:rango|grado|cargo|grade|rang)\b",
        unit=r"\b(?:unidad|batallon|unite|bataillon)\b",
    ),
    _Words(
        date=r"дата|год|день|время|когда|рік|час|коли|місяць|месяц|період|период",
        place=r"место|город|где|село|адрес|район|місце|місто|де\b|область",
        name=r"имя|фио|фамилия|ім'я|піб|прізвище|імя",
        age=r"возраст|вік\b",
        birth=r"рожд|народж",
        event=r"арест|задерж|исчезн|смерт|гибел|казн|похищ|убий|событ|происш|инцидент|наруш|арешт|затрим|зникн|загиб|страт|викрад|вбив|поді|поруш|пыт|катув|депорт|контакт",
        home=r"жит|прожив|происх|родом|мешк",
        held=r"содерж|заключ|тюрьм|лагер|утрим|в'язн|ув'язн|табор",
        victim=r"жертв|пострадав|потерпев|погибш|пропавш|задержанн|заключенн|потерпіл|загибл|зникл|постражд",
        wrongdoer=r"виновн|преступ|исполнит|ответствен|винуват|злочин|виконав|підозрюв|подозрев|обвиняем",
        witness=r"свидет|очевид|источник|заявит|свід|очевид|джерел",
        kin=(
            (r"отц|отец|батьк", "father"),
            (r"матер|мать|мати", "mother"),
            (r"супруг|муж|жен[аы]\b|дружин", "spouse"),
            (r"родств|брат|сестр|родич", "kin"),
        ),
        paper=r"интерв|інтерв|запис|создан|обновл|публик|регистр|анкет|створ|оновл|організац|организац|кодировщик|кодувальник|переводчик|перекладач|исследовател|дослідник",
        note=r"примеч|приміт|замет|нотат|коммент|комент",
        harm=r"наруш|поруш|насили|насильств|преступлен|злочин|преследован|пыт[оа]к",
        sort=r"вид|тип|категор|форм[аы]|характер|перечень|перелік",
        rank=r"звани|звання|должност|посад",
        unit=r"подразделен|підрозділ|часть|частин",
    ),
    _Words(
        date=r"تاریخ|تاريخ|سنه|عام|متی|وقت|زمان|سال",
        place=r"مکان|محل|موقع|این|مدینه|شهر|منطقه",
        name=r"اسم|نام",
        age=r"عمر|السن|سن$",
        birth=r"میلاد|ولاده|مولد|تولد",
        event=r"اعتقال|اختفا|وفاه|وفات|اختطاف|قتل|اعدام|حادث|انتهاک|بازداشت|دستگیری|مرگ|واقعه|استشهاد|احتجاز|خطف|تعذیب|ترحیل",
        home=r"اقامه|سکن|سکونت|اصل",
        held=r"سجن|احتجاز|معتقل|زندان|نگهداری",
        victim=r"ضحیه|معتقل|شهید|مفقود|متوفی|قربانی|شخص|ضحایا",
        wrongdoer=r"جانی|مرتکب|فاعل|مسؤول|مسئول|متهم|منفذ|عامل",
        witness=r"شاهد|شهود|مصدر|راوی|مبلغ|منبع",
        kin=((r"اب$|والد$|پدر", "father"), (r"ام$|والده|مادر", "mother"), (r"زوج|همسر", "spouse")),
        paper=r"مقابله|تسجیل|ادخال|توثیق|مصاحبه|ثبت|محاور|باحث|مترجم|موثق|پرسشگر|پژوهشگر",
        note=r"ملاحظ|تعلیق|یادداشت",
        harm=r"انتهاک|تعذیب|جریمه|جرم|نقض|اعتدا|عنف|خشونت",
        sort=r"نوع|انواع|فئه|شکل|طبیعه|تصنیف|دسته",
        rank=r"رتبه|درجه|منصب",
        unit=r"وحده|یگان|واحد|لواء|کتیبه",
    ),
    _Words(
        date=r"(?:일자|일시|날짜|시기|연도|년도|년월일|시점|기간|일|년|때|연월일|날|月日|年月日|日時|日付|時期|年度|期間|日|年|时间|日期|時間|時)$",
        place=r"(?:장소|위치|지점|곳|지역|현장|지|場所|現場|地点|地域|位置|所在地|所|地|地點)$",
        name=r"(?:성명|이름|성함|명|氏名|名前|姓名|名字|名|お名前)(?:전체)?$",
        age=r"나이|연령|年齢|年齡|年龄|歳",
        birth=r"출생|태어|생년|出生|生年|誕生|生まれ",
        event=r"체포|구금|구류|수감|구속|납북|납치|실종|행방|사망|처형|총살|사건|발생|피해|연행|북송|송환|석방|탈북|추방|고문|살해|피살|피랍|억류|끌려|잡힌|잡혀|목격|강제|침해|위반|사고|귀국|입북|월경|연락|이송|逮捕|拘束|拘禁|収容|拉致|失踪|行方|死亡|死去|処刑|事件|発生|被害|連行|送還|帰国|釈放|脱北|追放|拷問|殺害|目撃|連絡|抑留|消息|被捕|羁押|遇害|案发|案發|事发|失蹤|处决|绑架|受害",
        home=r"출신|고향|거주|주거|본적|원적|살던|살았던|出身|居住|本籍|原籍|住んで|籍贯|户籍",
        held=r"수감|구금|수용|감금|갇힌|구류|관리소|교화소|교도소|집결소|단련대|형무소|유치장|収容|拘禁|監禁|収監|勾留|刑務所|关押|羁押|監獄|감옥",
        victim=r"피해|희생|납북|납치|실종|수감|사망|구금|대상|본인|당사자|행방불명|체포|고인|억류|被害|失踪|拉致|対象|本人|死亡|行方不明|犠牲|収容|遇难|受难|受害|失蹤|被捕",
        wrongdoer=r"가해|고문자|책임자|납치자|체포자|집행자|체포기관|행위자|加害|責任者|実行犯|犯人|施害|行凶|责任",
        witness=r"증언|진술|목격자|제보|신고자|증인|구술|피면담자|피면접자|참고인|証言|目撃者|証人|情報提供|届出|申告者|通報|证人|举报",
        kin=(
            (r"아버지|부친|^부\b|父", "father"),
            (r"어머니|모친|^모\b|母", "mother"),
            (r"배우자|남편|아내|配偶|夫|妻", "spouse"),
            (r"가족|형제|자매|자녀|친척|보호자|家族|兄弟|親族|遺族", "kin"),
        ),
        paper=r"조사일|(?<!피)면접|면담일|(?<!피)면담자|면담관|작성|등록|입력|접수|기록|수정|갱신|조사자|조사관|조사원|조사기관|작성자|입력자|코더|통역|번역자|연구자|연구원|상담원|발간|출판|단체|聞き取り|聞き手|聴取者|インタビュアー|面接者|調査員|コーダー|通訳|記入|登録|入力|受付|作成|記録者|更新|調査|団体|填表|登记|录入|访谈者|采访者|訪談者|採訪者|记录者|调查员|기관코드",
        harm=r"침해|피해(?!자)|인권유린|가혹행위|학대|위반|被害(?!者)|侵害|虐待|違反|侵权|侵犯|迫害|受害(?!者|人)",
        sort=r"종류|유형|구분|내용|항목|분류|種類|類型|種別|内容|区分|分類|类型|種类|种类|方式|形式|情况|類别",
        rank=r"계급|직급|階級|役職|军衔|职务",
        unit=r"부대|소속|部隊|所属|部队|单位",
        note=r"메모|비고|참고사항|특이사항|소견|코멘트|논평|メモ|備考|コメント|所見|注記|特記|备注|備註",
    ),
)


_BURMESE = _Words(
    date=r"ရက်|နေ့|ခုနှစ်|အချိန်",
    place=r"နေရာ|ဒေသ",
    name=r"အမည်|နာမည်",
    age=r"အသက်",
    birth=r"မွေး",
    event=r"ဖမ်းဆီး|သေဆုံး|ဖြစ်ပွား|သတ်ဖြတ်|ပျောက်ဆုံး|ချိုးဖောက်|အကျဉ်းချ",
    home=r"နေရပ်|နေထိုင်",
    held=r"ထိန်းသိမ်း|အကျဉ်း|ထောင်",
    victim=r"ကျူးလွန်ခံရ|ခံရသူ|သေဆုံးသူ|ပျောက်ဆုံးသူ",
    wrongdoer=r"ကျူးလွန်သူ|ဖမ်းဆီးသူ",
    witness=r"သက်သေ",
    kin=((r"ဖခင်|အဘ", "father"), (r"မိခင်|အမိ", "mother"), (r"ခင်ပွန်း|ဇနီး", "spouse")),
    paper=r"အင်တာဗျူး|မှတ်တမ်း",
    note=r"မှတ်ချက်",
    harm=r"ချိုးဖောက်မှု",
    sort=r"အမျိုးအစား",
)


def _composed(text: str) -> str | None:
    """A heading that no table holds, by the words that it is made of: ``Year of abduction``, ``피해자 사망일자``. An
    empty text where it is about the record: the day of an interview is no day of a crime."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    plain = unicodedata.normalize("NFC", re.sub(r"[\u0300-\u036f\u064b-\u0652\u0640]", "", plain))
    plain = re.sub(r"[_\-/.:*?,]+", " ", plain.translate(str.maketrans("أإآىةيك", "اااىهیک"))).strip()
    tight = re.sub(r"\s+", "", plain)
    for words in (*_COMPOSED, _BURMESE):
        form = tight if words is _COMPOSED[-1] else plain
        field = _by_words(form, words)
        if field is not None:
            return field
    return None


def _by_words(text: str, words: _Words) -> str | None:
    """The field; an empty text where the heading is about the record and not about the person."""

    def has(pattern: str) -> bool:
        return re.search(pattern, text) is not None

    if has(words.note):
        return "notes"
    if has(words.paper):
        return "" if has(words.date) or has(words.place) or has(words.name) else None
    if has(words.age):
        return "age"
    kin = next((field for pattern, field in words.kin if has(pattern)), None)
    if kin is not None:
        return kin if has(words.name) or words in (_COMPOSED[-1], _BURMESE) else None
    if has(words.birth):
        return "birth_place" if has(words.place) and not has(words.date) else "birth"
    if has(words.wrongdoer):
        return "rank" if has(words.rank) else "unit" if has(words.unit) and not has(words.name) else "perpetrator"
    if has(words.witness) and not has(words.date):
        return "witness" if not has(words.place) else ""
    if has(words.date) and has(words.event):
        return "event_date"
    if has(words.place):
        if has(words.home):
            return "place"
        if has(words.held) and not has(r"arrest|체포|逮捕|арест|арешт|اعتقال"):
            return "facility"
        if has(words.event):
            return "event_place"
        return None
    if has(words.name) and has(words.held) and not has(words.victim):
        return "facility"
    if has(words.name) and has(words.victim):
        return "name"
    return "violation" if has(words.harm) and has(words.sort) and not has(words.date) else None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file and the field that it is taken for; None: no field, and its words are kept as they are."""

    heading: str
    field: str | None


_NAME_ALONE = frozenset(
    _key(word) for word in ("name", "names", "имя", "ім'я", "nombre", "nombres", "nome", "nom", "이름", "名", "名前", "名字",
                            "الاسم", "اسم", "نام", "အမည်")
)  # fmt: skip


def says_name_alone(heading: str) -> bool:
    """Whether a heading says *name* and no more: beside a surname of its own it means the other names."""
    return _key(_BRACKETS.sub(" ", heading)) in _NAME_ALONE


_PERIODS = (("from", "to"), ("desde", "hasta"), ("부터", "까지"), ("du", "au"), ("с", "по"), ("من", "الى"))


def _period_in(columns: Iterable[str]) -> str | None:
    """The column *From* that has a *To* beside it: the beginning of a time, and nobody's home."""
    named = {_key(column): column for column in columns}
    return next((named[first] for first, last in _PERIODS if first in named and last in named), None)


def guess_mapping(columns: Iterable[str]) -> dict[str, str]:
    """Field -> column, from headings. A column serves one field."""
    listed = list(columns)
    begins = _period_in(listed)
    mapping: dict[str, str] = {}
    for column in listed:
        field = "event_date" if column == begins else field_of(column)
        if field and field not in mapping:
            mapping[field] = column
    return mapping


def columns_of(columns: Iterable[str], mapping: Mapping[str, str]) -> tuple[Column, ...]:
    """Every column with its field: of several that say the same (name_ar, name_en), each has it, unless a person chose
    one of them."""
    listed = list(columns)
    guessed = guess_mapping(listed)
    by_column = {column: field for field, column in mapping.items()}
    found = []
    for column in listed:
        field = by_column.get(column)
        if field is None:
            also = field_of(column)
            field = also if also is not None and mapping.get(also) == guessed.get(also) is not None else None
        found.append(Column(column, field))
    return tuple(found)
