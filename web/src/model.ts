// Trials as objects, and everything that follows from them alone: order, colour, selection axes.
import { quantile } from "d3-array";
import type { ParameterData, TrialsData } from "./data";
import { num } from "./data";
import { format, ValueAxis } from "./scale";

export type Value = number | string | boolean | null;
export type State = "complete" | "pruned" | "failed" | "running" | "interrupted";
const stateNames: Record<string, State> = {
  c: "complete", p: "pruned", f: "failed", r: "running", i: "interrupted",
};

export interface Trial {
  /** Its place in Model.trials; equals the number where the page shows one study. */
  id: number;
  number: number;
  run: string;
  state: State;
  /** NaN unless complete, or pruned with a report. */
  value: number;
  /** NaN where inactive. */
  unit: number[];
  values: Value[];
  /** Parameters that it is older than: it counts with these values and did not run with them. */
  before: Set<number>;
  by: string;
  /** Why it was proposed; "" where nobody said. */
  reason: string;
  round: number | null;
  asked: number;
  duration: number;
  metrics: [string, number][];
  why: string;
  /** Complete, but its outcome breaks a bound: it can never be the best. */
  beyond: boolean;
}

export function readTrials(data: TrialsData, run: string, firstId: number): Trial[] {
  const metricNames = Object.keys(data.metrics);
  const beyond = new Set(data.beyond);
  const before = data.before.map((trials) => new Set(trials));
  return Array.from(data.state, (letter, number) => ({
    id: firstId + number,
    number,
    run,
    state: stateNames[letter] ?? "running",
    value: num(data.value[number]),
    unit: data.unit.map((column) => (column[number] == null ? NaN : (column[number] as number) / 10000)),
    values: data.values.map((column) => column[number] ?? null),
    before: new Set(before.flatMap((trials, index) => (trials.has(number) ? [index] : []))),
    by: data.methods[data.by[number] ?? 0] ?? "",
    reason: data.reasons[data.reason[number] ?? 0] ?? "",
    round: data.round?.[number] ?? null,
    asked: num(data.asked[number]),
    duration: num(data.duration[number]),
    metrics: metricNames.map((name) => [name, num(data.metrics[name]?.[number])] as [string, number])
      .filter(([, value]) => !Number.isNaN(value)),
    why: data.why[number] ?? "",
    beyond: beyond.has(number),
  }));
}

export class Model {
  readonly complete: Trial[];
  readonly axis: ValueAxis;
  /** Trial ids, the worst first: the order in which marks are drawn, so that the best lie on top. */
  readonly drawOrder: Int32Array;
  private readonly top: number;
  /** Distances from the best value: of the middle trial, and of nearly the worst. */
  private readonly middle: number;
  private readonly far: number;

  constructor(
    readonly trials: Trial[],
    readonly parameters: ParameterData[],
    readonly metric: string,
    readonly maximize: boolean,
    readonly best: number | null,
  ) {
    this.complete = trials.filter((trial) => trial.state === "complete");
    this.axis = ValueAxis.fit(this.complete.map((trial) => trial.value), maximize);
    const values = Float64Array.from(this.complete, (trial) => trial.value).sort();
    this.top = values[maximize ? values.length - 1 : 0] ?? 0;
    const away = values.map((value) => Math.abs(value - this.top)).sort();
    const farthest = quantile(away, 0.97) ?? 0;
    this.middle = (quantile(away, 0.5) ?? 0) || farthest || 1;
    this.far = Math.min(farthest, 20 * this.middle);
    this.drawOrder = Int32Array.from(
      trials.slice().sort((a, b) => this.rank(a) - this.rank(b) || a.id - b.id), (trial) => trial.id);
  }

  /**
   * How good a value is among those found: 1 (the best) … 0 (nearly the worst). Straight near the
   * best, logarithmic beyond the middle trial, so that bad outliers leave colours for the others.
   */
  goodness(value: number): number {
    if (Number.isNaN(value)) return 0;
    const distance = this.maximize ? this.top - value : value - this.top;
    if (distance <= 0 || this.far === 0) return 1;
    return Math.max(0, 1 - Math.log1p(distance / this.middle) / Math.log1p(this.far / this.middle));
  }

  /** The value at a goodness, for the legend. */
  valueAt(goodness: number): number {
    const distance = this.middle * Math.expm1((1 - goodness) * Math.log1p(this.far / this.middle));
    return this.maximize ? this.top - distance : this.top + distance;
  }

  private rank(trial: Trial): number {
    return trial.state === "complete" ? 1 + this.goodness(trial.value) : trial.state === "pruned" ? 0.5 : 0;
  }

  better(a: number, b: number): boolean {
    return this.maximize ? a > b : a < b;
  }

  /** Best so far after each trial, in the order of their numbers; NaN before the first. */
  bestSoFar(trials: Trial[]): Float64Array {
    let best = NaN;
    return Float64Array.from(trials, (trial) => {
      if (trial.state === "complete" && !trial.beyond && !(this.better(best, trial.value) || best === trial.value)) best = trial.value;
      return best;
    });
  }
}

/** A small sideways shift, the same each time, so that marks in one cell do not hide each other. */
export function jitter(id: number): number {
  const x = Math.sin(id * 12.9898 + 4.1414) * 43758.5453;
  return x - Math.floor(x) - 0.5;
}

/** A parameter's value as it reads: "–" where there is none, "(0.9)" where the trial is older than the parameter. */
export function valueText(trial: Trial, index: number): string {
  const value = trial.values[index] ?? null;
  if (value === null) return "–";
  const text = typeof value === "number" ? format(value) : String(value);
  return trial.before.has(index) ? `(${text})` : text;
}

/** Where a trial stands on a parameter's axis: its unit place, spread within the cell of a choice. */
export function place(trial: Trial, index: number, parameter: ParameterData): number {
  const unit = trial.unit[index] as number;
  const cells = parameter.cells;
  return cells !== null && cells <= 12 ? unit + (0.5 * jitter(trial.id)) / cells : unit;
}
