"""The storyboard's own sentences, in English, German and Japanese, and the words of each style.

They name no place, hour, weather or subject, so that a painter reads those from the prompt alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

STYLES: dict[str, tuple[str, str, str]] = {
    "cinematic": (
        "Cinematic, anamorphic, rich contrast, soft halation",
        "teal shadows, amber highlights",
        "Slow, deliberate moves on a dolly",
    ),
    "anime": (
        "Hand-drawn animation, crisp lines, luminous flat tones",
        "clean saturated hues, white highlights",
        "Gliding multiplane moves",
    ),
    "documentary": ("Observational documentary, natural, unposed", "neutral, true to life", "Handheld, at eye level"),
    "watercolour": (
        "Watercolour on rough paper, pooled pigment, soft edges",
        "thin transparent washes",
        "Gentle drifting moves",
    ),
    "noir": ("Film noir, hard key, deep shadows", "monochrome, silver and ink", "Low angles, slow tracking moves"),
    "pixel art": ("Pixel art, crisp blocks, few tones, dithering", "small bold palette", "Sideways scrolling moves"),
    "oil painting": (
        "Oil on canvas, visible strokes, impasto",
        "earthen, glowing highlights",
        "Slow push as if stepping up to a canvas",
    ),
    "sketch": ("Pencil on paper, hatching, loose outlines", "graphite with a hint of tint", "Simple lateral moves"),
    "cyberpunk": ("Cyberpunk, dense glow, glossy reflections", "magenta, cyan, deep violet", "Low gliding moves"),
    "pastel": ("Picture book of cut paper, round shapes, friendly", "soft candy tints", "Playful gentle moves"),
}
_DEFAULT_STYLE = (
    "{style}, one consistent look from first frame to last",
    "one harmonious palette throughout",
    "Calm, motivated moves",
)
MOVES: dict[str, tuple[str, ...]] = {
    "en": (
        "Slow push in, the subject keeps moving",
        "Smooth pan right that follows the movement",
        "Slow pull out that opens the view",
        "Pan left, in step with the movement",
        "Gentle tilt up",
        "Track alongside at the same pace",
        "Slow orbit, keeping the subject centred",
        "Locked tripod, static frame, only the scene moves",
        "Gentle tilt down",
    ),
    "de": (
        "Langsame Fahrt heran, das Motiv bleibt in Bewegung",
        "Ruhiger Schwenk nach rechts, der Bewegung folgend",
        "Langsame Fahrt zurück, das Bild öffnet sich",
        "Schwenk nach links im Takt der Bewegung",
        "Sanfte Neigung nach oben",
        "Die Kamera begleitet die Bewegung",
        "Die Kamera umkreist das Motiv langsam",
        "Statisch vom Stativ, nur die Szene bewegt sich",
        "Sanfte Neigung nach unten, tilt down",
    ),
    "ja": (
        "ゆっくり近づくカメラ、push in",
        "動きに合わせて右へパン、pan right",
        "ゆっくり引くカメラ、pull out",
        "左へ流れるカメラ、pan left",
        "静かに見上げるカメラ、tilt up",
        "並走して追うカメラ",
        "回り込むカメラ",
        "固定カメラ、static",
        "静かに見下ろすカメラ、tilt down",
    ),
}
VIEWS: dict[str, tuple[str, ...]] = {
    "en": (
        "Wide establishing view",
        "Medium view",
        "Closer view",
        "Over-the-shoulder view",
        "Low angle",
        "High angle",
        "Side view",
        "Close-up of the moment",
    ),
    "de": (
        "Totale",
        "Halbtotale",
        "Nähere Einstellung",
        "Blick über die Schulter",
        "Untersicht",
        "Aufsicht",
        "Seitenansicht",
        "Nahaufnahme des Augenblicks",
    ),
    "ja": (
        "広角の全景",
        "中景",
        "少し寄った画",
        "肩越しの画",
        "ローアングル",
        "ハイアングル",
        "横からの画",
        "瞬間のアップ",
    ),
}
ARC: dict[str, tuple[tuple[str, ...], ...]] = {
    "en": (
        ("It begins", "The first moment", "We arrive", "Before anything has changed"),
        (
            "It gathers pace",
            "Something shifts",
            "The middle of it",
            "A closer look at what matters",
            "The movement carries on",
            "A turn is near",
            "A breath in between",
            "Now it counts",
        ),
        ("It comes to rest", "The last look", "What remains", "It ends quietly"),
    ),
    "de": (
        ("Es beginnt", "Der erste Augenblick", "Wir kommen an", "Noch ist alles, wie es war"),
        (
            "Es nimmt Fahrt auf",
            "Etwas verschiebt sich",
            "Mittendrin",
            "Ein genauerer Blick auf das Wesentliche",
            "Die Bewegung geht weiter",
            "Eine Wendung naht",
            "Ein Atemzug dazwischen",
            "Jetzt gilt es",
        ),
        ("Es kommt zur Ruhe", "Der letzte Blick", "Was bleibt", "Es endet leise"),
    ),
    "ja": (
        ("始まり", "最初の瞬間", "到着", "まだ何も変わらない"),
        (
            "動き出す",
            "何かが変わる",
            "その途中",
            "大切なものに寄る",
            "動きが続く",
            "転機が近い",
            "ひと息",
            "いまが勝負",
        ),
        ("静かに終わる", "最後の眺め", "残るもの", "余韻"),
    ),
}


@dataclass(frozen=True)
class Wording:
    """Sentence frames of one language; `{...}` are filled by the composer."""

    start: str
    end: str
    motion: str
    first: str
    onward: str
    last: str
    cut: str
    as_before: str
    still_here: str
    same_place: str
    moment: str


WORDINGS: dict[str, Wording] = {
    "en": Wording(
        "{view}, first frame. {text} {style}. {palette}. No text in the picture.",
        "Last frame of the same shot, a little later: {text} The movement has arrived and the light has moved on. "
        "{style}. {palette}. No text in the picture.",
        "{move}. {action} {camera}. About {seconds} s, one continuous shot.",
        "Opens the film; its last frame is the next scene's first.",
        "Goes on from the last frame of the scene before; movement and direction carry over.",
        "Goes on from the last frame of the scene before and closes the film.",
        "Opens with a cut to another place; look, light and direction carry over.",
        "As before: {sky}",
        "Still in view: {subject}",
        "Same place: {place}",
        "moment {number}",
    ),
    "de": Wording(
        "{view}, erstes Bild. {text} {style}. {palette}. Keine Schrift im Bild.",
        "Letztes Bild derselben Einstellung, etwas später: {text} Die Bewegung ist angekommen, das Licht ist "
        "weitergewandert. {style}. {palette}. Keine Schrift im Bild.",
        "{move}. {action} {camera}. Etwa {seconds} s, eine durchgehende Einstellung.",
        "Eröffnet den Film; das letzte Bild ist das erste der nächsten Szene.",
        "Geht vom letzten Bild der Szene davor aus; Bewegung und Richtung laufen weiter.",
        "Geht vom letzten Bild der Szene davor aus und schließt den Film.",
        "Beginnt mit einem Schnitt an einen anderen Ort; Stil, Licht und Richtung bleiben.",
        "Wie zuvor: {sky}",
        "Weiter im Bild: {subject}",
        "Derselbe Ort: {place}",
        "Moment {number}",
    ),
    "ja": Wording(
        "{view}、最初のコマ。{text} {style}. {palette}. 画面に文字なし。",
        "同じカットの最後のコマ、少し後: {text} 動きは行き着き、光も移った。{style}. {palette}. 画面に文字なし。",
        "{move}。{action} {camera}. 約{seconds}秒、ワンカット。",
        "映画の始まり。最後のコマが次の場面の最初のコマになる。",
        "前の場面の最後のコマから続き、動きと向きを保つ。",
        "前の場面の最後のコマから続き、映画を閉じる。",
        "別の場所へカットで始まり、見た目と光と向きを保つ。",
        "そのまま: {sky}",
        "{subject}はまだここにいる",
        "同じ場所: {place}",
        "{number}番目の瞬間",
    ),
}
_GERMAN = re.compile(
    r"\b\w+(?:keit|heit|schaft)\b|\b(der|die|das|ein|eine|einen|einem|und|ist|im|am|auf|mit|durch|über|nach|zum|zur|von|den|dem|geht|sitzt|nicht)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(
    r"\b(the|a|an|and|is|in|on|with|through|over|of|to|at|walks|into|from|he|she|it)\b", re.IGNORECASE
)


def language(text: str) -> str:
    """ "ja", "de" or "en": the language the storyboard is written in."""
    head = text[:4000]
    if re.search(r"[぀-ヿ]", head) or len(re.findall(r"[一-鿿]", head)) > len(head) / 4:
        return "ja"
    german = len(_GERMAN.findall(head)) + 2 * len(re.findall(r"[äöüßÄÖÜ]", head))
    return "de" if german > len(_ENGLISH.findall(head)) else "en"


def style_words(style: str) -> tuple[str, str, str]:
    """Visual style, palette and camera style of a style's name, known or not."""
    key = style.strip().lower().replace("_", " ").replace("watercolor", "watercolour")
    if key in STYLES:
        return STYLES[key]
    look, palette, camera = _DEFAULT_STYLE
    return look.format(style=style.strip().capitalize() or "Cinematic"), palette, camera
