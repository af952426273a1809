// The report of one study.
import type { VNode } from "preact";
import type { StudyData } from "./data";
import { Curves } from "./sections/curves";
import { Exploration } from "./sections/exploration";
import { Front } from "./sections/front";
import { Headline } from "./sections/headline";
import { Importance } from "./sections/importance";
import { Pairs } from "./sections/pairs";
import { Parallel } from "./sections/parallel";
import { Progress } from "./sections/progress";
import { Foot, Settings } from "./sections/settings";
import { Slices } from "./sections/slices";
import { Table } from "./sections/table";
import { Held, Tip } from "./sections/tip";
import { model } from "./state";

export function StudyPage({ data }: { data: StudyData }): VNode {
  const some = model.value.trials.some((trial) => trial.state === "complete" || trial.state === "failed" || !Number.isNaN(trial.value));
  return (
    <main>
      <Headline data={data} />
      {some && <>
        {data.front && <Front front={data.front} />}
        <Progress />
        {data.parameters.length > 0 && <Importance data={data} />}
        <Pairs data={data} />
        {data.parameters.length > 0 && <Slices data={data} />}
        <Exploration />
        <Parallel data={data} />
        <Curves data={data} />
        <Table data={data} />
      </>}
      <Settings data={data} />
      <Foot data={data} />
      <Tip />
      <Held />
    </main>
  );
}
