"""What the storyboard model is told: how a film is written down here, and what this film needs."""

from __future__ import annotations

from vidpipe_tui.providers.base import Reference, StoryboardRequest

SYSTEM = """\
You are a cinematographer and storyboard artist. You break an idea into the scenes of a short film. Each scene becomes \
one clip: an image model draws its first and its last frame from your words, and a video model moves from one to the \
other. Neither of them sees the idea, the other scenes or this text, so every prompt must stand on its own.

Rules for the whole film
- style_guide holds for every frame: visual_style (medium, rendering, film stock, texture), color_palette (named \
colours, contrast, the light they come from), camera_style (lenses in millimetres, depth of field, height, movement).
- Continuity: give each character a fixed description (age, build, face, hair, skin) and fixed wardrobe, each place \
fixed geography, weather and time of day, and repeat them in the same words in every prompt in which they appear. \
Never write "the same man" or "as before". Props, injuries, wetness and dirt stay until something changes them.
- cast: the characters and places that are seen in more than one scene and have no reference picture yet, each with a \
short name (one or two words, lower case) and its kind. [] where there are none.
- Light: name the source, direction, hardness and colour, and keep them from scene to scene while place and hour are \
the same.
- Keep screen direction and eyelines across cuts.

Rules for each scene
- scene_description: what happens and what it means for the story, in one or two sentences.
- start_frame_prompt: a still photograph of the first instant. Shot size, camera height and angle, focal length, where \
the subject stands in the frame, pose and gaze, foreground and background, light, palette.
- end_frame_prompt: the still at the last instant of the same shot: the natural next moment that the action reaches in \
the length of the clip. Same place, same people, same clothes, same light and lens; only what moved has changed. Say \
what has changed and where it is now. The next scene begins on this frame, unless it opens with a cut.
- video_motion_prompt: what moves between the two frames, and how: first the camera (static, slow push in, pan left, \
tracking, crane), then the subjects, then wind, water, light. Physically possible in the length of the clip. Always \
say: single continuous shot, no cuts.
- transition_notes: how this scene leads to the next. Begin with "Cut:" where the next scene must open on a new image.
- references: the tags of the given reference pictures, and the names in your cast, that are seen in this scene; [] \
where there are none.

Never put text, captions, subtitles, logos, watermarks or borders into a frame, and ask for none. No split screens or \
collages. Describe people by what is seen; name no living person. Answer with the JSON object alone."""

SOFTEN = """\
A safety filter of a video model refused a prompt. Rewrite it so that it tells the same story in milder words: keep \
subject, place, light, camera and movement, and leave out or turn into suggestion what a filter may object to \
(violence, blood, weapons pointed at people, nudity, minors in danger, real persons, brands). Do not try to trick the \
filter. Same language, similar length. Answer with the new prompt alone, without quotation marks or comments."""


def storyboard_text(request: StoryboardRequest) -> str:
    """The request for a storyboard: the idea, its limits, its references, and what was wrong the last time."""
    lines = [
        _count(request),
        f"Style: {request.style}.",
        f"Picture format: {request.aspect_ratio}. Compose every frame for it.",
        f"Each clip lasts {request.clip_seconds:g} seconds. Plan as much action as fits, no more.",
    ]
    if request.title:
        lines.append(f"Title: {request.title}")
    lines += _references(request)
    lines += ["", "The idea, as the author wrote it:", request.prompt]
    if request.note:
        lines += ["", "The author's note on the last storyboard, to be followed:", request.note]
    if request.complaint:
        lines += [
            "",
            f"This is attempt {request.attempt}. Your last answer could not be used: {request.complaint}",
            "Write the whole storyboard anew, and put that right.",
        ]
    return "\n".join(lines)


def soften_text(prompt: str, reason: str) -> str:
    """The request for a milder prompt."""
    said = f"The filter's reason: {reason}\n\n" if reason else ""
    return f"{said}The prompt:\n{prompt}"


def reference_label(reference: Reference) -> str:
    """The line that goes before a reference picture."""
    return f"Reference picture of the {reference.kind} «{reference.tag}». Keep its looks exactly:"


def _count(request: StoryboardRequest) -> str:
    if request.scene_count:
        plural = "scene" if request.scene_count == 1 else "scenes"
        return f"Write exactly {request.scene_count} {plural}, no more and no fewer."
    return f"Write as many scenes as the idea has beats, at least 1 and at most {request.max_scenes}."


def _references(request: StoryboardRequest) -> list[str]:
    if not request.references:
        return ["There are no reference pictures: references has nothing but names of your cast."]
    tags = [f"- {reference.tag} ({reference.kind})" for reference in request.references]
    return [
        "Reference pictures the film must keep to. Use these tags in `references`, spelled exactly so, and no others "
        "besides the names of your own cast; and where one is seen, call it by its tag in the prompts too:",
        *tags,
    ]
