import fc from "fast-check";

/** Any text, including lone surrogates and control characters. fast-check's own arbitrary takes seconds to set up. */
export function anyText(maxLength = 40): fc.Arbitrary<string> {
  const unit = fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xffff }));
  return fc.array(unit, { maxLength }).map((codes) => String.fromCharCode(...codes));
}
