// A menu of what can be taken away: asks the server, and saves or shows what comes back.
// Put before charts.js and toolbox.js, which use it.
const ACTIONS = { png: "PNG picture", svg: "SVG drawing", csv: "CSV table", link: "Copy link", code: "Code that makes it" };

function actionMenu({ model, el, label, key }) {
  const offered = model.get("actions");
  if (!offered.length) return;
  const menu = document.createElement("details");
  menu.className = "ta-menu";
  menu.innerHTML = `<summary title="Take away">⋯</summary><div class="ta-items"></div>`;
  menu.firstElementChild.setAttribute("aria-label", `Take away: ${label}`);
  for (const name of offered) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = ACTIONS[name];
    button.dataset.action = name;
    button.onclick = () => {
      menu.open = false;
      menu.querySelector("summary").focus();
      if (name === "link") copy(location.href, button, menu);
      else model.send({ what: "export", action: name, key });
    };
    menu.lastElementChild.append(button);
  }
  menu.addEventListener("keydown", (e) => { if (e.key === "Escape") { menu.open = false; menu.firstElementChild.focus(); } });
  menu.addEventListener("focusout", (e) => { if (e.relatedTarget && !menu.contains(e.relatedTarget)) menu.open = false; });
  el.append(menu);
}

async function copy(text, near, menu) {
  let said = "Link copied";
  try { await navigator.clipboard.writeText(text); } catch { said = text; }
  const note = document.createElement("span");
  note.className = "ta-note";
  note.setAttribute("role", "status");
  note.textContent = said;
  menu.append(note);
  setTimeout(() => note.remove(), 3000);
}

function answered(message, buffers) {
  if (message.what === "file") {
    const url = URL.createObjectURL(new Blob([buffers[0]], { type: message.type }));
    const a = document.createElement("a");
    a.href = url;
    a.download = message.name;
    a.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  } else if (message.what === "refused") {
    const said = document.createElement("p");
    said.textContent = message.text;
    shown("This was not made", said);
  } else if (message.what === "code") {
    const parts = document.createElement("div");
    for (const [title, text] of message.parts) {
      const heading = document.createElement("h3");
      heading.textContent = title;
      const pre = document.createElement("pre");
      pre.tabIndex = 0;
      pre.textContent = text;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "ta-button";
      button.textContent = "Copy";
      button.onclick = () => navigator.clipboard?.writeText(text).then(() => { button.textContent = "Copied"; }, () => {});
      parts.append(heading, pre, button);
    }
    shown("Code that makes it", parts);
  }
}

function shown(title, content) {
  const dialog = document.createElement("dialog");
  dialog.className = "ta-dialog";
  dialog.setAttribute("aria-label", title);
  const close = document.createElement("button");
  close.type = "button";
  close.className = "ta-button ta-primary";
  close.textContent = "Close";
  close.onclick = () => dialog.close();
  dialog.append(content, close);
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
}
