"""Letters of other alphabets, as Unicode has them (its blocks *Mathematical Alphanumeric Symbols*, *Letterlike*)."""

from __future__ import annotations

# Where an alphabet begins: its A, its a and its 0; 0 where it has none. Its Greek letters begin at the fourth.
_BEGINS = {
    "bold": (0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8),
    "bold-italic": (0x1D468, 0x1D482, 0x1D7CE, 0x1D71C),
    "script": (0x1D49C, 0x1D4B6, 0, 0),
    "bold-script": (0x1D4D0, 0x1D4EA, 0x1D7CE, 0),
    "fraktur": (0x1D504, 0x1D51E, 0, 0),
    "bold-fraktur": (0x1D56C, 0x1D586, 0x1D7CE, 0),
    "double-struck": (0x1D538, 0x1D552, 0x1D7D8, 0),
    "sans": (0x1D5A0, 0x1D5BA, 0x1D7E2, 0),
    "sans-bold": (0x1D5D4, 0x1D5EE, 0x1D7EC, 0x1D756),
    "sans-italic": (0x1D608, 0x1D622, 0x1D7E2, 0),
    "mono": (0x1D670, 0x1D68A, 0x1D7F6, 0),
}
# Letters that had a place before the alphabet got its block.
_ELSEWHERE = {
    "script": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    "double-struck": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
}
# The alphabet that a command sets its letters in, "" for that of all formulas.
COMMANDS: dict[str, str] = {
    "mathbb": "double-struck",
    "Bbb": "double-struck",
    "mathbf": "bold",
    "symbf": "bold",
    "boldsymbol": "bold-italic",
    "pmb": "bold-italic",
    "mathbfit": "bold-italic",
    "mathcal": "script",
    "mathscr": "script",
    "mathbfscr": "bold-script",
    "mathbfcal": "bold-script",
    "mathfrak": "fraktur",
    "mathbffrak": "bold-fraktur",
    "mathsf": "sans",
    "mathsfit": "sans-italic",
    "mathbfsf": "sans-bold",
    "mathtt": "mono",
    "mathrm": "upright",
    "mathup": "upright",
    "mathnormal": "",
    "mathit": "italic",
    "mathbfup": "bold",
    "mathsfup": "sans",
    "mathbfsfup": "sans-bold",
    "symbb": "double-struck",
    "symbfup": "bold",
    "symbfit": "bold-italic",
    "symbfcal": "bold-script",
    "symbfscr": "bold-script",
    "symbffrak": "bold-fraktur",
    "symbfsf": "sans-bold",
    "symbfsfup": "sans-bold",
    "symcal": "script",
    "symscr": "script",
    "symfrak": "fraktur",
    "symsf": "sans",
    "symsfup": "sans",
    "symsfit": "sans-italic",
    "symtt": "mono",
    "symrm": "upright",
    "symup": "upright",
    "symnormal": "",
    "symit": "italic",
}
# The same for the rest of a group.
SWITCHES = {
    "rm": "upright",
    "bf": "bold",
    "it": "italic",
    "cal": "script",
    "scr": "script",
    "frak": "fraktur",
    "sf": "sans",
    "tt": "mono",
    "mit": "",
}


def set_in(text: str, alphabet: str) -> str:
    """Return letters and digits in an alphabet, as far as it has them."""
    if alphabet not in _BEGINS:
        return text
    return "".join(_set(character, alphabet) for character in text)


def _set(character: str, alphabet: str) -> str:  # noqa: PLR0911 - one for each kind of character
    upper, lower, digits, greek = _BEGINS[alphabet]
    if character in _ELSEWHERE.get(alphabet, {}):
        return _ELSEWHERE[alphabet][character]
    if "A" <= character <= "Z":
        return chr(upper + ord(character) - ord("A"))
    if "a" <= character <= "z":
        return chr(lower + ord(character) - ord("a"))
    if "0" <= character <= "9" and digits:
        return chr(digits + ord(character) - ord("0"))
    if greek and "Α" <= character <= "Ω" and character != "\u03a2":
        return chr(greek + ord(character) - ord("Α"))
    if greek and "α" <= character <= "ω":
        # Behind the 25 capitals there is a nabla.
        return chr(greek + 26 + ord(character) - ord("α"))
    return character
