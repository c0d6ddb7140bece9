"""The signs of formulas, by the commands that write them: those that Anki's MathJax knows, with the same characters."""

from __future__ import annotations


def _read(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


# Letters, which stand in italics.
LETTERS = _read(
    "alpha α beta β gamma γ delta δ epsilon ϵ zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ omicron "
    "ο pi π rho ρ sigma σ tau τ upsilon υ phi ϕ chi χ psi ψ omega ω varepsilon ε vartheta ϑ varpi ϖ varrho ϱ "
    "varsigma ς varphi φ hbar ℏ imath ı jmath ȷ ell ℓ partial ∂ digamma ϝ varkappa ϰ varGamma Γ varDelta Δ "
    "varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varUpsilon Υ varPhi Φ varPsi Ψ varOmega Ω beth ℶ gimel ℷ "
    "daleth ℸ hslash ℏ "
)
# Signs and letters that stand upright.
UPRIGHT = _read(
    "S § aleph ℵ wp ℘ Re ℜ Im ℑ infty ∞ emptyset ∅ nabla ∇ top ⊤ bot ⊥ angle ∠ triangle △ forall ∀ exists ∃ neg ¬ "
    "lnot ¬ flat ♭ natural ♮ sharp ♯ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ circledS Ⓢ eth ð Gamma Γ "
    "Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω And & square ◻ Box ◻ blacksquare ◼ "
    "lozenge ◊ Diamond ◊ blacklozenge ⧫ bigstar ★ sphericalangle ∢ measuredangle ∡ nexists ∄ complement ∁ mho ℧ "
    "Finv Ⅎ diagup ╱ Game ⅁ diagdown ╲ yen ¥ circledR ® checkmark ✓ maltese ✠ blacktriangle ▴ triangledown ▽ "
    "blacktriangledown ▾ varnothing ∅ prime ′ backprime ‵ degree ° ohm Ω celsius ℃ perthousand ‰ micro µ Bbbk 𝕜 "
)
# Greek letters that stand upright: `\\upalpha`, `\\Upgamma`.
UPRIGHT |= {f"up{name}": letter for name, letter in LETTERS.items() if "α" <= letter <= "ϵ" and letter.isalpha()}
UPRIGHT |= {f"Up{name.lower()}": letter for name, letter in UPRIGHT.items() if "Α" <= letter <= "Ω" and name != "ohm"}
# Operators, relations, arrows and dots.
OPERATORS = _read(
    "surd √ smallint ∫ triangleleft ◃ triangleright ▹ bigtriangleup △ bigtriangledown ▽ wedge ∧ land ∧ vee ∨ lor "
    "∨ cap ∩ cup ∪ ddagger ‡ dagger † sqcap ⊓ sqcup ⊔ uplus ⊎ amalg ⨿ diamond ⋄ bullet ∙ wr ≀ div ÷ divsymbol ÷ "
    "odot ⊙ oslash ⊘ otimes ⊗ ominus ⊖ oplus ⊕ mp ∓ pm ± circ ∘ bigcirc ◯ setminus ∖ cdot ⋅ ast ∗ times × star ⋆ "
    "propto ∝ sqsubseteq ⊑ sqsupseteq ⊒ parallel ∥ mid ∣ dashv ⊣ vdash ⊢ leq ≤ le ≤ geq ≥ ge ≥ lt < gt > succ ≻ "
    "prec ≺ approx ≈ succeq ⪰ preceq ⪯ supset ⊃ subset ⊂ supseteq ⊇ subseteq ⊆ in ∈ ni ∋ notin ∉ owns ∋ gg ≫ ll ≪ "
    "sim ∼ simeq ≃ perp ⊥ equiv ≡ asymp ≍ smile ⌣ frown ⌢ ne ≠ neq ≠ cong ≅ doteq ≐ bowtie ⋈ models ⊨ "
    "Leftrightarrow ⇔ Leftarrow ⇐ Rightarrow ⇒ leftrightarrow ↔ leftarrow ← gets ← rightarrow → to → mapsto ↦ "
    "leftharpoonup ↼ leftharpoondown ↽ rightharpoonup ⇀ rightharpoondown ⇁ nearrow ↗ searrow ↘ nwarrow ↖ swarrow "
    "↙ rightleftharpoons ⇌ hookrightarrow ↪ hookleftarrow ↩ longleftarrow ⟵ Longleftarrow ⟸ longrightarrow ⟶ "
    "Longrightarrow ⟹ Longleftrightarrow ⟺ longleftrightarrow ⟷ longmapsto ⟼ ldots … cdots ⋯ vdots ⋮ ddots ⋱ "
    "dotsc … dotsb ⋯ dotsm ⋯ dotsi ⋯ dotso … ldotp . cdotp ⋅ colon : dotplus ∔ ltimes ⋉ smallsetminus ∖ rtimes ⋊ "
    "Cap ⋒ doublecap ⋒ leftthreetimes ⋋ Cup ⋓ doublecup ⋓ rightthreetimes ⋌ barwedge ⊼ curlywedge ⋏ veebar ⊻ "
    "curlyvee ⋎ doublebarwedge ⩞ boxminus ⊟ circleddash ⊝ boxtimes ⊠ circledast ⊛ boxdot ⊡ circledcirc ⊚ boxplus "
    "⊞ centerdot ⋅ divideontimes ⋇ intercal ⊺ leqq ≦ geqq ≧ leqslant ⩽ geqslant ⩾ eqslantless ⪕ eqslantgtr ⪖ "
    "lesssim ≲ gtrsim ≳ lessapprox ⪅ gtrapprox ⪆ approxeq ≊ lessdot ⋖ gtrdot ⋗ lll ⋘ llless ⋘ ggg ⋙ gggtr ⋙ "
    "lessgtr ≶ gtrless ≷ lesseqgtr ⋚ gtreqless ⋛ lesseqqgtr ⪋ gtreqqless ⪌ doteqdot ≑ Doteq ≑ eqcirc ≖ "
    "risingdotseq ≓ circeq ≗ fallingdotseq ≒ triangleq ≜ backsim ∽ thicksim ∼ backsimeq ⋍ thickapprox ≈ subseteqq "
    "⫅ supseteqq ⫆ Subset ⋐ Supset ⋑ sqsubset ⊏ sqsupset ⊐ preccurlyeq ≼ succcurlyeq ≽ curlyeqprec ⋞ curlyeqsucc "
    "⋟ precsim ≾ succsim ≿ precapprox ⪷ succapprox ⪸ vartriangleleft ⊲ lhd ⊲ vartriangleright ⊳ rhd ⊳ "
    "trianglelefteq ⊴ unlhd ⊴ trianglerighteq ⊵ unrhd ⊵ vDash ⊨ Vdash ⊩ Vvdash ⊪ smallsmile ⌣ shortmid ∣ "
    "smallfrown ⌢ shortparallel ∥ bumpeq ≏ between ≬ Bumpeq ≎ pitchfork ⋔ varpropto ∝ backepsilon ∍ "
    "blacktriangleleft ◂ blacktriangleright ▸ therefore ∴ because ∵ eqsim ≂ vartriangle △ Join ⋈ nless ≮ ngtr ≯ "
    "nleq ≰ ngeq ≱ nleqslant ⪇ ngeqslant ⪈ nleqq ≰ ngeqq ≱ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩ lvertneqq ≨ gvertneqq ≩ "
    "lnsim ⋦ gnsim ⋧ lnapprox ⪉ gnapprox ⪊ nprec ⊀ nsucc ⊁ npreceq ⋠ nsucceq ⋡ precneqq ⪵ succneqq ⪶ precnsim ⋨ "
    "succnsim ⋩ precnapprox ⪹ succnapprox ⪺ nsim ≁ ncong ≇ nshortmid ∤ nshortparallel ∦ nmid ∤ nparallel ∦ nvdash "
    "⊬ nvDash ⊭ nVdash ⊮ nVDash ⊯ ntriangleleft ⋪ ntriangleright ⋫ ntrianglelefteq ⋬ ntrianglerighteq ⋭ nsubseteq "
    "⊈ nsupseteq ⊉ nsubseteqq ⊈ nsupseteqq ⊉ subsetneq ⊊ supsetneq ⊋ varsubsetneq ⊊ varsupsetneq ⊋ subsetneqq ⫋ "
    "supsetneqq ⫌ varsubsetneqq ⫋ varsupsetneqq ⫌ leftleftarrows ⇇ rightrightarrows ⇉ leftrightarrows ⇆ "
    "rightleftarrows ⇄ Lleftarrow ⇚ Rrightarrow ⇛ twoheadleftarrow ↞ twoheadrightarrow ↠ leftarrowtail ↢ "
    "rightarrowtail ↣ looparrowleft ↫ looparrowright ↬ leftrightharpoons ⇋ curvearrowleft ↶ curvearrowright ↷ "
    "circlearrowleft ↺ circlearrowright ↻ Lsh ↰ Rsh ↱ upuparrows ⇈ downdownarrows ⇊ upharpoonleft ↿ "
    "upharpoonright ↾ downharpoonleft ⇃ restriction ↾ multimap ⊸ downharpoonright ⇂ leftrightsquigarrow ↭ "
    "rightsquigarrow ⇝ leadsto ⇝ dashrightarrow ⇢ dashleftarrow ⇠ nleftarrow ↚ nrightarrow ↛ nLeftarrow ⇍ "
    "nRightarrow ⇏ nleftrightarrow ↮ nLeftrightarrow ⇎ dots … iff ⟺ implies ⟹ impliedby ⟸ coloneqq ≔ "
    "coloneq :− eqqcolon ≕ dblcolon ∷ Coloneqq ∷= Coloneq ∷− Eqqcolon =∷ eqcolon −: Eqcolon −∷ colonapprox :≈ "
    "Colonapprox ∷≈ colonsim :∼ Colonsim ∷∼ centercolon : ordinarycolon : MTThinColon : "
    "longrightleftharpoons ⇌ longRightleftharpoons ⇌ longLeftrightharpoons ⇌ longleftrightarrows ⇄ "
)
# Operators that are large in a formula of its own.
LARGE = _read(
    "coprod ∐ bigvee ⋁ bigwedge ⋀ biguplus ⨄ bigcap ⋂ bigcup ⋃ int ∫ intop ∫ iint ∬ iiint ∭ prod ∏ sum ∑ "
    "bigotimes ⨂ bigoplus ⨁ bigodot ⨀ oint ∮ bigsqcup ⨆ iiiint ⨌ bigtimes ⨉ "
)
# Signs of texts.
WORDS = _read(
    "textasciicircum ^ textasciitilde ~ textasteriskcentered * textbackslash \\ textbar | textbraceleft { "
    "textbraceright } textbullet • textdagger † textdaggerdbl ‡ textellipsis … textemdash — textendash – "
    "textexclamdown ¡ textgreater > textless < textordfeminine ª textordmasculine º textparagraph ¶ "
    "textperiodcentered · textquestiondown ¿ textquotedblleft “ textquotedblright ” textquoteleft ‘ "
    "textquoteright ’ textsection § textunderscore _ textvisiblespace ␣ textacutedbl ˝ textasciiacute ´ "
    "textasciibreve ˘ textasciicaron ˇ textasciidieresis ¨ textasciimacron ¯ textgravedbl ˵ texttildelow ˷ "
    "textbaht ฿ textcent ¢ textcolonmonetary ₡ textcurrency ¤ textdollar $ textdong ₫ texteuro € textflorin ƒ "
    "textguarani ₲ textlira ₤ textnaira ₦ textpeso ₱ textsterling £ textwon ₩ textyen ¥ textcircledP ℗ "
    "textcopyleft 🄯 textcopyright © textregistered ® textservicemark ℠ texttrademark ™ textbardbl ‖ textbigcircle "
    "◯ textblank ␢ textbrokenbar ¦ textdiscount ⁒ textestimated ℮ textinterrobang ‽ textinterrobangdown ⸘ "
    "textmusicalnote ♪ textnumero № textopenbullet ◦ textpertenthousand ‱ textperthousand ‰ textrecipe ℞ "
    "textreferencemark ※ textlangle 〈 textrangle 〉 textlbrackdbl ⟦ textrbrackdbl ⟧ textlquill ⁅ textrquill ⁆ "
    "textcelsius ℃ textdegree ° textdiv ÷ textdownarrow ↓ textfractionsolidus ⁄ textleftarrow ← textlnot ¬ "
    "textmho ℧ textminus − textmu µ textohm Ω textonehalf ½ textonequarter ¼ textonesuperior ¹ textpm ± "
    "textrightarrow → textsurd √ textthreequarters ¾ textthreesuperior ³ texttimes × texttwosuperior ² "
    "textuparrow ↑ textborn * textdied † textdivorced ⚮ textmarried ⚭ textcentoldstyle ¢ textdollaroldstyle $ "
    "textzerooldstyle 0 textoneoldstyle 1 texttwooldstyle 2 textthreeoldstyle 3 textfouroldstyle 4 "
    "textfiveoldstyle 5 textsixoldstyle 6 textsevenoldstyle 7 texteightoldstyle 8 textnineoldstyle 9 "
)
# What can stand behind `\left`, `\right`, `\middle` and `\big`: characters, and commands.
SIGNS_AS_DELIMITERS = {**{sign: sign for sign in "()[]|/"}, ".": "", "<": "⟨", ">": "⟩"}
DELIMITERS = _read(
    "{ { } } lbrace { rbrace } lbrack [ rbrack ] lparen ( rparen ) langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ "
    "rfloor ⌋ lvert | rvert | vert | lVert ‖ rVert ‖ Vert ‖ | ‖ backslash \\ uparrow ↑ downarrow ↓ updownarrow ↕ "
    "Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ lgroup ⟮ rgroup ⟯ lmoustache ⎰ rmoustache ⎱ ulcorner ⌜ urcorner ⌝ "
    "llcorner ⌞ lrcorner ⌟ arrowvert ⏐ Arrowvert ‖ bracevert ⎪ "
)
# Of these, what opens and what closes where it stands by itself.
OPENING = frozenset("([{⟨⌈⌊⟦⎰⌜⌞")
CLOSING = frozenset(")]}⟩⌉⌋⟧⎱⌝⌟")
# Names of functions, and those of them that have what is below them under them.
NAMES = frozenset(
    "arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh".split()
)
NAMES_WITH_LIMITS = {
    **{name: name for name in "det gcd inf lim max min Pr sup".split()},
    "liminf": "lim inf",
    "limsup": "lim sup",
    "injlim": "inj lim",
    "projlim": "proj lim",
}
# Integrals have their limits beside them.
BESIDE = frozenset("∫∬∭∮⨌∯∰")
# Accents: the sign above (or, with `_`, below) what they stand on, and whether it is as wide as that.
ACCENTS = {
    "acute": ("´", False),
    "bar": ("¯", False),
    "breve": ("˘", False),
    "check": ("ˇ", False),
    "ddddot": ("⃜", False),
    "dddot": ("⃛", False),
    "ddot": ("¨", False),
    "dot": ("˙", False),
    "grave": ("`", False),
    "hat": ("^", False),
    "mathring": ("˚", False),
    "tilde": ("~", False),
    "vec": ("→", False),
    "overbrace": ("⏞", True),
    "overbracket": ("⎴", True),
    "overleftarrow": ("←", True),
    "overleftrightarrow": ("↔", True),
    "overline": ("‾", True),
    "overparen": ("⏜", True),
    "overrightarrow": ("→", True),
    "widehat": ("^", True),
    "widetilde": ("~", True),
    "underbrace": ("_⏟", True),
    "underbracket": ("_⎵", True),
    "underleftarrow": ("_←", True),
    "underleftrightarrow": ("_↔", True),
    "underline": ("_‾", True),
    "underparen": ("_⏝", True),
    "underrightarrow": ("_→", True),
}
# Arrows that are as long as what stands on them.
ARROWS = {
    "xleftarrow": "←",
    "xrightarrow": "→",
    "xleftrightarrow": "↔",
    "xLeftarrow": "⇐",
    "xRightarrow": "⇒",
    "xLeftrightarrow": "⇔",
    "xhookleftarrow": "↩",
    "xhookrightarrow": "↪",
    "xmapsto": "↦",
    "xrightleftharpoons": "⇌",
    "xlongequal": "=",
    "xtwoheadrightarrow": "↠",
    "xtwoheadleftarrow": "↞",
    "xrightharpoonup": "⇀",
    "xrightharpoondown": "⇁",
    "xleftharpoonup": "↼",
    "xleftharpoondown": "↽",
    "xleftrightharpoons": "⇋",
    "xRightleftharpoons": "⇌",
    "xLeftrightharpoons": "⇌",
    "xtofrom": "⇄",
}
# Spaces, in ems.
SPACES = {
    ",": 0.167,
    "thinspace": 0.167,
    ":": 0.222,
    ">": 0.222,
    ";": 0.278,
    "!": -0.167,
    "negthinspace": -0.167,
    "negmedspace": -0.222,
    "negthickspace": -0.278,
    " ": 0.25,
    "\u00a0": 0.25,
    "\n": 0.25,
    "space": 0.25,
    "nobreakspace": 0.25,
    "enspace": 0.5,
    "quad": 1.0,
    "qquad": 2.0,
}
