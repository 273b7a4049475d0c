"use strict";
// The emulator and its words: what trustabm.explorer.emulator and trustabm.telling.wording work out.
const D = JSON.parse(document.getElementById("data").textContent), E = D.emulator;
const NAMES = D.levers.map((lever) => lever.name);
const STAND = [...E.read, E.rules];
const LEVER = Object.fromEntries(D.levers.map((lever) => [lever.name, lever]));

function derived({ kind, of, by }, point) {
  const [a, b] = of.map((name) => point[NAMES.indexOf(name)]);
  if (kind === "fills") return 1 - Math.exp(-by * a);
  return kind === "either" ? 1 - (1 - a) * (1 - b) : a * Math.exp(-by * b);
}

function features(point) {
  const v = point.slice();
  for (const k of D.rooted) v[k] = Math.sqrt(v[k]);
  for (const k of D.rooted) v.push(Math.sqrt(v[k]));
  const out = v.slice(), w = [...v, ...D.derived.map((one) => derived(one, point))];
  for (let a = 0; a < v.length; a++) for (let b = a; b < v.length; b++) out.push(v[a] * v[b]);
  for (const chain of D.chains) out.push(chain.reduce((product, k) => product * w[k], 1));
  out.push(0);
  return out;
}
const STOOD = STAND.map(features);

// The setting with all levers that must be said together, none too far.
function whole(setting) {
  const said = {};
  for (const names of D.together)
    if (names.some((name) => name in setting)) for (const name of names) said[name] = LEVER[name].value;
  Object.assign(said, setting);
  if ("ask_status" in said && said.ask_status !== "stop") said.deputized_share = 0;
  const room = 1 - (said.firewall ?? 0);
  for (const name of ["ask_victims", "ask_witnesses"]) if (name in said) said[name] = Math.min(said[name], room);
  return Object.fromEntries(NAMES.filter((name) => name in said).map((name) => [name, said[name]]));
}

function quantile(ordered, share) {
  const many = ordered.length, at = Math.min(Math.max((many + 1) * share - 1, 0), many - 1);
  const first = Math.min(Math.floor(at), many - 2);
  return ordered[first] + (at - first) * (ordered[first + 1] - ordered[first]);
}

// What changes of every outcome: {before, middle, low, high, known, each}.
function answer(setting) {
  const outcomes = E.roots[0].length, lots = E.read.length, slopes = NAMES.length;
  let share = 0;
  const moves = STAND.map((stand, l) => {
    const point = stand.slice();
    for (const [name, value] of Object.entries(setting)) {
      const number = name === "ask_status" ? D.ask.indexOf(value) : value;
      point[NAMES.indexOf(name)] = number / LEVER[name].high;
    }
    const moved = features(point).map((x, k) => x - STOOD[l][k]);
    moved[moved.length - 1] = point.some((x, k) => x !== stand[k]) ? 1 : 0;
    if (l === lots) share = point.filter((x, k) => x !== stand[k]).length / slopes;
    return moved;
  });
  const dot = (moved, of, o) => { let sum = 0; for (let k = 0; k < moved.length; k++) sum += moved[k] * of[k][o]; return sum; };
  const found = [];
  for (let o = 0; o < outcomes; o++) {
    const each = [], own = E.own; let level = 0, middle = 0, square = 0;
    for (let l = 0; l < lots; l++) {
      const moved = moves[l];
      const common = dot(moved, E.shared, o);
      let more = common * own[l][0][o];
      for (let k = 0; k < slopes; k++) more += moved[k] * own[l][1 + k][o];
      more += moved[moved.length - 1] * own[l][1 + slopes][o];
      const before = E.roots[l][o] ** 2;
      each.push(Math.max(E.roots[l][o] + common + more, 0) ** 2 - before);
      level += before; middle += each[l]; square += more * more / lots;
    }
    level /= lots; middle /= lots;
    const ordered = each.slice().sort((a, b) => a - b);
    let low = quantile(ordered, (1 - D.coverage) / 2), high = quantile(ordered, (1 + D.coverage) / 2);
    const common = dot(moves[lots], E.shared, o);
    let error = 0;
    for (const part of E.parts) error += (dot(moves[lots], part, o) - common) ** 2;
    error *= (D.parts - 1) / D.parts;
    const [any, many, larger] = E.apart.map((row) => row[o]), step = moves[lots].at(-1);
    const unseen = Math.max(any * step + many * share + larger * common * common - square, 0);
    const steep = 4 * Math.max(level + middle, 0), far = D.far * D.far * steep * (error + unseen);
    low = middle - Math.sqrt(Math.max(middle - low, 0) ** 2 + far);
    high = middle + Math.sqrt(Math.max(high - middle, 0) ** 2 + far);
    const known = Math.sqrt(steep * error) <= D.unknown * Math.max(high - low, 1e-12);
    found.push({ before: level, middle, low: Math.max(low, -level), high, known, each: ordered });
  }
  return found;
}

// Half to even, as Python rounds.
function round(x) {
  const low = Math.floor(x), rest = x - low;
  return rest === 0.5 ? (low % 2 === 0 ? low : low + 1) : Math.round(x);
}

// The verdict on a change, from its interval alone.
function verdict(a) {
  if (a.low === 0 && a.high === 0) return "no difference in any town";
  if (a.before > 0 && -D.small < 100 * a.low / a.before && 100 * a.high / a.before < D.small) return `less than ${D.small}% different`;
  if (a.low <= 0 && 0 <= a.high) return "too close to call";
  return a.middle > 0 ? "higher" : "lower";
}

const upper = (text) => text[0].toUpperCase() + text.slice(1);

function worded(form, a) {
  const say = verdict(a), close = say === "too close to call";
  const shown = say === "higher" || say === "lower" ? a.middle : close ? maxAbs(a.low, a.high) : a.before;
  const size = shown ? Math.floor(Math.log10(Math.abs(form.scale * shown))) : 0;
  const step = 10 ** (form.people && size > 0 ? size - 1 : Math.min(size, 0));
  const [was, now, low, high] = [a.before, a.before + a.middle, a.low, a.high].map((x) => round(form.scale * x / step) * step);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const n = (x) => Math.abs(x).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (say.startsWith("less than")) return `${upper(say)}: about ${n(was)} ${form.some} either way.`;
  if (say.startsWith("no difference")) return `${upper(say)}: about ${n(was)} ${form.some}.`;
  const [one, other] = Math.abs(low) <= Math.abs(high) ? [low, high] : [high, low];
  let perhaps;
  if (other === 0) perhaps = `less than ${n(step)} more or fewer`;
  else {
    const words = [one, other].map((x) => (x > 0 ? "more" : "fewer"));
    let first = one === 0 ? "none" : n(one);
    if (one !== 0 && words[0] !== words[1]) first += ` ${words[0]}`;
    perhaps = `${first}, perhaps ${n(other)} ${words[1]}`;
  }
  if (close) return `${upper(say)}: about ${n(was)} ${form.some}; perhaps ${perhaps}.`;
  return `About ${n(now - was)} ${now > was ? "more" : "fewer"} ${form.some}: ${n(now)} instead of ${n(was)}; perhaps ${perhaps}.`;
}

function maxAbs(a, b) { return Math.abs(b) > Math.abs(a) ? b : a; }
