// On paper nobody can unfold a hint, scroll to a picture, or read pale letters that were meant for a
// dark ground.
(() => {
  const root = document.documentElement;
  let folded = [];
  let theme = "";
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach(hint => (hint.open = true));
    document.querySelectorAll("img[loading=lazy]").forEach(image => (image.loading = "eager"));
    theme = root.dataset.theme;
    root.dataset.theme = "light";
  });
  addEventListener("afterprint", () => {
    folded.forEach(hint => (hint.open = false));
    root.dataset.theme = theme;
  });
})();

// What scrolls sideways can be reached with the Tab key.
(() => {
  const watcher = new ResizeObserver(entries => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll("article table, div.math").forEach(part => watcher.observe(part));
})();
