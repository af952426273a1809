// Several objectives: every trial by two of them, and the step line of those that none beats.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ValueAxisX, ValueAxisY, linePath } from "../axes";
import type { FrontData } from "../data";
import { num } from "../data";
import type { Mark } from "../plot";
import { Plot } from "../plot";
import { ValueAxis } from "../scale";
import { model } from "../state";
import { ColourLegend } from "./legend";
import { Section } from "./section";

export function Front({ front }: { front: FrontData }): VNode {
  const [across, setAcross] = useState(0);
  const [up, setUp] = useState(1);
  const { trials } = model.value;
  const columns = front.objectives.map((objective) => objective.value.map(num));
  const measured = trials.filter((trial) => trial.state === "complete");
  const axes = columns.map((column, index) =>
    ValueAxis.fit(measured.map((trial) => column[trial.id] as number), front.objectives[index]?.maximize ?? false));
  const place = (id: number, index: number) => (axes[index] as ValueAxis).at((columns[index] as number[])[id] as number);
  const marks: Mark[] = measured.map((trial) => ({ id: trial.id, x: place(trial.id, across), y: place(trial.id, up) }));
  const line = stairs(front.trials.map((id) => [place(id, across), place(id, up)] as [number, number]),
    front.objectives[across]?.maximize ?? false, front.objectives[up]?.maximize ?? false);
  const names = front.objectives.map((objective) => objective.name);
  const better = front.objectives.map((objective) => (objective.maximize ? "larger" : "smaller"));
  const picker = (label: string, chosen: number, choose: (index: number) => void) => (
    <div class="switch" role="group" aria-label={label}>
      {names.map((name, index) => (
        <button type="button" key={name} aria-pressed={chosen === index} onClick={() => choose(index)}>{name}</button>
      ))}
    </div>
  );
  const count = front.trials.length;
  return (
    <Section id="front" title="The front" lead={<>
      <p>
        {count === 1 ? "One trial beats all others in everything." : `${count} trials that no other beats in everything; which bargain is best is for you to say.`}
        {` Each dot is a trial; the line joins the front. Of ${names[across]} ${better[across]} is better, of ${names[up]} ${better[up]}.`}
      </p>
      {names.length > 2 && <>{picker("Horizontal axis", across, setAcross)}{picker("Vertical axis", up, setUp)}</>}
    </>}>
      <Plot label={`${count} trials on the front of ${names.join(", ")}`} marks={marks}
        height={(width) => (width < 500 ? 260 : 380)} margin={{ left: 56, bottom: 40, top: 26, right: 20 }}>
        {(box) => <>
          <ValueAxisY box={box} axis={axes[up] as ValueAxis} title={names[up] ?? ""} />
          <ValueAxisX box={box} axis={axes[across] as ValueAxis} title={names[across] ?? ""} />
          <path class="best-line" d={linePath(box, line)} />
          {front.trials.map((id) => (
            <circle class="ring is-best" key={id} r={6.5} cx={box.left + place(id, across) * box.width} cy={box.top + (1 - place(id, up)) * box.height} />
          ))}
        </>}
      </Plot>
      <ColourLegend />
    </Section>
  );
}

/** The border of what the points dominate. Of a front seen along two of more objectives: of those that these two keep on it. */
function stairs(points: [number, number][], maximizeX: boolean, maximizeY: boolean): [number, number][] {
  const flip = (x: number, maximize: boolean) => (maximize ? -x : x);
  const sorted = points.map(([x, y]) => [flip(x, maximizeX), flip(y, maximizeY)] as [number, number])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const line: [number, number][] = [];
  let lowest = Infinity;
  for (const [x, y] of sorted) {
    if (y >= lowest) continue;
    if (line.length > 0) line.push([x, lowest]);
    line.push([x, y]);
    lowest = y;
  }
  return line.map(([x, y]) => [flip(x, maximizeX), flip(y, maximizeY)]);
}
