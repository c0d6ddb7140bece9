// Runs in a card's own frame, after the card: tells the tool around it how high the card is, first when it is drawn with
// its pictures. The frame has an origin of its own, so this message is all that goes out.
(() => {
  const body = document.body;
  const told = { height: -1, room: 0 };
  let overhang = 0; // what stands out below the card's last element, which only shows where there is no room for it

  function measure() {
    const inside = document.createRange();
    inside.selectNodeContents(body);
    const { paddingBottom, marginBottom } = getComputedStyle(body);
    const end = inside.getBoundingClientRect().bottom + scrollY + parseFloat(paddingBottom) + parseFloat(marginBottom);
    const whole = document.documentElement.scrollHeight;
    if (whole > innerHeight) overhang = Math.max(0, whole - end);
    return Math.ceil(end + overhang);
  }

  function tell() {
    const height = measure();
    const grown = innerHeight - told.room;
    // A card that asks for as much room as it is given, such as one of `min-height: 100vh` with a margin, would never end:
    // what it asks for then is kept to itself.
    const follows = told.height >= 0 && grown > 0 && height - told.height >= 0.9 * grown;
    const isKnown = height === told.height;
    told.room = innerHeight;
    told.height = height;
    if (!isKnown && !follows) parent.postMessage({ cardpress: "height", height }, "*");
  }

  function begin() {
    tell();
    const sizes = new ResizeObserver(tell);
    sizes.observe(body);
    for (const each of body.children) sizes.observe(each);
    addEventListener("resize", tell);
    addEventListener("load", tell, true);
    addEventListener("toggle", tell, true);
  }

  // A browser tells when letters or pictures of a document were on the screen for the first time, however long that took.
  const isOnScreen = new Promise(resolve => {
    const hasWords = () => body.innerText.trim() !== "" || body.querySelector("canvas, img, svg, video") !== null;
    try {
      const told = new PerformanceObserver(list => list.getEntriesByName("first-contentful-paint").length > 0 && resolve());
      told.observe({ type: "paint", buffered: true });
      addEventListener("load", () => hasWords() || resolve(), { once: true });
    } catch {
      resolve(); // this browser does not tell
    }
  });

  // By the third picture, the first one is on the screen, if the machine is not too busy; then it takes seconds. A window
  // that nobody sees draws none.
  function isDrawn() {
    const picture = () => new Promise(requestAnimationFrame);
    const isSeen = picture().then(picture).then(picture).then(() => isOnScreen);
    return Promise.race([isSeen, new Promise(resolve => setTimeout(resolve, document.hidden ? 0 : 6000))]);
  }

  const isThere = new Promise(resolve => addEventListener("load", resolve, { once: true }));
  const isLate = new Promise(resolve => setTimeout(resolve, 400));
  Promise.race([isThere, isLate]).then(isDrawn).then(begin);
})();
