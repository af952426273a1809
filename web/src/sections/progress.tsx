// Best so far: every trial in its order, and the step line of the best value known at each moment.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { CountAxisX, linePath, ValueAxisY } from "../axes";
import type { Mark } from "../plot";
import { Plot, toY } from "../plot";
import { format } from "../scale";
import { model } from "../state";
import { ColourLegend } from "./legend";
import { Section } from "./section";

export function Progress(): VNode {
  const shown = model.value;
  const [byTime, setByTime] = useState(false);
  const ended = shown.trials.map((trial) => trial.asked + trial.duration);
  const unit = ended.some((end) => end > 300) ? 60 : 1;
  const xOf = (id: number) => (byTime ? (ended[id] as number) / unit : id);
  const low = 0;
  const xs = shown.trials.map((trial) => xOf(trial.id)).filter(Number.isFinite);
  const high = Math.max(low + (byTime ? 1e-3 : 1), xs.reduce((a, b) => Math.max(a, b), low));
  const at = (x: number) => (x - low) / (high - low);

  const marks: Mark[] = [];
  for (const trial of shown.trials) {
    const x = at(xOf(trial.id));
    if (Number.isNaN(x)) continue;
    if (!Number.isNaN(trial.value)) marks.push({ id: trial.id, x, y: shown.axis.at(trial.value) });
    else if (trial.state === "failed") marks.push({ id: trial.id, x, y: shown.maximize ? 0.015 : 0.985 });
  }
  const order = byTime ? shown.complete.slice().sort((a, b) => xOf(a.id) - xOf(b.id)) : shown.trials;
  const best = shown.bestSoFar(order);
  const line = order.map((trial, index) => [at(xOf(trial.id)), shown.axis.at(best[index] as number)] as [number, number]);
  if (byTime && line.length > 0) line.push([1, (line[line.length - 1] as [number, number])[1]]);
  const last = best.length > 0 ? best[best.length - 1] as number : NaN;

  return (
    <Section id="progress" title="Best so far" lead={<>
      <p>{shown.complete.length > 0
        ? "Each dot is a trial; the line is the best value known by then. Long flat stretches mean that more trials bring little."
        : "No trial is complete yet: the crosses are failed ones, whose height means nothing."}</p>
      <div class="switch" role="group" aria-label="Horizontal axis">
        <button type="button" aria-pressed={!byTime} onClick={() => setByTime(false)}>by trial</button>
        <button type="button" aria-pressed={byTime} onClick={() => setByTime(true)}>by time</button>
      </div>
    </>}>
      <Plot label={`Best ${shown.metric} so far over ${shown.trials.length} trials`} marks={marks}
        height={(width) => (width < 500 ? 240 : 320)} margin={{ left: 56, bottom: 40, top: 14, right: 66 }}>
        {(box) => <>
          <ValueAxisY box={box} axis={shown.axis} />
          <CountAxisX box={box} low={low} high={high} title={byTime ? (unit === 60 ? "minutes" : "seconds") : "trial"} />
          <path class="best-line" d={linePath(box, line, true)} />
          {!Number.isNaN(last) && (
            <text class="best-label" x={box.left + box.width + 8} y={toY(box, shown.axis.at(last))} dy="0.32em">{format(last)}</text>
          )}
        </>}
      </Plot>
      <ColourLegend />
    </Section>
  );
}
