"""Invented lists of traditions that nothing was tuned on: people on both of two lists, the second as another office would
write them. Spellings in Latin letters are written out by hand here, by no table of the program.
"""

import random

GREEK = (
    "Γιώργος=Giorgos|Georgios|Yiorgos Δημήτρης=Dimitris|Dimitrios Κώστας=Kostas Νίκος=Nikos Ελένη=Eleni Μαρία=Maria"
    " Κατερίνα=Katerina Σοφία=Sofia|Sophia Παναγιώτης=Panagiotis Χρήστος=Christos|Hristos Ευαγγελία=Evangelia"
    " Θανάσης=Thanasis Σπύρος=Spyros|Spiros Αγγελική=Angeliki|Aggeliki Βασίλης=Vasilis|Vassilis",
    "Παπαδόπουλος=Papadopoulos Νικολάου=Nikolaou Γεωργίου=Georgiou Κωνσταντίνου=Konstantinou Οικονόμου=Oikonomou|Economou"
    " Αθανασίου=Athanasiou Βλάχος=Vlachos|Vlahos Μακρής=Makris Καραγιάννης=Karagiannis Ιωάννου=Ioannou Δημητρίου=Dimitriou"
    " Ζαχαρίου=Zachariou Χατζής=Chatzis|Hatzis Μπακογιάννης=Bakogiannis Ντόκος=Dokos Τσιπρίδης=Tsipridis",
)
HEBREW = (
    "יוסף=Yosef|Josef דוד=David משה=Moshe שרה=Sarah|Sara רחל=Rachel יעקב=Yaakov|Jacob מרים=Miriam אסתר=Esther|Ester"
    " נועם=Noam אורי=Uri|Ori תמר=Tamar חיים=Haim|Chaim יצחק=Yitzhak|Itzhak שלמה=Shlomo רבקה=Rivka",
    "כהן=Cohen|Kohen לוי=Levi|Levy מזרחי=Mizrahi|Mizrachi פרץ=Peretz ביטון=Biton|Bitton דהן=Dahan אברהם=Avraham|Abraham"
    " פרידמן=Friedman|Fridman אזולאי=Azoulay|Azulai מלכה=Malka חדד=Hadad|Haddad גבאי=Gabay|Gabbai שפירא=Shapira|Shapiro",
)
GEORGIAN = (
    "გიორგი=Giorgi ნინო=Nino დავით=Davit|David მარიამ=Mariam ლევან=Levan თამარ=Tamar ზურაბ=Zurab ეკატერინე=Ekaterine"
    " ირაკლი=Irakli ქეთევან=Ketevan შოთა=Shota ვახტანგ=Vakhtang|Vahtang ლუკა=Luka ხატია=Khatia|Hatia",
    "ბერიძე=Beridze კაპანაძე=Kapanadze გელაშვილი=Gelashvili მაისურაძე=Maisuradze გიორგაძე=Giorgadze ლომიძე=Lomidze"
    " წიკლაური=Tsiklauri ჭანტურია=Chanturia ხუციშვილი=Khutsishvili ქავთარაძე=Kavtaradze ჯაფარიძე=Japaridze შენგელია=Shengelia",
)
ARMENIAN = (
    "Արմեն=Armen Հայկ=Hayk|Haik Աննա=Anna Մարիամ=Mariam Տիգրան=Tigran Նարեկ=Narek Լուսինե=Lusine|Lousine Գոհար=Gohar"
    " Վահան=Vahan Սուրեն=Suren Անահիտ=Anahit Կարեն=Karen Շուշան=Shushan Արամ=Aram",
    "Պետրոսյան=Petrosyan|Petrosian Սարգսյան=Sargsyan|Sarkissian Հակոբյան=Hakobyan|Hagopian Գրիգորյան=Grigoryan|Krikorian"
    " Հարությունյան=Harutyunyan Խաչատրյան=Khachatryan Մկրտչյան=Mkrtchyan Ավետիսյան=Avetisyan Ղազարյան=Ghazaryan"
    " Դանիելյան=Danielyan Վարդանյան=Vardanyan Սիմոնյան=Simonyan",
)
HINDI = (
    "राम=Ram सीता=Sita|Seeta सुनील=Sunil|Suneel अनिता=Anita विजय=Vijay राजेश=Rajesh पूजा=Pooja|Puja मोहन=Mohan"
    " लक्ष्मी=Lakshmi|Laxmi संजय=Sanjay गीता=Geeta|Gita अजय=Ajay दीपक=Deepak|Dipak किरण=Kiran महेश=Mahesh",
    "शर्मा=Sharma वर्मा=Verma|Varma गुप्ता=Gupta सिंह=Singh यादव=Yadav पटेल=Patel मिश्रा=Mishra|Misra चौधरी=Chaudhary|Chowdhury"
    " जोशी=Joshi पांडे=Pandey|Pande ठाकुर=Thakur राठौड़=Rathore|Rathod नायर=Nair मेहता=Mehta दास=Das",
)
ETHIOPIAN = (
    "አበበ=Abebe ከበደ=Kebede ተስፋዬ=Tesfaye|Tesfay አለማየሁ=Alemayehu ሙሉጌታ=Mulugeta ገብሬ=Gebre|Gebray ሰላማዊት=Selamawit"
    " ትዕግስት=Tigist|Tigest ዮሐንስ=Yohannes|Yohanes ሳሙኤል=Samuel መኮንን=Mekonnen|Mekonen አስቴር=Aster ዳዊት=Dawit ሐና=Hana|Hanna",
    "በቀለ=Bekele ታደሰ=Tadesse|Tadese ወልዴ=Wolde|Woldie ደምሴ=Demissie|Demisse ኃይሉ=Hailu|Haylu ግርማ=Girma አሰፋ=Assefa|Asefa"
    " ጌታቸው=Getachew ብርሃኑ=Berhanu|Birhanu ደሳለኝ=Desalegn ፍቅሬ=Fikre|Fekre ነጋሽ=Negash ሽፈራው=Shiferaw",
)
RUSSIAN = (
    "Алексей=Aleksei|Alexey|Aleksey Дмитрий=Dmitry|Dmitriy|Dmitrii Наталья=Natalia|Natalya Елена=Elena|Yelena Юлия=Yulia|Julia"
    " Евгений=Evgeny|Yevgeny Сергей=Sergei|Sergey Ольга=Olga Михаил=Mikhail Анастасия=Anastasia|Anastasiya Фёдор=Fyodor|Fedor"
    " Татьяна=Tatiana|Tatyana Николай=Nikolai|Nikolay Ксения=Ksenia|Xenia",
    "Иванов=Ivanov Кузнецов=Kuznetsov Соколов=Sokolov Щербаков=Shcherbakov|Scherbakov Жуков=Zhukov Хохлов=Khokhlov"
    " Чайковский=Chaikovsky|Tchaikovsky|Chaykovskiy Яковлев=Yakovlev|Iakovlev Цветков=Tsvetkov Юдин=Yudin Зайцев=Zaitsev|Zaytsev"
    " Воробьёв=Vorobyov|Vorobev Ершов=Ershov|Yershov Быков=Bykov",
)
SAME = {  # one script, other spellings
    "turkish": ("Mehmet=Mehmet Ayşe=Ayse|Ayşe Mustafa=Mustafa Hüseyin=Huseyin|Hüseyin Çağlar=Caglar|Çağlar Gökhan=Gokhan"
                " Şükrü=Sukru Zeynep=Zeynep İbrahim=Ibrahim|İbrahim Fatma=Fatma Emine=Emine Kadir=Kadir Özgür=Ozgur|Özgür",
                "Yılmaz=Yilmaz Kaya=Kaya Demir=Demir Çelik=Celik|Çelik Şahin=Sahin|Şahin Yıldız=Yildiz Öztürk=Ozturk Aydın=Aydin"
                " Arslan=Arslan|Aslan Doğan=Dogan Kılıç=Kilic Koç=Koc Kurt=Kurt Güneş=Gunes"),
    "congo": ("Jean-Pierre=Jean-Pierre|Jean_Pierre Dieudonné=Dieudonne|Dieudonné Espérance=Esperance Joséphine=Josephine"
              " Pascal=Pascal Marie-Claire=Marie_Claire|Marie-Claire Bienvenu=Bienvenu Furaha=Furaha Innocent=Innocent Chantal=Chantal"
              " Emmanuel=Emmanuel Jeannette=Jeannette|Janette",
              "Kabila=Kabila Mukendi=Mukendi Tshibangu=Tshibangu|Chibangu Kasongo=Kasongo Mwamba=Mwamba Ngoy=Ngoy|Ngoie"
              " Bahati=Bahati Mugisho=Mugisho Kambale=Kambale Kavira=Kavira Mutombo=Mutombo Lumumba=Lumumba Byamungu=Byamungu"),
    "vietnam": ("Thiệu=Thieu Hương=Huong Minh=Minh Lan=Lan Tuấn=Tuan Phượng=Phuong Đức=Duc Hạnh=Hanh Quang=Quang Thảo=Thao"
                " Dũng=Dung Ngọc=Ngoc Sơn=Son",
                "Nguyễn_Văn=Nguyen_Van Trần_Thị=Tran_Thi Lê_Hữu=Le_Huu Phạm_Minh=Pham_Minh Hoàng_Thị=Hoang_Thi Võ_Văn=Vo_Van"
                " Đặng_Thị=Dang_Thi Bùi_Xuân=Bui_Xuan Đỗ_Thanh=Do_Thanh Hồ_Thị=Ho_Thi"),
}  # fmt: skip
ACROSS = {"greek": GREEK, "hebrew": HEBREW, "georgian": GEORGIAN, "armenian": ARMENIAN, "hindi": HINDI,
          "ethiopian": ETHIOPIAN, "russian": RUSSIAN}  # fmt: skip


def _table(text: str) -> list[tuple[str, list[str]]]:
    pairs = [entry.split("=") for entry in text.split()]
    return [(name.replace("_", " "), spelled.replace("_", " ").split("|")) for name, spelled in pairs]


def lists(
    which: str, seed: int, people: int = 250, on_both: int = 150
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Two lists of 200 rows each with ``truth``, ``name``, ``birth``."""
    chance = random.Random(f"{which} {seed}")  # noqa: S311 - drawn again with its seed
    given, family = (_table(text) for text in (ACROSS | SAME)[which])
    rows: tuple[list[dict[str, str]], list[dict[str, str]]] = ([], [])
    for number in range(people):
        first, last = chance.choice(given), chance.choice(family)
        born = f"{chance.randint(1950, 2004)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        on = (True, True) if number < on_both else (number % 2 == 0, number % 2 == 1)
        for side in (0, 1):
            if not on[side]:
                continue
            a = first[0] if side == 0 else chance.choice(first[1])
            b = last[0] if side == 0 else chance.choice(last[1])
            name = f"{b} {a}" if which == "vietnam" else f"{a} {b}"
            if side == 1 and chance.random() < 0.3:
                name = chance.choice([f"{b.upper()} {a}", f"{b}, {a}", name.upper()])
            day = "" if chance.random() < 0.1 else born
            if side == 1 and day and chance.random() < 0.08:
                day = f"{int(day[:4]) + chance.choice((-1, 1))}{day[4:]}"
            rows[side].append({"truth": f"p{number}", "name": name, "birth": day})
    for each in rows:
        chance.shuffle(each)
    return rows
