import assert from "node:assert/strict";
import { type HistoryFolder, memoryFolder } from "../../../src/history/historyFolder";
import type { Row } from "../../../src/history/model";
import { MonthFiles } from "../../../src/history/monthFiles";
import { carLimit, folderLimit, headLine, monthEnd } from "../../../src/history/rows";
import { at } from "./histories";

const [first, second, third] = ["a", "b", "c"].map((letter) => letter.repeat(16)) as [string, string, string];
const row = (minute: number): Row => ({ t: at(12, minute), c: "ac" });
const keeping = { isMajor: true, keepMonths: 24 };
const newer = headLine.replace('"version":1', '"version":2');

describe("The files of the history", () => {
  let files: Map<string, string>;
  let calls: string[];
  let months: MonthFiles;

  /** A window that has not read any file yet. */
  const open = () => new MonthFiles(counting(memoryFolder(files)));
  const counting = (folder: HistoryFolder): HistoryFolder => ({
    ...folder,
    read: (name) => (calls.push(`read ${name}`), folder.read(name)),
    files: () => (calls.push("files"), folder.files()),
    folder: (name) => counting(folder.folder(name)),
  });

  beforeEach(() => {
    files = new Map();
    calls = [];
    months = open();
  });

  it("are the months of a car, oldest first, without files that are too large to be the extension's", async () => {
    for (const [name, length] of [
      ["2026-11.jsonl", 2 * monthEnd],
      ["2025-12.jsonl", 10],
      ["2026-01.jsonl", 2 * monthEnd + 1],
      ["notes.txt", 10],
    ] as const)
      files.set(`${first}/${name}`, "x".repeat(length));
    assert.deepEqual(await months.months(first), ["2025-12", "2026-11"]);
    assert.deepEqual(await months.months(second), []);
    assert.deepEqual(await months.read(second, "2026-11", at(12)), { rows: [], skipped: 0, isNewer: false });
  });

  it("do not include the salt or any other file in the folder", async () => {
    for (const path of [
      "salt",
      "2026-11.jsonl",
      `${first}/notes.txt`,
      `other/2026-11.jsonl`,
      `${first}/x/2026-11.jsonl`,
    ])
      files.set(path, "text");
    for (const path of [`${first}/2026-11.jsonl/old`, `/2026-11.jsonl`]) files.set(path, "text");
    assert.equal(await months.isEmpty(), true);
    files.set(`${first}/2026-11.jsonl`, "text");
    assert.equal(await months.isEmpty(), false);
  });

  it("are read once, and measured every 200 rows", async () => {
    files.set(`${first}/2026-11.jsonl`, `${headLine}\n`);
    for (let minute = 0; minute <= 200; minute++) {
      assert.equal(await months.append(first, row(minute), keeping), undefined);
      if (minute === 199) assert.deepEqual(calls, ["read 2026-11.jsonl", "files"]);
    }
    assert.deepEqual(calls, ["read 2026-11.jsonl", "files", "files"]);
  });

  it("are measured before each new month", async () => {
    await months.append(first, row(0), keeping);
    await months.append(second, row(0), keeping);
    assert.equal(calls.filter((call) => call === "files").length, 2);
  });

  it("of a newer version are read once, and nothing is added", async () => {
    files.set(`${first}/2026-11.jsonl`, newer);
    for (const minute of [0, 1]) assert.equal(await months.append(first, row(minute), keeping), "newer");
    assert.deepEqual(calls, ["read 2026-11.jsonl"]);
    assert.equal(files.get(`${first}/2026-11.jsonl`), newer);
  });

  it("are read again after the files of one or all cars were removed", async () => {
    const removals: readonly ((id: string) => Promise<void>)[] = [
      (id) => months.remove(id),
      () => months.removeAll(),
      () => months.clear(),
    ];
    for (const remove of removals) {
      months = open();
      files.set(`${first}/2026-11.jsonl`, newer);
      assert.equal(await months.append(first, row(0), keeping), "newer");
      await remove(first);
      assert.equal(await months.append(first, row(0), keeping), undefined);
      assert.equal(files.get(`${first}/2026-11.jsonl`)?.split("\n").length, 3);
    }
  });

  it("of all cars are removed without other files, which only clearing removes", async () => {
    files.set("salt", "text");
    files.set("other/2026-11.jsonl", "text");
    for (const id of [first, second]) files.set(`${id}/2026-11.jsonl`, `${headLine}\n`);
    await months.removeAll();
    assert.deepEqual([...files.keys()].sort(), ["other/2026-11.jsonl", "salt"]);
    await months.clear();
    assert.equal(files.size, 0);
  });

  it("are removed month by month, the oldest of the largest car first, until the folder is small enough", async () => {
    const size = folderLimit / 32;
    const put = (id: string, month: string) => files.set(`${id}/${month}.jsonl`, "x".repeat(size));
    // Neither cars nor months are in order.
    for (let month = 10; month < 20; month++) put(second, `20${month}-01`);
    for (let month = 19; month >= 8; month--) put(first, `20${String(month).padStart(2, "0")}-01`);
    for (let month = 10; month < 21; month++) put(third, `20${month}-01`);
    files.set(`${first}/2026-11.jsonl`, `${headLine}\n`);
    await months.append(first, row(0), { isMajor: true, keepMonths: 12 * 30 });
    const oldest = [first, second, third].map(
      (id) => [...files.keys()].filter((path) => path.startsWith(id)).sort()[0],
    );
    assert.deepEqual(oldest, [`${first}/2010-01.jsonl`, `${second}/2010-01.jsonl`, `${third}/2011-01.jsonl`]);
    const total = [...files.values()].reduce((sum, text) => sum + text.length, 0);
    assert.equal(Math.floor(total / size), 30);
  });

  it("are not created for a car beyond the limit, while those of the other cars continue", async () => {
    for (let car = 0; car < carLimit - 1; car++)
      files.set(`${String(car).padStart(16, "0")}/2026-11.jsonl`, `${headLine}\n`);
    assert.equal(await months.append(first, row(0), keeping), undefined);
    assert.equal(await months.append(second, row(0), keeping), "full");
    assert.equal(await months.append(first, row(1), keeping), undefined);
    calls.length = 0;
    assert.equal(await months.append(second, row(1), keeping), "full");
    assert.deepEqual(calls, []);
  });
});
