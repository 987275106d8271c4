import { bodyRows } from "./bodyRows";
import type { FaultRow } from "./faultCase";
import { gatewayRows } from "./gatewayRows";
import { valueRows } from "./valueRows";

/** Every known fault of Volvo's service and of the network path to it, with its expected effect. */
export const faultRows: readonly FaultRow[] = [...gatewayRows, ...bodyRows, ...valueRows];
