// Moves the dots of the first page's picture: heights between the frames that stand beside it as JSON.
(() => {
  const SECONDS = 9;
  const SIDE = 220;
  const EDGE = 150;

  function setUp(figure) {
    const data = JSON.parse(figure.querySelector("script").textContent);
    const last = data.steps.length - 1;
    const panels = ["lazy", "rich"].map(name => ({
      frames: data[name],
      dots: [...figure.querySelectorAll(`.${name} circle`)],
    }));
    const controls = figure.querySelector(".motion-controls");
    const button = controls.querySelector("button");
    const slider = controls.querySelector("input");
    const count = controls.querySelector("output");
    let running = 0;

    function draw(time) {
      const before = Math.floor(time);
      const after = Math.min(before + 1, last);
      const part = time - before;
      for (const { frames, dots } of panels) {
        dots.forEach((dot, i) => {
          const value = (1 - part) * frames[before][i] + part * frames[after][i];
          dot.setAttribute("cy", (SIDE * (EDGE - value)) / (2 * EDGE));
        });
      }
      slider.value = before;
      const words = data.steps[before] === 1 ? "1 step" : `${data.steps[before]} steps`;
      slider.setAttribute("aria-valuetext", words);
      count.textContent = words;
    }

    function stop() {
      cancelAnimationFrame(running);
      running = 0;
      button.textContent = "Play";
    }

    function play() {
      const from = Number(slider.value) < last ? Number(slider.value) : 0;
      const began = performance.now();
      button.textContent = "Pause";
      const next = now => {
        const time = from + ((now - began) / 1000 / SECONDS) * last;
        draw(Math.min(Math.max(time, 0), last));
        if (time < last) {
          running = requestAnimationFrame(next);
        } else {
          stop();
        }
      };
      running = requestAnimationFrame(next);
    }

    slider.addEventListener("input", () => {
      stop();
      draw(Number(slider.value));
    });
    button.addEventListener("click", () => (running ? stop() : play()));
    controls.hidden = false;
    draw(last);
    // once by itself, when it is seen, unless the reader has asked for stillness
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) {
      const watcher = new IntersectionObserver(entries => {
        if (entries.some(entry => entry.isIntersecting)) {
          watcher.disconnect();
          play();
        }
      });
      watcher.observe(figure);
    }
  }

  document.querySelectorAll("figure.motion").forEach(setUp);
})();
