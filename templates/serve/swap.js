// A side of a card in a frame of its own, as high as the card. A new one is loaded over the old one, unseen, and takes its
// place when it is drawn: nothing flashes, and nothing moves.

// What a device shows at least, and how wide it is. A card's `vh` are of the whole screen, however little is shown of it.
const DEVICES = {
  desktop: { width: 720, widest: 900, screen: 560, least: 220 },
  phone: { width: 390, widest: 390, screen: 690, least: 460 },
};
const HIGHEST = 20000;
// So long a frame has to say how high it is, in milliseconds, and so many times it is tried.
const PATIENCE = 8000;
const TRIES = 3;
// More messages in a second than any card has to send. A script that sends them would keep the tool from all else.
const MOST_MESSAGES = 200;

const sides = new Map();

function path(address) {
  return new URL(address, location.href).pathname;
}

addEventListener("message", event => {
  const told = event.data;
  const [side, frame] = sides.get(event.source) ?? [];
  if (side?.isTooLoud(frame)) side.silence(frame);
  else if (side && told?.cardpress === "height" && Number.isFinite(told.height)) side.heard(frame, told.height);
});

const near = new IntersectionObserver(
  entries => {
    for (const entry of entries) entry.target.side.setNear(entry.isIntersecting);
  },
  { rootMargin: "500px 0px", scrollMargin: "500px 0px" },
);
const widths = new ResizeObserver(entries => {
  for (const entry of entries) entry.target.side.fit(entry.contentRect.width);
});

/** One side of a card on one device. `element` is where it stands. */
export class Side {
  constructor(device) {
    this.device = DEVICES[device];
    this.element = document.createElement("div");
    this.element.className = "side";
    this.element.side = this;
    this.address = this.shown = null;
    this.tries = 0;
    this.frame = this.next = null;
    this.messages = new WeakMap(); // by frame: how many, and since when
    this.height = 0;
    this.isNear = false;
    near.observe(this.element);
    widths.observe(this.element);
  }

  /** Show what is at an address, as soon as it is near the window. */
  show(address, title) {
    // A card of another note stays, too, until the new one is there; if that takes long, it fades.
    const isOther = path(address) !== path(this.frame?.src ?? address);
    this.element.dataset.other = isOther ? "yes" : "no";
    this.address = address;
    this.title = title;
    this.frame?.setAttribute("title", title);
    this.load();
  }

  /** Load it again if it could not be shown. */
  retry() {
    if (this.element.dataset.state !== "failed") return;
    this.shown = null;
    this.load();
  }

  /** Take it off the page. */
  remove() {
    clearTimeout(this.timer);
    near.unobserve(this.element);
    widths.unobserve(this.element);
    this.drop(this.frame);
    this.drop(this.next);
  }

  setNear(isNear) {
    this.isNear = isNear;
    this.load();
  }

  load() {
    if (!this.isNear || this.address === this.shown) return;
    this.shown = this.address;
    this.tries = TRIES;
    this.begin();
  }

  begin() {
    this.tries -= 1;
    this.drop(this.next);
    const frame = document.createElement("iframe");
    frame.className = "next";
    frame.title = this.title;
    frame.setAttribute("sandbox", "allow-scripts");
    frame.src = this.address;
    this.next = frame;
    this.element.dataset.state = "loading";
    this.element.append(frame);
    this.size(frame, this.device.screen);
    sides.set(frame.contentWindow, [this, frame]);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fail(frame), PATIENCE);
  }

  drop(frame) {
    if (!frame) return;
    sides.delete(frame.contentWindow);
    frame.remove();
  }

  /** Return whether a frame sends more messages than it may, this one counted. */
  isTooLoud(frame) {
    const now = performance.now();
    const heard = this.messages.get(frame);
    if (heard && now - heard.since < 1000) heard.count += 1;
    else this.messages.set(frame, { since: now, count: 1 });
    return this.messages.get(frame).count > MOST_MESSAGES;
  }

  /** Take a frame away that cannot be listened to. */
  silence(frame) {
    clearTimeout(this.timer);
    this.drop(frame);
    if (frame === this.frame) this.frame = null;
    if (frame === this.next) this.next = null;
    this.element.dataset.state = "failed";
  }

  fail(frame) {
    if (frame !== this.next) return;
    if (this.tries > 0) {
      this.begin();
      return;
    }
    this.drop(frame);
    this.next = null;
    this.element.dataset.state = "failed";
  }

  heard(frame, height) {
    if (frame === this.next) {
      clearTimeout(this.timer);
      const hadFocus = document.activeElement === this.frame && this.frame !== null;
      this.drop(this.frame);
      this.frame = frame;
      this.next = null;
      frame.classList.remove("next");
      this.element.dataset.state = "shown";
      this.element.dataset.shows = this.shown;
      if (hadFocus) frame.focus({ preventScroll: true });
    }
    if (frame !== this.frame) return;
    this.height = Math.min(Math.max(height, 0), HIGHEST);
    this.fit(this.width);
  }

  /** Make it as wide as its place: a desktop's window may be wider, and what has no room is made smaller. */
  fit(width) {
    if (!width) return;
    this.width = width;
    const { width: usual, widest } = this.device;
    this.inner = Math.min(Math.max(width, usual), widest);
    this.scale = Math.min(1, width / this.inner);
    for (const frame of [this.frame, this.next]) {
      if (frame) this.size(frame, frame === this.frame ? this.height : this.device.screen);
    }
    const shown = Math.max(this.height, this.device.least);
    this.element.style.height = `${Math.round(shown * this.scale)}px`;
  }

  size(frame, height) {
    frame.style.width = `${this.inner ?? this.device.width}px`;
    frame.style.height = `${Math.max(height, this.device.screen)}px`;
    frame.style.transform = `scale(${this.scale ?? 1})`;
  }
}
