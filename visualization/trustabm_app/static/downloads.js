// Files to take away: a button and a line each. The server makes one when asked; actions.js saves it.
export default {
  render({ model, el }) {
    el.classList.add("ta-downloads");
    const list = document.createElement("ul"), said = document.createElement("p");
    said.className = "ta-problem";
    said.setAttribute("role", "status");
    el.append(list, said);
    const ready = () => { for (const b of list.querySelectorAll("button")) { b.disabled = false; b.textContent = b.dataset.label; } };
    const show = () => list.replaceChildren(...model.get("items").map((item) => {
      const row = document.createElement("li"), text = document.createElement("span");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "ta-button";
      button.dataset.key = item.key;
      button.dataset.label = button.textContent = item.label;
      button.onclick = () => {
        said.textContent = "";
        button.disabled = true;
        button.textContent = "Making it …";
        model.send({ what: "make", key: item.key });
      };
      text.textContent = item.text;
      row.append(button, text);
      return row;
    }));
    const heard = (message, buffers) => {
      ready();
      if (message.what === "refused") said.textContent = message.text;
      else answered(message, buffers);
    };
    model.on("change:items", show);
    model.on("msg:custom", heard);
    show();
    return () => { model.off("change:items", show); model.off("msg:custom", heard); };
  },
};
