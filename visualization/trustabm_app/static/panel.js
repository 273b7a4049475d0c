// A form from declarations. Sections: {title, open, note, fields, buttons}; a field has key, label, kind
// (select, choice, range, number, check, text, month) and, for its kind, options, low, high, grid, unit, help, source.
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) if (v !== undefined && v !== false) node.setAttribute(k, v === true ? "" : v);
  node.append(...children);
  return node;
};
// Every widget has a copy of this module: their ids must differ all the same.
const prefix = "ta" + Math.random().toString(36).slice(2, 8);
let serial = 0;

export default {
  render({ model, el }) {
    el.classList.add("ta-panel");
    let inputs = {};
    const send = (key, value) => model.send({ what: "set", key, value });
    const words = (f, v) => (f.kind === "range" ? `${+(+v).toFixed(3)}` : v);

    // One of a few sentences, all of them in sight.
    function choice(f) {
      const name = `${prefix}-${++serial}`;
      const row = make("fieldset", { class: "ta-choice", "data-key": f.key }, make("legend", {}, f.label));
      const radios = f.options.map(([value, text]) => {
        const input = make("input", { type: "radio", name, value });
        input.onchange = () => send(f.key, value);
        row.append(make("label", {}, input, text));
        return input;
      });
      inputs[f.key] = { f, fill: (value) => { for (const x of radios) x.checked = x.value === value; } };
      return row;
    }
    function field(f) {
      if (f.kind === "choice") return choice(f);
      const id = `${prefix}-${++serial}`;
      const label = make("label", { for: id }, f.label);
      const output = make("output", { for: id });
      let input;
      if (f.kind === "select") {
        input = make("select", { id });
        for (const group of f.options) {
          const into = group.label ? make("optgroup", { label: group.label }) : input;
          for (const [value, text] of group.options) into.append(make("option", { value }, text));
          if (into !== input) input.append(into);
        }
        input.onchange = () => send(f.key, input.value);
      } else if (f.kind === "check") {
        input = make("input", { id, type: "checkbox" });
        input.onchange = () => send(f.key, input.checked);
      } else {
        input = make("input", { id, type: f.kind, min: f.low, max: f.high, step: f.grid });
        if (f.kind === "range") input.oninput = () => { output.textContent = words(f, input.value); };
        // A key that is held makes one change, when it is let go; meanwhile nothing is filled in.
        const plain = f.kind === "text" || f.kind === "month", { dataset } = input;
        const change = () => send(f.key, plain ? input.value : +input.value);
        input.onkeydown = (e) => { if (/^(Arrow|Page|Home|End)/.test(e.key)) dataset.held ??= ""; };
        input.onkeyup = input.onblur = () => { const moved = dataset.held === "moved"; delete dataset.held; if (moved) change(); };
        input.onchange = () => { if ("held" in dataset) dataset.held = "moved"; else change(); };
      }
      inputs[f.key] = { f, input, output };
      const row = make("div", { class: `ta-field ta-${f.kind}`, "data-key": f.key });
      const head = make("div", { class: "ta-label" }, ...(f.kind === "check" ? [input, label] : [label]));
      if (f.kind === "range") head.append(output);
      row.append(head);
      if (f.kind !== "check") row.append(input);
      if (f.help) {
        const help = make("p", { class: "ta-help", id: id + "h" }, f.help);
        input.setAttribute("aria-describedby", id + "h");
        row.append(help);
      }
      if (f.source) row.append(make("details", { class: "ta-source" }, make("summary", { "aria-label": `Source of ${f.label}` }, "Source"), make("p", {}, f.source)));
      return row;
    }
    function section(s) {
      const body = make("div", { class: "ta-fields" }, ...s.fields.map(field));
      for (const b of s.buttons ?? []) {
        const button = make("button", { type: "button", class: "ta-button" + (b.primary ? " ta-primary" : "") }, b.label);
        button.onclick = () => model.send({ what: "press", key: b.key });
        body.append(button);
      }
      if (s.note) body.prepend(make("p", { class: "ta-help" }, s.note));
      return s.title ? make("details", { class: "ta-section", open: s.open }, make("summary", {}, s.title), body) : body;
    }
    const problem = make("p", { class: "ta-problem", role: "alert" });
    function build() {
      // A rebuilt form keeps what was opened.
      const open = new Set([...el.querySelectorAll("details.ta-section[open]>summary")].map((x) => x.textContent));
      const was = el.childElementCount > 0;
      inputs = {};
      el.replaceChildren(problem, ...model.get("sections").map(section));
      if (was) for (const d of el.querySelectorAll("details.ta-section")) d.open = open.has(d.querySelector("summary").textContent) || d.open;
      fill();
    }
    function fill() {
      const values = model.get("values");
      for (const [key, { f, input, output, fill }] of Object.entries(inputs)) {
        if (!(key in values) || (input && "held" in input.dataset)) continue;
        if (fill) { fill(values[key]); continue; }
        if (f.kind === "check") input.checked = values[key];
        else input.value = values[key];
        output.textContent = words(f, values[key]);
        input.closest(".ta-field").classList.toggle("ta-changed", f.base !== undefined && values[key] !== f.base);
      }
    }
    const complain = () => { problem.textContent = model.get("problem"); problem.hidden = !problem.textContent; };
    model.on("change:sections", build);
    model.on("change:values", fill);
    model.on("change:problem", complain);
    build();
    complain();
    return () => { model.off("change:sections", build); model.off("change:values", fill); model.off("change:problem", complain); };
  },
};
