// Starts the page: reads the data block, builds the model, draws the study or the comparison.
import { render } from "preact";
import { ComparePage, compareModel } from "./compare_page";
import { readPage } from "./data";
import { Model, readTrials } from "./model";
import { model } from "./state";
import { StudyPage } from "./study_page";
import "./style.css";

const data = readPage();
const root = document.getElementById("caviar");
if (root) {
  root.textContent = "";
  if (data.kind === "study") {
    model.value = new Model(readTrials(data.trials, "", 0), data.parameters, data.metric, data.maximize, data.best?.trial ?? null);
    render(<StudyPage data={data} />, root);
  } else {
    model.value = compareModel(data);
    render(<ComparePage data={data} />, root);
  }
  document.documentElement.dataset["ready"] = "true";
}
