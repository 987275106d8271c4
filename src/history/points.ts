import type { Point, Row, Span } from "./model";
import { isGap } from "./rows";
import { lastBefore } from "./segments";

/**
 * Level and power in `range` and the last ones before it, thinned to at most `limit` points: the last point of each group
 * is kept, and takes over a break of its group. `rows` are sorted by time.
 */
export function pointsOf(rows: readonly Row[], { from, to }: Span, limit: number): readonly Point[] {
  const points: Point[] = [];
  let isBreak = true;
  for (const row of rows.slice(Math.max(0, lastBefore(rows, from)))) {
    if (row.t > to) break;
    isBreak ||= isGap(row);
    if (row.b === undefined && row.w === undefined) continue;
    points.push({
      t: row.t,
      ...(row.b !== undefined && { level: row.b }),
      ...(row.w !== undefined && { power: row.w }),
      isBreak,
    });
    isBreak = false;
  }
  const thinned: Point[] = [];
  let breaks = false;
  points.forEach((point, index) => {
    breaks ||= point.isBreak;
    const group = (at: number) => Math.floor((at * limit) / points.length);
    if (group(index) === group(index + 1)) return;
    thinned.push({ ...point, isBreak: breaks });
    breaks = false;
  });
  return thinned;
}
