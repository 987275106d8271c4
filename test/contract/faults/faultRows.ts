import { bodyRows } from "./bodyRows";
import type { FaultRow } from "./faultCase";
import { gatewayRows } from "./gatewayRows";
import { valueRows } from "./valueRows";

/** Every known misbehaviour of Volvo's service and of the way to it, with what it must come to. */
export const faultRows: readonly FaultRow[] = [...gatewayRows, ...bodyRows, ...valueRows];
