// A page of a class: shows what the server sends, and says what is chosen until it is heard.
const role = document.body.dataset.role;
const main = document.querySelector("main"), note = document.querySelector("#note");
const kept = (name, value) => {
  try { return value === undefined ? localStorage.getItem(`trustabm.${name}`) ?? "" : localStorage.setItem(`trustabm.${name}`, value); } catch { return ""; }
};
let socket, shown = "", unheard = null, code = location.hash.slice(1) || kept("code");

const say = (words) => socket.readyState === 1 && socket.send(JSON.stringify(words));
const tell = (text) => { note.textContent = text; note.hidden = !text; };

function show(html) {
  if (html === shown) return; // what is being filled in stays
  const was = document.activeElement?.dataset.do;
  main.innerHTML = shown = html;
  main.querySelector(`[data-do="${was}"]`)?.focus();
}

function open() {
  socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}${role}/ws`);
  socket.onopen = () => {
    tell("");
    if (role) return;
    if (code) say({ code, token: kept("token") });
    if (unheard) say(unheard);
  };
  socket.onmessage = ({ data }) => {
    const { html, token, heard, problem } = JSON.parse(data);
    if (token) { kept("token", token); kept("code", code); }
    if (heard !== undefined) unheard = null;
    if (html !== undefined) show(html);
    tell(problem ?? "");
  };
  socket.onclose = () => {
    tell("No connection. Trying again; what you chose is not lost.");
    setTimeout(open, 300 + 700 * Math.random());
  };
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target, of = new FormData(form);
  if (form.id === "door") say({ code: (code = of.get("code").trim().toUpperCase()), token: kept("token") });
  if (form.id === "start") say({ do: "start", lessons: of.getAll("lesson") });
  if (form.id === "choice") say((unheard = { round: +form.dataset.round, choice: +of.get("choice") }));
});
document.addEventListener("click", ({ target }) => {
  const what = target.dataset.do;
  if (what && (what !== "end" || confirm("End the class? The room closes, and what was chosen is forgotten."))) say({ do: what });
});
open();
