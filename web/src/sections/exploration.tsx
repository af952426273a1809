// Exploring or exploiting: how far from the best one so far each trial was made.
import { quantile } from "d3-array";
import type { VNode } from "preact";
import { CountAxisX, linePath } from "../axes";
import { dark, methodColour } from "../colour";
import type { ParameterData } from "../data";
import { apart, labelRoom, shortened } from "../labels";
import type { Model, Trial } from "../model";
import type { Box, Mark } from "../plot";
import { Plot, toY } from "../plot";
import { model } from "../state";
import { ColourLegend } from "./legend";
import { Section } from "./section";

/** How many trials a line's median takes in: 9, of long studies one in a hundred, so that it stays a line. */
export function windowOf(longest: number): number {
  return Math.max(9, 2 * Math.round(longest / 200) + 1);
}

/** 0 the same … 1 as far apart as can be, as seen by the parameters' own scales. */
function distance(a: Trial, b: Trial, parameters: ParameterData[]): number {
  let sum = 0;
  parameters.forEach((parameter, index) => {
    const x = a.unit[index] as number;
    const y = b.unit[index] as number;
    if (Number.isNaN(x) && Number.isNaN(y)) return;
    if (Number.isNaN(x) || Number.isNaN(y)) sum += 1;
    else if (parameter.type === "categorical") sum += x === y ? 0 : 1;
    else sum += (x - y) * (x - y);
  });
  return Math.sqrt(sum / Math.max(1, parameters.length));
}

/** Of each trial, in their order, from the best one that had ended before it; NaN where there is none. */
export function distancesToBest(trials: Trial[], shown: Model): number[] {
  let best: Trial | null = null;
  return trials.map((trial) => {
    const far = best ? distance(trial, best, shown.parameters) : NaN;
    if (trial.state === "complete" && !trial.beyond && (!best || shown.better(trial.value, best.value))) best = trial;
    return far;
  });
}

/** The median over a window of trials, of all runs together. */
export function smoothed(runs: number[][]): number[] {
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 0);
  const half = windowOf(longest) >> 1;
  return Array.from({ length: longest }, (_, index) => {
    const values = runs.flatMap((run) => run.slice(Math.max(0, index - half), index + half + 1))
      .filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    return quantile(values, 0.5) ?? NaN;
  });
}

function DistanceAxis({ box, high }: { box: Box; high: number }): VNode {
  return (
    <g class="axis">
      {[0, 0.25, 0.5, 0.75, 1].filter((at) => at <= high).map((at) => (
        <g key={at}>
          <line class="grid" x1={box.left} x2={box.left + box.width} y1={toY(box, at / high)} y2={toY(box, at / high)} />
          <text x={box.left - 8} y={toY(box, at / high)} dy="0.32em" text-anchor="end">{at}</text>
        </g>
      ))}
    </g>
  );
}

export function Exploration(): VNode | null {
  const shown = model.value;
  if (shown.trials.length < 3 || shown.parameters.length === 0) return null;
  const far = distancesToBest(shown.trials, shown);
  const longest = shown.trials.length;
  const high = top(far);
  const marks: Mark[] = shown.trials.filter((trial) => !Number.isNaN(far[trial.id] as number))
    .map((trial) => ({ id: trial.id, x: trial.id / (longest - 1), y: (far[trial.id] as number) / high }));
  const line = smoothed([far]).map((value, index) => [index / (longest - 1), value / high] as [number, number]);
  return (
    <Section id="exploration" title="Exploring or exploiting" lead={
      <p>How far from the best trial by then each one was made: 0 is the same place, 1 the opposite corner. High dots explore, low ones refine what is
        good; the line is the median of {windowOf(longest)} trials.</p>}>
      <Plot label="Distance of each trial from the best so far" marks={marks} height={(width) => (width < 500 ? 220 : 260)}
        margin={{ left: 56, bottom: 40, top: 14, right: 20 }}>
        {(box) => <>
          <DistanceAxis box={box} high={high} />
          <CountAxisX box={box} low={0} high={longest - 1} title="trial" />
          <path class="best-line" d={linePath(box, line)} />
        </>}
      </Plot>
      <ColourLegend />
    </Section>
  );
}

function top(values: number[]): number {
  const most = values.reduce((high, value) => (value > high ? value : high), 0);
  return Math.min(1, Math.max(0.25, Math.ceil(most * 4) / 4));
}

export function ExplorationOfMethods({ methods }: { methods: { name: string; index: number; runs: Trial[][] }[] }): VNode | null {
  const shown = model.value;
  const lines = methods.map((method) => ({ ...method, line: smoothed(method.runs.map((run) => distancesToBest(run, shown))) }));
  const longest = lines.reduce((most, { line }) => Math.max(most, line.length), 0);
  if (longest < 3) return null;
  const high = top(lines.flatMap(({ line }) => line));
  return (
    <Section id="exploration" title="Exploring or exploiting" lead={
      <p>How far from the best trial by then the trials were made: 0 is the same place, 1 the opposite corner of the space. The median of {windowOf(longest)} trials
        of all runs: a line that falls turns from looking around to refining what it has found.</p>}>
      <Plot label="Distance from the best so far, of each search method" marks={[]} ownMarks height={(width) => (width < 500 ? 240 : 300)}
        margin={(width) => ({ left: 56, bottom: 40, top: 14, right: labelRoom(lines.map(({ name }) => name), width) })}>
        {(box) => <>
          <DistanceAxis box={box} high={high} />
          <CountAxisX box={box} low={1} high={longest} title="trial" />
          {lines.map(({ name, index, line }) => (
            <g key={name} style={{ color: methodColour(index, dark.value) }}>
              <path class="method-line" d={linePath(box, line.map((value, at) => [at / (longest - 1), value / high]))} />
            </g>
          ))}
          {apart(lines.map((each) => ({ ...each, at: (each.line[each.line.length - 1] ?? NaN) / high })), 0.075).map(({ name, index, line, at }) => (
            <text key={name} class="method-label" style={{ color: methodColour(index, dark.value) }}
              x={box.left + (box.width * (line.length - 1)) / (longest - 1) + 8} y={toY(box, at)} dy="0.32em"><title>{name}</title>{shortened(name, box.right)}</text>
          ))}
        </>}
      </Plot>
    </Section>
  );
}
