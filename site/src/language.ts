// A key in, the reader's word out: Chinese or English, as chosen, remembered, or as the browser asks.

import words from "./words.json";

export type Language = "zh" | "en";

const asked = new URLSearchParams(location.search).get("lang");
const remembered = storage()?.getItem("language");
export const language: Language =
  asked === "zh" || asked === "en" ? asked
  : remembered === "zh" || remembered === "en" ? remembered
  : navigator.language.startsWith("zh") ? "zh" : "en";

const table = words as Record<string, string[]>;
const numbers = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB", { maximumFractionDigits: 4 });
const short = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB", { notation: "compact", maximumFractionDigits: 1 });

/** The word for a key; a key without one stands for itself. {0}, {1} … are filled in. */
export function t(key: string, ...values: (string | number)[]): string {
  const word = Object.hasOwn(table, key) ? table[key]?.[language === "zh" ? 0 : 1] : undefined;
  return (word ?? key.replace(/^(role|kind|level|theme|flag)_/, "")).replace(/\{(\d)\}/g, (_, place: string) => String(values[Number(place)] ?? ""));
}

export function remember(chosen: Language): void {
  storage()?.setItem("language", chosen);
}

/** Of a Chinese and an English text the one to show. */
export function either(texts: { zh: string; en: string }): string {
  return language === "zh" ? texts.zh : texts.en;
}

export function number(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : numbers.format(value);
}

export function compact(value: number): string {
  return short.format(value);
}

export function percent(part: number, whole: number): string {
  return whole ? `${Math.round((100 * part) / whole)}%` : "–";
}

function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null; // the browser forbids it: the choice lasts for the page
  }
}
