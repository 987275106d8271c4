import { Redactor } from "../../../src/base/redactor";

/** Texts that must not leave the process. */
export const jwt =
  "eyJhbGciOiJSUzI1NiJ9.eyJ1c2VyTmFtZSI6ImphbmVAZXhhbXBsZS5jb20ifQ.c2lnbmF0dXJlX3doaWNoX2lzX25vbmU-and-more";
export const apiKey = "5e1f00d5ca1ab1e0ca75a2e51ec7a1c0";
export const opaque = "q8Zt-4hX_kP2vL9";
export const vin = "YV1ABCDEFG7654321";

/** `text` as a redactor that has learned `secrets` lets it pass. */
export function redact(text: string, ...secrets: string[]): string {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.learn(secret);
  return redactor.redact(text);
}
