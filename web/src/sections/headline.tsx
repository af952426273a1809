// The top of the page: what was tuned, how far it came, and with which values.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { StudyData } from "../data";
import { num } from "../data";
import { duration, format } from "../scale";
import { model } from "../state";

export function Headline({ data }: { data: StudyData }): VNode {
  const shown = model.value;
  const best = data.best ? shown.trials[data.best.trial] : undefined;
  const ends = shown.trials.map((trial) => trial.asked + trial.duration).filter(Number.isFinite);
  const figures: [string, string, string][] = [];
  if (best && data.best) {
    const runs = data.best.runs > 1 ? `, the mean of ${data.best.runs} runs` : "";
    figures.push([`best ${data.metric}`, format(num(data.best.value)), `trial ${best.number}${runs}`]);
  }
  const accuracy = data.test ? num(data.test["test_accuracy"]) : NaN;
  if (!Number.isNaN(accuracy)) {
    const rows = num(data.test?.["rows"]);
    figures.push(["test accuracy", `${(100 * accuracy).toFixed(1)} %`,
      Number.isNaN(rows) ? "on data no trial saw" : `on ${rows} rows no trial saw`]);
  }
  const loss = data.test ? num(data.test["test_loss"]) : NaN;
  if (!Number.isNaN(loss)) figures.push(["test loss", format(loss), "on the same rows"]);
  figures.push(["trials", format(shown.trials.length, 9), `${shown.complete.length} complete`]);
  if (ends.length > 0) {
    const busy = shown.trials.reduce((sum, trial) => sum + (Number.isFinite(trial.duration) ? trial.duration : 0), 0);
    figures.push(["time", duration(ends.reduce((a, b) => Math.max(a, b))), `${duration(busy)} of trials`]);
  }
  return (
    <header class="headline">
      <p class="kicker"><Mark /> caviar · study report</p>
      <h1>{data.name}</h1>
      <p class="story">{story(data)}</p>
      {data.unfinished && <p class="story">{sentence(data.unfinished)}</p>}
      <dl class="figures">
        {figures.map(([name, value, note], index) => (
          <div key={name} class={index === 0 && best ? "first" : ""}>
            <dt>{name}</dt><dd>{value}</dd><dd class="note">{note}</dd>
          </div>
        ))}
      </dl>
      {data.best && <BestPoint point={data.best.point} />}
    </header>
  );
}

/** Three eggs of different size: many small trials, a few good, one best. */
export function Mark(): VNode {
  return (
    <svg class="mark" width="20" height="14" viewBox="0 0 20 14" aria-hidden="true">
      <circle cx="4" cy="9.5" r="3" opacity=".35" /><circle cx="9.5" cy="4.5" r="3" opacity=".65" /><circle class="best" cx="15" cy="9" r="4" />
    </svg>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function story(data: StudyData): string {
  const { trials, complete } = model.value;
  const sampler = data.settings.find(([key]) => key === "sampler")?.[1];
  const many = data.parameters.length;
  const search = `Searching ${many} hyperparameter${many === 1 ? "" : "s"}${sampler ? ` with ${sampler}` : ""} `
    + `for ${wanted(data)}.`;
  if (trials.length === 0) return `${search} No trial has been run yet.`;
  if (complete.length === trials.length) return `${search} ${trials.length === 1 ? "The one trial is" : `All ${trials.length} trials are`} complete.`;
  const others = ([["failed", "failed"], ["stopped early", "pruned"], ["still running", "running"], ["interrupted", "interrupted"]] as const)
    .map(([words, state]) => [trials.filter((trial) => trial.state === state).length, words] as const)
    .filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return `${search} ${complete.length} of ${trials.length} trials are complete, ${others.join(", ")}.`;
}

function wanted(data: StudyData): string {
  const objectives = data.front?.objectives ?? [{ name: data.metric, maximize: data.maximize }];
  const texts = objectives.map(({ name, maximize }) => `the ${maximize ? "highest" : "lowest"} ${name}`);
  return texts.join(" and ") + (data.bounds.length > 0 ? ` where ${data.bounds.join(" and ")}` : "");
}

function BestPoint({ point }: { point: [string, string][] }): VNode {
  const [copied, setCopied] = useState(false);
  const text = point.map(([name, value]) => `${name}: ${value}`).join("\n");
  const copy = () => {
    void navigator.clipboard?.writeText(text).then(() => setCopied(true), () => undefined);
  };
  return (
    <div class="best-point">
      <dl>
        {point.map(([name, value]) => (
          <div key={name}><dt>{name}</dt><dd title={value}>{pretty(value)}</dd></div>
        ))}
      </dl>
      <button type="button" class="quiet" onClick={copy} onBlur={() => setCopied(false)}>
        {copied ? "Copied" : "Copy the best values"}
      </button>
    </div>
  );
}

function pretty(value: string): string {
  const number = Number(value);
  return value.trim() !== "" && Number.isFinite(number) ? format(number) : value;
}
