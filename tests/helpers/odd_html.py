"""HTML as fields of real decks have it, and HTML that would run, load or reach out of its card as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

# What editors, dictionaries, offices and web pages leave in fields. All of it does no harm, and ships as it stands.
HARMLESS = (
    # Anki's editor, on computers and phones.
    "<div>What is <b>it</b>?</div><div><br></div><div>Line <i>two</i>&nbsp;</div>",
    '<font color="#ff0000">red</font> <span style="background-color: rgb(255, 255, 0);">mark</span>',
    '<img src="paste-0123abcd.jpg"><img src="a%20b.png" width="200" data-editor-shrink="true">',
    "\\(x^2 &lt; 3\\)&nbsp;\\[\\frac{a}{b}\\] [latex]x[/latex] [$]y[/$]",
    'a<br />b<img src="img_1.jpg" />[sound:rec 1.3gp]',
    "<BR><P ALIGN=CENTER>x</P><FONT COLOR=#ff0000 SIZE=5>y</FONT>",
    "{{c1::<b>dog</b>::animal}} and {{c2::cat}}",
    "{{c1::std}} in <code>std</code>",
    "A & B, AT&T, 1 < 2, x <3, a > b",
    # Text of several lines, and tags that are closed in another order or not at all.
    "<ul>\n<li>one\n<li>two\n</ul>",
    "<b><i>x</b></i></span></div>",
    # Dictionaries for readers of Japanese.
    '<div style="text-align: left;" class="yomitan-glossary"><ol><li data-dictionary="JMdict [2024-01-01]"><i>(noun, '
    'JMdict [2024-01-01])</i> <ul data-sc-content="glossary" lang="ja" style="list-style-type: '
    'circle;"><li>dog</li></ul>'
    '</li></ol></div><style>.yomitan-glossary ul[data-sc-content="glossary"]{list-style-type:circle}.g:not(.h) '
    '[data-dictionary="JMdict"]::before{content:"x";color:var(--text-color,#333)}@media '
    "(min-width:9px){a{color:red}}</style>",
    "<ul data-sc=forms><li>犬</li></ul><style>.g [data-dictionary='D.org [2025-12-02]'] li[data-sc='sense'] {\n"
    '  & ul[data-sc="glossary"] { list-style-type: "＊"; &::before { content: "△" } }\n}</style>',
    # Other apps.
    '<a href="plecoapi://x-callback-url/s?q=%E7%8A%AC&amp;a=b">Pleco</a> <a href=dict://dog>x</a> '
    '<a href="goldendict://two words">x</a> <a href="tel:+491234">x</a> <a href="x-dictionary:d:dog">x</a>',
    '<a href="?query=%E7%8A%AC&amp;wildcards=off" '
    'lang="ja">犬</a><ruby>犬<rp>(</rp><rt>いぬ</rt><rp>)</rp></ruby> 犬[いぬ]',
    '<span class="gloss-image-link" data-path="img/1.png" data-image-load-state="loaded"><img '
    'class="gloss-image" alt="" '
    'src="yomitan_1.png" style="width: 100%; height: 100%;"></span>',
    '<span style="display:inline-block;position:relative;">い<span '
    'style="border-color:currentColor;pointer-events:none;'
    'position:absolute;top:0.1em;left:0;right:0;height:0;border-top-width:0.1em;"></span></span>',
    '<div style="position: relative; top: 1px">x</div>',
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><path d="m 16,30 35,-25" '
    'style="fill:none;stroke:#000" />'
    '<circle r="5" cx="16" cy="30" fill="url(#dot)"/><text x="5" y="67.5">い</text></svg>',
    # Word.
    '<p class="MsoNormal" style="margin-bottom:0cm;line-height:normal"><span lang="EN-US" style="font-size:12.0pt;'
    'font-family:&quot;Times New Roman&quot;,serif;mso-fareast-language:EN-US">Text<o:p></o:p></span></p>',
    "<p style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><!--[if !supportLists]--><span style='mso-list:Ignore'>1."
    "<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;</span></span><!--[endif]-->One</p>",
    'H<sub><span style="position:relative;top:2.0pt;mso-text-raise:-2.0pt">2</span></sub>O',
    "<!--StartFragment--><b>x</b><!--EndFragment-->",
    # Google Docs, Wikipedia, chats, notebooks, pages with code.
    "<meta charset='utf-8'>"
    '<b style="font-weight:normal;" id="docs-internal-guid-1f2e"><p dir="ltr" '
    'style="line-height:1.38;margin-top:0pt;">'
    '<span style="font-size:11pt;font-variant:normal;white-space:pre-wrap;">Text</span></p></b>',
    '<b>Rust</b> is<sup id="cite_ref-1" class="reference" style="line-height: 1; unicode-bidi: isolate;"><a '
    'href="https://'
    'example.org/wiki/X#cite_note-1" style="color: rgb(11, 0, 128); background: none;">[1]</a></sup> a <a '
    'href="/wiki/Fungus" '
    'title="Fungus" class="mw-redirect">fungus</a>',
    '<span class="mwe-math-element"><math xmlns="http://www.w3.org/1998/Math/MathML" '
    'alttext="x"><semantics><mrow><mi>x</mi>'
    '<mo stretchy="false">+</mo></mrow><annotation '
    'encoding="application/x-tex">x+</annotation></semantics></math></span>',
    '<p data-start="0" class="">x<strong data-start="1">y</strong></p><span class="katex-html" '
    'aria-hidden="true"></span>',
    '<figure class="image"><img style="width:100px" src="x.png"/><figcaption>x</figcaption></figure><mark '
    'class="red">x</mark>',
    '<div class="highlight" style="background: #f8f8f8"><pre style="line-height: 125%;"><span></span><span '
    'style="color: '
    '#008000; font-weight: bold">def</span> f(x):\n  x &lt; 3</pre></div>',
    '<table border="1" cellpadding="4" style="border-collapse: collapse;"><colgroup><col style="width: '
    '50%;"></colgroup><tr>'
    '<th scope="col">a</th><td style="text-align: center;" colspan="2" bgcolor="#ffeeaa" valign="top" '
    "nowrap>b</td></tr></table>",
    "<details open><summary>More</summary>x</details><center><big>x</big></center><hr noshade>",
    '<a href="http://example.org/?a=1&b=2" target=_blank rel="noopener">x</a> <a href="mailto:a@example.org">y</a>',
    '<audio controls src="a.mp3"></audio><video controls="" width="320"><source src="b.mp4"></video>',
    '<img alt="" src="data:image/png;base64,iVBORw0KGgo=">',
)
# What would run, load or mislead, straight away or in what browsers and Anki's filters make of it.
HARMFUL = (
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    '<svg><a xlink:href="javascript:alert(1)"><text y="9">x</text></a></svg>',
    '<svg><use href="data:image/svg+xml,x"/><animate attributeName=href to="javascript:alert(1)"/></svg>',
    '<svg><foreignObject><iframe src="javascript:alert(1)"></iframe></foreignObject></svg>',
    '<svg><rect fill="url(https://example.org/x)"/><rect fill="u\\72l(//example.org)"/></svg>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(1)&gt;">',
    "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="file:///etc/passwd">x</a>',
    '<a href="view-source:https://example.org/">x</a><a href=blob:x>x</a><a href=about:x>x</a><a href=chrome://x>x</a>',
    '<a href="ms-msdt:/id x">x</a>',
    '<a href="search-ms:query=x">x</a>',
    '<a href="intent://x#Intent;component=a/b;end">x</a>',
    '<a href="feed:javascript:alert(1)">x</a>',
    '<a href="dict:javascript:alert(1)">x</a>',
    '<a href="dict://javascript:alert(1)">x</a>',
    '<a href="dict:\\\\example.org\\x">x</a>',
    '<a href="C:/x">x</a>',
    "<a href='jAvA&Tab;script:alert(1)'>x</a>",
    "*<style>*{background:url[x](//example.org)}</style>",
    "<style>*{background:url y[(//example.org)]}</style>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x></object><embed src=x><link rel=stylesheet href=//example.org><base href=//example.org>",
    '<meta http-equiv=refresh content="0;url=//example.org"><meta charset=utf-7>',
    "<form action=//example.org><input autofocus onfocus=alert(1)><button "
    "formaction=javascript:alert(1)>x</button></form>",
    "<div style='background:url(https://example.org/x)'>x</div>",
    "<div style='background:u\\72l(https://example.org/x)'>x</div>",
    "<div style='background:image-set(\"https://example.org/x\" 1x)'>x</div>",
    "<div style='position:fixed;inset:0'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<style>*{background:url(//example.org)}</style>",
    "<style>@import '//example.org';</style>",
    "<style>a{}</style",
    "<style>a[b{}</style>]*{background:url(//example.org)}",
    "<img src='https://example.org/x.png'>",
    "<img src='//example.org/x.png'><img src='\\\\example.org\\x.png'><img src=x srcset='//example.org/x.png 2x'>",
    "<img name=getElementById src=x><video poster=//example.org><table background=//example.org>",
    "<img src=`x`onerror=alert(1)>",
    "<img src='x'title='y'onerror=alert(1)>",
    '<img src="x" src="https://example.org/x.png">',
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml ><img src=x onerror=alert(1)>?>",
    "</ x><img src=x onerror=alert(1)>",
    "<plaintext><xmp><listing><textarea><title><template><select><option>",
    "<b\u0338img src=x onerror=alert(1)>",
    "a<",
    "a<img",
    # Of these, the filters for readings take out what stands in brackets or before them.
    '<img  src="x[/onerror=alert(1)//]" >',
    '<img  title="a[" alt=\'b]" onerror=alert(1) \'>',
    '<img src=x title="a[">b]" onerror=alert(1) <b>.',
    "a[<!--] <img src=x onerror=alert(1)> -->",
    "a< img[x] src=x onerror=alert(1)>b[c]",
    "<&nbsp;img[x] src=x onerror=alert(1)>",
    "<[x]img src=x onerror=alert(1)>",
    # Here a deletion begins or ends, or its hint.
    '{{c1::a<img src=x alt="x::y">}} " onerror=alert(1) <b>',
    '{{c1::<img src=x alt="}} onerror=alert(1) x="">',
    "{{c1::a<!--}} <img src=x onerror=alert(1)> -->",
    "{{c1::<}}img src=x onerror=alert(1)>",
    # And here a picture of LaTeX or a button to play a sound is put into an attribute.
    '<img alt=" [latex]">onerror=alert(1)//[/latex]',
    '<img alt=" [$]"> onerror=alert(1)//[/$]',
    '<img alt=" [sound:x.mp3]">',
    # Commands by which MathJax would run script, whole or in pieces.
    "\\(\\href{javascript:alert(1)}{x}\\)",
    "\\(\\h<b></b>ref{javascript:alert(1)}{x}\\)",
    "\\(\\h[x]ref{javascript:alert(1)}{x}\\)",
    "\\(\\{{c1::h}}ref{javascript:alert(1)}{x}\\)",
    "\\(&#92;href{javascript:alert(1)}{x}\\)",
    '\\(<img alt=" ] \\href{javascript:alert(1)}{x}">\\)',
    "\\(x\\) \\hr",
)
_TAGS = (
    "b img a div table td tr p br ruby rt rb span font li ul style svg math title o:p details pre IMG script "
    "textarea select "
    "template noscript mtext mglyph foreignObject desc annotation-xml form caption h1 circle path mi "
    "annotation clipPath "
    "meta audio video iframe"
).split()
_COMMON = ("b", "img", "a", "div", "span", "td")
_NAMES = (
    "alt title href src style data-x class onerror id name srcset a:b width STYLE aria-label x action fill "
    "charset viewBox d "
    "xlink:href"
).split()
_VALUES = (
    "x",
    *("onerror=alert(1)", " onerror=alert(1) ", "x onerror=alert(1)//", "/onerror=alert(1)//"),
    *("[", "]", "x[", "x]", " [", "a[b]c", "a [b] c", "{{c1::", "}}", "::", "{{c1::a"),
    *(
        "'",
        '"',
        "&quot;",
        "&#34;",
        "%22",
        "&lt;",
        "&gt;",
        "<",
        ">",
        "</rt>",
        "`",
        "=",
        "/",
        "\\",
        "\u0338",
        "-->",
        "<!--",
    ),
    *("&nbsp;", "a&nbsp;b", "javascript:alert(1)", "java&Tab;script:alert(1)", "http://example.org/?a=1&b=2"),
    *("color:red", "position:fixed", "url(#a)", "url(//example.org)", "u\\72l(//example.org)"),
    *("[sound:a]", "[latex]", "[/latex]", "[$]"),
)
_TEXTS = (
    *("a", "b ", " ", "\n", "<", "< ", "<3", "</", "<?x ", "&", "&lt;", "&#60;", "&nbsp;", "'", '"', ">", "=", "]]>"),
    *("[", "]", "x[y]", " 漢字[かん]", " b[", "{{c1::", "}}", "::", "{{c2::b::hint}}", "{{c1::b}}"),
    *(
        "[sound:x.mp3]",
        "[latex]",
        "[/latex]",
        "<!--",
        "-->",
        "<!-- a -->",
        "<!--[",
        "<![CDATA[",
        "\u0338",
        "\x00",
        "\x1f",
    ),
    *("onerror=alert(1) ", '" onerror=alert(1) ', "img src=x onerror=alert(1)>", "img[x] src=x onerror=alert(1) "),
    "<img&nbsp;src=x&nbsp;onerror=alert(1)>",
    *("\\(", "\\)", "\\href{javascript:alert(1)}{x}", "\\h", "ref{x}"),
    *("<style>", "</style>", "<style>a[b]{color:red}</style>", "<style>*{position:fixed}</style>"),
)


def list_odd_html(seed: int, count: int) -> Iterator[str]:
    """Yield texts of tags, attributes and signs in any order, whole or not; the same ones for the same seed."""
    random = Random(seed)
    for _ in range(count):
        parts = (_tag(random) if random.random() < 0.5 else random.choice(_TEXTS) for _ in range(random.randint(1, 8)))
        yield "".join(parts)


def _tag(random: Random) -> str:
    name = random.choice(_TAGS if random.random() < 0.4 else _COMMON)
    if random.random() < 0.25:
        return f"</{name}>"
    attributes = "".join(_attribute(random) for _ in range(random.choice((0, 0, 1, 1, 2, 3))))
    return f"<{name}{attributes}{random.choice(('>', '>', '>', '>', '>', '>', '/>', ' />', ''))}"


def _attribute(random: Random) -> str:
    if random.random() < 0.05:
        return f" {random.choice(_NAMES)}"
    quote = random.choice(('"', '"', '"', "'", ""))
    value = "".join(random.choice(_VALUES) for _ in range(random.choice((1, 1, 1, 2, 3))))
    if quote and random.random() < 0.7:
        value = value.replace(quote, "")
    if random.random() < 0.6:
        value = value.replace("<", "").replace(">", "")
    space = random.choice((" ", " ", "  ", "\n", "", "/")) if random.random() < 0.2 else random.choice((" ", "  "))
    equals = " = " if random.random() < 0.05 else "="
    return f"{space}{random.choice(_NAMES)}{equals}{quote}{value}{quote}"
