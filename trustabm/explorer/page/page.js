// The page: levers on one side, what the model says on the other.
const $ = (id) => document.getElementById(id);
const make = (name, attributes = {}, ...children) => {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  e.append(...children);
  return e;
};
const SVG = "http://www.w3.org/2000/svg";
const draw = (parent, name, attributes) => {
  const e = document.createElementNS(SVG, name);
  for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
  parent.append(e);
  return e;
};
const month = new Date(`${D.since}T12:00:00`).toLocaleDateString("en-US", { month: "long", year: "numeric" });
const percent = (x) => (x === null ? "–" : `${Math.round(100 * x)}%`);
let moved = {}, preset = null;

document.title = `What if? ${D.place}`;
$("title").textContent = `What if other rules held in ${D.place}?`;
$("lede").textContent = `Today ${D.inForce} (known to ${D.knownTo}). Move a lever: what changes from ${month} on, over ` +
  `${D.years} years, against the rules in force. This page works it out itself and asks nobody: it holds an emulator, ` +
  `learned of the model's own runs in ${D.lots} draws of its parameters, structures, and of the county's figures and rules. Each dot is one of them.`;

const LEVELS = { local: "The county and its cities decide", state: "The state decides", federal: "Washington decides" };
const controls = {};
for (const [level, title] of Object.entries(LEVELS)) {
  const fold = make("details", level === "local" ? { open: "" } : {}, make("summary", {}, title));
  for (const lever of D.levers.filter((x) => x.level === level)) {
    const id = `lever-${lever.name}`, output = make("output", { for: id });
    const control = lever.choices.length
      ? make("select", { id }, ...lever.choices.map((x) => make("option", { value: x }, x)))
      : make("input", { id, type: "range", min: 0, max: lever.high, step: "any", title: `${lever.sentence} Unit: ${lever.unit}.` });
    control.addEventListener("input", () => {
      const step = lever.high / 100;
      preset = null;
      move(lever.name, lever.choices.length ? control.value : Number((Math.round(control.value / step) * step).toPrecision(6)));
    });
    control.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (lever.choices.length || !by) return;
      event.preventDefault();
      const step = lever.high / 100, to = Math.min(Math.max(Math.round(control.value / step) + by, 0), 100) * step;
      preset = null;
      move(lever.name, Number(to.toPrecision(6)));
    });
    const row = make("div", { class: "lever" }, make("label", { for: id }, lever.title), output, control);
    controls[lever.name] = { control, output, row, lever };
    fold.append(row);
  }
  $("groups").append(fold);
}

$("preset").append(make("option", { value: "" }, "the rules in force"));
for (const [level, title] of Object.entries(LEVELS)) {
  const group = make("optgroup", { label: title });
  D.presets.forEach((x, k) => { if (x.level === level) group.append(make("option", { value: k }, x.act)); });
  if (group.childElementCount) $("preset").append(group);
}
$("preset").addEventListener("change", () => {
  preset = $("preset").value === "" ? null : D.presets[$("preset").value];
  moved = preset ? whole(preset.levers) : {};
  show();
});
$("reset").addEventListener("click", () => { moved = {}; preset = null; show(); });

function move(name, value) {
  // Officers are deputized only where they ask at a stop, and a firewall leaves no room for asking.
  const next = { ...moved, [name]: value };
  if (name === "deputized_share" && value > 0) next.ask_status = "stop";
  if ((name === "ask_victims" || name === "ask_witnesses") && value + (next.firewall ?? LEVER.firewall.value) > 1) next.firewall = 1 - value;
  moved = whole(next);
  show();
}

const rows = D.forms.map((form) => {
  const text = make("p"), svg = draw($("lines"), "svg", {}), row = make("li", {}, text, svg);
  svg.setAttribute("aria-hidden", "true");
  $("lines").append(row);
  return { form, text, svg, row };
});

function strip({ svg, form }, a) {
  svg.replaceChildren();
  const width = svg.clientWidth || 500, ends = [0, a.low, a.high, ...a.each.filter((x) => x >= 2 * a.low - a.high && x <= 2 * a.high - a.low)];
  const from = Math.min(...ends), to = Math.max(...ends), span = to - from || 1;
  const x = (value) => 10 + (width - 20) * (to === from ? 0.5 : (value - from) / span);
  draw(svg, "line", { class: "zero", x1: x(0), x2: x(0), y1: 2, y2: 30 });
  a.each.forEach((value, k) => { if (value >= from && value <= to) draw(svg, "circle", { cx: x(value), cy: 8 + (k * 7) % 14, r: 3.5 }); });
  draw(svg, "line", { class: "range", x1: x(a.low), x2: x(a.high), y1: 27, y2: 27 });
  const label = draw(svg, "text", { x: Math.min(Math.max(x(0), 40), width - 40), y: 42, "text-anchor": "middle" });
  label.textContent = "no change";
}

function show() {
  const begun = performance.now(), names = Object.keys(moved), found = answer(moved);
  for (const { control, output, row, lever } of Object.values(controls)) {
    const value = moved[lever.name] ?? lever.value;
    control.value = value;
    output.textContent = lever.choices.length ? "" : lever.high === 1 ? percent(value) : `${Number(value.toPrecision(3))}`;
    if (!lever.choices.length) control.setAttribute("aria-valuetext", `${output.textContent} ${lever.unit}`);
    row.classList.toggle("on", lever.name in moved);
  }
  if (!preset) $("preset").value = "";
  $("moved").textContent = names.length
    ? `${preset ? upper(preset.act) : `${names.length} lever${names.length > 1 ? "s" : ""} moved`}, from ${month}:`
    : "Nothing is moved: the rules in force stay.";
  rows.forEach((row, k) => {
    const a = found[k];
    row.row.classList.toggle("unknown", !a.known);
    row.text.textContent = a.known
      ? worded(row.form, a)
      : `I do not know how many ${row.form.some}: what this page learned from contradicts itself here. Ask the exact model.`;
    if (a.known) strip(row, a); else row.svg.replaceChildren();
  });
  exact(names);
  window.lasted = performance.now() - begun;
}

function exact(names) {
  const quoted = (x) => (typeof x === "string" ? `"${x}"` : `${Number(x)}`);
  const toml = ['title = "Chosen levers"', 'sentence = "Levers chosen in an explorer."', 'source = "as chosen"', 'on = "today"', "local = true", "",
    "[[changes]]", `date = ${D.since}`, 'sentence = "Levers chosen."', 'source = "as chosen"', "", "[changes.levers]",
    ...names.map((name) => `${name} = ${quoted(moved[name])}`)];
  const town = `--town ${/^[\w./-]+$/.test(D.town) ? D.town : `'${D.town.replaceAll("'", "'\\''")}'`}`;
  $("command").textContent = preset
    ? `trustabm compare ${town} --change ${preset.word} --from ${D.since}`
    : `cat > chosen.toml <<'TOML'\n${toml.join("\n")}\nTOML\ntrustabm compare today chosen.toml ${town} --start ${D.since}`;
  const asked = preset
    ? [["place", D.slug], ["change", preset.word], ["from", D.since.slice(0, 7)]]
    : [["place", D.slug], ["from", D.since.slice(0, 7)], ...names.map((name) => [`b.${name}`, moved[name]])];
  const query = asked.map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join("&");
  $("link").href = `${D.app}/${preset ? "" : "compare"}?${query}`;
  $("link").hidden = D.slug === null || !names.length;
  $("copy").disabled = !names.length;
  $("where").textContent = `The link opens ${D.app}, where “trustabm app” answers on this machine.`;
}

$("copy").addEventListener("click", async () => {
  let done = true;
  try { await navigator.clipboard.writeText($("command").textContent); }
  catch {
    // Pages from a disk may not have the clipboard's own interface.
    getSelection().selectAllChildren($("command").closest("details").open ? $("command") : (($("command").closest("details").open = true), $("command")));
    done = document.execCommand("copy");
  }
  $("copied").textContent = done ? "Copied." : "Select the command below and copy it.";
});

const all = D.held.all;
$("good").append(
  make("p", {}, `Tested by ${all.settings.toLocaleString("en-US")} settings at random, over the whole range of every lever, beside the model itself in ` +
    `${D.heldLots} draws that this page did not learn from: the middles lie ${percent(all.error)} of the model's own 90% interval apart (median), ` +
    `the intervals here hold ${percent(all.covered)} of the draws' changes (90% would be exact), and ${percent(all.unknown)} of answers are “I do not know”.`),
  make("p", {}, "It says so where what it learned without each quarter of its settings differs by more than a quarter of the interval. Beyond that it knows what the model knows, and no more: " +
    "the intervals say how unsure the model is of its parameters, structure, figures and rules, not what it leaves out."),
  ...D.notes.map((note) => make("p", {}, note)));
$("held").append(make("caption", {}, "By outcome"), make("tr", {}, ...["Outcome", "Distance", "Coverage", "Not known"].map((x) => make("th", { scope: "col" }, x))));
for (const form of D.forms) {
  const h = D.held[form.outcome];
  $("held").append(make("tr", {}, make("td", {}, form.some), ...[h.error, h.covered, h.unknown].map((x) => make("td", {}, percent(x)))));
}
$("made").textContent = `Made ${D.made.made} by trustabm ${D.made.versions.trustabm}, rules ${D.made.rules}: ${D.command}`;
show();
window.addEventListener("resize", show);
