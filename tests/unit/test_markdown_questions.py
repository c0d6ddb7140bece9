"""Markdown files of questions are read in every form that repositories have: headings, `<details>`, letters, lists."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardpress.adopt.answers import write_answer
from cardpress.adopt.markdown_questions import read_questions
from cardpress.adopt.media_beside import MediaBeside
from cardpress.adopt.page_questions import QuestionPage
from cardpress.anki.original import OriginalError


def taken(text: str) -> list[tuple[str, str]]:
    """Return what each question of a text asks and answers, as Markdown."""
    media = MediaBeside(None)
    return [
        (write_answer(each.asked, media)[0], write_answer(each.answer, media)[0])
        for each in read_questions(text).questions
    ]


def above(text: str) -> list[tuple[str, ...]]:
    """Return the headings above each question."""
    return [each.above for each in read_questions(text).questions]


HEADINGS = """\
# Rust in questions

Some words before.

## Table of contents

- [Ownership](#ownership)
- [Traits](#traits)
- [More](#more)

## Ownership

### What is a borrow?

A reference that does not own.

- shared: `&T`
- alone: `&mut T`

**[⬆ back to top](#table-of-contents)**

---

### When does a value drop?

At the end of its scope.

## Traits

### Why are traits no classes?

They hold no data.
"""


def test_headings_ask_and_those_above_are_sections() -> None:
    page = read_questions(HEADINGS)
    assert page.title == "Rust in questions"
    assert taken(HEADINGS) == [
        ("What is a borrow?", "A reference that does not own.\n\n- shared: `&T`\n- alone: `&mut T`"),
        ("When does a value drop?", "At the end of its scope."),
        ("Why are traits no classes?", "They hold no data."),
    ]
    assert above(HEADINGS) == [("Ownership",), ("Ownership",), ("Traits",)]


def test_headings_in_a_numbered_list_ask() -> None:
    text = """\
## Table of Contents

| No. | Questions |
| --- | --- |
| 1 | [What is a heap?](#what-is-a-heap) |
| 2 | [What is a stack?](#what-is-a-stack) |
| 3 | [What is a queue?](#what-is-a-queue) |

### Structures

1. ### What is a heap

    A tree in which parents are larger.

    ```python
    import heapq
    ```

    ## Its use

    Priorities.

    **[⬆ Back to Top](#table-of-contents)**

2. ### What is a stack

    Last in, first out.
"""
    assert taken(text) == [
        (
            "What is a heap",
            "A tree in which parents are larger.\n\n```python\nimport heapq\n```\n\n#### Its use\n\nPriorities.",
        ),
        ("What is a stack", "Last in, first out."),
    ]
    assert above(text) == [("Structures",), ("Structures",)]


def test_what_unfolds_is_the_answer_of_what_stands_above_it() -> None:
    text = """\
###### 1. What is printed?

```js
console.log(1 + "1");
```

- A: `2`
- B: `"11"`

<details><summary><b>Answer</b></summary>
<p>

#### Answer: B

The number becomes a text.

</p>
</details>

---

###### 2. What is `typeof null`?

- A: `"null"`
- B: `"object"`

<details><summary><b>Answer</b></summary>
<p>

#### Answer: B

An old mistake.

</p>
</details>
"""
    first, second = taken(text)
    assert first == (
        'What is printed?\n\n```js\nconsole.log(1 + "1");\n```\n\n- A: `2`\n- B: `"11"`',
        "**B**\n\nThe number becomes a text.",
    )
    assert second == ('What is `typeof null`?\n\n- A: `"null"`\n- B: `"object"`', "**B**\n\nAn old mistake.")


def test_what_unfolds_is_the_answer_of_its_own_line() -> None:
    text = """\
## Pods

<details>
<summary>What is a pod?</summary><br><b>

A group of containers.<br>
They share a network.
</b></details>

<details>
<summary>Which command lists <code>pods</code>?</summary><br><b>

`kubectl get pods`
</b></details>

<details>
<summary>Who knows?</summary><br><b>
</b></details>
"""
    assert taken(text) == [
        ("What is a pod?", "A group of containers.\\\nThey share a network."),
        ("Which command lists `pods`?", "`kubectl get pods`"),
    ]
    assert above(text) == [("Pods",), ("Pods",)]
    assert read_questions(text).unanswered == ("Who knows?",)


def test_letters_ask_and_answer() -> None:
    text = """\
# Birds

Q: Which bird *cannot* fly?
A: The ostrich.

**Q2: What do owls eat?**

**A:** Mice,

- and more
- such as frogs

## Of the sea

Question: How large is an albatross?
Answer: 3.5 m across.
"""
    assert taken(text) == [
        ("Which bird *cannot* fly?", "The ostrich."),
        ("What do owls eat?", "Mice,\n\n- and more\n- such as frogs"),
        ("How large is an albatross?", "3.5 m across."),
    ]
    assert above(text) == [(), (), ("Of the sea",)]


def test_pairs_ask_and_answer() -> None:
    text = "# Latin\n\n#flashcards/latin\n\n- *canis*::a dog\n- felis :: a cat, as in `a::b`\n"
    text += "\n## More\n\nursus:::a bear\n"
    assert taken(text) == [("*canis*", "a dog"), ("felis", "a cat, as in `a::b`"), ("ursus", "a bear")]
    assert above(text) == [(), (), ("More",)]


def test_a_line_between_parts_the_question_from_the_answer() -> None:
    text = "#flashcards\n\nWhat is tea?\nReally?\n?\nA drink\nof leaves.\n\nWhat is mate?\n??\nAnother.\n"
    assert taken(text) == [("What is tea? Really?", "A drink of leaves."), ("What is mate?", "Another.")]


def test_headings_may_have_letters_and_sections_their_level() -> None:
    text = """\
## # 1. BASICS

<br/>

## Q. What is a page?

A part of memory.

<div align="right">
    <b><a href="#">↥ back to top</a></b>
</div>

## Q. What is a fault?

A page that is not there.

## Example

None.

## # 2. MORE

## Q. What is a table?

Where pages are found.
"""
    assert taken(text) == [
        ("What is a page?", "A part of memory."),
        ("What is a fault?", "A page that is not there.\n\n## Example\n\nNone."),
        ("What is a table?", "Where pages are found."),
    ]
    assert above(text) == [("BASICS",), ("BASICS",), ("MORE",)]


def test_bold_lines_ask_where_no_headings_do() -> None:
    text = "# Tea\n\n**1. What is oolong?**\n\nHalf oxidized.\n\n**2. What is matcha?**\n\nA powder.\n"
    assert taken(text) == [("What is oolong?", "Half oxidized."), ("What is matcha?", "A powder.")]


def test_entries_of_a_list_ask() -> None:
    text = "## Tea\n\n1. **What is oolong?**\n   Half oxidized.\n2. **What is matcha?**\n\n   A powder.\n"
    assert taken(text) == [("What is oolong?", "Half oxidized."), ("What is matcha?", "A powder.")]
    assert taken(f"{text}\n- How hot?\n  - 80 °C\n")[2] == ("How hot?", "- 80 °C")
    assert above(text) == [("Tea",)] * 2


def test_options_stand_with_the_question() -> None:
    options = "- A) run\n- B) dog"
    text = f"### Q. Which is a noun?\n\n{options}\n\n**Answer: B)**\n\n> A thing.\n\n### Q. Which is a verb?\n\nRun.\n"
    assert taken(text)[0] == (f"Which is a noun?\n\n{options}", "B)\n\n> A thing.")


def test_ticked_options_are_the_answer() -> None:
    text = "#### Q1. Which is a noun?\n\n- [ ] run\n- [x] dog\n\n[Why](https://e.org)\n\n#### Q2. Which are?\n\n"
    text += "- [x] cat\n- [ ] go\n- [x] hat\n"
    assert taken(text) == [
        ("Which is a noun?\n\n- run\n- dog", "dog\n\n[Why](https://e.org)"),
        ("Which are?\n\n- cat\n- go\n- hat", "- cat\n- hat"),
    ]


def test_tasks_in_an_answer_stay_tasks() -> None:
    text = "## How do you start?\n\nWith a list:\n\n- [x] read\n- [x] think\n\n## Why?\n\nNo.\n"
    assert taken(text)[0] == ("How do you start?", "With a list:\n\n- [x] read\n- [x] think")


def test_code_has_spaces_that_programs_read() -> None:
    text = "## What?\n\n`a\N{NO-BREAK SPACE}b`\n\n```\nc\N{NO-BREAK SPACE}d\n```\n\n## Why?\n\nNo.\n"
    assert taken(text)[0][1] == "`a b`\n\n```\nc d\n```"


def test_links_below_references_are_sources() -> None:
    links = "- [RFC 9110](https://e.org/9110)\n- https://e.org/x"
    text = f"## What is HTTP?\n\nA protocol.\n\n#### References\n\n{links}\n\n## Why TLS?\n\nSecrets.\n"
    first, _ = read_questions(text).questions
    assert first.sources == (("https://e.org/9110", "RFC 9110"), ("https://e.org/x", "https://e.org/x"))
    assert taken(text)[0] == ("What is HTTP?", "A protocol.")


def test_a_table_a_formula_and_a_link_stay() -> None:
    table = "| a | b |\n|---|:-:|\n| 1 | `2` |"
    text = f"## What is \\(x^2\\)?\n\n{table}\n\nSee [here](https://e.org), [there](./x.md) and <kbd>Tab</kbd>.\n"
    assert taken(f"{text}\n## Why?\n\nNo.\n")[0] == (
        "What is \\(x^2\\)?",
        f"{table}\n\nSee [here](https://e.org), there and <kbd>Tab</kbd>.",
    )


def test_formulas_between_dollars_are_formulas() -> None:
    text = "## What is $x^2$?\n\nA square:\n\n$$\nx \\cdot x\n$$\n\n## Why?\n\nNo.\n"
    assert taken(text)[0] == ("What is \\(x^2\\)?", "A square:\n\n\\[\nx \\cdot x\n\\]")


def test_prices_and_variables_are_no_formulas() -> None:
    text = "## What is `$x^2$`, $HOME, $PATH?\n\nIt costs $5 or $6.\n\n## Why?\n\nNo.\n"
    assert taken(text)[0] == ("What is `$x^2$`, $HOME, $PATH?", "It costs $5 or $6.")


def test_script_is_gone() -> None:
    answer = "<script>alert(1)</script>A <b onclick='x()'>text</b>. <a href='javascript:x()'>go</a>"
    assert taken(f"## What is it?\n\n{answer}\n\n## Why?\n\nNo.\n")[0] == ("What is it?", "A **text**. go")


@pytest.mark.parametrize(
    "text", ["", "Just words.", "# A title\n\nWords below it.", "- a\n- b\n", "```\n## What?\n```\n"]
)
def test_what_asks_nothing_has_no_questions(text: str) -> None:
    assert read_questions(text).questions == ()


LINES = (
    "# a|## What?|Q: a|A: b|<details>|</details>|<summary>x</summary>|1. **b?**|- c|***|```|<b>|    d|||<!--|-->|<p>"
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES.split("|")), max_size=25))
def test_any_lines_are_read(lines: list[str]) -> None:
    page = read_questions("\n".join(lines))
    assert isinstance(page, QuestionPage)
    media = MediaBeside(None)
    for each in page.questions:
        assert each.asked
        assert each.answer
        assert isinstance(write_answer(each.answer, media)[0], str)


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [
        "<!--",
        "<?",
        "<![CDATA[",
        "[",
        "![",
        "<details>",
        "> ",
        "- ",
        "`",
        "**a",
        "Q: a\n",
        "## a?\nb\n",
        "<b>",
        "|",
        "\\(",
        "$",
        "$$a",
        "$a b ",
        "```a\n",
    ],
)
def test_what_repeats_itself_is_read_in_time(part: str) -> None:
    begin = process_time()
    try:
        page = read_questions(part * (40_000 // len(part)))
    except OriginalError:
        return
    for each in page.questions[:3]:
        write_answer(each.answer, MediaBeside(None))
    assert process_time() - begin < 30


def test_a_file_without_an_end_is_refused() -> None:
    with pytest.raises(OriginalError, match="without an empty line"):
        read_questions("a" * 300_000)
    with pytest.raises(OriginalError, match="are allowed"):
        read_questions("a\n\n" * 2_000_000)


def test_code_above_what_unfolds_belongs_to_the_question() -> None:
    text = """\
### What is printed?

```js
console.log(1)
```

<details>
<summary>Answer</summary>

It is 1.

</details>

### What is a heap?

A tree.

### What is a stack?

Last in, first out.

<details><summary>An example</summary>

Plates.

</details>

### Which one is right?

- A
- B

<details><summary><b>Answer:</b> B</summary>

Since it is.

</details>

### Write a loop.

In Python:

<details><summary>💡 Show the solution</summary>

```python
while True: ...
```

</details>
"""
    assert taken(text) == [
        ("What is printed?\n\n```js\nconsole.log(1)\n```", "It is 1."),
        ("What is a heap?", "A tree."),
        ("What is a stack?", "Last in, first out.\n\nAn example\n\nPlates."),
        ("Which one is right?\n\n- A\n- B", "B\n\nSince it is."),
        ("Write a loop.\n\nIn Python:", "```python\nwhile True: ...\n```"),
    ]
    assert read_questions(text).passed == ()


@pytest.mark.parametrize(
    "label", ["Answer", "<b>Answer</b>", "Click here for the answer!", "Answer 12", "👉 Solution:"]
)
def test_words_on_what_unfolds_are_no_part_of_an_answer(label: str) -> None:
    folded = f"<details>\n<summary>{label}</summary>\n\nThis.\n\n</details>\n"
    for text in (
        f"**What is it?**\n\n{folded}\n**And that?**\n\n{folded}",
        f"## What is it?\n\n{folded}\n## And that?\n\n{folded}",
        f"Q: What is it?\nA:\n{folded}\nQ: And that?\nA:\n{folded}",
    ):
        assert taken(text) == [("What is it?", "This."), ("And that?", "This.")]
    item = "\n".join(f"  {line}" if line else "" for line in folded.split("\n"))
    (question,) = taken(f"## What is it?\n\n- one\n\n{item}\n- two\n")
    assert "one" in question[1]
    assert "This." in question[1]
    assert not {"nswer", "olution"} & {part for part in ("nswer", "olution") if part in question[1]}


def test_what_is_in_no_question_is_told() -> None:
    text = """\
Before all.

# Trees

An introduction.

## Contents

- [What is a root?](#what-is-a-root)
- [What is a leaf?](#what-is-a-leaf)
- [Oak](#oak)

## Kinds

[Back to top](#trees)

### What is a root?

What is below.

### What is a leaf?

### Oak

### What is bark?

---

## License

MIT
"""
    page = read_questions(text)
    assert [question.words for question in page.questions] == ["What is a root?"]
    assert page.unanswered == ("What is a leaf?", "What is bark?")
    assert page.passed == (
        ("", "what stands before the first heading or question is left out"),
        ("Trees", "is no question: what stands below it is left out"),
        ("Contents", "is a table of contents, and is left out"),
        ("Oak", "has nothing below it, and is no question"),
        ("License", "is no question: what stands below it is left out"),
    )


def test_lines_beside_letters_and_entries_without_an_answer_are_told() -> None:
    page = read_questions("Hello.\n\n## One\n\nQ: a?\nA: b\n\n---\n\n## Two\n\nwords\n\nQ: c?\n")
    assert page.unanswered == ("c?",)
    assert page.passed == (
        ("", "what stands before the first heading or question is left out"),
        ("Two", "is no question: what stands below it is left out"),
    )
    page = read_questions("- What is it?\n  A thing.\n- And that?\n- What else?\n  Nothing.\n")
    assert len(page.questions) == 2
    assert page.unanswered == ("And that?",)
