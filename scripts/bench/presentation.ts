import { performance } from "node:perf_hooks";
import { minuteMs } from "../../src/base/clock";
import { statusBar } from "../../src/present/statusBar";
import { tree } from "../../src/present/tree";
import { type ViewState, viewStateOf } from "../../src/present/viewState";
import { Computer } from "../../test/support/windows/computer";
import { median, milliseconds, type Row, type Section } from "./report";

/** The frame budget of a 60 Hz screen. */
const frameMs = 1_000 / 60;

export const presentation: Section = {
  name: "presentation",
  title: "Presentation",
  async measure({ quick }) {
    const rows: Row[] = [];
    for (const cars of [12, 100]) {
      const view = await viewStatesOf(cars);
      for (const [what, render] of [
        ["status bar and hover", () => statusBar(view())],
        ["tree", () => tree(view())],
      ] as const) {
        const { first, usual } = timed(render, quick ? 20 : 500);
        rows.push({
          figure: `${what}, ${cars} cars`,
          ours: `${milliseconds(usual)}, the first time ${milliseconds(first)}`,
          beside: `a frame of a 60 Hz screen ${milliseconds(frameMs)}`,
          bar: "within a frame",
          isMet: usual <= frameMs,
        });
      }
    }
    return {
      rows,
      notes: [
        "Text and rows from the state of all cars, without VS Code's part; the section on polls covers assignments to VS Code.",
      ],
    };
  },
};

/** Computes the view state of `cars` cars that have been read. */
async function viewStatesOf(cars: number): Promise<() => ViewState> {
  const computer = new Computer({ cars, settings: { dailyCallBudget: 10_000 } });
  const { core } = computer.open({ isFocused: true });
  await computer.run(2 * minuteMs);
  const isComplete = core.carStore.current.cars.every(({ reading }) => reading);
  if (!isComplete) throw new Error(`Not all of ${cars} cars were read`);
  return () => viewStateOf(core, computer.clock.now(), { language: "en" });
}

function timed(render: () => unknown, times: number): { readonly first: number; readonly usual: number } {
  const took: number[] = [];
  for (let run = 0; run < times; run++) {
    const from = performance.now();
    render();
    took.push(performance.now() - from);
  }
  return { first: took[0] ?? NaN, usual: median(took) };
}
