import { type FaultRow, nothing, unknown } from "./faultCase";

const notReported = unknown("the car doesn't report it", "just now");
const notSupported = unknown("not supported by this car");
const noValue = unknown("Volvo has no value at the moment");
const plugged = {
  ...nothing,
  item: "$(volvo-charging-plugged) EX30 Plugged in",
  row: "Plugged in · 15 min ago",
  sentence: "Connected, charger type not reported",
} as const;
const acMeasured = (age: string) => ({ ...nothing, row: `AC · ${age}` }) as const;
const unplugged = { ...nothing, item: "$(volvo-charging-unplugged) EX30 Unplugged" } as const;
const fault = {
  ...nothing,
  item: "$(volvo-charging-fault) EX30 Fault [error]",
  row: "Fault · just now",
  sentence: "Fault with the charging connection",
} as const;

/** Odd values in responses that are valid HTTP. */
export const valueRows: readonly FaultRow[] = [
  {
    id: "C36",
    title: "Connection and charging contradict each other",
    cases: [
      { fault: "unspecified-while-charging", ...notReported, also: { Status: "Charging" } },
      { fault: "unspecified-while-charging", at: "v1", ...notReported },
      {
        fault: "unplugged-but-charging",
        ...unplugged,
        row: "Unplugged · just now",
        sentence: "The car reports no cable, but also that it is charging.",
      },
    ],
  },
  {
    id: "C37",
    title: "The plug is partly inserted",
    cases: [
      { fault: "plug-half-in", ...fault },
      { fault: "plug-half-in", at: "v1", ...fault },
    ],
  },
  {
    id: "C38",
    title: "Plugged in without power, measured hours ago",
    cases: [
      {
        fault: "connected-without-power",
        at: "v2",
        from: "the start",
        ...plugged,
        row: "Plugged in · 9 h ago",
        also: { Status: "Plugged in, no power" },
      },
    ],
  },
  {
    id: "C39",
    title: "A healthy car reports a charger power fault",
    cases: [{ fault: "power-fault-while-plugged", at: "v2", ...acMeasured("just now"), also: { Status: "Done" } }],
  },
  {
    id: "C40",
    title: "Unrecognized values",
    cases: [
      {
        fault: "unknown-connection-word",
        ...unknown("this version doesn't recognize the value CONNECTED_WIRELESS", "just now"),
      },
      {
        fault: "unknown-connection-word",
        at: "v1",
        ...unknown("this version doesn't recognize the value CONNECTION_STATUS_CONNECTED_WIRELESS", "just now"),
      },
      {
        fault: "unknown-charging-words",
        at: "v2",
        ...plugged,
        sentence: "Connected, charger type unknown (WIRELESS)",
        also: {
          Status: "Unknown (CALIBRATING), charger power unknown (REDUCED)",
        },
      },
    ],
  },
  {
    id: "C41",
    title: "One or all members in error",
    cases: [
      { fault: "all-error", at: "v2", ...notSupported, also: { Battery: null } },
      { fault: "all-error-without-message", at: "v2", ...notSupported },
      { fault: "all-not-found", at: "v2", ...noValue },
      { fault: "connection-not-supported", at: "v2", ...notSupported, also: { Battery: "64% · 15 min ago" } },
      { fault: "connection-not-found", at: "v2", ...noValue, also: { Battery: "64% · 15 min ago" } },
      { fault: "connection-error", at: "v2", ...noValue },
      { fault: "connection-error-of-new-code", at: "v2", ...noValue },
      { fault: "connection-missing", ...noValue },
      { fault: "connection-missing", at: "v1", ...noValue },
      { fault: "charging-type-error", at: "v2", ...plugged },
      { fault: "connected-type-none", ...plugged, row: "Plugged in · just now" },
      { fault: "connected-type-none", at: "v1", ...notReported },
    ],
  },
  {
    id: "C43",
    title: "The car's capabilities contradict its values",
    cases: [
      { fault: "capabilities-all-false", at: "capabilities", ...nothing },
      { fault: "capabilities-newer-status-name", at: "capabilities", ...nothing },
    ],
  },
  {
    id: "C44",
    title: "Times in every form, and invalid times",
    cases: [
      { fault: "time-missing", ...acMeasured("time unknown") },
      { fault: "time-missing", at: "v1", ...acMeasured("time unknown") },
      { fault: "time-null", ...acMeasured("time unknown") },
      { fault: "time-empty", ...acMeasured("time unknown") },
      { fault: "time-in-the-future", ...acMeasured("time unknown") },
      { fault: "time-of-1970", ...acMeasured("time unknown") },
      { fault: "time-invalid", ...acMeasured("time unknown") },
      { fault: "time-slightly-in-the-future", ...acMeasured("just now") },
      { fault: "time-with-milliseconds", ...acMeasured("14 min ago") },
      { fault: "time-with-microseconds", ...acMeasured("14 min ago") },
      { fault: "time-as-specified", ...acMeasured("14 min ago") },
      { fault: "time-with-offset", ...acMeasured("15 min ago") },
      { fault: "time-goes-backwards", ...acMeasured("15 min ago") },
    ],
  },
  {
    id: "C46",
    title: "Members of different ages",
    cases: [
      { fault: "charging-type-outdated", at: "v2", from: "the start", ...plugged, row: "Plugged in · just now" },
      {
        fault: "members-of-different-ages",
        from: "the start",
        ...plugged,
        item: `${plugged.item} $(watch)`,
        row: "Plugged in · 15 h ago · out of date",
        also: { Battery: "64% · 5 h ago" },
      },
    ],
  },
  {
    id: "C47",
    title: "The car has not reported for days",
    cases: [
      {
        fault: "stale-for-days",
        from: "the start",
        ...nothing,
        item: `${nothing.item} $(watch)`,
        row: "AC · 3 d ago · out of date",
      },
      {
        fault: "disconnected-for-a-year",
        from: "the start",
        ...unplugged,
        item: `${unplugged.item} $(watch)`,
        row: "Unplugged · 365 d ago · out of date",
        sentence: "The car reports no cable, but also that it is charging.",
      },
    ],
  },
  {
    id: "C49",
    title: "The range in other units",
    cases: [
      { fault: "range-in-miles", ...nothing, also: { Range: "150 mi" } },
      { fault: "range-in-mi", ...nothing, also: { Range: "150 mi" } },
    ],
  },
  {
    id: "C50",
    title: "No charging power while it charges",
    cases: [{ fault: "charging-power-missing", at: "v2", ...nothing, also: { Power: null, Status: "Charging" } }],
  },
];
