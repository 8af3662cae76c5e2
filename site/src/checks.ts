// A check of a report in, the box that tells it out: verdict, kind, what is said and what was expected.

import { h } from "./dom";
import { number, t } from "./language";

export interface Check {
  kind: string;
  verdict: string;
  explanation: string | null;
  expected: number | null;
  stated: number | null;
  indicator: string | null;
}
type Piece = Node | string | null;

/** lead: what stands behind the tags; below: what stands under the sentence. */
export function checkBox(check: Check, lead: Piece[], below: (Piece | Piece[])[]): HTMLElement {
  const failed = check.verdict === "fail";
  const said = `${t(check.explanation ?? "")}: ${t("stated")} ${number(check.stated)}, ${t("expected")} ${number(check.expected)}`;
  return h(
    "div",
    { class: failed ? "box" : "box explained" },
    h("p", {}, h("span", { class: failed ? "tag failed" : "tag" }, t(check.verdict)), h("span", { class: "tag" }, t(check.kind)), lead),
    h("p", { class: "said" }, said),
    below.length ? h("p", { class: "said" }, below) : null,
  );
}

/** The failed ones as they are; what can be explained behind a line that opens, and beyond `most` too. */
export function checkList<T extends Check>(checks: T[], most: number, box: (check: T) => HTMLElement): HTMLElement[] {
  const failed = checks.filter((check) => check.verdict === "fail");
  const explained = checks.filter((check) => check.verdict !== "fail");
  const folded = (word: string, items: T[]): HTMLElement[] =>
    items.length ? [h("details", {}, h("summary", {}, t(word, number(items.length))), items.map(box))] : [];
  return [...failed.slice(0, most).map(box), ...folded("more", failed.slice(most)), ...folded("explained_differences", explained)];
}
