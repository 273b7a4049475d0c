// Writes the query without a history entry, and carries it on in links marked data-keep: to pages that
// show the same. Links to others lead to what this tab showed there last.
const KEPT = "trustabm-addresses";
export default {
  render({ model }) {
    const write = () => {
      const query = model.get("query");
      const search = query ? "?" + query : "";
      history.replaceState(history.state, "", location.pathname + search + location.hash);
      const kept = { ...JSON.parse(sessionStorage.getItem(KEPT) ?? "{}"), [location.pathname]: search };
      sessionStorage.setItem(KEPT, JSON.stringify(kept));
      for (const a of document.querySelectorAll(".ta-nav a")) {
        const own = "keep" in a.dataset && search ? search : kept[a.pathname] ?? "";
        a.setAttribute("href", a.pathname + own);
      }
    };
    model.on("change:query", write);
    write();
    return () => model.off("change:query", write);
  },
};
