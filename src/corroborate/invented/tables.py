"""Names, places and words that invented people and rows are made of. No real person's name stands here.

Syllables and surnames are common ones; how often a surname occurs follows the public census table of 2015 (Statistics
Korea) as far as the five largest go, the rest share what is left.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Surname:
    hangul: str  # northern form
    southern: str  # with the initial-sound rule
    hanja: str
    dprk: str
    mr: str
    rr: str
    passport: tuple[str, ...]
    kana: str  # the Korean sound
    on: str  # the Japanese reading
    share: float  # per cent


SURNAMES = tuple(
    Surname(a, b, c, d, e, f, tuple(g.split("/")), h, i, s)
    for a, b, c, d, e, f, g, h, i, s in (
        ("김", "김", "金", "Kim", "Kim", "Gim", "Kim/Ghim", "キム", "きん", 21.5),
        ("리", "이", "李", "Ri", "Yi", "I", "Lee/Rhee/Yi", "リ", "り", 14.7),
        ("박", "박", "朴", "Pak", "Pak", "Bak", "Park/Pak", "パク", "ぼく", 8.4),
        ("최", "최", "崔", "Choe", "Ch'oe", "Choe", "Choi/Choe", "チェ", "さい", 4.7),
        ("정", "정", "鄭", "Jong", "Chŏng", "Jeong", "Jung/Chung/Jeong", "チョン", "てい", 4.3),
        ("강", "강", "姜", "Kang", "Kang", "Gang", "Kang", "カン", "きょう", 2.4),
        ("조", "조", "趙", "Jo", "Cho", "Jo", "Cho/Jo", "チョ", "ちょう", 2.1),
        ("윤", "윤", "尹", "Yun", "Yun", "Yun", "Yoon/Yun", "ユン", "いん", 2.1),
        ("장", "장", "張", "Jang", "Chang", "Jang", "Jang/Chang", "チャン", "ちょう", 2.0),
        ("림", "임", "林", "Rim", "Im", "Im", "Lim/Im", "リム", "りん", 1.7),
        ("한", "한", "韓", "Han", "Han", "Han", "Han", "ハン", "かん", 1.6),
        ("오", "오", "吳", "O", "O", "O", "Oh/O", "オ", "ご", 1.5),
        ("서", "서", "徐", "So", "Sŏ", "Seo", "Seo/Suh", "ソ", "じょ", 1.5),
        ("신", "신", "申", "Sin", "Sin", "Sin", "Shin/Sin", "シン", "しん", 1.5),
        ("권", "권", "權", "Kwon", "Kwŏn", "Gwon", "Kwon", "クォン", "けん", 1.4),
        ("황", "황", "黃", "Hwang", "Hwang", "Hwang", "Hwang", "ファン", "こう", 1.4),
        ("안", "안", "安", "An", "An", "An", "Ahn/An", "アン", "あん", 1.4),
        ("송", "송", "宋", "Song", "Song", "Song", "Song", "ソン", "そう", 1.4),
        ("류", "유", "柳", "Ryu", "Yu", "Yu", "Yoo/Ryu", "リュ", "りゅう", 1.3),
        ("홍", "홍", "洪", "Hong", "Hong", "Hong", "Hong", "ホン", "こう", 1.1),
        ("전", "전", "全", "Jon", "Chŏn", "Jeon", "Jun/Chun/Jeon", "チョン", "ぜん", 1.1),
        ("고", "고", "高", "Ko", "Ko", "Go", "Ko/Koh", "コ", "こう", 1.0),
        ("문", "문", "文", "Mun", "Mun", "Mun", "Moon/Mun", "ムン", "ぶん", 0.9),
        ("량", "양", "梁", "Ryang", "Yang", "Yang", "Yang", "リャン", "りょう", 0.9),
        ("손", "손", "孫", "Son", "Son", "Son", "Son/Sohn", "ソン", "そん", 0.9),
        ("배", "배", "裵", "Pae", "Pae", "Bae", "Bae/Pae", "ペ", "はい", 0.8),
        ("백", "백", "白", "Paek", "Paek", "Baek", "Baek/Paik", "ペク", "はく", 0.8),
        ("허", "허", "許", "Ho", "Hŏ", "Heo", "Huh/Heo", "ホ", "きょ", 0.7),
        ("남", "남", "南", "Nam", "Nam", "Nam", "Nam", "ナム", "なん", 0.6),
        ("로", "노", "盧", "Ro", "No", "No", "Roh/Noh", "ロ", "ろ", 0.5),
    )
)


@dataclass(frozen=True, slots=True)
class Syllable:
    hangul: str
    hanja: str  # characters it is written with, the commonest first
    mr: str
    rr: str
    passport: str
    kana: str
    on: str
    use: str  # m, f, or b for both


SYLLABLES = tuple(
    Syllable(*row.split())
    for row in """
영 英永榮 yŏng yeong young ヨン えい b
철 哲鐵 ch'ŏl cheol chul チョル てつ m
수 洙秀壽 su su soo ス しゅう b
호 浩虎鎬 ho ho ho ホ こう m
성 成聖星 sŏng seong sung ソン せい b
남 南男 nam nam nam ナム なん m
광 光廣 kwang gwang kwang クァン こう m
일 日一 il il il イル いち m
명 明命 myŏng myeong myung ミョン めい b
학 學鶴 hak hak hak ハク がく m
길 吉 kil gil kil キル きち m
룡 龍 ryong ryong yong リョン りゅう m
국 國 kuk guk kook クク こく m
진 鎭珍眞 chin jin jin チン しん b
혁 赫革 hyŏk hyeok hyuk ヒョク かく m
석 錫石 sŏk seok suk ソク せき m
만 萬 man man man マン まん m
덕 德 tŏk deok duk トク とく m
기 基起 ki gi ki キ き m
태 泰太 t'ae tae tae テ たい m
창 昌 ch'ang chang chang チャン しょう m
봉 鳳峯 pong bong bong ポン ほう b
춘 春 ch'un chun chun チュン しゅん b
상 相尙 sang sang sang サン そう m
원 元源 wŏn won won ウォン げん b
근 根 kŭn geun keun クン こん m
준 俊 chun jun joon チュン しゅん m
동 東 tong dong dong トン とう m
형 亨 hyŏng hyeong hyung ヒョン きょう m
식 植 sik sik shik シク しょく m
용 勇容 yong yong yong ヨン ゆう m
현 賢鉉 hyŏn hyeon hyun ヒョン けん b
순 順 sun sun soon スン じゅん f
옥 玉 ok ok ok オク ぎょく f
희 姬熙 hŭi hui hee ヒ き f
숙 淑 suk suk sook スク しゅく f
금 金錦 kŭm geum keum クム きん f
화 花和 hwa hwa hwa ファ か f
련 蓮 ryŏn ryeon yeon リョン れん f
은 恩銀 ŭn eun eun ウン おん f
정 貞靜 chŏng jeong jung チョン てい b
미 美 mi mi mi ミ び f
경 慶京 kyŏng gyeong kyung キョン けい b
복 福 pok bok bok ポク ふく b
향 香 hyang hyang hyang ヒャン こう f
월 月 wŏl wol wol ウォル げつ f
선 善仙 sŏn seon sun ソン ぜん f
애 愛 ae ae ae エ あい f
분 分 pun bun boon プン ぶん f
란 蘭 ran ran ran ラン らん f
매 梅 mae mae mae メ ばい f
설 雪 sŏl seol seol ソル せつ f
심 心 sim sim shim シム しん f
자 子 cha ja ja チャ し f
""".split("\n")
    if row
)

# family name, kana, Hepburn
JAPANESE_FAMILIES = tuple(
    tuple(row.split())
    for row in """
金田 かねだ Kaneda
木下 きのした Kinoshita
新井 あらい Arai
松本 まつもと Matsumoto
山本 やまもと Yamamoto
大山 おおやま Oyama
平山 ひらやま Hirayama
安田 やすだ Yasuda
中村 なかむら Nakamura
高木 たかぎ Takagi
岩本 いわもと Iwamoto
林田 はやしだ Hayashida
国本 くにもと Kunimoto
西原 にしはら Nishihara
吉田 よしだ Yoshida
森田 もりた Morita
""".split("\n")
    if row
)
JAPANESE_GIVEN = tuple(
    tuple(row.split())
    for row in """
健一 けんいち Ken'ichi m
正雄 まさお Masao m
弘 ひろし Hiroshi m
清 きよし Kiyoshi m
勝 まさる Masaru m
茂 しげる Shigeru m
和夫 かずお Kazuo m
昭二 しょうじ Shoji m
博 ひろし Hiroshi m
誠 まこと Makoto m
和子 かずこ Kazuko f
幸子 さちこ Sachiko f
節子 せつこ Setsuko f
洋子 ようこ Yoko f
恵子 けいこ Keiko f
久美 くみ Kumi f
京子 きょうこ Kyoko f
順子 じゅんこ Junko f
千代 ちよ Chiyo f
君江 きみえ Kimie f
""".split("\n")
    if row
)


@dataclass(frozen=True, slots=True)
class Place:
    hangul: str
    old: str  # former name, or the same
    latin: str
    kanji: str
    kana: str
    border: bool


NORTH = tuple(
    Place(a, b, c, d, e, f == "1")
    for a, b, c, d, e, f in (
        row.split()
        for row in """
청진 청진 Chongjin 清津 せいしん 0
회령 회령 Hoeryong 会寧 かいねい 1
온성 온성 Onsong 穏城 おんじょう 1
무산 무산 Musan 茂山 もさん 1
경원 새별 Kyongwon 慶源 けいげん 1
은덕 경흥 Undok 慶興 けいこう 1
선봉 웅기 Sonbong 雄基 ゆうき 1
김책 성진 Kimchaek 城津 じょうしん 0
길주 길주 Kilju 吉州 きっしゅう 0
명천 명천 Myongchon 明川 めいせん 0
함흥 함흥 Hamhung 咸興 かんこう 0
북청 북청 Pukchong 北青 ほくせい 0
단천 단천 Tanchon 端川 たんせん 0
신포 신포 Sinpo 新浦 しんぽ 0
혜산 혜산 Hyesan 恵山 けいざん 1
갑산 갑산 Kapsan 甲山 こうざん 1
강계 강계 Kanggye 江界 こうかい 1
만포 만포 Manpo 満浦 まんぽ 1
신의주 신의주 Sinuiju 新義州 しんぎしゅう 1
정주 정주 Jongju 定州 ていしゅう 0
평양 평양 Pyongyang 平壌 へいじょう 0
남포 진남포 Nampo 鎮南浦 ちんなんぽ 0
송림 겸이포 Songrim 兼二浦 けんじほ 0
사리원 사리원 Sariwon 沙里院 しゃりいん 0
해주 해주 Haeju 海州 かいしゅう 0
개성 개성 Kaesong 開城 かいじょう 0
원산 원산 Wonsan 元山 げんざん 0
문천 문천 Munchon 文川 ぶんせん 0
순천 순천 Sunchon 順川 じゅんせん 0
덕천 덕천 Tokchon 徳川 とくせん 0
""".split("\n")
        if row
    )
)
SOUTH = tuple(
    Place(a, a, b, c, d, False)
    for a, b, c, d in (
        row.split()
        for row in """
속초 Sokcho 束草 そくそう
거진 Geojin 巨津 きょしん
군산 Gunsan 群山 ぐんざん
목포 Mokpo 木浦 もくほ
포항 Pohang 浦項 ほこう
""".split("\n")
        if row
    )
)
JAPAN = tuple(
    Place(a, a, b, c, d, False)
    for a, b, c, d in (
        row.split()
        for row in """
니가타 Niigata 新潟市 にいがたし
가시와자키 Kashiwazaki 柏崎市 かしわざきし
사도 Sado 佐渡 さど
후쿠이 Fukui 福井県 ふくいけん
가고시마 Kagoshima 鹿児島県 かごしまけん
오사카 Osaka 大阪市 おおさかし
도쿄 Tokyo 東京都 とうきょうと
가와사키 Kawasaki 川崎市 かわさきし
고베 Kobe 神戸市 こうべし
나고야 Nagoya 名古屋市 なごやし
""".split("\n")
        if row
    )
)
ALL_PLACES = (*NORTH, *SOUTH, *JAPAN)

# id in the vocabulary of places -> how lists write it (Korean, English)
CAMPS = {
    "kp.kwanliso.14": (("14호 관리소", "개천 14호", "14호"), ("Camp 14", "Kaechon", "No. 14")),
    "kp.kwanliso.15": (("15호 관리소", "요덕 15호", "요덕수용소"), ("Camp 15", "Yodok", "Yodŏk")),
    "kp.kwanliso.16": (("16호 관리소", "화성 16호", "16호"), ("Camp 16", "Hwasong", "Hwasŏng")),
    "kp.kwanliso.18": (("18호 관리소", "북창 18호", "18호"), ("Camp 18", "Pukchang", "Bukchang")),
    "kp.kwanliso.22": (("22호", "회령 22호", "제22호 관리소", "회령수용소"), ("Camp 22", "Haengyong", "Hoeryŏng camp")),
    "kp.kwanliso.25": (("25호 관리소", "청진 25호", "25호"), ("Camp 25", "Chongjin camp", "No. 25")),
}
PRISONS = {
    "kp.kyohwaso.1": (("개천교화소", "1호 교화소"), ("Kaechon prison", "Kyo-hwa-so 1")),
    "kp.kyohwaso.4": (("강동교화소", "4호 교화소"), ("Kangdong prison", "Kyo-hwa-so 4")),
    "kp.kyohwaso.11": (("증산교화소", "11호 교화소"), ("Jungsan prison", "Kyo-hwa-so 11")),
    "kp.kyohwaso.12": (("전거리교화소", "12호 교화소"), ("Jongori prison", "Kyo-hwa-so 12")),
    "kp.kyohwaso.22": (("오로교화소", "22호 교화소"), ("Oro prison", "Kyo-hwa-so 22")),
}
OCCUPATIONS = {
    "ko": ("농장원", "광부", "교원", "운전수", "의사", "로동자", "간호원", "기사", "어부", "학생", "상인", "군인"),
    "ja": ("農業", "鉱夫", "教員", "運転手", "医師", "工員", "看護婦", "技師", "漁師", "学生", "店員", "軍人"),
    "en": ("farmer", "miner", "teacher", "driver", "doctor", "worker", "nurse", "engineer", "fisherman", "student",
           "trader", "soldier"),
}  # fmt: skip
# id in the vocabulary of violations -> words in Korean, Japanese, English
WORDS = {
    "liberty.kwanliso": ("관리소 수감", "政治犯収容所に収容", "held in a political prison camp"),
    "liberty.ordinary_prison": ("교화소 수감", "教化所に収監", "held in a prison"),
    "integrity.collective_punishment": ("연좌제", "連座", "guilt by association"),
    "slavery.forced_labour.detention": ("강제로동", "強制労働", "forced labour"),
    "integrity.torture": ("고문", "拷問", "torture"),
    "integrity.beating": ("구타", "殴打", "beaten"),
    "life.execution.public": ("공개처형", "公開処刑", "publicly executed"),
    "life.death_in_camp": ("수용소에서 사망", "収容所で死亡", "died in camp"),
    "life.death_denial_of_food": ("굶어 죽음", "餓死", "starved"),
    "reproductive.forced_abortion.returnee": ("강제낙태", "強制堕胎", "forced abortion"),
    "movement.punishment_of_return": ("강제북송 후 처벌", "送還後に処罰", "punished after return"),
    "liberty.abduction": ("랍치", "拉致", "abducted"),
    "liberty.abduction.fisher": ("납북 어부", "漁船ごと拉致", "abducted with his boat"),
    "liberty.repatriation_programme": ("귀국 후 출국 불허", "帰国後に出国できず", "not let out after repatriation"),
    "liberty.enforced_disappearance": ("행방불명", "行方不明", "disappeared"),
}
