// A question as one sentence with blanks to fill in. What may stand in them comes from the server.
const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes)) if (v !== undefined && v !== false) node.setAttribute(k, v === true ? "" : v);
  node.append(...children);
  return node;
};

export default {
  render({ model, el }) {
    el.classList.add("ta-question");
    const set = (key, value) => model.send({ what: "set", key, value });
    const list = make("datalist", { id: "ta-counties" });
    const place = make("input", { type: "text", list: "ta-counties", class: "ta-blank ta-place", "aria-label": "County or state", placeholder: "type a county or state", autocomplete: "off", spellcheck: "false", size: 24 });
    // What is chosen stands as text, which wraps as a select cannot; the select lies over it, unseen.
    const change = make("select", { "aria-label": "What changes" }), chosenText = make("span", { "aria-hidden": "true" });
    const changing = make("span", { class: "ta-blank ta-change" }, chosenText, change);
    const month = make("select", { class: "ta-blank", "aria-label": "Month from which it changes" });
    const year = make("select", { class: "ta-blank", "aria-label": "Year from which it changes" });
    const rules = make("span", { class: "ta-blank ta-rules", role: "status", "aria-label": "Rules in force" });
    const when = make("span");
    const problem = make("p", { class: "ta-problem", role: "alert" });
    const near = make("div", { class: "ta-buttons" });
    const more = make("details", { class: "ta-others" });

    let sent = "";
    const settle = () => { if (place.value.trim() && place.value !== sent) set("place", (sent = place.value)); };
    place.oninput = () => {
      // An entry that was chosen from the list is settled at once.
      if ([...list.options].some((x) => x.value === place.value)) settle();
      else model.send({ what: "typed", value: place.value.slice(0, 80) });
    };
    place.onchange = settle;
    place.onkeydown = (e) => { if (e.key === "Enter") { sent = ""; settle(); } };
    place.onfocus = () => place.select();
    change.onchange = () => set("change", change.value);
    month.onchange = () => set("month", +month.value);
    year.onchange = () => set("year", +year.value);

    const option = ([value, text]) => make("option", { value }, text);
    const parts = {
      places() { list.replaceChildren(...model.get("places").map((x) => make("option", { value: x }))); },
      place() { place.value = sent = model.get("place"); place.classList.toggle("ta-empty", !sent); place.size = Math.max(14, place.value.length + 1); },
      rules() { rules.textContent = model.get("rules"); },
      when() { when.textContent = model.get("when"); },
      months() { month.replaceChildren(...model.get("months").map(option)); parts.since(); },
      years() { year.replaceChildren(...model.get("years").map((x) => option([x, x]))); parts.since(); },
      since() { const [y, m] = model.get("since"); year.value = y; month.value = m; },
      offers() {
        const offers = model.get("offers");
        const chosen = model.get("change");
        const mine = offers.filter(([word, , level]) => level === "local" || word === chosen);
        change.replaceChildren(option(["", "choose a change"]), ...mine.map(option));
        change.value = chosen;
        changing.classList.toggle("ta-empty", !chosen);
        chosenText.textContent = change.selectedOptions[0]?.textContent ?? "";
        const open = more.open;
        more.replaceChildren(make("summary", {}, "Not theirs to change: what a state or the federal government would"), ...offers.filter((x) => x[2] !== "local").map(([word, act, level]) => {
          const button = make("button", { type: "button", class: "ta-other", "aria-pressed": String(word === chosen) }, `${act} (${level})`);
          button.onclick = () => set("change", word);
          return button;
        }));
        more.open = open;
      },
      problem() { problem.textContent = model.get("problem"); },
      near() {
        near.replaceChildren(...model.get("near").map((x) => {
          const button = make("button", { type: "button", class: "ta-button" }, x);
          button.onclick = () => set("place", x);
          return button;
        }));
      },
    };
    parts.change = parts.offers;
    el.replaceChildren(
      make("p", { class: "ta-sentence" }, "In ", place, list, ", ", when, " ", rules, ". What if ", changing, " from ", month, " ", year, "?"),
      problem, near, more,
    );
    for (const [name, show] of Object.entries(parts)) { model.on(`change:${name}`, show); show(); }
    return () => { for (const [name, show] of Object.entries(parts)) model.off(`change:${name}`, show); };
  },
};
