// Comfort only: a card reads the same without this. Anki runs it anew for each side of each card, in one document
// that goes on living; so it sets handlers on the card's own elements, and takes its old key handler away first.
// Keys: w, x open the parts, p enlarges pictures, Esc closes. None is a shortcut of Anki's desktop or of AnkiDroid.
(function () {
  var sheet = document.querySelector(".sheet");
  if (window.cardpressKeys) document.removeEventListener("keydown", window.cardpressKeys);
  if (!sheet) return;
  sheet.classList.add("keys");

  function each(selector, act) { Array.prototype.forEach.call(sheet.querySelectorAll(selector), act); }

  // sessionStorage throws where storage is off: then a part is simply closed on the next showing.
  function kept(part, open) {
    var name = "cardpress " + sheet.dataset.card + " " + part.dataset.key;
    try {
      if (open === undefined) return sessionStorage.getItem(name) === "open";
      sessionStorage.setItem(name, open ? "open" : "");
    } catch (error) { return false; }
  }
  each("details[data-key]", function (part) {
    part.open = kept(part);
    part.ontoggle = function () { kept(part, part.open); };
    part.firstElementChild.setAttribute("aria-keyshortcuts", part.dataset.key);
  });

  // On a phone, code is as small as its widest allowed line needs; narrower code says that it need not be.
  each("pre", function (box) {
    var code = document.createRange();
    code.selectNodeContents(box);
    box.style.whiteSpace = "pre"; // the lines of an output are wrapped else
    var width = code.getBoundingClientRect().width / parseFloat(getComputedStyle(box).fontSize);
    box.style.whiteSpace = "";
    if (width > 0) box.style.setProperty("--width", Math.min(1.005 * width, 33.9));
  });
  each("pre", function (box) { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; });

  var pictures = [], shown = -1;
  function close() {
    each(".zoom", function (box) { box.remove(); });
    if (shown >= 0) pictures[shown].focus({ preventScroll: true });
    shown = -1;
  }
  function enlarge(index) {
    close();
    if (!pictures[index]) return;
    var picture = pictures[index], box = document.createElement("div"), big = picture.cloneNode();
    big.removeAttribute("tabindex");
    big.removeAttribute("role");
    big.style.width = 2 * picture.clientWidth + "px";
    box.className = "zoom";
    box.tabIndex = -1;
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", picture.alt);
    box.onclick = close;
    box.appendChild(big);
    sheet.appendChild(box);
    box.focus();
    shown = index;
  }
  each("img", function (picture) {
    if (picture.closest("a")) return;
    var index = pictures.push(picture) - 1, place = picture.closest("[data-enlarge]");
    picture.tabIndex = 0;
    picture.setAttribute("role", "button");
    if (place) picture.title = place.dataset.enlarge;
    picture.onclick = function () { enlarge(index); };
  });

  window.cardpressKeys = function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable) return;
    // On keyboards without Latin letters, the key's place counts.
    var key = /^Key/.test(event.code) && !/^[a-z]$/i.test(event.key) ? event.code.slice(3) : event.key;
    key = key.toLowerCase();
    var part = sheet.querySelector('details[data-key="' + (/^[a-z]$/.test(key) ? key : "") + '"]');
    if (part) {
      part.open = !part.open;
      var place = part.getBoundingClientRect();
      if (part.open && (place.top < 0 || place.bottom > innerHeight)) part.scrollIntoView();
    } else if (key === "p" && pictures.length) enlarge(shown + 1);
    else if (key === "escape" && shown >= 0) close();
    else if (key === "enter" && pictures.indexOf(event.target) >= 0) enlarge(pictures.indexOf(event.target));
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", window.cardpressKeys);
})();
