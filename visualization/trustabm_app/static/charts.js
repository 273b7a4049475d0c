// Cards of uPlot charts over one table of rows: week, then the values of each chart's lines in turn.
// `full` is an int32 nonce and all rows; `more` is rows to add.
const raw = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
const node = (name, className, text = "") => { const x = document.createElement(name); x.className = className; x.textContent = text; return x; };
const HEIGHT = 168;

export default {
  render({ model, el }) {
    el.classList.add("ta-charts");
    const legend = node("div", "ta-legend ta-lines");
    const cards = node("div", "ta-cards");
    const list = node("ol", "ta-marks");
    el.append(legend, cards, list);
    let weeks = [], columns = [], plots = [], raf = 0, alive = true, built = [];
    const specs = () => model.get("charts");
    const lines = () => model.get("lines");
    const colors = () => (document.documentElement.classList.contains("ta-dark") ? { ink: "#aab2c0", grid: "#2a2f38" } : { ink: "#565d69", grid: "#e8eaee" });
    const first = (j) => specs().slice(0, j).reduce((sum, c) => sum + c.lines.length, 0);
    const data = (j) => [weeks, ...specs()[j].lines.map((_, k) => columns[first(j) + k] ?? [])];
    const said = (spec, v) => (v == null || Number.isNaN(v) ? "–" : spec.percent ? `${(100 * v).toFixed(v < 0.1 ? 1 : 0)}%` : v >= 100 ? v.toFixed(0) : v.toFixed(v < 1 ? 3 : 1));

    function build() {
      built = [specs(), lines()];
      plots.forEach((p) => p.plot?.destroy());
      const { ink, grid } = colors();
      plots = specs().map((spec) => {
        const card = node("figure", "ta-card");
        const head = node("figcaption", "ta-head");
        const title = node("h3", "", spec.title);
        title.title = spec.sentence;
        head.append(title);
        actionMenu({ model, el: head, label: spec.title, key: spec.name });
        const values = node("div", "ta-values");
        const box = node("div", "ta-plot");
        box.setAttribute("role", "img");
        card.append(head, node("div", "ta-unit", spec.unit), box, values);
        return { spec, card, values, box };
      });
      cards.replaceChildren(...plots.map((p) => p.card));
      // Only now has the grid its widths.
      const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: "11px Roboto, system-ui, sans-serif" };
      plots.forEach((p, j) => {
        p.plot = new uPlot({
          width: Math.max(120, p.box.clientWidth), height: HEIGHT,
          legend: { show: false },
          cursor: { sync: { key: "trustabm" }, points: { size: 6 }, drag: { x: false, y: false } },
          scales: { x: { time: false, range: (_, lo, hi) => [0, Math.max(52, hi || 0, model.get("until") ?? 0)] }, y: { range: (_, lo, hi) => ends(p.spec, lo, hi) } },
          series: [{}, ...p.spec.lines.map((k) => ({ label: lines()[k].label, stroke: lines()[k].color, dash: lines()[k].dash, width: 2, points: { show: false }, spanGaps: false }))],
          axes: [
            { ...axis, size: 26, space: 46, incrs: [13, 26, 52, 104, 260, 520], values: (_, at) => at.map((w) => (w % 52 ? (at.length < 6 ? `wk ${w % 52}` : "") : (model.get("month") ?? "") + (model.get("year") + w / 52))) },
            { ...axis, size: 46, values: (_, at) => at.map((v) => (p.spec.percent ? `${+(100 * v).toFixed(1)}%` : +v.toFixed(3))) },
          ],
          hooks: { draw: [marksOn], setCursor: [(u) => values(p, j, u.cursor.idx)] },
        }, data(j), p.box);
      });
      legend.replaceChildren(...lines().map((line, k) => {
        if (!specs().some((c) => c.lines.includes(k))) return "";
        const key = node("span", "ta-key");
        key.dataset.line = k;
        key.append(sample(line), line.label);
        return key;
      }));
      notes();
    }
    const sample = (line) => {
      const i = node("i", "ta-line");
      i.innerHTML = `<svg width="30" height="8" aria-hidden="true"><line x1="0" y1="4" x2="30" y2="4" stroke="${line.color}" stroke-width="2.5" stroke-dasharray="${line.dash.join(" ")}"/></svg>`;
      return i;
    };
    function ends(spec, lo, hi) {
      if (lo == null || !isFinite(lo) || hi <= 0) return [0, spec.percent ? 0.1 : 1];
      const room = Math.max((hi - lo) * 0.12, hi * 0.02, 1e-6);
      return [Math.max(0, lo - room), hi + room];
    }
    function marksOn(u) {
      const { ctx, bbox } = u, r = devicePixelRatio || 1;
      ctx.save();
      ctx.font = `600 ${10 * r}px Roboto, system-ui, sans-serif`;
      ctx.textAlign = "center";
      model.get("marks").forEach((m, k) => {
        const x = u.valToPos(m.week, "x", true);
        if (x < bbox.left || x > bbox.left + bbox.width) return;
        ctx.strokeStyle = ctx.fillStyle = m.arm >= 0 ? lines()[m.arm].color : colors().ink;
        ctx.setLineDash([3 * r, 3 * r]);
        ctx.beginPath();
        ctx.moveTo(x, bbox.top + 10 * r);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
        ctx.fillText(k + 1, x, bbox.top + 8 * r);
      });
      ctx.restore();
    }
    function notes() {
      const shown = model.get("marks");
      list.hidden = !shown.length;
      list.setAttribute("aria-label", "Changes of the rules, numbered in the charts");
      list.replaceChildren(...shown.map((m) => node("li", "", `${m.date}${m.arm >= 0 ? `, ${"AB"[m.arm]}` : ""}: ${m.text}`)));
      el.dataset.marks = shown.length;
      plots.forEach((p) => p.plot?.redraw(false));
    }
    function values(p, j, at) {
      const k = at == null ? weeks.length - 1 : at;
      const d = data(j);
      p.values.replaceChildren(...p.spec.lines.map((line, s) => {
        const v = d[s + 1][k];
        if (v == null || Number.isNaN(v)) return "";
        const x = node("span", "ta-value");
        x.append(sample(lines()[line]), said(p.spec, v));
        x.title = lines()[line].label;
        return x;
      }));
      return d.slice(1).map((y, s) => `${lines()[p.spec.lines[s]].label} ${said(p.spec, y[k])}`);
    }
    function paint() {
      raf = 0;
      if (!alive) return;
      plots.forEach((p, j) => {
        p.plot.setData(data(j));
        p.box.setAttribute("aria-label", `${p.spec.title}, ${p.spec.unit}: ${values(p, j, null).filter((t) => !t.endsWith("–")).join("; ") || "nothing yet"}`);
        const last = specs()[j].lines.map((_, s) => columns[first(j) + s]?.at(-1));
        p.card.dataset.last = last.map((v) => (v == null ? "" : v)).join(",");
      });
      el.dataset.rows = weeks.length;
      el.dataset.week = weeks.at(-1) ?? 0;
      // A line that never has a value needs no key.
      for (const key of legend.querySelectorAll("[data-line]")) {
        const k = +key.dataset.line;
        key.hidden = weeks.length > 0 && !specs().some((c, j) => c.lines.some((l, s) => l === k && columns[first(j) + s]?.some((v) => v != null)));
      }
    }
    function add(floats) {
      const width = 1 + first(specs().length);
      for (let r = 0; r + width <= floats.length; r += width) {
        if (weeks.length && floats[r] <= weeks.at(-1)) continue;
        weeks.push(floats[r]);
        for (let c = 1; c < width; c++) (columns[c - 1] ??= []).push(Number.isNaN(floats[r + c]) ? null : floats[r + c]);
      }
    }
    const soon = () => { if (!raf) raf = document.hidden ? setTimeout(paint, 0) : requestAnimationFrame(paint); };
    function onFull() {
      const b = raw(model.get("full"));
      weeks = [];
      columns = [];
      if (b.byteLength > 4) add(new Float32Array(b, 4));
      // Nothing is drawn anew but the lines where the same charts begin again.
      if (built[0] !== specs() || built[1] !== lines()) build();
      soon();
    }
    function onMore() { add(new Float32Array(raw(model.get("more")))); soon(); }
    const rebuild = () => { build(); soon(); };
    const heard = (message, buffers) => answered(message, buffers);
    const watched = { full: onFull, more: onMore, marks: notes };
    for (const [name, f] of Object.entries(watched)) model.on("change:" + name, f);
    model.on("msg:custom", heard);
    addEventListener("ta-theme", rebuild);
    const resized = new ResizeObserver(() => plots.forEach((p) => p.plot?.setSize({ width: Math.max(120, p.box.clientWidth), height: HEIGHT })));
    resized.observe(cards);
    onFull();
    return () => {
      alive = false;
      removeEventListener("ta-theme", rebuild);
      resized.disconnect();
      plots.forEach((p) => p.plot?.destroy());
      for (const [name, f] of Object.entries(watched)) model.off("change:" + name, f);
      model.off("msg:custom", heard);
    };
  },
};
