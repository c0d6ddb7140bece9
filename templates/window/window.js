// Shows a side of a card as Anki's window does: its HTML goes into the page, then its scripts run.
(function () {
  "use strict";
  var data = JSON.parse(document.getElementById("side").textContent);
  var qa = document.getElementById("qa");

  // What a click on a play button calls, by Anki's own name.
  window.pycmd = function (command) {
    var sound = data.sounds[command];
    if (!sound) return;
    if (sound.file) { new Audio(sound.file).play().catch(function () {}); return; }
    if (!window.speechSynthesis) return;
    var speech = new SpeechSynthesisUtterance(sound.text);
    speech.lang = sound.language.replace("_", "-");
    speech.rate = sound.speed;
    speechSynthesis.speak(speech);
  };

  qa.innerHTML = data.html;
  Array.prototype.forEach.call(qa.querySelectorAll("script"), function (old) {
    var script = document.createElement("script");
    Array.prototype.forEach.call(old.attributes, function (each) { script.setAttribute(each.name, each.value); });
    script.text = old.text;
    old.replaceWith(script);
  });

  // A link leads nowhere from here: the frame shows this card alone.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (link) event.preventDefault();
  });
})();
