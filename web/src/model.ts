// Trials as objects, and everything that follows from them alone: order, colour, selection axes.
import { quantile } from "d3-array";
import type { ParameterData, TrialsData } from "./data";
import { num } from "./data";
import { ValueAxis } from "./scale";

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
  values: (number | string | boolean | null)[];
  by: string;
  round: number | null;
  asked: number;
  duration: number;
  metrics: [string, number][];
  why: string;
}

export function readTrials(data: TrialsData, run: string, firstId: number): Trial[] {
  const metricNames = Object.keys(data.metrics);
  return Array.from(data.state, (letter, number) => ({
    id: firstId + number,
    number,
    run,
    state: stateNames[letter] ?? "running",
    value: num(data.value[number]),
    unit: data.unit.map((column) => (column[number] == null ? NaN : (column[number] as number) / 10000)),
    values: data.values.map((column) => column[number] ?? null),
    by: data.methods[data.by[number] ?? 0] ?? "",
    round: data.round?.[number] ?? null,
    asked: num(data.asked[number]),
    duration: num(data.duration[number]),
    metrics: metricNames.map((name) => [name, num(data.metrics[name]?.[number])] as [string, number])
      .filter(([, value]) => !Number.isNaN(value)),
    why: data.why[number] ?? "",
  }));
}

export class Model {
  readonly complete: Trial[];
  readonly axis: ValueAxis;
  /** Trial ids, the worst first: the order in which marks are drawn, so that the best lie on top. */
  readonly drawOrder: Int32Array;
  private readonly worst: number;
  private readonly bestPlace: number;

  constructor(
    readonly trials: Trial[],
    readonly parameters: ParameterData[],
    readonly metric: string,
    readonly maximize: boolean,
    readonly best: number | null,
  ) {
    this.complete = trials.filter((trial) => trial.state === "complete");
    this.axis = ValueAxis.fit(this.complete.map((trial) => trial.value), maximize);
    const places = Float64Array.from(this.complete, (trial) => this.axis.at(trial.value)).sort();
    const ends = maximize ? [0.15, 1] : [0.85, 0];
    this.worst = quantile(places, ends[0] as number) ?? 0;
    this.bestPlace = quantile(places, ends[1] as number) ?? 1;
    this.drawOrder = Int32Array.from(
      trials.slice().sort((a, b) => this.rank(a) - this.rank(b) || a.id - b.id), (trial) => trial.id);
  }

  /** How good a value is among those found: 0 (as the worst 15 in 100) … 1 (the best). */
  goodness(value: number): number {
    if (Number.isNaN(value)) return 0;
    const span = this.bestPlace - this.worst;
    if (Math.abs(span) < 1e-12) return 1;
    return Math.min(1, Math.max(0, (this.axis.at(value) - this.worst) / span));
  }

  /** The value at a goodness, for the legend. */
  valueAt(goodness: number): number {
    return this.axis.value(this.worst + goodness * (this.bestPlace - this.worst));
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
      if (trial.state === "complete" && !(this.better(best, trial.value) || best === trial.value)) best = trial.value;
      return best;
    });
  }
}

/** A small sideways shift, the same each time, so that marks in one cell do not hide each other. */
export function jitter(id: number): number {
  const x = Math.sin(id * 12.9898 + 4.1414) * 43758.5453;
  return x - Math.floor(x) - 0.5;
}

/** Where a trial stands on a parameter's axis: its unit place, spread within the cell of a choice. */
export function place(trial: Trial, index: number, parameter: ParameterData): number {
  const unit = trial.unit[index] as number;
  const cells = parameter.cells;
  return cells !== null && cells <= 12 ? unit + (0.5 * jitter(trial.id)) / cells : unit;
}
