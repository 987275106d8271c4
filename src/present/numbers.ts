import type { Distance } from "../charging/reading";
import { languageOf, type Locale } from "./times";

const formats = new Map<string, Intl.NumberFormat>();

function format(amount: number, locale: Locale, digits: number, style: "decimal" | "percent" = "decimal"): string {
  const key = `${style}/${digits}/${locale.language}`;
  const found = formats.get(key) ?? new Intl.NumberFormat(languageOf(locale), { style, maximumFractionDigits: digits });
  formats.set(key, found);
  // French uses narrow no-break spaces, which some fonts lack.
  return found.format(amount).replaceAll("\u202f", "\u00a0");
}

/** kWh; below ten with one decimal. */
export function kilowattHourText(kwh: number, locale: Locale): string {
  return `${format(kwh, locale, kwh < 9.95 ? 1 : 0)} kWh`;
}

export function countText(count: number, locale: Locale): string {
  return format(count, locale, 0);
}

/** "58%", "58 %" in German. `percent` from 0 to 100. */
export function percentText(percent: number, locale: Locale): string {
  return format(percent / 100, locale, 0, "percent");
}

/** A distance in the unit of the API: "1,250 km". */
export function distanceText({ amount, unit }: Distance, locale: Locale): string {
  return `${format(amount, locale, 0)} ${unit}`;
}

export function kilowattText(watts: number, locale: Locale): string {
  return `${format(watts / 1000, locale, 1)} kW`;
}

export function ampereText(ampere: number, locale: Locale): string {
  return `${format(ampere, locale, 0)} A`;
}
