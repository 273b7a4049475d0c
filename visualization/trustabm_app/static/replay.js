// Plays a recording with the widgets of the screen, each over a stand-in for anywidget's model.
// The recording is described in recording.py; nothing here asks any server for anything.
function standIn(values, heard = () => {}) {
  const listeners = {};
  return {
    get: (name) => values[name],
    set(name, value) {
      if (values[name] === value) return;
      values[name] = value;
      for (const f of listeners["change:" + name] ?? []) f();
    },
    on(what, f) { (listeners[what] ??= []).push(f); },
    off(what, f) { listeners[what] = (listeners[what] ?? []).filter((g) => g !== f); },
    send: heard,
    save_changes() {},
  };
}

async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const buffer = await new Response(stream).arrayBuffer();
  const length = new Int32Array(buffer, 0, 1)[0];
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  const parts = head.parts.map((size) => {
    const part = new Uint8Array(buffer, at, size);
    at += size + ((4 - (size % 4)) % 4);
    return part;
  });
  return { head, parts };
}

// From gaps and steps to the bytes of a layer, picture after picture.
function layer(gaps, steps, n, pictures) {
  const out = new Uint8Array(n * pictures);
  let at = -1, g = 0;
  for (const step of steps) {
    while (gaps[g] === 255) at += gaps[g++];
    at += gaps[g++] + 1;
    out[(at % pictures) * n + Math.floor(at / pictures)] = step;
  }
  for (let i = n; i < out.length; i++) out[i] += out[i - n];
  return out;
}

// A function from a picture's number to the frame that the map expects; events of pictures that were passed over since
// the one shown before are in it too.
function film(head, parts) {
  const { residents: n, worlds, movers: many } = head, pictures = head.weeks.length;
  const words = new Uint16Array(parts[2].buffer, parts[2].byteOffset, parts[2].byteLength / 2);
  const movers = [], layers = [];
  const onto = (values, base) => { if (base) for (let i = 0; i < values.length; i++) values[i] += base[i]; return values; };
  for (let w = 0; w < worlds; w++) {
    movers.push(onto(words.slice(w * pictures * many * 3, (w + 1) * pictures * many * 3), movers[0]));
    layers.push([0, 1, 2, 3].map((k) => onto(layer(parts[3 + 8 * w + 2 * k], parts[4 + 8 * w + 2 * k], n, pictures), layers[0]?.[k])));
  }
  const up = (bytes) => bytes + ((4 - (bytes % 4)) % 4);
  const size = 4 * n + up(6 * many);
  return (k, since = k - 1) => {
    const frame = new Uint8Array(20 + worlds * size);
    new Int32Array(frame.buffer, 0, 5).set([k + 1, head.weeks[k], n, worlds, many]);
    for (let w = 0; w < worlds; w++) {
      layers[w].forEach((values, l) => frame.set(values.subarray(k * n, (k + 1) * n), 20 + w * size + l * n));
      const fate = frame.subarray(20 + w * size + 2 * n, 20 + w * size + 3 * n);
      for (let j = since + 1; j < k; j++) for (let i = 0; i < n; i++) {
        const event = layers[w][2][j * n + i] >> 2;
        if (event > fate[i] >> 2) fate[i] = (fate[i] & 3) | (event << 2);
      }
      new Uint16Array(frame.buffer, 20 + w * size + 4 * n, 3 * many).set(movers[w].subarray(k * 3 * many, (k + 1) * 3 * many));
    }
    return frame;
  };
}

export default async function play({ TownMap, Charts, Transport, ThemeSwitch }) {
  const find = (id) => document.getElementById(id);
  ThemeSwitch.render({ el: find("theme") });
  if (!("DecompressionStream" in window)) {
    find("broken").textContent = "This browser cannot unpack the recording: it takes one of 2023 or newer.";
    return;
  }
  const { head, parts } = await unpacked(find("recording").textContent);
  const frame = film(head, parts), pictures = head.weeks.length, end = head.weeks.at(-1);
  const table = new Float32Array(parts[0].buffer, parts[0].byteOffset, parts[0].byteLength / 4);
  const width = table.length / end;
  const dates = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });
  // As `date_of` counts: a year from the start has 52 weeks.
  const [year, month, day] = head.start;
  const date = (week) => {
    const years = Math.floor(week / 52);
    return dates.format(Date.UTC(year + years, month, day + 7 * (week - 52 * years)));
  };

  let at = 0, charted = 0, clock = 0, before = 0, waiting = false;
  const map = standIn({ ...head.map, homes: parts[1], frame: null, selected: { resident: -1, close: [] } }, (message) => {
    if (message.what === "painted") waiting = false;
    else if (message.what === "select") look(message.resident);
  });
  const charts = standIn({ ...head.charts, actions: [], until: end, full: new Uint8Array(4), more: null });
  const transport = standIn({ playing: false, week: 0, weeks: end, date: date(0), speed: 8, problem: "" }, ({ what, value }) => {
    if (what === "speed") transport.set("speed", value);
    else if (what === "play") start();
    else {
      transport.set("playing", false);
      if (what === "step") show(Math.min(at + 1, pictures - 1));
      if (what === "reset") show(0);
    }
  });

  // Where in the run: a bar to drag, with the changes of the rules on it.
  const bar = find("bar");
  bar.max = pictures - 1;
  bar.oninput = () => { transport.set("playing", false); show(+bar.value); };
  find("ticks").append(...head.charts.marks.map((mark, k) => {
    const tick = document.createElement("span");
    tick.textContent = k + 1;
    tick.title = `${mark.date}: ${mark.text}`;
    tick.style.left = `${(100 * mark.week) / end}%`;
    if (mark.arm >= 0) tick.style.color = head.charts.lines[mark.arm].color;
    return tick;
  }));

  // Who was clicked, as they are in this week.
  const who = find("who"), number = find("resident");
  number.max = head.residents - 1;
  const look = (i) => { map.set("selected", { resident: i, close: [] }); number.value = i < 0 ? "" : i; tell(); };
  number.onchange = () => look(number.value !== "" && +number.value < head.residents ? Math.max(-1, Math.floor(+number.value)) : -1);
  function tell() {
    const i = map.get("selected").resident, now = map.get("frame"), n = head.residents;
    who.hidden = i < 0;
    if (i < 0) return;
    const size = (now.length - 20) / head.worlds;
    who.replaceChildren(...head.map.titles.map((title, w) => {
      const [trust, risk, fate, group] = [0, 1, 2, 3].map((l) => now[20 + w * size + l * n + i]);
      const place = fate & 3, line = document.createElement("p"), name = document.createElement("b");
      name.textContent = head.worlds > 1 ? `${title}. ` : "";
      line.append(name, `Resident ${i}, ${head.map.geometry.groups[group].title}: ${head.places[place]}`);
      if (place < 3) line.append(`; trust in local police ${(trust / 255).toFixed(2)}, perceived risk ${((risk & 63) / 63).toFixed(2)}; ${head.decisions[risk >> 6]}`);
      line.append(".");
      return line;
    }));
  }

  function show(k) {
    const week = head.weeks[k];
    waiting = true;
    map.set("frame", frame(k, transport.get("playing") ? at : k - 1));
    at = k;
    if (week > charted) charts.set("more", new Uint8Array(table.slice(charted * width, week * width).buffer));
    else if (week < charted) {
      const full = new Uint8Array(4 + 4 * week * width);
      full.set(new Uint8Array(table.slice(0, week * width).buffer), 4);
      charts.set("full", full);
    }
    charted = week;
    transport.set("date", date(week));
    transport.set("week", week);
    bar.value = k;
    bar.setAttribute("aria-valuetext", `Week ${week}, ${date(week)}`);
    tell();
  }
  function start() {
    if (at === pictures - 1) show(0);
    clock = head.weeks[at];
    before = performance.now();
    transport.set("playing", true);
    requestAnimationFrame(tick);
  }
  function tick(now) {
    if (!transport.get("playing")) return;
    // What a slow machine does not manage is not caught up with.
    clock += Math.min(0.25, Math.max(0, now - before) / 1000) * transport.get("speed");
    before = now;
    let next = at;
    while (next < pictures - 1 && head.weeks[next + 1] <= clock) next++;
    if (next > at && !waiting) show(next);
    if (at === pictures - 1) transport.set("playing", false);
    else requestAnimationFrame(tick);
  }

  TownMap.render({ model: map, el: find("map") });
  Charts.render({ model: charts, el: find("charts") });
  Transport.render({ model: transport, el: find("transport") });
  show(0);
  document.body.dataset.ready = "yes";
}
