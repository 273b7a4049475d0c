(() => {
  const slides = [...document.querySelectorAll("section")];
  let at = 0;
  const nav = document.body.appendChild(document.createElement("nav"));
  nav.className = "nav";
  const say = document.createElement("span");
  const step = (text, by) => {
    const button = nav.appendChild(document.createElement("button"));
    button.textContent = text;
    button.onclick = () => show(at + by);
  };
  const show = (k) => {
    at = Math.max(0, Math.min(slides.length - 1, k));
    slides.forEach((s, n) => s.classList.toggle("on", n === at));
    say.textContent = ` ${at + 1} of ${slides.length} `;
  };
  step("Back", -1);
  nav.appendChild(say);
  step("Next", 1);
  addEventListener("keydown", (e) => {
    if (["ArrowRight", "PageDown"].includes(e.key)) show(at + 1);
    if (["ArrowLeft", "PageUp"].includes(e.key)) show(at - 1);
  });
  show(0);
})();
