// Pictures that stand side by side, as ntk_helpers.interact stores them, become one with a slider.
(() => {
  const PACE = 900; // milliseconds a picture
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  function make(name, attributes = {}, ...children) {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...children);
    return element;
  }

  function setUp(player, number) {
    const pictures = [...player.querySelectorAll("img[data-at]")].sort(
      (one, other) => one.dataset.at - other.dataset.at
    );
    if (pictures.length < 2) return;
    const last = pictures.length - 1;
    const stills = make("div", { className: "ntk-player-stills" }, ...player.childNodes);
    const screen = make("img", { className: "ntk-player-screen" });
    const id = `ntk-player-${number}`;
    const name = make("label", { htmlFor: id, textContent: player.dataset.label });
    const slider = make("input", { id, type: "range", min: 0, max: last, step: 1 });
    const value = make("output", { htmlFor: id });
    const button = make("button", { type: "button", textContent: "Play" });
    let timer = 0;

    function show(at) {
      const { alt, src, dataset } = pictures[at];
      Object.assign(screen, { alt, src });
      slider.value = at;
      slider.setAttribute("aria-valuetext", dataset.value);
      value.textContent = dataset.value;
    }

    function stop() {
      clearInterval(timer);
      timer = 0;
      button.textContent = "Play";
      value.ariaLive = "polite";
    }

    function play() {
      button.textContent = "Pause";
      value.ariaLive = "off"; // nobody can listen as fast as that
      if (Number(slider.value) === last) show(0);
      timer = setInterval(() => {
        show(Number(slider.value) + 1);
        if (Number(slider.value) === last) stop();
      }, PACE);
    }

    slider.addEventListener("input", () => {
      stop();
      show(Number(slider.value));
    });
    button.addEventListener("click", () => (timer ? stop() : play()));
    const quiet = () => {
      stop();
      button.hidden = still.matches;
    };
    still.addEventListener("change", quiet);
    quiet();
    const controls = make("div", { className: "ntk-player-controls" }, name, slider, value, button);
    player.append(controls, screen, stills);
    player.classList.add("ntk-player-on");
    show(Number(player.dataset.start) || 0);
  }

  document.querySelectorAll(".ntk-player").forEach(setUp);
})();
