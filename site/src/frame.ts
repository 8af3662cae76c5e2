// The name of the page in, what all pages share out: skip link, navigation, language, footer.

import { h } from "./dom";
import { language, remember, t } from "./language";

const LINKS: [string, string][] = [
  ["index", "overview"],
  ["indicators", "indicators"],
  ["search", "search"],
  ["quality", "quality"],
  ["sql", "sql"],
];
const UNDER: Record<string, string> = { indicator: "indicators", publisher: "search", region: "search", report: "search" };

export function frame(name: string): HTMLElement {
  const main = h("main", { id: "content", tabindex: -1 });
  const current = UNDER[name] ?? name;
  const links = LINKS.map(([target, word]) =>
    h("a", { href: `${target}.html`, "aria-current": target === current ? "page" : null }, t(word)),
  );
  document.body.append(
    h("a", { class: "skip", href: "#content" }, t("skip")),
    h(
      "div",
      { class: "bar", role: "banner" },
      h("a", { class: "brand", href: "index.html" }, "fazhi · 法治"),
      h("nav", { "aria-label": t("site") }, links),
      h("button", { type: "button", lang: language === "zh" ? "en" : "zh", click: switchLanguage }, t("other_language")),
    ),
    h("div", { class: "page" }, main),
    h("footer", { class: "foot" }, "fazhi · Apache-2.0"),
  );
  setTitle();
  return main;
}

export function setTitle(...parts: string[]): void {
  document.title = [...parts, `fazhi · ${t("site")}`].join(" · ");
}

/** A line above the page where what it shows is invented. */
export function noticeFictional(fictional: boolean): void {
  if (fictional) document.querySelector("main")?.before(h("aside", { class: "notice", "aria-label": t("notice") }, t("fictional")));
}

function switchLanguage(): void {
  const other = language === "zh" ? "en" : "zh";
  remember(other);
  const here = new URL(location.href);
  here.searchParams.set("lang", other);
  location.replace(here);
}
