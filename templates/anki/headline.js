// Comfort only. An answer of one fact begins with its core, which stands large: up to the first period or colon that ends
// a clause. cardpress/markdown/headline.py does the same for page and paper, and explains each rule.
(function () {
  var LONGEST = 90, CLOSED = "\ufffc";
  var OPEN_IN = /^(EM|STRONG|DEL|MARK|SUB|SUP|SPAN|BDI|B|I|U)$/, BLOCK = /^(P|UL|OL|PRE|TABLE|BLOCKQUOTE|H[1-6]|HR|DIV)$/;
  var PAIRS = { "(": ")", "[": "]", "{": "}", '"': '"', "“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", "（": "）",
    "【": "】", "《": "》" };
  var SHORT = ("vs cf dr mr mrs ms prof st approx ca incl excl resp viz al jr " +
    "bzw evtl ggf inkl sog vgl usw abs sr sra dra mme mlle").split(" ");
  var BEFORE_NUMBERS = ("no nr núm nº fig figs eq sec ch vol p pp art ed max min kap abb " +
    "jan feb mar apr jun jul aug sep sept okt oct nov dez dec").split(" ");
  var ORDINALS = "bs cs da de et fi fo hr hu is lv nb nn no pl sk sl sr tr".split(" ");

  function isLetter(sign) { return sign.toLowerCase() !== sign.toUpperCase(); }
  function isSmall(sign) { return isLetter(sign) && sign === sign.toLowerCase(); }
  function close(text) { return Array(Math.max(1, text.length) + 1).join(CLOSED); }
  function flat(node) {
    // Formulas, whose signs are written here so that Anki sees none.
    if (node.nodeType === 3) return node.data.replace(/\x5c[(][^]*?\x5c[)]|\x5c\x5b[^]*?\x5c\x5d/g, close);
    if (node.nodeType !== 1) return "";
    if (node.tagName === "BR") return "\n";
    if (OPEN_IN.test(node.tagName)) return Array.prototype.map.call(node.childNodes, flat).join("");
    return close(node.textContent);
  }
  function listClosed(text) {
    var closed = [], opened = [], waiting = {}, edges = [], depth = 0, place, pair;
    function wait(signs, by) { signs.split("").forEach(function (sign) { waiting[sign] = (waiting[sign] || 0) + by; }); }
    for (place = 0; place < text.length; place++) {
      if (waiting[text[place]]) {
        do { pair = opened.pop(); wait(pair[1], -1); } while (pair[1].indexOf(text[place]) < 0);
        edges[pair[0]] = (edges[pair[0]] || 0) + 1;
        edges[place + 1] = -1;
      } else if (PAIRS[text[place]]) {
        opened.push([place, PAIRS[text[place]]]);
        wait(PAIRS[text[place]], 1);
      }
    }
    for (place = 0; place < text.length; place++) closed.push((depth += edges[place] || 0) > 0);
    return closed;
  }
  function ends(text, place, after, hasOrdinals) {
    if (isSmall(after.charAt(0)) || text[place - 1] === ".") return false;
    if (text[place] !== "." || !after) return true;
    var word = text.slice(0, place).split(/[\s\ufffc]/).pop(), isFirst = !text.slice(0, place - word.length).trim();
    word = word.replace(/^[^\p{L}\p{N}]+/u, "").toLowerCase();
    var parts = word.split(".");
    return !((parts.length > 1 && parts.every(function (part) {
      return part.length > 0 && part.length <= 2 && part.split("").every(isLetter);
    })) || (word.length === 1 && isLetter(word)) || SHORT.indexOf(word) >= 0 ||
      (BEFORE_NUMBERS.indexOf(word) >= 0 && /^[0-9]/.test(after)) ||
      (hasOrdinals && !isFirst && /^[0-9]{1,2}$/.test(word)));
  }
  function endsClause(text, place, hasOrdinals) {
    var sign = text[place], after = text.slice(place + 1);
    if ("。！？．".indexOf(sign) >= 0 || (sign === "：" && after.trim())) return true;
    if (after && !/^\s/.test(after)) return false;
    return (sign === ":" && after.trim() !== "") ||
      (".!?؟۔।".indexOf(sign) >= 0 && ends(text, place, after.trim(), hasOrdinals));
  }
  function findEnd(line, nodes, language) {
    var text = nodes.map(flat).join("").replace(/<[A-Za-z/!?][^<>]*>/g, close), closed = listClosed(text), start = 0;
    var until = text.length - text.trimStart().length + 2 * LONGEST + 1; // an end behind that makes a core that is too long
    var hasOrdinals = ORDINALS.indexOf(language.split("-")[0].toLowerCase()) >= 0;
    for (var index = 0; index < nodes.length; index++) {
      var length = flat(nodes[index]).length;
      for (var place = start; place < Math.min(start + length, until); place++) {
        var isLegal = nodes[index].nodeType === 3 || place === start + length - 1;
        if (isLegal && !closed[place] && endsClause(text, place, hasOrdinals)) return place + 1;
      }
      start += length;
    }
    return text.length;
  }
  function wrap(nodes, name) {
    var box = document.createElement("span");
    box.className = name;
    nodes[0].parentNode.insertBefore(box, nodes[0]);
    nodes.forEach(function (node) { box.appendChild(node); });
  }
  function headline(answer) {
    var line = answer, first = answer.firstChild;
    while (first && !(first.nodeType === 1 || (first.nodeType === 3 && first.data.trim()))) first = first.nextSibling;
    if (!first) return;
    if (BLOCK.test(first.tagName || "")) line = first;
    var isInline = !Array.prototype.some.call(line.children, function (child) { return BLOCK.test(child.tagName); });
    if ((line !== answer && line.tagName !== "P") || !isInline) return;
    if (line.querySelector("img, audio, svg, .soundLink")) return;
    var nodes = Array.prototype.slice.call(line.childNodes);
    var language = (line.closest("[lang]") || document.documentElement).lang, text = nodes.map(flat).join("");
    var end = findEnd(line, nodes, language), core = text.slice(0, end).trim(), rest = text.slice(end).trim();
    if (!/[^:：\s]/.test(core) || Array.from(core).length > LONGEST || (/[:：]$/.test(core) && !rest)) return;
    var before = [], after = [], start = 0;
    nodes.forEach(function (node) {
      var length = flat(node).length;
      if (start < end && start + length > end) after.push(node.splitText(end - start)); // only texts are cut
      (start < end ? before : after).push(node);
      start += length;
    });
    var last = before[before.length - 1];
    while (OPEN_IN.test(last.tagName) && last.lastChild) last = last.lastChild;
    var colon = last.nodeType === 3 && /\s*[:：]\s*$/.exec(last.data);
    wrap(before, "core");
    if (colon) wrap([last.splitText(colon.index)], "colon"); // its size says as much
    if (rest) wrap(after, "rest");
    answer.classList.add("headed");
  }
  Array.prototype.forEach.call(document.querySelectorAll(".lean > .answer"), headline);
})();
