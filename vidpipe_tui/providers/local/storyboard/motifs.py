"""Small stories for prompts that name an idea and nothing that could be painted: loneliness, time, hope."""

from __future__ import annotations

import re

_WORDS: dict[str, str] = {
    "lonely": r"lonel|alone|solitude|isolation|einsam|allein|孤独|ひとり",
    "love": r"\blove\b|romance|affection|liebe|verliebt|恋|愛|💕|❤",
    "time": r"\btime\b|passing|ageing|aging|transien|vergänglich|\bzeit\b|時間|時の",
    "hope": r"\bhope|courage|faith|trust|\bhoffnung|\bmut\b|vertrauen|希望|勇気",
    "freedom": r"freedom|\bfree\b|liberty|escape|freiheit|\bfrei\b|flucht|自由",
    "loss": r"\bloss\b|grief|farewell|goodbye|death|mourning|sad|melanchol|verlust|trauer|abschied|\btod\b|別れ|悲し",
    "joy": r"\bjoy|happiness|happy|celebrat|friendship|freude|glück|freundschaft|幸せ|喜び|友情",
    "fear": r"\bfear|nightmare|anxiety|dread|horror|angst|albtraum|furcht|恐怖|悪夢",
    "memory": r"memor|nostalg|childhood|homesick|erinnerung|kindheit|heimweh|記憶|思い出|故郷",
    "dream": r"\bdream|imagination|wonder|\btraum|träum|fantasie|夢",
    "silence": r"silence|peace|calm|stillness|meditation|stille|\bruhe|frieden|静|平和",
    "future": r"future|progress|technology|innovation|artificial|zukunft|fortschritt|künstliche|未来|人工知能",
    "change": r"change|transformation|growth|renewal|climate|wandel|veränderung|wachstum|変化|成長",
}
STORIES: dict[str, dict[str, tuple[str, str, str]]] = {
    "en": {
        "lonely": (
            "A woman stands at the window of her room in the evening",
            "She walks through the street in the rain, past all the bright windows",
            "She stands on the beach at night, small beneath the moon",
        ),
        "love": (
            "A man with a flower waits on the bridge at sunset",
            "A woman walks towards him, and both stand still",
            "The couple dances on the beach beneath the lanterns at night",
        ),
        "time": (
            "A child runs across a meadow in the morning, past a young tree",
            "A woman sits in the same meadow on an autumn afternoon",
            "An old woman stands on the meadow in the snow at dusk",
        ),
        "hope": (
            "A man crosses the desert in a storm at night",
            "He kneels before a sprout that breaks the ground at dawn",
            "The sun stands over a meadow full of flowers in the morning",
        ),
        "freedom": (
            "A woman stands on a rooftop above the city at dawn",
            "She runs along the beach in the morning while birds rise",
            "Birds fly over the mountains at sunset",
        ),
        "loss": (
            "An old man sits on a bench in the park in autumn",
            "He walks through the graveyard in the fog with a flower in his hand",
            "A candle burns in his room at night",
        ),
        "joy": (
            "Children run across a meadow in the sun",
            "A birthday cake stands on the table, and the children dance in the garden",
            "Fireworks light the sky above the lake at night",
        ),
        "fear": (
            "A child sits in a dark room at night while a storm comes up",
            "It walks through the forest in the fog with a lantern in its hand",
            "A wolf stands between the trees in the moonlight",
        ),
        "memory": (
            "An old woman sits in her room and reads a letter in the afternoon",
            "A girl runs through a field in the golden light of long ago",
            "The old woman stands at the window at dusk",
        ),
        "dream": (
            "A child sleeps in a room at night, the moon at the window",
            "A whale flies above the clouds under the stars",
            "The child stands on a meadow at dawn among fireflies",
        ),
        "silence": (
            "Fog lies over the lake at dawn",
            "A boat glides across the still lake in the morning",
            "Snow falls on the lake at dusk",
        ),
        "future": (
            "A woman looks over the city at dawn",
            "A robot walks through the street at night, in the light of the signs",
            "A rocket rises into space above the planet",
        ),
        "change": (
            "Snow covers a meadow at dawn",
            "A sprout breaks the ground of the meadow in spring rain",
            "A flower stands on the meadow in the summer sun, and butterflies come",
        ),
    },
    "de": {
        "lonely": (
            "Eine Frau steht am Abend am Fenster ihres Zimmers",
            "Sie geht im Regen durch die Straße, vorbei an hellen Fenstern",
            "Nachts steht sie am Strand, klein unter dem Mond",
        ),
        "love": (
            "Ein Mann mit einer Blume wartet bei Sonnenuntergang auf der Brücke",
            "Eine Frau geht auf ihn zu, und beide stehen still",
            "Das Paar tanzt nachts unter Laternen am Strand",
        ),
        "time": (
            "Ein Kind rennt am Morgen über eine Wiese",
            "Eine Frau sitzt an einem Nachmittag im Herbst auf derselben Wiese",
            "Eine alte Frau steht in der Dämmerung im Schnee auf der Wiese",
        ),
        "hope": (
            "Ein Mann geht nachts im Sturm durch die Wüste",
            "Im Morgengrauen kniet er vor einem Keimling, der durch den Boden bricht",
            "Am Morgen steht die Sonne über einer Wiese voller Blumen",
        ),
        "freedom": (
            "Eine Frau steht im Morgengrauen auf einem Dach über der Stadt",
            "Sie rennt am Morgen den Strand entlang, Vögel steigen auf",
            "Vögel fliegen bei Sonnenuntergang über die Berge",
        ),
        "loss": (
            "Ein alter Mann sitzt im Herbst auf einer Bank im Park",
            "Er geht mit einer Blume in der Hand im Nebel über den Friedhof",
            "Nachts brennt eine Kerze in seinem Zimmer",
        ),
        "joy": (
            "Kinder rennen in der Sonne über eine Wiese",
            "Ein Kuchen steht auf dem Tisch, und die Kinder tanzen im Garten",
            "Feuerwerk steht nachts über dem Bergsee",
        ),
        "fear": (
            "Ein Kind sitzt nachts in einem dunklen Zimmer, ein Gewitter zieht auf",
            "Es geht mit einer Laterne in der Hand im Nebel durch den Wald",
            "Ein Wolf steht im Mondlicht zwischen den Bäumen",
        ),
        "memory": (
            "Eine alte Frau sitzt am Nachmittag in ihrem Zimmer und liest einen Brief",
            "Ein Mädchen rennt in der Abendsonne von damals durch ein Feld",
            "Die alte Frau steht in der Dämmerung am Fenster",
        ),
        "dream": (
            "Ein Kind schläft nachts in einem Zimmer, der Mond steht am Fenster",
            "Ein Wal fliegt unter den Sternen über den Wolken",
            "Das Kind steht im Morgengrauen zwischen Glühwürmchen auf einer Wiese",
        ),
        "silence": (
            "Im Morgengrauen liegt Nebel über dem Bergsee",
            "Ein Boot gleitet am Morgen über den stillen Bergsee",
            "In der Dämmerung fällt Schnee auf den Bergsee",
        ),
        "future": (
            "Eine Frau blickt im Morgengrauen über die Stadt",
            "Ein Roboter geht nachts im Licht der Schilder durch die Straße",
            "Eine Rakete steigt über dem Planeten in den Weltraum",
        ),
        "change": (
            "Im Morgengrauen liegt Schnee auf einer Wiese",
            "Ein Keimling bricht im Regen durch den Boden der Wiese",
            "Eine Blume steht in der Sonne auf der Wiese, und Schmetterlinge kommen",
        ),
    },
    "ja": {
        "lonely": ("夕方、女性が部屋の窓辺に立つ", "雨の通りを女性が歩く", "夜の海岸、月の下に女性が立つ"),
        "love": ("夕日の橋で男性が花を持って待つ", "女性が橋を歩いて来る", "夜、提灯の下の海岸で二人が踊る"),
        "time": ("朝の草原を子供が走る", "秋の午後、草原に女性が座る", "雪の夕暮れ、老女が草原に立つ"),
        "hope": ("嵐の夜、男性が砂漠を歩く", "夜明け、砂漠に芽が出る", "朝、花の咲く草原に男性が立つ"),
        "freedom": ("夜明けの屋上に女性が立つ", "朝の海岸を女性が走り、鳥が飛ぶ", "夕日の山の上を鳥が飛ぶ"),
        "loss": ("秋の公園、老人がベンチに座る", "霧の墓地を老人が花を持って歩く", "夜の部屋にろうそくが灯る"),
        "joy": ("晴れた草原を子供たちが走る", "庭で子供たちが踊る、ケーキが待つ", "夜の湖に花火が上がる"),
        "fear": ("嵐の夜、暗い部屋に子供が座る", "霧の森を子供が提灯を持って歩く", "月の森に狼が立つ"),
        "memory": ("午後の部屋で老女が手紙を読む", "夕焼けの野原を少女が走る", "夕暮れ、老女が窓辺に立つ"),
        "dream": ("夜の部屋で子供が眠る、窓に月", "星の下、雲の上を鯨が飛ぶ", "夜明けの草原、蛍の中に子供が立つ"),
        "silence": ("夜明けの湖に霧が立つ", "朝の湖を小舟が進む", "夕暮れの湖に雪が降る"),
        "future": ("夜明け、女性が都市を見る", "夜のネオンの通りをロボットが歩く", "ロケットが宇宙へ昇る"),
        "change": ("夜明けの草原に雪が積もる", "春の雨、草原に芽が出る", "晴れた草原に花が咲き、蝶が来る"),
    },
}


def story(prompt: str, tongue: str) -> tuple[str, str, str] | None:
    """A beginning, a middle and an end for the idea a short prompt names; None where it names none."""
    low = prompt.lower()
    for idea, pattern in _WORDS.items():
        if re.search(pattern, low):
            return STORIES[tongue][idea]
    return None
