// Counties in the colours of what changes there, or of how unsure that is; a list of the same.
const node = (tag, attributes = {}, ...children) => {
  const svg = ["svg", "path", "g"].includes(tag);
  const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) made.setAttribute(k, v);
  made.append(...children);
  return made;
};
const NAME = 0, STATE = 1, OF = 2, KIND = 3, EFFECT = 4, DOUBT = 5, CHANGE = 6, ENDS = 7, VERDICT = 8;
const WORDS = { pale: "too close to call", alike: "the change alters nothing there", few: "too little is known there" };

export default {
  render({ model, el }) {
    el.classList.add("ta-counties");
    const form = node("div", { class: "ta-fields ta-inline" });
    const svg = node("svg", { tabindex: 0, role: "application", "aria-describedby": "ta-county" });
    const said = node("p", { class: "ta-county", id: "ta-county", role: "status" });
    const keys = node("div", { class: "ta-keys" });
    const list = node("div", { class: "ta-scroll ta-long", tabindex: 0, role: "region", "aria-label": "Counties" });
    el.append(form, svg, said, keys, list);
    let shapes = {}, middles = null, at = "";
    let rows = {};
    const colours = () => model.get("values").colours;
    const set = (key, value) => model.send({ what: "set", key, value });
    const name = (r) => `${r[NAME]}, ${r[OF]}`;
    const link = (fips) => `/?place=${fips}&${model.get("scales").link}`;
    const numbers = (r) => (r[CHANGE] === "–" ? r[VERDICT] : `${r[CHANGE]} (${r[ENDS]}), ${r[VERDICT]}`);

    const read = () => { rows = Object.fromEntries(Object.entries(model.get("rows")).map(([fips, r]) => [fips, r.map((x, k) => (k === CHANGE || k === ENDS ? x.replaceAll("-", "−") : x))])); };
    function fill() {
      form.replaceChildren(...model.get("fields").map((f) => {
        const select = node("select", { "aria-label": f.label }, ...f.options.map(([value, text]) => node("option", { value }, text)));
        select.value = model.get("values")[f.key];
        select.onchange = () => set(f.key, select.value);
        return node("label", { class: "ta-field", "data-key": f.key }, f.label, select);
      }));
    }
    function draw() {
      const { size, paths, borders } = model.get("shapes");
      svg.setAttribute("viewBox", `0 0 ${size.join(" ")}`);
      svg.style.setProperty("--wide", size[0] / size[1]);
      shapes = Object.fromEntries(Object.entries(paths).map(([fips, d]) => [fips, node("path", { d, "data-fips": fips })]));
      svg.replaceChildren(node("g", {}, ...Object.values(shapes)), node("path", { d: borders, class: "ta-borders" }), node("path", { class: "ta-here" }));
      middles = null;
      look("");
    }
    function paint() {
      const which = colours() === "doubt" ? DOUBT : EFFECT;
      const [labels, strengths] = model.get("scales")[colours()] ?? [[], []];
      const shade = (k) => [strengths[k] < 0 ? "less" : which === DOUBT ? "unsure" : "more", Math.abs(strengths[k])];
      const found = new Set();
      for (const [fips, path] of Object.entries(shapes)) {
        const r = rows[fips];
        const kind = !r ? "none" : r[KIND] === "pale" && which === DOUBT ? "" : r[KIND];
        const [name, strength] = r ? shade(r[which]) : ["", 0];
        path.setAttribute("class", kind === "alike" || kind === "few" || kind === "none" ? `ta-${kind}` : `ta-is-${name} ta-${kind}`);
        path.style.setProperty("--at", strength);
        if (kind) found.add(kind);
      }
      svg.setAttribute("aria-label", `${model.get("label")}. Arrow keys go from county to county, Enter asks the question of one.`);
      const swatch = (kind, strength) => { const i = node("i", { class: kind }); i.style.setProperty("--at", strength); return i; };
      const sign = (x) => (which === EFFECT && +x > 0 ? "+" : "") + x.replace("-", "−");
      const scale = strengths.flatMap((_, k) => [swatch(`ta-is-${shade(k)[0]}`, shade(k)[1]), k < labels.length ? sign(labels[k]) : ""]);
      keys.replaceChildren(
        which === EFFECT ? "Change in percent:" : "Half of the 90% interval, in points of percent:", node("span", { class: "ta-classes" }, ...scale),
        ...Object.entries(WORDS).filter(([kind]) => found.has(kind)).flatMap(([kind, words]) => [swatch(kind === "pale" ? `ta-is-${strengths.at(-1) < -strengths[0] ? "less" : "more"} ta-pale` : `ta-${kind}`, 0.8), node("span", {}, words)]),
      );
      tell();
    }
    function tell() {
      const table = (heads, ...body) => node("table", {}, node("thead", {}, node("tr", {}, ...heads.map((h, k) => node("th", { scope: "col", class: k ? "num" : "" }, h)))), node("tbody", {}, ...body));
      const known = Object.entries(rows).sort(([, a], [, b]) => name(a).localeCompare(name(b)));
      if (model.get("values").state) {
        list.replaceChildren(table(["County", "Change", "90% interval", "What can be said"], ...known.map(([fips, r]) => node("tr", {},
          node("th", { scope: "row" }, node("a", { href: link(fips) }, r[NAME])), ...[CHANGE, ENDS, VERDICT].map((k) => node("td", { class: "num" }, r[k]))))));
        return;
      }
      const states = Map.groupBy(known, ([, r]) => r[OF]);
      const first = ["lower", "too close to call", "higher"];
      const verdicts = [...new Set([...first, ...known.map(([, r]) => r[VERDICT])])];
      list.replaceChildren(table(["State", ...verdicts.map((v) => v[0].toUpperCase() + v.slice(1))], ...[...states].sort().map(([of, here]) => {
        const button = node("button", { type: "button", class: "ta-link" }, of);
        button.onclick = () => { set("state", here[0][1][STATE]); form.querySelector("[data-key=state] select")?.focus(); };
        return node("tr", {}, node("th", { scope: "row" }, button), ...verdicts.map((v) => node("td", { class: "num" }, String(here.filter(([, r]) => r[VERDICT] === v).length))));
      })));
    }
    function look(fips) {
      at = fips;
      const r = rows[fips];
      svg.querySelector(".ta-here")?.setAttribute("d", shapes[fips]?.getAttribute("d") ?? "");
      said.replaceChildren(...(r ? [node("a", { href: link(fips) }, name(r)), `: ${numbers(r)}`] : ["Point at a county, or tap it."]));
    }
    function step(x, y) {
      middles ??= Object.entries(shapes).filter(([f]) => rows[f]).map(([f, p]) => { const b = p.getBBox(); return [f, b.x + b.width / 2, b.y + b.height / 2]; });
      const from = middles.find(([f]) => f === at);
      const [w, h] = model.get("shapes").size;
      const [, a, b] = from ?? ["", w / 2, h / 2];
      // The nearest that lies that way: what lies aside counts twice.
      let best = "", least = Infinity;
      for (const [f, c, d] of middles) {
        const along = (c - a) * x + (d - b) * y, aside = Math.abs((c - a) * y) + Math.abs((d - b) * x);
        if (f === at || (from && along <= aside / 2)) continue;
        const far = from ? along + 2 * aside : Math.hypot(c - a, d - b);
        if (far < least) [best, least] = [f, far];
      }
      if (best) look(best);
    }
    const go = (fips) => { if (rows[fips]) location.assign(link(fips)); };
    let kind = "mouse";
    svg.onpointerdown = (e) => { kind = e.pointerType; };
    svg.onpointermove = (e) => { const f = e.target.dataset?.fips; if (f && f !== at && e.pointerType === "mouse") look(f); };
    // A finger sees first what is said of a county, and goes there by the link.
    svg.onclick = (e) => { const f = e.target.dataset?.fips; if (f) (kind === "mouse" || f === at ? go : look)(f); };
    svg.onkeydown = (e) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
      if (way) { step(...way); e.preventDefault(); } else if (e.key === "Enter" && at) go(at);
    };
    const watched = { fields: fill, values: () => { fill(); paint(); }, shapes: () => { draw(); paint(); }, rows: () => { read(); middles = null; paint(); look(at); } };
    for (const [key, f] of Object.entries(watched)) model.on("change:" + key, f);
    read();
    fill();
    draw();
    paint();
    return () => { for (const [key, f] of Object.entries(watched)) model.off("change:" + key, f); };
  },
};
