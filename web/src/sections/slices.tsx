// Each hyperparameter against the value, on its own scale, with the model's average effect behind.
import type { VNode } from "preact";
import { linePath, ParameterAxisX, ValueAxisY } from "../axes";
import type { SliceData, StudyData } from "../data";
import type { Box, Mark } from "../plot";
import { Plot, toX, toY } from "../plot";
import { place } from "../model";
import { model } from "../state";
import { ColourLegend } from "./legend";
import { Section } from "./section";

export function Slices({ data }: { data: StudyData }): VNode {
  const order = byImportance(data);
  const conditional = data.parameters.some((parameter) => parameter.when.length > 0);
  return (
    <Section id="slices" title="One at a time" lead={<>
      <p>Each hyperparameter on its own scale against {data.metric}{data.importance ? ", the most important first" : ""}.</p>
      {data.slices.length > 0 && <p>The line is a model's prediction along this hyperparameter alone, the band its uncertainty: a steep line matters, a flat one does not.</p>}
      {conditional && <p class="note">Trials in which a hyperparameter was not in use are left out of its picture.</p>}
    </>}>
      <div class="grid-of-plots">
        {order.map((index) => <Slice key={index} data={data} index={index} />)}
      </div>
      <ColourLegend />
    </Section>
  );
}

export function byImportance(data: { parameters: unknown[]; importance: StudyData["importance"] }): number[] {
  const order = data.parameters.map((_, index) => index);
  const share = (index: number) => data.importance?.parameters.find((each) => each.parameter === index)?.share ?? 0;
  return order.sort((a, b) => share(b) - share(a) || a - b);
}

function Slice({ data, index }: { data: StudyData; index: number }): VNode {
  const shown = model.value;
  const parameter = data.parameters[index];
  if (!parameter) return <></>;
  const marks: Mark[] = [];
  for (const trial of shown.trials) {
    const x = place(trial, index, parameter);
    if (Number.isNaN(x)) continue;
    if (!Number.isNaN(trial.value)) marks.push({ id: trial.id, x, y: shown.axis.at(trial.value) });
    else if (trial.state === "failed") marks.push({ id: trial.id, x, y: shown.maximize ? 0.02 : 0.98 });
  }
  const slice = data.slices.find((each) => each.parameter === index);
  return (
    <figure>
      <figcaption>{parameter.name}</figcaption>
      <Plot label={`${parameter.name} against ${shown.metric}`} marks={marks} height={210} margin={{ left: 50, bottom: 26, right: 10 }}>
        {(box) => <>
          <ValueAxisY box={box} axis={shown.axis} />
          <ParameterAxisX box={box} parameter={parameter} />
          {slice && <Effect box={box} slice={slice} cells={parameter.type === "categorical" ? parameter.cells : null} />}
        </>}
      </Plot>
    </figure>
  );
}

function Effect({ box, slice, cells }: { box: Box; slice: SliceData; cells: number | null }): VNode {
  const { axis } = model.value;
  if (cells !== null) {
    const half = 0.36 / cells;
    return (
      <g class="effect">
        {slice.unit.map((at, index) => {
          const top = toY(box, axis.at(slice.high[index] as number));
          const bottom = toY(box, axis.at(slice.low[index] as number));
          const middle = toY(box, axis.at(slice.value[index] as number));
          return (
            <g key={at}>
              <rect class="band" x={toX(box, at - half)} width={2 * half * box.width} y={Math.min(top, bottom)} height={Math.abs(bottom - top)} />
              <line class="mean" x1={toX(box, at - half)} x2={toX(box, at + half)} y1={middle} y2={middle} />
            </g>
          );
        })}
      </g>
    );
  }
  const points = (values: number[]) => slice.unit.map((x, index) => [x, axis.at(values[index] as number)] as [number, number]);
  const back = points(slice.low).reverse();
  return (
    <g class="effect">
      <path class="band" d={`${linePath(box, points(slice.high))}${linePath(box, back).replace("M", "L")}Z`} />
      <path class="mean" d={linePath(box, points(slice.value))} />
    </g>
  );
}
