export default {
  render({ model, el }) {
    el.classList.add("ta-toolbox");
    actionMenu({ model, el, label: model.get("label"), key: "" });
    const heard = (message, buffers) => answered(message, buffers);
    model.on("msg:custom", heard);
    return () => model.off("msg:custom", heard);
  },
};
