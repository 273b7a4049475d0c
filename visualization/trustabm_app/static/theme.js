// Light or dark.
export default {
  render({ el }) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ta-button ta-theme";
    const name = () => {
      const dark = document.documentElement.classList.contains("ta-dark");
      button.textContent = dark ? "Light" : "Dark";
      button.setAttribute("aria-label", `Switch to ${dark ? "light" : "dark"}`);
    };
    button.onclick = () => {
      const dark = document.documentElement.classList.toggle("ta-dark");
      try { localStorage.setItem("trustabm.theme", dark ? "dark" : "light"); } catch { /* not everywhere may a file keep anything */ }
      name();
      dispatchEvent(new Event("ta-theme"));
    };
    name();
    el.append(button);
  },
};
