import type { FaultName } from "../../../src/simulator/faults/faults";

export const bodyForms = ["JSON", "text", "HTML", "nothing"] as const;

/** The form of a body that holds no known phrase of Volvo's. */
export type BodyForm = (typeof bodyForms)[number];

/** An answer that Volvo does not usually give: a fault of the simulator, or any other status with a body of this form. */
export type OddAnswer = { readonly fault: FaultName } | { readonly status: number; readonly body: BodyForm };

const bodies: Readonly<Record<BodyForm, { readonly type?: string; readonly text: string | null }>> = {
  JSON: { type: "application/json", text: '{"message":"Words that are not known"}' },
  text: { type: "text/plain", text: "Words that are not known" },
  HTML: { type: "text/html; charset=utf-8", text: "<!DOCTYPE html><html><body>Words that are not known</body></html>" },
  nothing: { text: null },
};

/** Statuses whose responses may have no body. */
const bodiless = [304];

export function responseWith(status: number, form: BodyForm): Response {
  const { type, text } = bodies[form];
  const headers = type === undefined ? {} : { "content-type": type };
  return new Response(bodiless.includes(status) ? null : text, { status, headers });
}
