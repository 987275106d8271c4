import { secondMs } from "../../base/clock";
import { everyKind, type Fault, type FaultContext } from "./fault";
import { emptyAnswer, type Misbehaviour, type SimulatedAnswer } from "../http";

const slowness = "Dielee/volvo2mqtt#174";
const outages = "thomasddn/ha-volvo-cars#110";

/** Stands for the body of an answer that has none, so that there is something to break. */
const filler = " ".repeat(64);

/** What the way between Volvo and us does to an answer that was made. */
function carried(context: FaultContext, misbehaviour: Misbehaviour): SimulatedAnswer {
  const honest = context.honest();
  return { ...honest, body: honest.body === "" ? filler : honest.body, misbehaviour };
}

/** What it does to a request that Volvo never works on. */
function lost(misbehaviour: Misbehaviour): SimulatedAnswer {
  return { ...emptyAnswer(200), misbehaviour };
}

/** Misbehaviour of the network. The request reaches Volvo unless the description says otherwise. */
export const networkFaults = {
  "host-unknown": {
    row: 14,
    description: "The name cannot be resolved; nothing reaches Volvo",
    source: outages,
    kinds: everyKind,
    answer: () => lost({ kind: "unreachable", code: "ENOTFOUND" }),
  },
  "connection-refused": {
    row: 14,
    description: "Nobody listens; nothing reaches Volvo",
    source: outages,
    kinds: everyKind,
    answer: () => lost({ kind: "unreachable", code: "ECONNREFUSED" }),
  },
  "certificate-expired": {
    row: 14,
    description: "The TLS handshake fails; nothing reaches Volvo",
    source: outages,
    kinds: everyKind,
    answer: () => lost({ kind: "unreachable", code: "CERT_HAS_EXPIRED" }),
  },
  "connection-reset": {
    row: 23,
    description: "The connection breaks before the first header, and Volvo has not worked on the request",
    source: outages,
    kinds: everyKind,
    answer: () => lost({ kind: "reset" }),
  },
  "black-hole": {
    row: 23,
    description: "The request is taken and nothing comes back, ever; Volvo has not worked on it",
    source: outages,
    kinds: everyKind,
    answer: () => lost({ kind: "black-hole" }),
  },
  "slow-20-s": {
    row: 23,
    description: "A good answer after 20 seconds",
    source: slowness,
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "delay", delayMs: 20 * secondMs }),
  },
  "slow-90-s": {
    row: 23,
    description: "A good answer after 90 seconds",
    source: slowness,
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "delay", delayMs: 90 * secondMs }),
  },
  "reset-in-body": {
    row: 23,
    description: "Headers and half of the body, then the connection breaks",
    source: outages,
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "reset-in-body" }),
  },
  "stalled-body": {
    row: 23,
    description: "Headers and half of the body, then silence",
    source: outages,
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "stalled-body" }),
  },
  "endless-body": {
    row: 23,
    description: "A body without end, as fast as it is read",
    source: "",
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "endless-body" }),
  },
  "trickling-body": {
    row: 23,
    description: "A body without end, one byte a second",
    source: "",
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "trickling-body" }),
  },
  "wrong-content-length": {
    row: 23,
    description: "The connection ends 100 bytes before the promised length",
    source: "",
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "wrong-content-length" }),
  },
  "truncated-gzip": {
    row: 23,
    description: "A compressed body, cut in half",
    source: "",
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "truncated-gzip" }),
  },
  "false-gzip": {
    row: 23,
    description: "A body that is said to be compressed, and is not",
    source: "",
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "false-gzip" }),
  },
} as const satisfies Record<string, Fault>;
