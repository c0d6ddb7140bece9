"""Answers of one fact, and their headlines: what the core is, and what explains it. None where there is none."""

from __future__ import annotations

# A language, an answer in Markdown, its core and its rest as plain texts.
HEADLINES: tuple[tuple[str, str, tuple[str, str] | None], ...] = (
    ("en", "No. The route is not checked.", ("No.", "The route is not checked.")),
    ("en", "422: the body is missing.", ("422:", "the body is missing.")),
    (
        "en",
        '`404` and `{"detail": "No. Never."}`: nothing matches.',
        ('404 and {"detail": "No. Never."}:', "nothing matches."),
    ),
    (
        "en",
        "At most 0.163 seconds, since 3.12. Then it stops.",
        ("At most 0.163 seconds, since 3.12.", "Then it stops."),
    ),
    ("en", "At most 40. Others wait.", ("At most 40.", "Others wait.")),
    ("de", "Am 3. Oktober 1990. Vorher gab es zwei.", ("Am 3. Oktober 1990.", "Vorher gab es zwei.")),
    ("de-AT", "40\\. Alle anderen warten.", ("40.", "Alle anderen warten.")),
    (
        "de",
        "Eine Sperre, z. B. Mutex, bzw. Semaphore. Sie hält auf.",
        ("Eine Sperre, z. B. Mutex, bzw. Semaphore.", "Sie hält auf."),
    ),
    (
        "en",
        "A container, e.g. Docker or i.e. Podman. It is a process.",
        ("A container, e.g. Docker or i.e. Podman.", "It is a process."),
    ),
    ("en", "Alan M. Turing vs. Dr. Church. They agreed.", ("Alan M. Turing vs. Dr. Church.", "They agreed.")),
    ("en", "See no. 5 and fig. 2. They differ.", ("See no. 5 and fig. 2.", "They differ.")),
    ("en", "See https://example.org/a.b: it explains.", ("See https://example.org/a.b:", "it explains.")),
    ("en", "At 10:30, in main.py. Nowhere else.", ("At 10:30, in main.py.", "Nowhere else.")),
    (
        "en",
        "It says “Stop. Now.” (or: nothing. Really) and ends. So it goes.",
        ("It says “Stop. Now.” (or: nothing. Really) and ends.", "So it goes."),
    ),
    ("en", "Yes (if open. Then so.", ("Yes (if open.", "Then so.")),
    ("en", "Wait... Then go. And stop.", ("Wait... Then go.", "And stop.")),
    ("en", "**Twice.** Once for each app.", ("Twice.", "Once for each app.")),
    ("en", "**Two. Three.** Four.", ("Two. Three.", "Four.")),
    ("en", "*Never*: it is *not. at all* read.", ("Never:", "it is not. at all read.")),
    ("en", "Is it? Yes! It is.", ("Is it?", "Yes! It is.")),
    ("en", "One line\nof `code`.  \nAnd more.", ("One line of code.", "And more.")),
    ("en", "No end at all", ("No end at all", "")),
    ("en", "`pip install x`", ("pip install x", "")),
    ("en", "Two points.\n\n- One\n- Two", ("Two points.", "- One\n- Two")),
    ("en", "Two points:\n\n- One\n- Two", None),
    ("en", "- One\n- Two", None),
    ("en", "![a flag](flag.svg)", None),
    ("en", f"It is {'very ' * 18}long. And ends.", None),
    ("en", "The area is \\(a. B: c\\). It grows.", ("The area is \\(a. B: c\\).", "It grows.")),
    ("ja", "いいえ。検査されません。", ("いいえ。", "検査されません。")),
    ("ja", "**四〇四**：何もありません。", ("四〇四：", "何もありません。")),
    ("zh", "不会（因为。不行）的。真的！", ("不会（因为。不行）的。", "真的！")),
    ("ar", "لا. لا يفحص المسار؟ نعم.", ("لا.", "لا يفحص المسار؟ نعم.")),
    ("fr", "Non : la route n'est pas lue.", ("Non :", "la route n'est pas lue.")),
    ("es", "Sí. ¿Por qué? Porque sí.", ("Sí.", "¿Por qué? Porque sí.")),
    ("en", "Press <kbd>a. B</kbd>. Wait.", ("Press a. B.", "Wait.")),
    ("en", "A [link. Here](https://example.org). Then.", ("A link. Here.", "Then.")),
    ("en", f"{'🙂' * 80}. Smile.", (f"{'🙂' * 80}.", "Smile.")),
    ("en", "[(one. Two] three. Four) five. Six.", ("[(one. Two] three.", "Four) five. Six.")),
    ("en", 'He says "a (b. C". Then d). E.', ('He says "a (b. C".', "Then d). E.")),
    ("de", "Er sagt „a. B“. Dann „c. D”. Ende.", ("Er sagt „a. B“.", "Dann „c. D”. Ende.")),
    ("en", "(a (b (c. D) e. F) g. H). I.", ("(a (b (c. D) e. F) g. H).", "I.")),
    (
        "en",
        "A <div style='color: red. Or'> in a text: it is shown.",
        ("A <div style='color: red. Or'> in a text:", "it is shown."),
    ),
    ("en", "Is 1 < two. And 3 > 2", ("Is 1 < two.", "And 3 > 2")),
    ("en", "", None),
)
# As long as a text may be: brackets in brackets, brackets of other kinds, and periods behind which no clause ends.
LONG = ("(" * 10_000 + ")" * 10_000, "(" * 10_000 + "]" * 10_000, "[" * 10_000 + "x" * 10_000, "A. " * 6_666)
