// Learning curves: what each trial reported as it went.
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { CountAxisX, linePath, ValueAxisY } from "../axes";
import { dark, goodColour } from "../colour";
import type { CurveData, StudyData } from "../data";
import { num } from "../data";
import type { Box, Mark } from "../plot";
import { Plot, toX, toY } from "../plot";
import { ValueAxis } from "../scale";
import { hovered, model, pinned, selection } from "../state";
import { Section } from "./section";

interface Curve {
  id: number;
  points: [number, number][];
}

function stepsOf(curve: CurveData): number[] {
  return curve.step ?? curve.value.map((_, index) => (curve.from ?? 1) + index * (curve.every ?? 1));
}

export function Curves({ data }: { data: StudyData }): VNode | null {
  const shown = model.value;
  const laid = useMemo(() => layOut(data.curves, shown.maximize), [data]);
  if (laid.curves.length === 0) return null;
  const byId = new Map(laid.curves.map((curve) => [curve.id, curve]));
  const draw = (context: CanvasRenderingContext2D, box: Box) => {
    for (const id of shown.drawOrder) {
      const curve = byId.get(id);
      const trial = shown.trials[id];
      if (!curve || !trial) continue;
      const chosen = !selection.value || selection.value[id];
      context.globalAlpha = chosen ? (laid.curves.length > 120 ? 0.5 : 0.8) : 0.06;
      context.strokeStyle = goodColour(shown.goodness(trial.value), dark.value);
      context.lineWidth = 1.2;
      context.beginPath();
      curve.points.forEach(([x, y], index) => {
        if (index === 0) context.moveTo(toX(box, x), toY(box, y));
        else context.lineTo(toX(box, x), toY(box, y));
      });
      context.stroke();
    }
    context.globalAlpha = 1;
  };
  const left = data.curves_in_all - data.curves.length;
  return (
    <Section id="curves" title="Learning curves" lead={<>
      <p>The {shown.metric} that each trial reported, step by step; lines take the colour of where they ended. A line that ends early was stopped, a rising tail is overfitting.</p>
      {left > 0 && <p class="note">{data.curves.length} of {data.curves_in_all} curves are drawn: the best ones, and others evenly.</p>}
    </>}>
      <Plot label={`Learning curves of ${laid.curves.length} trials`} marks={laid.marks} ownMarks plainHighlights draw={draw}
        height={(width) => (width < 500 ? 240 : 320)} margin={{ left: 56, bottom: 40, top: 14, right: 16 }}>
        {(box) => <>
          <ValueAxisY box={box} axis={laid.axis} />
          <CountAxisX box={box} low={laid.low} high={laid.high} title="step" />
          <Traces box={box} curves={byId} />
        </>}
      </Plot>
    </Section>
  );
}

/** The curves of the best trial, the one held and the one under the pointer, above all others. */
function Traces({ box, curves }: { box: Box; curves: Map<number, Curve> }): VNode {
  const trace = (id: number | null, name: string) => {
    const curve = id === null ? undefined : curves.get(id);
    return curve && <path class={`trace ${name}`} d={linePath(box, curve.points)} />;
  };
  return <g>{trace(model.value.best, "is-best")}{trace(pinned.value, "is-pinned")}{trace(hovered.value, "is-hovered")}</g>;
}

function layOut(data: CurveData[], maximize: boolean) {
  let low = Infinity;
  let high = -Infinity;
  const values: number[] = [];
  for (const curve of data) {
    for (const step of stepsOf(curve)) {
      low = Math.min(low, step);
      high = Math.max(high, step);
    }
    for (const value of curve.value) values.push(num(value));
  }
  if (high <= low) high = low + 1;
  const axis = ValueAxis.fit(values, maximize);
  const marks: Mark[] = [];
  const curves = data.map((curve): Curve => {
    const steps = stepsOf(curve);
    const points = curve.value.map((value, index): [number, number] =>
      [((steps[index] as number) - low) / (high - low), axis.at(num(value))]).filter(([, y]) => !Number.isNaN(y));
    for (const [x, y] of points) marks.push({ id: curve.trial, x, y });
    return { id: curve.trial, points };
  });
  return { curves, marks, axis, low, high };
}
