// Writes sample pages for working on the design without the C++ program: node sample.mjs FOLDER.
// Made-up trials of a made-up network; the shapes are those of src/data.ts.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = process.argv[2] ?? "sample";
mkdirSync(folder, { recursive: true });
let state = 7;
const random = () => ((state = (state * 1664525 + 1013904223) % 4294967296) / 4294967296);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const six = (x) => Number(x.toPrecision(6));
const log = (low, high) => (u) => six(low * (high / low) ** u);
const logTicks = (low, high) => {
  const ticks = [];
  for (let p = -9; p < 9; p++) for (const f of [1, 2, 5]) {
    const v = Number((f * 10 ** p).toPrecision(3));
    if (v >= low * 0.999 && v <= high * 1.001) ticks.push([Math.log(v / low) / Math.log(high / low), String(v), f === 1 ? 0 : 1]);
  }
  return ticks;
};
const base = [
  { name: "learning_rate", type: "float", scale: "log", range: "1e-4 … 1, log", tier: 1, cells: null, decode: log(1e-4, 1), ticks: logTicks(1e-4, 1) },
  { name: "momentum", type: "float", scale: "reverse_log", range: "0.9 … 0.999, reverse_log", tier: 2, cells: null,
    decode: (u) => six(1 - 0.1 * 0.01 ** u), ticks: [0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999].map((v) => [Math.log(0.1 / (1 - v)) / Math.log(100), String(v), [0.9, 0.99, 0.999].includes(v) ? 0 : 1]) },
  { name: "hidden_units", type: "int", scale: "log", range: "16 … 256, log", tier: 2, cells: 241, decode: (u) => Math.round(16 * 16 ** u), ticks: [16, 32, 64, 128, 256].map((v) => [Math.log(v / 16) / Math.log(16), String(v), 0]) },
  { name: "batch_size", type: "int", scale: "log", range: "16, 32, 64 … 256", tier: 2, cells: 5, decode: (u) => 16 * 2 ** Math.min(4, Math.floor(u * 5)), ticks: [16, 32, 64, 128, 256].map((v, i) => [(i + 0.5) / 5, String(v), 0]) },
  { name: "layers", type: "int", scale: "linear", range: "1 … 4", tier: 3, cells: 4, decode: (u) => 1 + Math.min(3, Math.floor(u * 4)), ticks: [1, 2, 3, 4].map((v, i) => [(i + 0.5) / 4, String(v), 0]) },
  { name: "optimizer", type: "categorical", scale: "linear", range: "one of momentum, adam", tier: 0, cells: 2, decode: (u) => (u < 0.5 ? "momentum" : "adam"), ticks: [[0.25, "momentum", 0], [0.75, "adam", 0]] },
  { name: "beta2", type: "float", scale: "reverse_log", range: "0.9 … 0.9999, reverse_log", tier: 4, cells: null, when: ["optimizer = adam"],
    decode: (u) => six(1 - 0.1 * 0.001 ** u), ticks: [0.9, 0.99, 0.999, 0.9999].map((v) => [Math.log(0.1 / (1 - v)) / Math.log(1000), String(v), 0]) },
].map((p) => ({ when: [], ...p }));
const more = (count) => Array.from({ length: count }, (_, i) => ({ name: `extra_parameter_${i + 1}`, type: "float", scale: "linear", range: "0 … 1", when: [], tier: 3, cells: null, decode: six, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1].map((v) => [v, String(v), 0]) }));

const loss = (u) => 0.072 * Math.exp(9 * (u[0] - 0.62) ** 2 + 1.6 * (u[1] ?? 0.5 - 0.55) ** 2 * 0.6 + 0.9 * ((u[2] ?? 0.5) - 0.8) ** 2
  + 2.2 * ((u[0] - 0.62) * 2 + ((u[1] ?? 0.5) - 0.5)) ** 2 * 0.6 + 0.3 * ((u[3] ?? 0.5) - 0.3) ** 2);

function run(parameters, n, how, seed) {
  state = seed;
  const d = parameters.length;
  const t = { state: "", value: [], unit: parameters.map(() => []), values: parameters.map(() => []), before: parameters.map(() => []), methods: [how], by: [], reasons: ["where the model expects the largest improvement"], reason: [], asked: [], duration: [], round: how === "zoom" ? [] : null, metrics: { validation_accuracy: [] }, why: {}, beyond: [] };
  const curves = [];
  const boxes = [];
  let best = null;
  let centre = null;
  for (let i = 0; i < n; i++) {
    const round = Math.min(3, Math.floor((4 * i) / n));
    if (how === "zoom" && best !== null && i === Math.ceil((n * round) / 4)) {
      const half = 0.5 * 0.5 ** round;
      centre = centre.map((c) => Math.min(1 - half, Math.max(half, c)));
      boxes.push({ round, from: i, low: centre.map((c) => six(c - half)), high: centre.map((c) => six(c + half)) });
    }
    const box = boxes[boxes.length - 1];
    const side = Math.ceil(Math.sqrt(n));
    const u = parameters.map((p, k) => {
      let x = box ? box.low[k] + random() * (box.high[k] - box.low[k]) : random();
      if (how === "grid") x = k === 0 ? ((i % side) + 0.5) / side : k === 1 ? (Math.floor(i / side) + 0.5) / side : 0.5;
      if (how === "gp" && i > 12 && random() < 0.8) x = Math.min(1, Math.max(0, centre[k] + 0.16 * normal() * (30 / (20 + i))));
      return p.cells && p.cells <= 12 ? (Math.min(p.cells - 1, Math.floor(x * p.cells)) + 0.5) / p.cells : x;
    });
    const values = parameters.map((p, k) => p.decode(u[k]));
    const off = parameters.map((p) => p.when.length > 0 && u[5] < 0.5);
    const failed = u[0] > 0.93 && random() < 0.7;
    const v = loss(u) * Math.exp(0.04 * normal());
    t.state += failed ? "f" : "c";
    if (failed) t.why[i] = "validation_loss was nan at epoch 2: the training diverged";
    t.value.push(failed ? null : six(v));
    u.forEach((x, k) => t.unit[k].push(off[k] ? null : Math.round(1e4 * x)));
    values.forEach((x, k) => t.values[k].push(off[k] ? null : x));
    t.by.push(0);
    t.reason.push(0);
    t.asked.push(six(i * 1.7));
    t.duration.push(failed ? 0.3 : six(1.5 + random() * 2));
    if (t.round) t.round.push(round);
    t.metrics.validation_accuracy.push(failed ? null : six(1 - v / 3.2));
    if (!failed && (best === null || v < t.value[best])) { best = i; centre = u; }
    if (!failed && curves.length < 400) {
      const length = 12 + Math.floor(random() * 40);
      curves.push({ trial: i, from: 1, every: 1, value: Array.from({ length }, (_, e) => six(v + 2.2 * Math.exp(-(e + 0.3) * (0.1 + 0.5 * u[0])) * (1 + 0.06 * normal()))) });
    }
  }
  return { t, curves, boxes, best };
}

const surfaces = (d) => {
  const list = [];
  for (let x = 0; x < Math.min(4, d); x++) for (let y = x + 1; y < Math.min(4, d); y++) {
    const value = [];
    for (let r = 0; r < 40; r++) for (let c = 0; c < 40; c++) {
      const u = [0.62, 0.5, 0.8, 0.3];
      u[x] = (c + 0.5) / 40; u[y] = (r + 0.5) / 40;
      value.push(six(loss(u)));
    }
    list.push({ x, y, columns: 40, rows: 40, value, deviation: value.map((each, at) => 0.02 + 0.1 * Math.abs((at % 40) / 40 - 0.4) + 0.02 * each) });
  }
  return list;
};

const shares = [0.58, 0.17, 0.09, 0.02, 0.01, 0.005, 0.22];
const plain = (parameters) => parameters.map(({ decode, ...rest }) => rest);
function study(parameters, n, how) {
  const { t, curves, boxes, best } = run(parameters, n, how, 11);
  const d = parameters.length;
  return {
    kind: "study", caviar: "0.1.0", written: 1_780_000_000, name: "digits", metric: "validation_loss", maximize: false,
    parameters: plain(parameters),
    importance: n < 4 ? null : { parameters: parameters.map((_, i) => ({ parameter: i, share: shares[i] ?? 0.004, spread: 0.02 + 0.1 * (shares[i] ?? 0) })), pairs: [{ x: 0, y: 1, share: 0.08, spread: 0.02 }] },
    settings: [["metric", "validation_loss"], ["direction", "minimize"], ["sampler", how], ["seed", "7"], ["pruner", "none"], ["data", "data/digits.csv.gz"]],
    trials: t, front: null, bounds: [], unfinished: "",
    best: best === null ? null : { trial: best, point: parameters.map((p, k) => [p.name, String(t.values[k][best])]).filter(([, v]) => v !== "null") },
    test: n < 1 ? null : { test_accuracy: 0.975, test_loss: 0.0812, rows: 361 },
    curves, curves_in_all: t.state.replaceAll("f", "").length, boxes,
    slices: n < 4 ? [] : parameters.map((p, i) => {
      const unit = p.type === "categorical" ? p.ticks.map((tick) => tick[0]) : Array.from({ length: 41 }, (_, k) => k / 40);
      const value = unit.map((x) => { const u = [0.62, 0.5, 0.8, 0.3]; if (i < 4) u[i] = x; return six(loss(u)); });
      return { parameter: i, unit, value, low: value.map((v) => six(v * 0.88)), high: value.map((v) => six(v * 1.12)) };
    }),
    surfaces: n < 4 || d < 2 ? [] : surfaces(d),
    spec: { name: "digits", metric: "validation_loss", search: { sampler: how, seed: 7 } },
  };
}

function compare(names, n, repeats) {
  const parameters = base;
  return {
    kind: "compare", caviar: "0.1.0", written: 1_780_000_000, name: "digits", metric: "validation_loss", maximize: false, parameters: plain(parameters),
    importance: null, settings: [["metric", "validation_loss"], ["trials", String(n)], ["repeats", String(repeats)]],
    samplers: names.map((name, i) => ({ name, repeats: Array.from({ length: repeats }, (_, r) => { const { t, boxes } = run(parameters, n, name, 100 * i + r + 3); return { trials: t, boxes, surface: surfaces(4)[0] }; }) })),
    axes: [0, 1], surface: surfaces(4)[0],
  };
}

const css = readFileSync(new URL("dist/page.css", import.meta.url), "utf8");
const js = readFileSync(new URL("dist/page.js", import.meta.url), "utf8");
function write(name, data) {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  writeFileSync(`${folder}/${name}.html`, `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${data.name}</title><style>${css}</style><div id="caviar"></div><script type="application/json" id="caviar-data">${json}</script><script>${js}</script></html>`);
}
write("gp60", study(base, 60, "gp"));
write("zoom60", study(base, 60, "zoom"));
write("many", study([...base, ...more(13)], 5000, "random"));
write("one", study(base.slice(0, 1), 1, "random"));
write("none", study(base.slice(0, 3), 0, "random"));
write("compare", compare(["grid", "random", "zoom", "gp"], 36, 5));
