(() => {
  const root = document.getElementById("scene");
  const at = SCENE.controls.map((c) => c.at);
  const make = (tag, inside, attributes = {}) => {
    const element = inside.appendChild(document.createElement(tag));
    Object.entries(attributes).forEach(([k, v]) => element.setAttribute(k, v));
    return element;
  };
  const index = (places) => places.reduce((k, p, n) => k * SCENE.controls[n].options.length + p, 0);
  const first = SCENE.controls[0];
  const along = (k) => index([k, ...at.slice(1)]);
  const said = (k) => (SCENE.texts.length ? SCENE.texts[k] : `${(100 * SCENE.values[k]).toFixed(1)}%`);
  const big = make("p", root, { class: SCENE.texts.length ? "big words" : "big", "aria-live": "polite" });
  make("p", root).textContent = SCENE.number;
  const chart = make("div", root);
  const redraws = [];
  SCENE.controls.forEach((c, n) => {
    const label = make("label", root);
    const words = make("span", label);
    const range = c.kind === "range";
    const input = make(c.kind === "choice" ? "select" : "input", label);
    if (c.kind === "choice") {
      c.options.forEach(([text], k) => (make("option", input, { value: k }).textContent = text));
    } else {
      input.type = range ? "range" : "checkbox";
      if (range) Object.assign(input, { min: 0, max: c.options.length - 1, step: 1 });
    }
    if (c.kind === "switch") input.checked = at[n] === 1;
    else input.value = at[n];
    input.addEventListener("input", () => {
      at[n] = c.kind === "switch" ? Number(input.checked) : Number(input.value);
      draw();
    });
    redraws.push(() => {
      words.textContent = range ? `${c.label}: ${c.options[at[n]][0]}` : `${c.label} `;
      if (range) input.setAttribute("aria-valuetext", c.options[at[n]][0]);
    });
  });
  const top = Math.max(...SCENE.values, 0);
  const line = () => {
    const many = first.options.length;
    const x = (k) => 50 + (540 * k) / (many - 1);
    const y = (v) => 190 - (170 * v) / top;
    const points = first.options.map((_, k) => `${x(k)},${y(SCENE.values[along(k)])}`).join(" ");
    const here = along(at[0]);
    chart.innerHTML =
      `<svg viewBox="0 0 600 225" aria-hidden="true"><path d="M50 10V190H595" fill="none" stroke="currentColor"/>` +
      `<text x="4" y="24" fill="currentColor" font-size="14">${(100 * top).toFixed(0)}%</text>` +
      `<text x="20" y="194" fill="currentColor" font-size="14">0</text>` +
      `<text x="50" y="212" fill="currentColor" font-size="14">${first.options[0][0]}</text>` +
      `<text x="590" y="212" text-anchor="end" fill="currentColor" font-size="14">${first.options[many - 1][0]}</text>` +
      `<polyline points="${points}" fill="none" stroke="var(--b)" stroke-width="3"/>` +
      `<circle cx="${x(at[0])}" cy="${y(SCENE.values[here])}" r="8" fill="var(--b)"/></svg>`;
  };
  const list = () => {
    chart.textContent = "";
    const body = make("tbody", make("table", chart));
    first.options.forEach(([text], k) => {
      const row = make("tr", body);
      make("th", row, { scope: "row" }).textContent = text;
      make("td", row).textContent = said(along(k));
    });
  };
  const draw = () => {
    big.textContent = said(index(at));
    redraws.forEach((redraw) => redraw());
    (first.kind === "range" ? line : list)();
  };
  draw();
})();
