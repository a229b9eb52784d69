// Hints are folded on the screen; on paper nobody can unfold them.
(() => {
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach(hint => (hint.open = true));
  });
  addEventListener("afterprint", () => folded.forEach(hint => (hint.open = false)));
})();
