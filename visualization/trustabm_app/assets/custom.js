// Loaded by Solara's page template before anything else: what the template leaves out.
document.documentElement.lang = "en";
document.querySelector("meta[name=viewport]")?.setAttribute("content", "width=device-width, initial-scale=1");
// Light or dark: what the visitor chose, else what their system says.
document.documentElement.classList.toggle(
  "ta-dark",
  (localStorage.getItem("trustabm.theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark",
);
// anywidget gives a module two seconds to load and shows nothing for good after: too few on a busy laptop.
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (ms) => timeout(ms === 2000 ? 120_000 : ms);
// In a checkout without npm, scripts come from a CDN; where that cannot be reached, say what to do.
addEventListener("error", ({ target }) => {
  if (!(target.src ?? target.href ?? "").startsWith("https://cdn.jsdelivr.net") || document.querySelector("#ta-offline")) return;
  document.body.insertAdjacentHTML(
    "afterbegin",
    `<p id="ta-offline" role="alert" style="margin: 2em; font: 18px/1.5 system-ui, sans-serif">cdn.jsdelivr.net cannot be reached.
    To work without a network, with npm installed, run <code>uv run python visualization/build_assets.py</code> and start the app again.</p>`,
  );
}, true);
