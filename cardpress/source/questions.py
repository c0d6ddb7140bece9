"""One question's YAML → Question. A part that cannot be read is reported and left out; the rest is still checked."""

from __future__ import annotations

from dataclasses import dataclass

from cardpress.source.bank import Link, Pitfall, Question, Recall, Retirement, Text
from cardpress.source.nodes import Mapping, Node, Scalar
from cardpress.source.reading import Fields, Reader, Shape, drop_missing, find_first_span
from cardpress.source.snippets import SnippetShelf

_ATOMIC = {
    "extra": "Anything else, shown below the answer (Markdown).",
    "snippet": "A file of `source/snippets/`, shown as code with the question.",
    "tags": "A list of tags, as with a question.",
    "retired": "Why the note is no longer asked: see [Retirement](#retirement).",
}
QUESTION = Shape(
    "a question",
    {
        "id": "The permanent id, unique among questions and recall notes: see [Ids](#ids).",
        "question": "What is asked (Markdown).",
        "answer": "The answer, short enough to say out loud (Markdown).",
    },
    {
        "number": "A whole number from 1 up, shown with the question; no two have the same.",
        "level": "`beginner`, `intermediate` or `advanced`.",
        "key_points": "A list of points, one line each (Markdown).",
        "snippet": "A file of `source/snippets/`, shown as code: see [Snippets](#snippets).",
        "output": "What the snippet prints, shown as typed.",
        "how_to_answer": "What an interviewer listens for (Markdown).",
        "example_answer": "An answer in the first person, at most 150 words: a minute of speech (Markdown).",
        "pitfalls": "A list of what people say and what is true: see [A pitfall](#a-pitfall).",
        "sources": "A list of addresses, with or without titles: see [A source](#a-source).",
        "tags": "A list of Anki tags, `::` between levels: `http::status`. No spaces, at most 60 characters.",
        "see_also": "A list of other questions' ids.",
        "extra": "Anything else (Markdown).",
        "recall": "A list of notes of one fact each: see [Recall notes](#recall-notes).",
        "retired": "Why the question is no longer asked: see [Retirement](#retirement).",
    },
)
RECALL = Shape(
    "a recall note",
    {
        "id": "The permanent id, unique among questions and recall notes.",
        "question": "What is asked (Markdown).",
        "answer": "One fact, in at most 40 words (Markdown).",
    },
    _ATOMIC,
)
CLOZE = Shape(
    "a cloze note",
    {
        "id": "The permanent id, unique among questions and recall notes.",
        "cloze": "A text of at most 40 words with deletions: `{{c1::answer}}` or `{{c1::answer::hint}}` (Markdown).",
    },
    _ATOMIC,
)
RETIRED = Shape(
    "a retirement",
    {"reason": "One plain sentence to those who have learned it."},
    {"replaced_by": "The id of a question that is asked in its place."},
)
PITFALL = Shape(
    "a pitfall",
    {"claim": "What people say (Markdown).", "truth": "What is true (Markdown)."},
)
LINK = Shape(
    "a source",
    {"url": "The address: `https://…`, `http://…` or `mailto:…`."},
    {"title": "What to call it; without a title the address is shown."},
)


def read_question(node: Node, reader: Reader, shelf: SnippetShelf) -> Question | None:
    """Return the question in a node, None when its id, question or answer is missing or cannot be read."""
    fields = reader.fields(node, QUESTION)
    if fields is None:
        return None
    entries = _Entries(reader, shelf)
    number = fields.whole_number("number")
    question_id, question, answer = fields.text("id"), fields.markdown("question"), fields.markdown("answer")
    level, snippet, output = fields.text("level"), entries.snippet(fields), fields.text("output")
    key_points, how_to_answer = fields.markdowns("key_points"), fields.markdown("how_to_answer")
    example_answer, extra = fields.markdown("example_answer"), fields.markdown("extra")
    pitfalls = drop_missing(fields.each("pitfalls", entries.pitfall))
    sources = drop_missing(fields.each("sources", entries.link))
    tags, see_also = fields.texts("tags"), fields.texts("see_also")
    recall = drop_missing(fields.each("recall", entries.recall))
    retired = entries.retirement(fields)
    if not (question_id and question and answer):
        return None
    return Question(
        id=question_id,
        span=find_first_span(node),
        question=question,
        answer=answer,
        number=number[0] if number else None,
        number_span=number[1] if number else None,
        level=level,
        key_points=key_points,
        snippet=snippet,
        output=output,
        how_to_answer=how_to_answer,
        example_answer=example_answer,
        pitfalls=pitfalls,
        sources=sources,
        tags=tags,
        see_also=see_also,
        extra=extra,
        recall=recall,
        retired=retired,
    )


def find_id(node: Node) -> str | None:
    """Return the `id` of a mapping, even when the rest of it is broken; None when there is none."""
    pairs = node.pairs if isinstance(node, Mapping) else ()
    return next((value.value for key, value in pairs if key.value == "id" and isinstance(value, Scalar)), None)


@dataclass(frozen=True, slots=True)
class _Entries:
    reader: Reader
    shelf: SnippetShelf

    def recall(self, node: Node) -> Recall | None:
        keys = {key.value for key, _ in node.pairs} if isinstance(node, Mapping) else set()
        is_cloze = "cloze" in keys and not {"question", "answer"} <= keys
        fields = self.reader.fields(node, CLOZE if is_cloze else RECALL)
        if fields is None:
            return None
        recall_id, cloze = fields.text("id"), fields.markdown("cloze", with_deletions=True)
        question, answer, extra = fields.markdown("question"), fields.markdown("answer"), fields.markdown("extra")
        snippet, tags, retired = self.snippet(fields), fields.texts("tags"), self.retirement(fields)
        if not recall_id or not (cloze or (question and answer)):
            return None
        return Recall(
            id=recall_id,
            span=find_first_span(node),
            question=question,
            answer=answer,
            cloze=cloze,
            extra=extra,
            snippet=snippet,
            tags=tags,
            retired=retired,
        )

    def pitfall(self, node: Node) -> Pitfall | None:
        fields = self.reader.fields(node, PITFALL)
        if fields is None:
            return None
        claim, truth = fields.markdown("claim"), fields.markdown("truth")
        return Pitfall(claim, truth) if claim and truth else None

    def link(self, node: Node) -> Link | None:
        if isinstance(node, Scalar):
            url = self.reader.text(node, "sources", entry=True)
            return Link(url) if url else None
        fields = self.reader.fields(node, LINK)
        if fields is None:
            return None
        url, title = fields.text("url"), fields.text("title")
        return Link(url, title) if url else None

    def retirement(self, fields: Fields) -> Retirement | None:
        node = fields.values.get("retired")
        inner = self.reader.fields(node, RETIRED) if node is not None else None
        if node is None or inner is None:
            return None
        reason, replaced_by = inner.text("reason"), inner.text("replaced_by")
        return Retirement(find_first_span(node), reason, replaced_by) if reason else None

    def snippet(self, fields: Fields) -> Text | None:
        name = fields.text("snippet")
        return name if name and self.shelf.has(name, self.reader) else None
