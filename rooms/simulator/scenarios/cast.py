"""Names from many languages, and the profiles of people who carry them."""

import random
import unicodedata
from collections.abc import Mapping, Set

from livekit.protocol.models import ParticipantPermission

from rooms.simulator.state.participant import Profile

# language, given names, family names
_NAMES: tuple[tuple[str, str, str], ...] = (
    ("pt", "Ana João Beatriz Rafael Inês Tiago Luísa Caio", "Souza Gonçalves Ribeiro Lopes Magalhães Conceição"),
    ("de", "Jürgen Annika Matthias Käthe Moritz Frieda Lennart Heike", "Weiß Schröder Köhler Brandt Löffler Vogt"),
    ("fr", "Zoé Théo Margaux Étienne Noémie Loïc Camille Anaïs", "Lefèvre Dubois Moreau Girard Faÿ Chevalier"),
    ("es", "Íñigo Lucía Martín Begoña Andrés Ximena Raúl Noelia", "Muñoz Ibáñez Peña Castaño Rubio Ordóñez"),
    ("pl", "Łukasz Zofia Wojciech Agnieszka Michał Bożena", "Żak Wiśniewska Dąbrowski Śliwa Nowak Król"),
    ("tr", "Şule Emre Çiğdem Oğuz Zeynep İsmail", "Yıldız Öztürk Çelik Şahin Güneş Arslan"),
    ("sv", "Åsa Björn Linnéa Östen Maja Håkan", "Sjöberg Ångström Lindqvist Öberg Nyström Ek"),
    ("vi", "Nguyễn Trần Lê Phạm Đặng Bùi", "Minh Thảo Hương Quốc Ánh Tuấn"),
    ("ja", "佐藤 鈴木 高橋 田中 渡辺 伊藤", "陽菜 蓮 葵 大翔 結衣 悠真"),
    ("zh", "王 李 张 刘 陈 杨", "思远 雨桐 浩然 梓涵 子轩 欣怡"),
    ("ko", "김 이 박 최 정 강", "서연 민준 지우 하은 도윤 수아"),
    ("ar", "ليلى عمر نور يوسف سلمى كريم", "الحداد منصور النجار سليمان خوري العلي"),
    ("he", "נועה איתי תמר יונתן שירה אורי", "לוי מזרחי פרידמן אברהם ביטון דהן"),
    ("hi", "आरव दीया कबीर मीरा रोहन अनन्या", "शर्मा वर्मा गुप्ता नायर पटेल जोशी"),
    ("uk", "Олена Тарас Соломія Андрій Ярина Богдан", "Шевченко Коваль Мельник Бондар Лисенко Їжак"),
    ("el", "Ελένη Νίκος Σοφία Γιώργος Άννα Κώστας", "Παπαδόπουλος Γεωργίου Ιωάννου Βλάχος Οικονόμου Δήμου"),
    ("yo", "Adébáyọ̀ Títílayọ̀ Olúwaṣeun Fọlákẹ́ Kẹ́hìndé", "Adéyẹmí Ògúnlẹ́yẹ Ọláníyan Bánkọ́lé"),
    ("en", "Siobhán Owen Grace Marcus Imogen Dylan Priya Tom", "O'Neill Clarke Hughes Whitfield Adeyemi Byrne"),
)
_TRANSLITERATED = str.maketrans("łŁøØđĐßıİ'", "lLoOdDsiI ")


class Casting:
    """Draws people who are not in the room yet."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._drawn = 0

    def draw(
        self, taken: Set[str], permission: ParticipantPermission, attributes: Mapping[str, str], metadata: str = ""
    ) -> Profile:
        """A new person, whose identity is not ``taken``, with a language attribute beside ``attributes``."""
        language, given, family = self._rng.choice(_NAMES)
        name = f"{self._rng.choice(given.split())} {self._rng.choice(family.split())}"
        self._drawn += 1
        return Profile(
            identity=_identity(name, language, self._drawn, taken),
            name=name,
            metadata=metadata,
            attributes={"lang": language, **attributes},
            permission=permission,
        )


def _identity(name: str, language: str, number: int, taken: Set[str]) -> str:
    """A plausible login name: the Latin letters of ``name``, or its language where there are none."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_TRANSLITERATED))
    latin = "".join(letter for letter in decomposed if letter.isascii() and (letter.isalpha() or letter == " "))
    words = latin.lower().split()
    base = ".".join(words) if len(words) > 1 else f"{language}-guest-{number}"
    return base if base not in taken else f"{base}.{number}"
