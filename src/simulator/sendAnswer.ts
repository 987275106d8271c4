import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { type Clock, secondMs } from "../base/clock";
import type { SimulatedAnswer } from "./http";

/** Sends `answer` over a socket with its misbehavior. Timers end with the connection. */
export function sendAnswer(answer: SimulatedAnswer, response: ServerResponse, clock: Clock): void {
  const { status, headers, body, misbehavior } = answer;
  const bytes = Buffer.from(body);
  const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
  const begin = (extra: Record<string, string> = {}) => response.writeHead(status, { ...headers, ...extra });
  const end = () => begin({ "content-length": String(bytes.length) }).end(bytes);
  switch (misbehavior?.kind) {
    case undefined:
      end();
      break;
    case "delay": {
      const timer = clock.after(misbehavior.delayMs, end);
      response.once("close", () => timer.dispose());
      break;
    }
    case "unreachable":
    case "reset":
      response.socket?.resetAndDestroy();
      break;
    case "black-hole":
      break;
    case "reset-in-body":
      begin({ "content-length": String(bytes.length) }).write(half, () => response.socket?.resetAndDestroy());
      break;
    case "wrong-content-length":
      begin({ "content-length": String(bytes.length + 100) }).write(bytes, () => response.socket?.end());
      break;
    case "stalled-body":
      begin({ "content-length": String(bytes.length) }).write(half);
      break;
    case "truncated-gzip": {
      const packed = gzipSync(bytes);
      const cut = packed.subarray(0, Math.floor(packed.length / 2));
      begin({ "content-encoding": "gzip", "content-length": String(cut.length) }).end(cut);
      break;
    }
    case "false-gzip":
      begin({ "content-encoding": "gzip", "content-length": String(bytes.length) }).end(bytes);
      break;
    case "endless-body":
      begin();
      pourForEver(bytes, response);
      break;
    case "trickling-body":
      begin().flushHeaders();
      trickleForEver(bytes, response, clock);
      break;
  }
}

/** Writes the body again and again, as fast as the client reads. */
function pourForEver(bytes: Buffer, response: ServerResponse): void {
  const pour = () => {
    while (!response.destroyed && response.write(bytes));
  };
  response.on("drain", pour);
  pour();
}

/** Writes one byte a second, forever. */
function trickleForEver(bytes: Buffer, response: ServerResponse, clock: Clock): void {
  let index = 0;
  const drip = () => {
    if (response.destroyed) return;
    response.write(bytes.subarray(index, index + 1));
    index = (index + 1) % bytes.length;
    timer = clock.after(secondMs, drip);
  };
  let timer = clock.after(secondMs, drip);
  response.once("close", () => timer.dispose());
}
