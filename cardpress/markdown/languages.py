"""Names behind code fences: those of Pygments, and others that GitHub, VS Code, Prism or highlight.js know.

Pygments colors some of the others under a name of its own. All that are left are known, and shown without colors.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

# The language that has no colors.
PLAIN = "text"

# A name of Pygments, and others that mean it. Where it has no lexer for a language, that of a close relative.
_OTHER_NAMES = """
abap: sap-abap
applescript: apples osascript
arduino: ino
aspx-vb: asp.net aspx
autoit: au3 autoit3 autoitscript
bash: .env abuild alpine-abuild apkbuild dotenv env envrc gentoo-ebuild gentoo-eclass openrc-runscript
  shell-script shellscript
batch: batchfile cmd dos
blitzbasic: blitz3d blitzplus
blueprint: blp
c: c-header h
capnp: capnproto
cfc: cfscript coldfusion-cfc
cfm: cfml coldfusion
clean: icl
clojure: clojure-repl edn
cmake: cmake.in
cobol: standard-cobol
coffeescript: cson iced litcoffee literate-coffeescript
console: bash-session command-line commandline sh-session shellsession terminal
cpp: cc cxx h++ hh hpp hxx ipp
cpp-objdump: c++-objdump
csharp: cake cakescript dotnet
css: css-extras postcss tailwind tailwindcss
cuda: cuda-cpp hip
d: dlang
delphi: dfm dpr
desktop: freedesktop
diff: git-diff gitdiff patch
django: j2 jinja2
docker: containerfile
dpatch: darcs-patch
emacs-lisp: cask eask
email: e-mail mail mbox
extempore: xtlang xtm
fortran: f95
foxpro: advpl
fsharp: fs
gas: assembly unix-assembly x86asmatt
gcode: nc
gdscript: godot
gherkin: feature
go: gno gnolang
graphql: gql
graphviz: gv
groff: man-page manpage mdoc roff troff
groovy: gradle jenkins jenkinsfile
handlebars: ember-template glimmer hbs html.handlebars html.hbs htmlbars mustache
html: aspnet astro cshtml edge eex ejs heex html+eex html+razor leex marko markup razor razor-cshtml riot svelte
  vue-html xhtml
html+django: html.jinja htmljinja jinja-html njk nunjucks
http: http-request https hurl
igor: igor-pro ipf
inform7: inform-7
ini: conf editor-config editorconfig git-config gitconfig gitmodules npm-config npmrc
irc: irc-log
java: apex beanshell
javascript: babel cjs es6 flow gjs jsm mjs mongodb node node-repl
jlcon: jldoctest
json: avsc code-workspace geojson hjson importmap ipynb json-with-comments jsonc jsonl jsonp jupyter-notebook
  ndjson sarif topojson webmanifest
jsp: java-server-pages
jsx: javascriptreact
kotlin: gradle-kotlin-dsl kt ktm kts ktx
lean4: lean-4
less: less-css
lilypond: ly
livescript: ls
lua: pluto
make: just justfile mak mk
markdown: mdsvex mdx mkd mkdown pandoc qmd quarto rmarkdown rmd
mathematica: wolfram-language
mips: mipsasm
nasm: x86asm
nginx: nginx-conf nginxconf
objective-c++: mm objective-cpp
ocaml: ml
odin: odin-lang odinlang
openedge: openedge-abl
openscad: scad
perl: cperl pm
perl6: perl-6 pm6 rakumod
postgresql: pgsql
pot: gettext gettext-catalog
powershell: ps
prolog: problog
protobuf: proto3 protocol-buffer
puppet: pp
pycon: ipython-console python-repl
pytb: python-traceback traceback
python: bzl gyp ipython rusthon snakefile snakemake
q: kdb
qbasic: qb qb64 quickbasic
reasonml: re
rebol: redbol
robotframework: robot
ruby: fastfile gemfile gemspec jruby macruby podspec rake rakefile rbs rbx thor
scilab: sci
scss: sugarss
sml: smlnj standard-ml
solidity: sol
sparql: rq
spec: rpm rpm-spec rpm-specfile specfile
splus: rscript
sql: cql esql hiveql mariadb n1ql oracle plsql sqlite sqlite-sql sqlpl surql surrealql
stan: stanfuncs
stata: ado
supercollider: sclang
tcl: sdc xdc
terraform: opentofu terraform-template tfvars
tex: context
text: fundamental plain plaintext txt
toml: cargo-lock pipfile
tsx: typescriptreact
turtle: trig
twig: craftcms
typescript: cts gts mts
typst: typ
vb.net: vb visual-basic-.net
vbscript: vbs
velocity: velocity-template-language vtl
verilog: svh
vim: neovim nvim vim-script viml vimscript
wast: wasm webassembly
webidl: web-idl
wren: wrenlang
xml: ant-build-system atom collada csproj fxml gpx kml mathml maven-pom nuspec plist resx rss ssml svg vcxproj
  wsdl wsf xjb xml-doc xml-property-list xsd
xpp: axapta
xquery: xpath
xslt: xsl
yaml: common-workflow-language cwl docker-compose dockercompose miniyaml openapi pubspec unity3d-asset
yaml+jinja: saltstack saltstate
zephir: zep
"""

# Languages and formats for which Pygments has no lexer.
_WITHOUT_COLORS = """
1c 1c-enterprise 2-dimensional-array 4d abap-cds abc accesslog acfm ackrc adb adblock adblock-filter-list
adobe-font-metrics adoc afdko ags ags-script aidl aiken ak al alan aleo algol altium altium-designer amfm amusewiki
angelscript answer-set-programming antlers antlr4 api-blueprint apollo-guidance-computer aql arc arcade arff arm
arm-asm armasm ascii asciidoc asl asm6502 asmatmel asn.1 asp ass ats ats2 autoconf avdl avisynth avrasm avro-idl avs
b b4x bal ballerina baml base64 bbj beef bh bibtex-style bicep bikeshed binary bind birb bird bird2 bird3 bison
blade bluespec bluespec-bh bpmn brighterscript brightscript browserslist bru bsl bsv buildstream byond c2hs
c2hs-haskell c3 c4 cabal cabal-config cadence cairo cairo-zero cal cameligo candid cangjie cap-cds carto cartocss
cds cedar cedarschema changelog chaos charity chart chat chatagent checksum checksums chuck cil cilk cilk-c cilk-cpp
cilkc cilkcpp circom cisco clarion clarity classic-asp click clike clips closure-templates
cloud-firestore-security-rules cls clue coccinelle code-runner-output code-text-binary codeowners commit
component-pascal conc concurnas conll conll-u conll-x cooklang cool cos cpc creole crm cron crontab crt csp
css-selector csv cue cue-sheet curl curl-config curlrc curry cweb cycript cylc d2 d2lang dafny daslang dataweave
dbml dcl debian-package-control-file denizenscript dhall did digital-command-language dircolors directx-3d-file
ditaa dj djot dm dns dns-zone dns-zone-file dogescript dsconfig dst dtrace dtrace-script dune dust e eagle earthfile
earthly easybuild ecere-projects echarts eclipse ecmarkdown ecmarkup ecr edgeql edje-data-collection elvish
elvish-transcript emberscript eq erlang-repl esdl eta etlua euphoria excalidraw excel excel-formula false fantom
faust fb figfont figlet-font filebench-wml filterscript firestore-security-rules firrtl fix flatbuffers flex flix
flowchart fluent flux formatted fortran-free-form fpp freebasic freemarker frege ftl g-code g4 game-maker-language
gamemakerlanguage gaml gams gantt gauss gcc-machine-description gdb gdshader gedcom gemfile.lock gemini gemtext
genero-4gl genero-per genie gerber-image gf git git-attributes git-commit git-ignore git-rebase git-revision-list
gitattributes gitignore glimmer-js glimmer-ts glyph glyph-bitmap-distribution-format gml gms gn gni go-checksums
go-mod go-module go-template go-workspace go.mod go.sum go.work go.work.sum godot-resource gotmpl gpg grace
grammatical-framework graph graph-modeling-language groovy-server-pages gsc gsp gss gtk gtkrc hack haproxy harbour
hash hashes help hex hgignore hocon holyc hoon hosts hosts-file hpkp hsp hsts html+ecr humans.txt hyphy i ical
icalendar ichigojam icu-message-format iecst ignore ignore-list ijm il-assembly ilasm imagej-macro imba imhex
imhex-pattern-language imhexpatternlanguage imhexpl inc ink inno-setup inputrc instances instructions iol iptables
irpf90 isabelle-root isbl ispc jac jai jaiva jar-manifest jass jass2 java-properties java-template-engine javadoc
javadoclike javastacktrace jboss-cli jest-snapshot jetbrains-mps jexl jflex jison jison-lex jiv jolie jq
js-templates jsdoc jsonata jsoniq jsstacktrace jte jva kaitai-struct kak kakounescript kakscript kaos katex kcl kdl
keepalived kerboscript key keyman keyvalues kframework kicad-layout kicad-legacy-layout kicad-schematic kickstart
kit kolmafia-ash krl ksy kum kumir kvlang l4 labview lambdapi langium lark latex-math latte ld leaf legal leo lex
lfe license ligolang likec4 linear-programming linker-script linux-kernel-module liq liquidsoap livecode-script
livecodeserver ln lobster log logs lolcode lookml loomscript lotusscript lss ltspice-symbol lyrics m m3u m4 m4sugar
m68k magik magma markojs mata math mathematical-programming-system max max/msp maxmsp maxscript mbt mel mercury
mermaid metafont metal metapost metta microsoft-developer-studio-project microsoft-visual-studio-solution mikrotik
minizinc minizinc-data mint mirah mirc mirc-script mirth mizar mkb mlir mlw mo modula-2 modula-3
module-management-system mojolicious monkey-c moonbit motoko motorola-68k-assembly move mps mrc mscript msil mtml
muf mumps muse n4js n4jsd nand2tetris-hdl nani naniscript nanorc nargo nasal nasl ne-on nearley neon neosnippet
netlinx netlinx+erb netlogo never nevod nextflow nickel ninja nl nmodl no-highlight nohighlight noir nolang nomnoml
none npmignore nu nu-script nush nushell nushell-script nwscript oak oasv2 oasv2-json oasv2-yaml oasv3 oasv3-json
oasv3-yaml oberon object-data-instance-notation objectscript ocl ol omgrofl omnet++-msg omnet++-ned omnetpp-msg
omnetpp-ned oncrpc opal open-policy-agent openapi-specification-v2 openapi-specification-v3 opencl opencl-extensions
openqasm openstep-property-list opentype-feature-file option-list opts opy oscript overpassql overpy ox oxygene oz
p21 p4 p6 pact papyrus parigp parrot parrot-assembly parrot-internal-representation parser parser3 pascaligo pasm pb
pbfasm pbi pcaxis pcbnew pcode pde peg.js peoplecode pep8 pf pf.conf php-extras php-template phpdoc pic pickle
picolisp piglatin pikchr pine pinescript pip-requirements pir pkg-config pkgconf pkl plain-text plant-uml plantuml
pod pod-6 pod6 pogoscript polar pov-ray pov-ray-sdl povray power-query powerbuilder poweron powerquery pq prg prisma
processing profile proguard prompt propeller-spin protocol-buffer-text-format psc psl psv public-key pure pure-data
purebasic px pyret q# qasm qmake qore qs qsharp qt qt-script quake quakec quint rakudoc rakuquoting rakuregexe raml
rascal rascript raw raw-token-data rbnf rdoc readline readline-config realbasic reasonligo record-jar red-system
redirect-rules redirects redscript regex regexp regular-expression renderscript renpy res rescript rez rf rib
rich-text-format ring rip risc riscript riscv riscvasm roboconf robots robots-exclusion-rules robots.txt robotx.txt
roc roff-manpage ron ros-interface rosmsg rouge routeros routeros-script rpc rpcgen rpgle rpy rs-274x ruleslanguage
runoff rvt rvt-script sail scenic scl search-result self selinux-policy sepolicy sequence sfv sfz shaderlab
shellcheck-config shellcheckrc shortcode simple-file-verification slang slice slint sln smpl smt snipmate snippet
snippets solution-file sourcemod sourcepawn soy spicedb-schema spl spline-font-database splunk-spl sqf sqlrpgle
squirrel srecode-template srt ssh-config ssh_config sshconfig sshd_config sshdconfig star stderr stdin stdout step
step21 stl stla ston stp stringtemplate structured-text structurizr styl stylus subrip-text subtitles subunit sum
sums survex-data sway sweave t4 t4-cs t4-vb taggerscript talon tao tape templ terra texinfo text-plain textgrid
textile textmate-properties ti-program tikz tk tl tl-verilog tla tm-properties tmdl todo toit tolk tor-config torrc
tp tree-sitter-query tree-view treeview tremor trickle troy tsconfig tsp tsplib-data tsq tsv tt2 ttcn ttcn3 ttcnpp
turing txl txt2tags type-language typespec u uc ultisnip ultisnips unicode unicorn-rails-log unified-parallel-c
unison uno unrealscript untyped-plutus-core uorazor ur ur/web uri url urweb uscript valve-data-format vb6 vba
vbscript-html vcard vdf vega vega-lite vento verse veryl vhs vim-help-file vim-snippet vimhelp visual-basic-6.0
vlang volt voltscript vss vtt warpscript wavefront-material wavefront-object wdl web-ontology-language
webassembly-interface-type webvtt wget-config wgetrc whyml wiki wildfly-cli win32-message-file
windows-registry-entries wisp wit witcher-script wollok world-of-warcraft-addon-data x-bitmap x-font-directory-index
x-pixmap xbm xc xcompose xdr xeora xeoracube xl xls xlsx xmake xojo xonsh xpages xpm xproc xs xsharp yacc yas
yasnippet yul zap zenscript zil zimpl zmodel zs
"""


@cache
def list_languages() -> frozenset[str]:
    """Return every name that is known, in lowercase."""
    return _list_lexers() | _other_names().keys() | _without_colors()


@lru_cache(maxsize=256)
def find_lexer_name(language: str) -> str | None:
    """Return the name by which Pygments knows a language, `text` for one without colors, None for an unknown one.

    What is attached to a name (`rust,ignore`, `python{1,3}`, `{.python}`, `js:app.js`) says no language.
    """
    for name in (language.lower(), re.split("[,{}:]", language.lower().lstrip("{.").rstrip("}"), maxsplit=1)[0]):
        if name in _list_lexers():
            return name
        if name in _other_names():
            return _other_names()[name]
        if name in _without_colors():
            return PLAIN
    return None


@cache
def _list_lexers() -> frozenset[str]:
    from pygments.lexers._mapping import LEXERS  # the table alone: its lexers stay unloaded

    return frozenset(alias for _, _, aliases, _, _ in LEXERS.values() for alias in aliases)


@cache
def _other_names() -> dict[str, str]:
    lines = re.sub(r"\n +", " ", _OTHER_NAMES).strip().splitlines()
    pairs = (line.split(": ", 1) for line in lines)
    return {name: lexer for lexer, names in pairs for name in names.split()}


@cache
def _without_colors() -> frozenset[str]:
    return frozenset(_WITHOUT_COLORS.split())
