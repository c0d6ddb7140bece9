// Shows a side of a card as Anki's window does: its HTML goes into the page, its scripts run, formulas are set, and masks
// are drawn on a picture. What cards call has Anki's own names.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("side").textContent);
  var qa = document.getElementById("qa");

  function each(list, act) { Array.prototype.forEach.call(list, act); }

  // --- sounds: what a click on a play button calls

  window.pycmd = window.bridgeCommand = function (command) {
    var sound = data.sounds[command];
    if (!sound) return;
    if (sound.file) { new Audio(sound.file).play().catch(function () {}); return; }
    if (!window.speechSynthesis) return;
    var speech = new SpeechSynthesisUtterance(sound.text);
    speech.lang = sound.language.replace("_", "-");
    speech.rate = sound.speed;
    speechSynthesis.speak(speech);
  };

  // --- masks: Anki keeps each as an empty element, whose place is in parts of the picture

  var isHidden = false;

  function read(style, name, otherwise) { return style.getPropertyValue(name).trim() || otherwise; }

  // The outlines of shapes, whose left upper corner is at 0, 0.
  var SHAPES = {
    rect: function (context, place, across, down) { context.rect(0, 0, across(place.width), down(place.height)); },
    ellipse: function (context, place, across, down) {
      context.ellipse(across(place.rx), down(place.ry), across(place.rx), down(place.ry), 0, 0, 2 * Math.PI);
    },
    polygon: function (context, place, across, down) {
      var points = (place.points || "0,0").split(" ").map(function (point) { return point.split(",").map(Number); });
      function least(axis) { return Math.min.apply(null, points.map(function (point) { return point[axis]; })); }
      points.forEach(function (point) { context.lineTo(across(point[0] - least(0)), down(point[1] - least(1))); });
      context.closePath();
    },
  };

  function drawMask(context, mask, fill, border) {
    var canvas = context.canvas, place = mask.dataset, line = border.split(/\s+/), width = parseFloat(line[0]);
    function across(part) { return Math.round((part || 0) * canvas.width); }
    function down(part) { return Math.round((part || 0) * canvas.height); }
    context.save();
    context.translate(across(place.left), down(place.top));
    context.rotate((place.angle || 0) / 10000 * 2 * Math.PI); // in parts of a turn
    context.beginPath();
    SHAPES[place.shape](context, place, across, down);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = line[1] || "#212121";
    context.lineWidth = width;
    if (width) context.stroke();
    context.restore();
  }

  // A label that stands on the picture, whatever a card asks.
  function drawLabel(context, mask) {
    var canvas = context.canvas, place = mask.dataset, size = (place.fontSize || 0.055) * canvas.height;
    context.save();
    context.translate((place.left || 0) * canvas.width, (place.top || 0) * canvas.height);
    context.rotate((place.angle || 0) / 10000 * 2 * Math.PI);
    context.scale(place.scale || 1, place.scale || 1);
    context.font = size + "px Arial";
    context.textBaseline = "top";
    (place.text || "").split("\n").forEach(function (line, index) {
      context.fillStyle = "#ffffff";
      context.fillRect(0, index * size, context.measureText(line).width + 5, size + 5);
      context.fillStyle = "#000000";
      context.fillText(line, 0, index * size);
    });
    context.restore();
  }

  function drawMasks(canvas) {
    var context = canvas.getContext("2d"), style = getComputedStyle(canvas);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (isHidden) return;
    function draw(kind, fill, border) {
      each(document.querySelectorAll("div" + kind + "[data-shape]"), function (mask) {
        if (SHAPES[mask.dataset.shape]) drawMask(context, mask, fill, border);
      });
    }
    draw(".cloze", read(style, "--active-shape-color", "#ff8e8e"), read(style, "--active-shape-border", "1px #212121"));
    draw(".cloze-inactive[data-occludeinactive='1']", read(style, "--inactive-shape-color", "#ffeba2"),
      read(style, "--inactive-shape-border", "1px #212121"));
    draw(".cloze-highlight", read(style, "--highlight-shape-color", "#ff8e8e00"),
      read(style, "--highlight-shape-border", "1px #ff8e8e"));
    each(document.querySelectorAll("div[data-shape=text]"), function (mask) { drawLabel(context, mask); });
  }

  function fitMasks() {
    var canvas = document.getElementById("image-occlusion-canvas");
    var box = document.getElementById("image-occlusion-container"), picture = box && box.querySelector("img");
    if (!canvas || !picture) return;
    box.style.aspectRatio = picture.naturalWidth / picture.naturalHeight;
    // As many pixels as the screen has there.
    var room = Math.min(canvas.clientWidth / picture.naturalWidth, canvas.clientHeight / picture.naturalHeight) * devicePixelRatio;
    canvas.width = Math.floor(picture.naturalWidth * room);
    canvas.height = Math.floor(picture.naturalHeight * room);
    drawMasks(canvas);
  }

  function toggleMasks() {
    isHidden = !isHidden;
    fitMasks();
  }

  function setUpMasks() {
    var picture = document.querySelector("#image-occlusion-container img"), button = document.getElementById("toggle");
    if (!picture) return;
    if (button && document.querySelector("[data-occludeinactive='1']")) button.onclick = toggleMasks;
    else if (button) button.style.display = "none";
    if (picture.complete) requestAnimationFrame(fitMasks);
    else picture.onload = fitMasks;
    addEventListener("resize", fitMasks);
    addEventListener("keydown", function (event) {
      if (event.key === "M" && button && button.style.display !== "none") toggleMasks();
    });
  }

  window.anki = { imageOcclusion: { setup: setUpMasks }, setupImageCloze: setUpMasks };
  window.ankiPlatform = data.platform;
  window.onUpdateHook = [];
  window.onShownHook = [];

  // --- formulas: found as MathJax finds them, in a run of text that no element but a line's end cuts in two

  var PASSED_OVER = /^(?:SCRIPT|STYLE|NOSCRIPT|TEXTAREA|PRE|CODE|MATH|SELECT|OPTION|ANNOTATION)$/i;
  var FORMULA = /\\\(([^]*?)\\\)|\\\[([^]*?)\\\]/g;

  // Where the text of a run stands: nodes, and what each adds to it.
  function findRuns(element, runs) {
    var run = [];
    function end() {
      if (run.length) runs.push(run);
      run = [];
    }
    each(element.childNodes, function (node) {
      if (node.nodeType === Node.TEXT_NODE) run.push({ node: node, text: node.data });
      else if (node.nodeName === "BR") run.push({ node: node, text: "\n" });
      else if (node.nodeType === Node.ELEMENT_NODE && node.nodeName !== "WBR") {
        end();
        if (!PASSED_OVER.test(node.nodeName)) findRuns(node, runs);
      }
    });
    end();
    return runs;
  }

  // The node at a place of a run, and the place in it.
  function locate(run, place) {
    for (var index = 0; index < run.length; index += 1) {
      var length = run[index].text.length;
      if (place <= length) return { node: run[index].node, offset: run[index].node.nodeType === Node.TEXT_NODE ? place : 0 };
      place -= length;
    }
  }

  // How high a small letter is, in parts of the font's size, of which the letters of TeX's font have 0.442.
  function measureLetters(element) {
    var probe = document.createElement("span");
    probe.style.cssText = "display: inline-block; width: 1px; height: 60ex";
    element.appendChild(probe);
    var height = probe.getBoundingClientRect().height / 60 / parseFloat(getComputedStyle(element).fontSize);
    probe.remove();
    return height || 0.442;
  }

  function setFormulas(run) {
    var text = run.map(function (part) { return part.text; }).join(""), found, places = [];
    FORMULA.lastIndex = 0;
    while ((found = FORMULA.exec(text))) places.push([found.index, FORMULA.lastIndex, found[0]]);
    // From the last one back, so that the places before it stay what they are.
    places.reverse().forEach(function (place) {
      var formula = data.formulas[place[2]];
      if (!formula) return;
      var range = document.createRange(), from = locate(run, place[0] + 1), to = locate(run, place[1]);
      range.setStart(from.node, from.offset - 1);
      range.setEnd(to.node, to.offset);
      range.deleteContents();
      var box = document.createElement("mjx-container");
      box.className = "MathJax";
      if (place[2][1] === "[") box.setAttribute("display", "true");
      box.innerHTML = formula;
      range.insertNode(box);
      box.style.fontSize = 100 * measureLetters(box.parentNode) / 0.442 + "%";
    });
  }

  // --- the side itself

  qa.innerHTML = data.html;
  each(qa.querySelectorAll("script"), function (old) {
    var script = document.createElement("script");
    each(old.attributes, function (attribute) { script.setAttribute(attribute.name, attribute.value); });
    script.text = old.text;
    old.replaceWith(script);
  });
  onUpdateHook.forEach(function (act) { act(); });
  findRuns(qa, []).forEach(setFormulas);
  onShownHook.forEach(function (act) { act(); });

  // As in Anki, the answer is what is seen first, where not all has room.
  addEventListener("load", function () {
    var answer = document.getElementById("answer");
    if (answer && data.side === "back") scrollTo(0, answer.getBoundingClientRect().top + scrollY);
  });

  // A link leads nowhere from here: the frame shows this card alone.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (link) event.preventDefault();
  });
})();
