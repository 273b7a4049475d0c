// What the map paints with: bytes, colours packed as pixels, the stamp of a dot.
const bytesOf = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
const rgb = (hex) => [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
const packed = (c) => (0xff000000 | (c[2] << 16) | (c[1] << 8) | c[0]) >>> 0;
const tag = (name, className, text = "") => {
  const node = document.createElement(name);
  node.className = className;
  node.textContent = text;
  return node;
};
function ramp(stops, many) {
  const colors = stops.map(rgb);
  return Uint32Array.from({ length: many }, (_, i) => {
    const at = (i / (many - 1)) * (colors.length - 1);
    const k = Math.min(colors.length - 2, Math.floor(at));
    return packed(colors[k].map((c, j) => Math.round(c + (at - k) * (colors[k + 1][j] - c))));
  });
}
function stamp(r, W) {
  const at = [], alpha = [], R = Math.ceil(r + 0.5);
  for (let dy = -R; dy <= R; dy++) for (let dx = -R; dx <= R; dx++) {
    const a = Math.round(255 * Math.max(0, Math.min(1, r + 0.5 - Math.hypot(dx, dy))));
    if (a > 20) { at.push(dy * W + dx); alpha.push(a); }
  }
  return { at: Int32Array.from(at), alpha: Uint8Array.from(alpha) };
}
