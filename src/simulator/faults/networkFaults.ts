import { secondMs } from "../../base/clock";
import { everyKind, type Fault, type FaultContext } from "./fault";
import { emptyAnswer, type Misbehavior, type SimulatedAnswer } from "../http";

const slowness = "Dielee/volvo2mqtt#174";
const outages = "thomasddn/ha-volvo-cars#110";

/** Replaces an empty body, so there is content to corrupt. */
const filler = " ".repeat(64);

/** The honest answer, corrupted in transit. */
function carried(context: FaultContext, misbehavior: Misbehavior): SimulatedAnswer {
  const honest = context.honest();
  return { ...honest, body: honest.body === "" ? filler : honest.body, misbehavior };
}

/** The answer to a request that Volvo never processes. */
function lost(misbehavior: Misbehavior): SimulatedAnswer {
  return { ...emptyAnswer(200), misbehavior };
}

/** Misbehavior of the network. Volvo processes the request unless the description says otherwise. */
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
    description: "The port is closed; nothing reaches Volvo",
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
    description: "The connection breaks before the first header; Volvo has not processed the request",
    source: outages,
    kinds: everyKind,
    answer: () => lost({ kind: "reset" }),
  },
  "black-hole": {
    row: 23,
    description: "The request is accepted and never answered; Volvo has not processed it",
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
    description: "An endless body, as fast as it is read",
    source: "",
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "endless-body" }),
  },
  "trickling-body": {
    row: 23,
    description: "An endless body, one byte a second",
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
    description: "A plain body declared as compressed",
    source: "",
    kinds: everyKind,
    answer: (context) => carried(context, { kind: "false-gzip" }),
  },
} as const satisfies Record<string, Fault>;
