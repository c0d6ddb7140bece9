// A picture is enlarged by a tap or a key. The dialog is the browser's own: it closes on Escape, and the focus goes back.

const zoom = part("page_zoom", "dialog");
const isEnlarged = () => zoom.open;
const LARGE = 200; // pixels: what is smaller is an icon or a flag, which says enough as it is

function enlarge(picture) {
  const shown = picture.closest(".picture") ?? picture;
  const copy = shown.cloneNode(true);
  copy.classList.add("enlarged");
  const wide = shown.getBoundingClientRect();
  copy.style.setProperty("--shape", String(wide.width / (wide.height || 1)));
  zoom.append(copy);
  zoom.showModal();
}

// A button around each picture that is worth it, so that keys reach it as taps do.
function makeZoomable(within) {
  if (!zoom.showModal || !zoom.isConnected) return;
  for (const picture of all("img", within)) {
    if (picture.closest("a, summary, button, .heading")) continue;
    const wrap = () => {
      if (picture.naturalWidth < LARGE || !picture.parentNode || picture.closest("button")) return;
      const shown = picture.closest(".picture") ?? picture;
      const button = element("button", "zoom");
      button.setAttribute("aria-label", say("Enlarge: {what}", { what: picture.alt }));
      shown.replaceWith(button);
      button.append(shown);
    };
    if (picture.complete) wrap();
    else picture.addEventListener("load", wrap, { once: true });
  }
}

zoom.addEventListener("close", () => zoom.querySelector(".enlarged")?.remove());
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("button.zoom");
  if (button) enlarge(button.querySelector("img"));
  else if (zoom.open && zoom.contains(target)) zoom.close();
});
