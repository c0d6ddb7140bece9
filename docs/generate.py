"""Fills the pages of docs/ with what the code says: keys, limits, commands, problems. Run: python docs/generate.py

In a page, `<!-- generated: NAME -->` and `<!-- end -->` stand around the part that the block of that name fills. All
else in a page is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cardpress.check.advice import MAX_RECALL_WORDS, MAX_SPOKEN_WORDS  # noqa: E402 - the project was not on the path
from cardpress.check.card_template_tags import LONGEST_TEMPLATE, MOST_TAGS  # noqa: E402
from cardpress.check.characters import MOST_MARKS  # noqa: E402
from cardpress.check.deck_facts import LONGEST_TITLE  # noqa: E402
from cardpress.check.pictures import MOST_FOR_ANKIWEB, MOST_OF_SOUNDS  # noqa: E402
from cardpress.cli.exit_status import MEANINGS, ExitStatus  # noqa: E402
from cardpress.cli.main import GROUPS, main  # noqa: E402
from cardpress.cli.program import NAME  # noqa: E402
from cardpress.diagnostics import pages  # noqa: E402
from cardpress.diagnostics.codes import CODES  # noqa: E402
from cardpress.disk.reading import MAX_BYTES, MAX_SOUND_BYTES  # noqa: E402
from cardpress.history.versions import LONGEST as LONGEST_VERSION  # noqa: E402
from cardpress.markdown.lexers import LONGEST  # noqa: E402
from cardpress.note_types import Holds  # noqa: E402
from cardpress.outputs import OUTPUTS, PAPERS, PER_PAGE  # noqa: E402
from cardpress.source.cheat_sheet import COMPARISON  # noqa: E402
from cardpress.source.load import DECK, IDS, SECTION  # noqa: E402
from cardpress.source.media.rasters import MAX_PIXELS  # noqa: E402
from cardpress.source.media.svg import LARGEST  # noqa: E402
from cardpress.source.note_types.card_declarations import CARD  # noqa: E402
from cardpress.source.note_types.declarations import FIELD, NOTE_TYPE, PART  # noqa: E402
from cardpress.source.note_types.folders import make_pair_shape, make_shape  # noqa: E402
from cardpress.source.note_types.in_anki import (  # noqa: E402
    CARD_DECK,
    CARD_IN_ANKI,
    FIELD_IN_ANKI,
    SECTION_IN_ANKI,
    TYPE_IN_ANKI,
)
from cardpress.source.occlusions import MASK, OCCLUSION  # noqa: E402
from cardpress.source.questions import LINK, MEDIA, RETIRED  # noqa: E402
from cardpress.source.snippets import MAX_SNIPPET  # noqa: E402
from cardpress.source.tables.cells import MAX_ROWS  # noqa: E402
from cardpress.source.tables.rows import COLUMNS  # noqa: E402
from cardpress.source.templates.loading import load_templates  # noqa: E402
from cardpress.source.yaml.nodes import MAX_DEPTH  # noqa: E402
from cardpress.source.yaml.reading import MAX_CHARACTERS, MAX_ENTRIES, MAX_HTML, Shape  # noqa: E402

DOCS = ROOT / "docs"
CASES = ROOT / "tests" / "cases"
# A report of each code, for whoever has the engine without its tests.
EXAMPLES = Path(pages.__file__).with_name(pages.EXAMPLES)
NOTE_TYPES = load_templates(ROOT)[0].declared.note_types
_PAIRS = [field for each in NOTE_TYPES.values() for field in each.keyed if field.parts]
SHAPES = (
    *(DECK, COMPARISON, SECTION, IDS, LINK, MEDIA, RETIRED, OCCLUSION, MASK, NOTE_TYPE, FIELD, PART, CARD),
    *(SECTION_IN_ANKI, CARD_DECK, TYPE_IN_ANKI, FIELD_IN_ANKI, CARD_IN_ANKI),
    # Of these the key `gist` is no part: they stand below a question.
    *(make_shape(each, is_below=each.kind == "recall") for each in NOTE_TYPES.values()),
    *(make_pair_shape(field) for field in _PAIRS),
)
# What an installed cardpress does not have, since it has no tests.
ONLY_IN_CLONE = frozenset({"test"})
# What stands in YAML, and what Anki gets, by what a field holds.
HOLDS = {
    Holds.LINE: ("Markdown; a paragraph stands in a line", "HTML"),
    Holds.TEXT: ("Markdown", "HTML"),
    Holds.CLOZE: ("Markdown with deletions `{{c1::…}}`", "HTML with Anki's deletions"),
    Holds.OCCLUSION: (
        "a picture and its masks: see [A picture with masks](format.md#a-picture-with-masks)",
        "Anki's image occlusion",
    ),
    Holds.LINES: ("a list of Markdown lines", "a list"),
    Holds.PAIRS: ("a list of mappings with the keys of `parts`, all Markdown", "a list of pairs"),
    Holds.SNIPPET: ("the name of a file of `source/snippets/`", "code in colors"),
    Holds.OUTPUT: ("a text, shown as typed", "the same in one size for all characters"),
    Holds.LINKS: ("a list of addresses, or of `{title, url}`", "a list of links"),
    Holds.NUMBER: ("a whole number from 1 up", "the number"),
    Holds.ONE_OF: ("one of `values`", "the text"),
    Holds.IDS: ("a list of questions' ids", "a list of ids"),
    Holds.HTML: ("HTML as Anki's editor makes it: see [HTML](#html)", "the same, made safe"),
    Holds.HTML_CLOZE: ("the same with deletions `{{c1::…}}`", "the same, made safe"),
    Holds.PICTURE: ("the name of a picture of `source/media/`, or `{file, description}`", "the picture"),
    Holds.AUDIO: ("the name of a sound of `source/media/`, or `{file, description}`", "`[sound:…]`, which plays"),
    Holds.FLAG: ("`true` or `false`", "`true`, or nothing"),
}
_BLOCK = re.compile(r"(?<=^<!-- generated: )([a-z ]+)( -->\n).*?(?=^<!-- end -->$)", re.MULTILINE | re.DOTALL)


def fill(page: str) -> str:
    """Return a page with every generated part made anew."""
    return _BLOCK.sub(lambda block: f"{block[1]}{block[2]}\n{BLOCKS[block[1]]().strip()}\n\n", page)


def list_blocks(page: str) -> tuple[str, ...]:
    """Return the names of the parts of a page that are generated."""
    return tuple(block[1] for block in _BLOCK.finditer(page))


def make_keys(shape: Shape) -> str:
    """Return the table of a mapping's keys."""
    rows = [("`" + key + "`", "yes", meaning) for key, meaning in shape.required.items()]
    rows += [("`" + key + "`", "", meaning) for key, meaning in shape.optional.items()]
    return _table(("key", "required", "what it holds"), rows)


def make_columns() -> str:
    """Return the table of the columns that every table may have."""
    return _table(("column", "what it holds"), [(f"`{name}`", meaning) for name, meaning in COLUMNS.items()])


def make_limits() -> str:
    """Return the table of what the engine takes at most."""
    rows = [
        ("a file of `source/`", f"{MAX_BYTES // 2**20} MiB", "`file-too-large`"),
        ("a text", f"{MAX_CHARACTERS:,} characters", "`text-too-long`"),
        ("a text of HTML", f"{MAX_HTML:,} characters", "`text-too-long`"),
        ("a list, such as `key_points` or `sections`", f"{MAX_ENTRIES:,} entries", "`text-too-long`"),
        ("a table", f"{MAX_ROWS:,} rows, {MAX_ENTRIES:,} columns", "`text-too-long`"),
        ("a title", f"{LONGEST_TITLE} characters", "`text-too-long`"),
        ("`version`", f"{LONGEST_VERSION} characters", "`bad-version`"),
        ("a card template", f"{LONGEST_TEMPLATE:,} characters, {MOST_TAGS} fields", "`text-too-long`"),
        ("marks on one character", f"{MOST_MARKS}", "`too-many-marks`"),
        ("a picture", f"{MAX_PIXELS:,} pixels, all frames together", "`unsupported-media`"),
        ("a sound", f"{MAX_SOUND_BYTES // 2**20} MiB, all together {MOST_OF_SOUNDS // 2**20} MiB", "`file-too-large`"),
        ("a sound that AnkiWeb takes along", f"{MOST_FOR_ANKIWEB // 2**20} MiB", "`large-sound`"),
        ("an SVG", f"{LARGEST // 2**20} MiB, and what can be printed in seconds", "`unsupported-media`"),
        ("a snippet's file", f"{MAX_SNIPPET // 1024} KiB", "`file-too-large`"),
        ("code that is colored", f"{LONGEST:,} characters; in some languages less", "`uncolored-code`"),
        ("small parts of a deck's texts, such as list entries", "what their length allows", "`crowded-print`"),
        ("lists and mappings inside each other", f"{MAX_DEPTH} levels", "`too-deep`"),
        ("the answer or cloze text of a recall note", f"{MAX_RECALL_WORDS} words", "`recall-too-long`"),
        ("`example_answer`", f"{MAX_SPOKEN_WORDS} words", "`example-answer-too-long`"),
    ]
    return _table(("what", "at most", "else"), rows)


def make_outputs() -> str:
    """Return the table of the outputs: what each makes, and its options."""
    rows = [
        (f"`{each.name}`", each.makes, ", ".join(f"`{option}`" for option in each.options)) for each in OUTPUTS.values()
    ]
    return _table(("output", "what it makes", "options"), rows)


def make_options() -> str:
    """Return the table of the options of outputs."""
    numbers = ", ".join(map(str, PER_PAGE[:-1]))
    usual = " and ".join(f"{each.per_page} of `{each.name}`" for each in OUTPUTS.values() if each.per_page)
    rows = [
        ("`papers`", f"A list of {' and '.join(f'`{paper}`' for paper in PAPERS)}; by default both."),
        ("`per_page`", f"How many cards are cut out of a page: {numbers} or {PER_PAGE[-1]}; by default {usual}."),
        (
            "`address`",
            "Where the site will be, such as `https://you.github.io/my-deck/`: links to it then show its picture.",
        ),
    ]
    return _table(("option", "what it holds"), rows)


def make_groups() -> str:
    """Return the table of all commands, in their groups as in the help."""
    rows = [
        ("" if number else title, f"[`{each.name}`](#{each.name})", each.get_short_help_str(200) + _say_where(each))
        for title, commands in GROUPS.items()
        for number, each in enumerate(commands)
    ]
    return _table(("", "command", "what it does"), rows)


def make_commands() -> str:
    """Return a section for every command: what it does, its options, an example."""
    return "\n".join(line for name, command in sorted(main.commands.items()) for line in _command(name, command))


def _command(name: str, command: click.Command) -> Iterator[str]:
    # Without its parent, click would remember for good that the command has no `-h`.
    context = click.Context(command, info_name=name, parent=click.Context(main, **main.context_settings))
    options = [each for each in command.params if isinstance(each, click.Option)]
    usage = command.collect_usage_pieces(context)
    program = "python3 build.py" if name in ONLY_IN_CLONE else NAME
    pieces = (program, name, *(piece for piece in usage if options or piece != "[OPTIONS]"))
    text = " ".join((command.help or "").split()) + _say_where(command)
    yield from (f"## {name}", "", text, "", "```text", " ".join(pieces), "```", "")
    if options:
        yield _table(("option", "what it does"), [_option(each, context) for each in options])
    example = (command.epilog or "").removeprefix("Example: ").replace(NAME, program, 1)
    yield from ("For example:", "", "```sh", example, "```", "")


def _say_where(command: click.Command) -> str:
    """Return where there is a command that an installed cardpress does not have."""
    return f" Only in a clone: `python3 build.py {command.name}`." if command.name in ONLY_IN_CLONE else ""


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    value = "" if option.is_flag else "N" if isinstance(option.type, click.IntRange) else option.make_metavar(context)
    text = (option.help or "").split("  [default: ")
    default = text[1].rstrip("]") if len(text) > 1 else option.default if option.show_default else ""
    return (
        f"`{' '.join((*option.opts, value.strip('[]'))).strip()}`",
        f"{text[0]} Default: {default}." if default else text[0],
    )


def make_exit_status() -> str:
    """Return the table of exit statuses."""
    return _table(("status", "meaning"), [(str(int(status)), MEANINGS[status]) for status in ExitStatus])


def make_list_of_problems() -> str:
    """Return the table of all codes, errors first."""
    rows = [(f"[`{code}`](#{code})", entry.severity.value, entry.meaning) for code, entry in CODES.items()]
    return _table(("code", "severity", "what is wrong"), rows)


def make_problems() -> str:
    """Return a section for every code: what is wrong, a report, how to mend it."""
    examples = pages.read_examples(EXAMPLES.read_text(encoding="utf-8"))
    return "\n".join(pages.as_markdown(pages.make_page(code, examples)) for code in CODES)


def make_examples() -> str:
    """Return what is in the file of the engine that has a report of each code: those of tests/cases/."""
    return pages.write_examples(map(find_report, CODES))


def find_report(code: str) -> str:
    """Return the first report of a code in its case in tests/cases/."""
    for path in sorted((CASES / code).glob("report*.txt")):
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            if f"[{code}]" in block.partition("\n")[0]:
                return block.strip("\n")
    raise LookupError(f"no report in tests/cases/{code}/ has the code {code}")


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def make_holds() -> str:
    """Return the table of what a field can hold."""
    rows = [(f"`{each}`", *HOLDS[each]) for each in Holds]
    return _table(("`holds`", "in YAML", "in Anki"), rows)


BLOCKS: Mapping[str, Callable[[], str]] = {
    **{f"the keys of {shape.name}": partial(make_keys, shape) for shape in SHAPES},
    "what a field holds": make_holds,
    "columns": make_columns,
    "limits": make_limits,
    "outputs": make_outputs,
    "options of sheets": make_options,
    "groups of commands": make_groups,
    "commands": make_commands,
    "exit status": make_exit_status,
    "list of problems": make_list_of_problems,
    "problems": make_problems,
}


if __name__ == "__main__":
    EXAMPLES.write_text(make_examples(), encoding="utf-8", newline="\n")
    for path in sorted(DOCS.glob("*.md")):
        path.write_text(fill(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
