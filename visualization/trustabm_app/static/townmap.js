// One or two worlds of a town: canvas 2D and ImageData, no GPU and no network.
// A frame: int32 serial, week, residents, worlds, movers; by world 4 bytes a resident in layers (trust; risk and last
// decision; place and event; group), then uint16 x, y, kind a mover, padded to 4 bytes.
const EVENTS = [
  null,
  { name: "stopped by police", light: "#5b6270", dark: "#aab2c0" },
  { name: "stopped and asked about status", light: "#8a6d00", dark: "#ffd54a" },
  { name: "crime, reported", light: "#00795a", dark: "#3ddcaa" },
  { name: "crime, kept silent", light: "#c2410c", dark: "#ff8a50" },
  { name: "handed to ICE by police or jail", light: "#a3195b", dark: "#ff6fb0" },
  { name: "taken by ICE at large", light: "#a3195b", dark: "#ff6fb0", square: true },
  { name: "removed from the country", light: "#111418", dark: "#ffffff", square: true },
];
const MODES = { trust: "Trust", risk: "Perceived risk", status: "Status", reporting: "Reporting", difference: "Difference" };
const PULSES = 60;

export default {
  render({ model, el }) {
    el.classList.add("ta-map");
    const bar = tag("div", "ta-modes");
    const stage = tag("div", "ta-panes");
    const legend = tag("div", "ta-legend");
    el.append(bar, stage, legend);
    let n = 0, xs = null, ys = null, frame = null, panes = [], raf = 0, moving = 0, alive = true, hovered = -1;
    let frameAt = 0, gap = 60, slow = 0, lastTick = 0;
    const dark = () => document.documentElement.classList.contains("ta-dark");
    const mode = () => model.get("mode");

    // The frame, taken apart.
    function parse() {
      const view = model.get("frame");
      if (!view || !view.byteLength) return null;
      const b = bytesOf(view);
      const [serial, week, many, worlds, movers] = new Int32Array(b, 0, 5);
      if (many !== n) return null; // of the town before this one
      const layers = [];
      let at = 20;
      for (let k = 0; k < worlds; k++) {
        const [trust, risk, fate, group] = [0, 1, 2, 3].map((l) => new Uint8Array(b, at + l * many, many));
        at += 4 * many;
        const who = new Uint16Array(b, at, 3 * movers);
        at += 6 * movers + ((4 - ((6 * movers) % 4)) % 4);
        layers.push({ trust, risk, fate, group, movers: who });
      }
      return { serial, week, layers };
    }

    // Colours: a byte or a pair of bytes to a packed colour.
    function painter(k) {
      const p = model.get("palettes"), theme = dark() ? "dark" : "light", w = frame.layers[k], m = mode();
      if (m === "status") {
        const c = groups().map((g) => packed(rgb(g.color)));
        return (i) => c[w.group[i]];
      }
      if (m === "reporting") {
        const c = [packed(rgb(dark() ? "#3a404b" : "#d9dce1")), ...p.reporting.map((h) => packed(rgb(h)))];
        return (i) => c[w.risk[i] >> 6];
      }
      const { low, high } = p[m], colors = ramp(p[m][theme], 64);
      const shade = (v) => colors[Math.max(0, Math.min(63, Math.round(((v - low) / (high - low)) * 63)))];
      if (m === "trust") return (i) => shade(w.trust[i] / 255);
      if (m === "risk") return (i) => shade((w.risk[i] & 63) / 63);
      const [a, b] = frame.layers;
      return (i) => (a.trust[i] === b.trust[i] && place(a, i) === place(b, i) ? 0 : shade((b.trust[i] - a.trust[i]) / 255));
    }
    const groups = () => model.get("geometry").groups;
    const place = (w, i) => w.fate[i] & 3;
    const isDifference = () => mode() === "difference" && frame && frame.layers.length > 1;
    const wanted = () => (frame && !isDifference() ? frame.layers.length : 1);

    function makePanes() {
      stage.replaceChildren();
      named = -Infinity; // a new pane has no name yet
      stage.classList.toggle("ta-two", wanted() > 1);
      panes = Array.from({ length: wanted() }, (_, k) => {
        const root = tag("div", "ta-pane");
        root.setAttribute("role", "img");
        const canvases = ["ground", "dots", "over"].map((c) => root.appendChild(tag("canvas", "ta-" + c)));
        const title = root.appendChild(tag("div", "ta-title"));
        const tip = root.appendChild(tag("div", "ta-tip"));
        tip.hidden = true;
        root.onmousemove = (e) => hover(e, k);
        root.onmouseleave = () => { hovered = -1; panes.forEach((p) => (p.tip.hidden = true)); paintOver(performance.now()); };
        root.onclick = (e) => { const i = nearest(e, k); if (i >= 0) model.send({ what: "select", resident: i }); };
        title.textContent = heading(k);
        stage.append(root);
        return { root, canvases, g: canvases.map((c) => c.getContext("2d")), title, tip, from: null, to: null, pulses: [] };
      });
      size();
    }
    function size() {
      const { columns, rows } = model.get("geometry");
      for (const p of panes) {
        const width = p.root.clientWidth;
        if (!width) continue;
        const height = Math.round(Math.min(width * (rows / columns) + 40, Math.max(320, innerHeight * 0.66)));
        p.root.style.height = height + "px";
        const scale = Math.min(2, devicePixelRatio || 1);
        p.scale = scale;
        p.W = Math.round(width * scale);
        p.H = Math.round(height * scale);
        for (const c of p.canvases) { c.width = p.W; c.height = p.H; }
        // The town fills the pane above a strip for the jail and ICE; both axes stretch alike or not at all.
        p.strip = Math.round(34 * scale);
        p.side = 65535 / columns;
        p.fx = p.W / (columns * p.side);
        p.fy = (p.H - p.strip) / (rows * p.side);
        p.image = p.g[1].createImageData(p.W, p.H);
        p.pixels = new Uint32Array(p.image.data.buffer);
        if (xs) {
          const r = Math.max(1.1, Math.min(5, 0.25 * Math.sqrt((width * height) / n))) * scale;
          p.r = r;
          p.stamp = stamp(r, p.W);
          const edge = Math.ceil(r) + 1;
          p.x = Int32Array.from(xs, (v) => Math.max(edge, Math.min(p.W - edge - 1, Math.round(v * p.fx))));
          p.y = Int32Array.from(ys, (v) => Math.max(edge, Math.min(p.H - p.strip - edge - 1, Math.round(v * p.fy))));
        }
        paintGround(p);
      }
    }
    // Over the dots, on a halo of the ground's colour.
    function names(p) {
      const g = p.g[2], { columns, rows, blocks } = model.get("geometry"), d = dark();
      const w = p.W / columns, h = (p.H - p.strip) / rows;
      if (w <= 130 * p.scale) return;
      g.font = `600 ${11 * p.scale}px Roboto, system-ui, sans-serif`;
      g.textBaseline = "bottom";
      g.textAlign = "left";
      g.lineJoin = "round";
      g.lineWidth = 4 * p.scale;
      g.strokeStyle = d ? "#1a1e24" : "#fff";
      g.fillStyle = d ? "#c3cad5" : "#3d434d";
      for (const b of blocks) {
        const at = [b.people, b.column * w + 8 * p.scale, (b.row + 1) * h - 5 * p.scale];
        g.strokeText(...at);
        g.fillText(...at);
      }
      g.textBaseline = "middle";
    }
    function paintGround(p) {
      const g = p.g[0], { columns, rows, blocks } = model.get("geometry"), d = dark();
      g.fillStyle = d ? "#0f1216" : "#e9e7e1";
      g.fillRect(0, 0, p.W, p.H);
      const w = p.W / columns, h = (p.H - p.strip) / rows, street = Math.max(1.5, 2.5 * p.scale);
      for (const b of blocks) {
        g.fillStyle = d ? "#1a1e24" : "#ffffff";
        g.beginPath();
        g.roundRect(b.column * w + street, b.row * h + street, w - 2 * street, h - 2 * street, 6 * p.scale);
        g.fill();
      }
      g.fillStyle = d ? "#1a1e24" : "#f7f6f3";
      g.fillRect(0, p.H - p.strip, p.W, p.strip);
    }
    function paintDots(p, k) {
      const { at, alpha } = p.stamp, w = frame.layers[k], color = painter(k), px = p.pixels, many = at.length;
      px.fill(0);
      for (let i = 0; i < n; i++) {
        if (place(w, i)) continue; // held or gone: not at home
        const c = color(i), q = p.y[i] * p.W + p.x[i];
        if (!c) continue;
        for (let j = 0; j < many; j++) {
          const s = q + at[j], a = alpha[j];
          if (a === 255) px[s] = c;
          else if (px[s] >>> 24 < a) px[s] = ((a << 24) | (c & 0xffffff)) >>> 0;
        }
      }
      p.g[1].putImageData(p.image, 0, 0);
    }
    function paintOver(now) {
      const share = gliding() ? Math.min(1, (now - frameAt) / gap) : 1;
      panes.forEach((p, k) => {
        const g = p.g[2];
        g.clearRect(0, 0, p.W, p.H);
        if (!p.stamp || !frame) return;
        names(p);
        strip(p, k);
        ties(p, k);
        p.pulses = p.pulses.filter((q) => now - q.t < 900);
        for (const q of isDifference() ? [] : p.pulses) {
          const age = gliding() ? (now - q.t) / 900 : 0.35, e = EVENTS[q.event], size = (3 + 11 * age) * p.scale;
          g.globalAlpha = Math.max(0, 1 - age);
          g.strokeStyle = e[dark() ? "dark" : "light"];
          g.lineWidth = 2 * p.scale;
          g.beginPath();
          if (e.square) g.rect(p.x[q.i] - size, p.y[q.i] - size, 2 * size, 2 * size);
          else g.arc(p.x[q.i], p.y[q.i], size, 0, 7);
          g.stroke();
        }
        g.globalAlpha = 1;
        if (isDifference()) fates(p);
        else for (let j = 0; j < p.to.length; j += 3) {
          const home = p.to[j + 2] === 2;
          const [x1, y1] = spot(p, p.to, j), [x0, y0] = home ? [x1, y1] : spot(p, p.from, j);
          marker(p, x0 + share * (x1 - x0), y0 + share * (y1 - y0), p.to[j + 2] > 0);
        }
      });
    }
    function spot(p, movers, j) {
      if (movers[j + 2] !== 2) return [movers[j] * p.fx, Math.min(movers[j + 1] * p.fy, p.H - p.strip - 4)];
      return [p.W - (14 + 16 * (movers.length / 3 - 1 - j / 3)) * p.scale, p.H - p.strip / 2];
    }
    function marker(p, x, y, ice) {
      const g = p.g[2], r = 6 * p.scale;
      g.beginPath();
      if (ice) { g.moveTo(x, y - r * 1.2); g.lineTo(x + r * 1.15, y + r * 0.85); g.lineTo(x - r * 1.15, y + r * 0.85); g.closePath(); }
      else g.roundRect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8, 2 * p.scale);
      g.fillStyle = ice ? "#a3195b" : "#123a7a";
      g.fill();
      g.lineWidth = 1.6 * p.scale;
      g.strokeStyle = "#fff";
      g.stroke();
    }
    function strip(p, k) {
      const count = [0, 0, 0, 0], w = frame.layers[k];
      for (let i = 0; i < n; i++) count[place(w, i)]++;
      const g = p.g[2];
      g.font = `${12 * p.scale}px Roboto, system-ui, sans-serif`;
      g.textBaseline = "middle";
      g.fillStyle = dark() ? "#c9d0db" : "#454b55";
      if (!isDifference()) g.fillText(`Jail or prison ${count[1]}  ·  ICE custody ${count[2]}  ·  removed${p.W < 420 * p.scale ? "" : ", place empty"} ${count[3]}`, 10 * p.scale, p.H - p.strip / 2);
      p.count = count;
    }
    function fates(p) {
      const [a, b] = frame.layers, g = p.g[2];
      let parted = 0, fate = 0;
      g.lineWidth = 2 * p.scale;
      for (let i = 0; i < n; i++) {
        if (a.trust[i] !== b.trust[i]) parted++;
        if (place(a, i) === place(b, i)) continue;
        fate++;
        g.strokeStyle = place(b, i) > place(a, i) ? (dark() ? "#ff6fb0" : "#a3195b") : dark() ? "#3ddcaa" : "#00795a";
        g.beginPath();
        g.arc(p.x[i], p.y[i], p.r + 3 * p.scale, 0, 7);
        g.stroke();
      }
      g.fillStyle = dark() ? "#c9d0db" : "#454b55";
      g.fillText(`Trust differs for ${parted.toLocaleString("en")} of ${n.toLocaleString("en")} residents; ${fate} are held or gone in one town only`, 10 * p.scale, p.H - p.strip / 2);
    }
    function ties(p, k) {
      const { resident, close } = model.get("selected"), g = p.g[2];
      for (const [i, others] of [[hovered, []], [resident, close]]) {
        if (i < 0 || i >= n) continue;
        g.strokeStyle = dark() ? "#ffffff" : "#111418";
        g.lineWidth = 1.2 * p.scale;
        for (const j of others) {
          g.beginPath();
          g.moveTo(p.x[i], p.y[i]);
          g.lineTo(p.x[j], p.y[j]);
          g.stroke();
        }
        for (const j of [i, ...others]) {
          g.lineWidth = (j === i ? 2.6 : 1.4) * p.scale;
          g.beginPath();
          g.arc(p.x[j], p.y[j], p.r + (j === i ? 4 : 2) * p.scale, 0, 7);
          g.stroke();
        }
      }
    }
    // Gliding stops where the machine cannot keep up, and is tried again after five seconds.
    const gliding = () => performance.now() > slow && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    function tick(now) {
      moving = 0;
      if (!alive) return;
      if (now - lastTick < 250 && now - lastTick > 40) slow = now + 5000;
      lastTick = now;
      paintOver(now);
      if (gliding() && (now - frameAt < gap || panes.some((p) => p.pulses.length))) moving = requestAnimationFrame(tick);
    }

    function onFrame() {
      const next = parse();
      if (!next) return;
      frame = next;
      const now = performance.now();
      gap = Math.max(40, Math.min(400, 0.7 * gap + 0.3 * (now - frameAt)));
      frameAt = now;
      if (panes.length !== wanted()) makePanes();
      panes.forEach((p, k) => {
        p.title.textContent = heading(k);
        const w = frame.layers[k];
        p.from = p.to && p.to.length === w.movers.length ? p.to : w.movers;
        p.to = w.movers;
        p.pulses = p.pulses.slice(-PULSES);
        let left = PULSES;
        for (let event = 7; event > 0 && left > 0; event--) for (let i = 0; i < n && left > 0; i++) if (w.fate[i] >> 2 === event) { p.pulses.push({ i, event, t: now }); left--; }
      });
      if (raf) return;
      // A hidden tab is given no animation frames: it must answer all the same.
      raf = document.hidden ? setTimeout(paint, 0) : requestAnimationFrame(paint);
    }
    function paint() {
      raf = 0;
      if (!alive || !frame || !panes.length || !panes[0].stamp) return;
      panes.forEach(paintDots);
      if (!moving) { paintOver(performance.now()); if (gliding()) moving = requestAnimationFrame(tick); }
      el.dataset.painted = frame.week;
      model.send({ what: "painted", serial: frame.serial });
      counts();
    }
    let named = -Infinity;
    function counts() {
      // For people who do not see the map: what it shows, twice a second at most.
      const now = performance.now();
      if (now - named < 500) return;
      named = now;
      panes.forEach((p, k) => p.root.setAttribute("aria-label", `Map of ${heading(k)}, week ${frame.week}: ${(p.count ?? [0])[0].toLocaleString("en")} residents at home, ${p.count?.[1]} in jail or prison, ${p.count?.[2]} in ICE custody`));
    }
    const heading = (k) => (isDifference() ? "Where the two towns part" : model.get("titles")[k] ?? "");
    function onHomes() {
      const view = model.get("homes");
      if (!view || !view.byteLength) return;
      const at = new Uint16Array(bytesOf(view));
      n = at.length / 2;
      xs = Uint16Array.from({ length: n }, (_, i) => at[2 * i]);
      ys = Uint16Array.from({ length: n }, (_, i) => at[2 * i + 1]);
      frame = null;
      makePanes();
    }
    function nearest(e, k) {
      const p = panes[k], box = p.root.getBoundingClientRect();
      const x = (e.clientX - box.left) * p.scale, y = (e.clientY - box.top) * p.scale;
      let best = -1, least = (14 * p.scale) ** 2;
      if (p.x) for (let i = 0; i < n; i++) { const far = (p.x[i] - x) ** 2 + (p.y[i] - y) ** 2; if (far < least) { least = far; best = i; } }
      return best;
    }
    function hover(e, k) {
      if (!frame) return;
      const i = nearest(e, k), p = panes[k];
      if (i === hovered) return;
      hovered = i;
      panes.forEach((q) => (q.tip.hidden = true));
      if (i >= 0) {
        const w = frame.layers[k];
        p.tip.hidden = false;
        p.tip.textContent = `Resident ${i} · ${groups()[w.group[i]].title} · trust ${(w.trust[i] / 255).toFixed(2)} · perceived risk ${((w.risk[i] & 63) / 63).toFixed(2)}`;
        const left = p.x[i] / p.scale;
        p.tip.style.top = p.y[i] / p.scale + 12 + "px";
        p.tip.style.left = Math.min(left + 10, Math.max(4, p.root.clientWidth - p.tip.offsetWidth - 4)) + "px";
      }
      paintOver(performance.now());
    }
    // Words and keys around the map.
    function furniture() {
      const two = model.get("titles").length > 1, m = mode(), theme = dark() ? "dark" : "light", p = model.get("palettes");
      bar.setAttribute("role", "group");
      bar.setAttribute("aria-label", "What colours say");
      bar.replaceChildren(tag("span", "ta-lead", "Colour by"), ...Object.entries(MODES).filter(([k]) => two || k !== "difference").map(([k, text]) => {
        const b = tag("button", "ta-mode", text);
        b.type = "button";
        b.setAttribute("aria-pressed", k === m);
        b.onclick = () => { model.set("mode", k); model.save_changes(); model.send({ what: "mode", value: k }); };
        return b;
      }));
      panes.forEach((q, k) => (q.title.textContent = heading(k)));
      const items = [];
      const item = (swatch, text) => { const s = tag("span", "ta-key"); s.append(swatch, text); items.push(s); };
      const dot = (color) => { const s = tag("i", "ta-dot"); s.style.background = color; return s; };
      const ring = (e) => { const s = tag("i", e.square ? "ta-ring ta-square" : "ta-ring"); s.style.borderColor = e[theme]; return s; };
      if (m === "status") groups().forEach((g) => item(dot(g.color), g.title));
      else if (m === "reporting") { item(dot(p.reporting[0]), "reported the last crime against them"); item(dot(p.reporting[1]), "kept silent"); item(dot(dark() ? "#3a404b" : "#d9dce1"), "no crime so far"); }
      else {
        const s = tag("i", "ta-ramp"), r = p[m];
        s.style.background = `linear-gradient(90deg, ${r[theme].join(", ")})`;
        const ends = { trust: "Trust in local police", risk: "Perceived risk that contact with police ends in a deportation", difference: "Trust under B, less trust under A" }[m];
        item(s, `${ends}: ${r.low} or less to ${r.high} or more`);
        if (m === "difference") { item(ring(EVENTS[5]), "held or gone under B only, or more so"); item(ring(EVENTS[3]), "under A only"); }
      }
      if (m !== "difference") {
        EVENTS.forEach((e) => e && item(ring(e), e.name));
        item(tag("i", "ta-officer"), "police officer");
        item(tag("i", "ta-ice"), "ICE agent");
      }
      legend.replaceChildren(...items, tag("p", "ta-fine", m === "difference" ? "Everybody else lives the same week in both towns." : "A dot is a resident at home. Rings are what happened since the last picture, at most 60 of them. Officers stand where they stopped somebody, else anywhere on their beat. Click a dot to see who it is."));
    }
    function restyle() {
      furniture();
      if (frame && panes.length !== wanted()) makePanes();
      panes.forEach(paintGround);
      furniture();
      if (frame) { panes.forEach((p, k) => { const w = frame.layers[k]; p.to ??= w.movers; p.from ??= w.movers; }); paint(); paintOver(performance.now()); }
    }
    const watched = { frame: onFrame, homes: onHomes, geometry: onHomes, mode: restyle, titles: restyle, selected: () => paintOver(performance.now()) };
    for (const [name, f] of Object.entries(watched)) model.on("change:" + name, f);
    addEventListener("ta-theme", restyle);
    const resized = new ResizeObserver(() => { size(); if (frame) { panes.forEach((p, k) => { p.to ??= frame.layers[k].movers; p.from ??= p.to; }); paint(); } });
    resized.observe(stage);
    onHomes();
    onFrame();
    furniture();
    return () => {
      alive = false;
      resized.disconnect();
      removeEventListener("ta-theme", restyle);
      for (const [name, f] of Object.entries(watched)) model.off("change:" + name, f);
    };
  },
};
