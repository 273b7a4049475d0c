// Loaded by Solara's page template before anything else: what the template leaves out.
document.documentElement.lang = "en";
document.querySelector("meta[name=viewport]")?.setAttribute("content", "width=device-width, initial-scale=1");
// Light or dark: what the visitor chose, else what their system says.
document.documentElement.classList.toggle(
  "ta-dark",
  (localStorage.getItem("trustabm.theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark",
);
