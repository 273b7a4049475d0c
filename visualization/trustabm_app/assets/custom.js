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
// What a page held that no address keeps: said after a reload, so that nothing is lost without a word.
const LOST = "trustabm.lost";
addEventListener("pagehide", () => {
  const week = +(document.querySelector(".ta-week")?.textContent ?? 0);
  const lost = [week > 0 && `the run up to week ${week}`, document.querySelector(".ta-outcome, .ta-progress, .ta-reveal") && "the comparison of many towns"];
  try { sessionStorage.setItem(LOST, lost.filter(Boolean).join(", and ")); } catch { /* not everywhere may a page keep anything */ }
});
addEventListener("load", () => {
  let lost = "";
  try { lost = sessionStorage.getItem(LOST); sessionStorage.removeItem(LOST); } catch { return; }
  if (!lost || performance.getEntriesByType("navigation")[0]?.type !== "reload") return;
  document.body.insertAdjacentHTML("afterbegin", `<p id="ta-lost" role="status" style="margin: 0; padding: 8px 20px; background: #fff3d6; color: #1d2129; font: 16px/1.5 system-ui, sans-serif"></p>`);
  const note = document.querySelector("#ta-lost");
  note.textContent = `This page was loaded anew. Lost: ${lost}. The setting stands in the address; played again, it comes to the same.`;
  setTimeout(() => note.remove(), 30_000);
});
// Solara's dialog after the server was gone for too long says only that it could not restore a session.
setInterval(() => {
  for (const said of document.querySelectorAll(".v-dialog .v-card__text")) {
    if (!said.textContent.includes("Could not restore session")) continue;
    said.textContent = "The server does not know this page any more: it was started anew, or was out of reach for minutes. The weeks lived and comparisons are lost; the setting stands in the address. Refresh to begin it again.";
    // Its own veil would lie over the dialog's buttons.
    for (const veil of document.querySelectorAll(".v-overlay")) if (+veil.style.zIndex > 1000) veil.style.display = "none";
  }
}, 500);
