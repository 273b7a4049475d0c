// Writes the query without a history entry, and carries it on in links marked data-keep.
export default {
  render({ model }) {
    const write = () => {
      const query = model.get("query");
      const search = query ? "?" + query : "";
      history.replaceState(history.state, "", location.pathname + search + location.hash);
      for (const a of document.querySelectorAll("a[data-keep]")) {
        a.setAttribute("href", a.getAttribute("href").split("?")[0] + search);
      }
    };
    model.on("change:query", write);
    write();
    return () => model.off("change:query", write);
  },
};
