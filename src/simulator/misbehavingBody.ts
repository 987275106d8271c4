import { type Clock, secondMs } from "../base/clock";
import type { Disposable } from "../base/disposable";
import type { SimulatedAnswer } from "./http";

/**
 * The body of an in-memory answer: whole, or broken according to its misbehavior. Reading a broken body fails with
 * `TypeError: terminated`, as with fetch. After an abort, reading fails with the signal's reason.
 */
export function misbehavingBody(
  answer: SimulatedAnswer,
  clock: Clock,
  signal: AbortSignal,
): string | ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(answer.body);
  const half = bytes.slice(0, Math.ceil(bytes.length / 2));
  switch (answer.misbehavior?.kind) {
    case "reset-in-body":
    case "wrong-content-length":
      return stream(signal, (controller) => {
        controller.enqueue(half);
        controller.error(new TypeError("terminated", { cause: new Error("other side closed") }));
      });
    case "false-gzip":
      return stream(signal, (controller) => {
        const cause = Object.assign(new Error("incorrect header check"), { code: "Z_DATA_ERROR" });
        controller.error(new TypeError("terminated", { cause }));
      });
    case "truncated-gzip":
      return answer.body.slice(0, Math.ceil(answer.body.length / 2));
    case "stalled-body":
      return stream(signal, (controller) => controller.enqueue(half));
    case "endless-body":
      return pour(bytes, signal);
    case "trickling-body":
      return trickle(bytes, clock, signal);
    default:
      return answer.body;
  }
}

type Controller = ReadableStreamDefaultController<Uint8Array>;

function stream(
  signal: AbortSignal,
  start: (controller: Controller) => void,
  pull: (controller: Controller) => void | Promise<void> = () => undefined,
  cancel: () => void = () => undefined,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      signal.addEventListener("abort", () => controller.error(signal.reason), { once: true });
      start(controller);
    },
    pull,
    cancel,
  });
}

/** Repeats the body, one chunk per event-loop turn, like data from a socket. */
function pour(bytes: Uint8Array, signal: AbortSignal): ReadableStream<Uint8Array> {
  return stream(
    signal,
    () => undefined,
    async (controller) => {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (!signal.aborted) controller.enqueue(bytes);
    },
  );
}

/** Repeats the body at one byte a second until the stream is canceled. */
function trickle(bytes: Uint8Array, clock: Clock, signal: AbortSignal): ReadableStream<Uint8Array> {
  let index = 0;
  let timer: Disposable | undefined;
  const stop = () => timer?.dispose();
  signal.addEventListener("abort", stop, { once: true });
  const drip = (controller: Controller) => {
    timer = clock.after(secondMs, () => {
      controller.enqueue(Uint8Array.of(bytes[index++ % bytes.length] ?? 0));
      drip(controller);
    });
  };
  return stream(signal, drip, undefined, stop);
}
