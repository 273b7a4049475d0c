// Play, pause, step, reset, speed.
const ICONS = {
  play: "M8 5v14l11-7z",
  pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  step: "M6 5v14l9-7zm10 0h3v14h-3z",
  reset: "M12 5V1L7 6l5 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z",
};
const icon = (name) =>
  `<svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path fill="currentColor" d="${ICONS[name]}"/></svg>`;

export default {
  render({ model, el }) {
    el.classList.add("ta-transport");
    el.innerHTML = `
      <div class="ta-buttons" role="group" aria-label="The run">
        <button type="button" class="ta-button ta-primary" data-do="play"></button>
        <button type="button" class="ta-button" data-do="step">${icon("step")}<span>Step</span></button>
        <button type="button" class="ta-button" data-do="reset">${icon("reset")}<span>Reset</span></button>
      </div>
      <label class="ta-speed"><span>Speed <output></output></span>
        <input type="range" min="1" max="60" step="1"></label>
      <div class="ta-clock"><b></b><progress aria-label="Weeks lived"></progress></div>
      <p class="ta-problem" role="status"></p>`;
    const find = (q) => el.querySelector(q);
    const [play, step, speed] = [find("[data-do=play]"), find("[data-do=step]"), find("input")];
    const show = () => {
      const playing = model.get("playing");
      play.innerHTML = icon(playing ? "pause" : "play") + `<span>${playing ? "Pause" : "Play"}</span>`;
      step.disabled = playing;
      const [week, weeks] = [model.get("week"), model.get("weeks")];
      find("b").innerHTML = `Week <span class="ta-week">${week}</span> · ${model.get("date")}`;
      find("progress").max = weeks;
      find("progress").value = week;
      find(".ta-problem").textContent = model.get("problem");
      if (document.activeElement !== speed) speed.value = model.get("speed");
      find("output").textContent = `${speed.value} weeks a second`;
    };
    play.onclick = () => model.send({ what: model.get("playing") ? "pause" : "play" });
    step.onclick = () => model.send({ what: "step" });
    find("[data-do=reset]").onclick = () => model.send({ what: "reset" });
    speed.oninput = () => { find("output").textContent = `${speed.value} weeks a second`; };
    speed.onchange = () => model.send({ what: "speed", value: +speed.value });
    const names = ["playing", "week", "weeks", "date", "problem", "speed"];
    for (const name of names) model.on("change:" + name, show);
    show();
    return () => names.forEach((name) => model.off("change:" + name, show));
  },
};
