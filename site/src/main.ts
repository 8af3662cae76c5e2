// The page's name in the document in, the page out: frame, then the module that knows this kind of page.

import { h } from "./dom";
import { load, Missing, type Site } from "./data";
import { frame } from "./frame";
import { language, t } from "./language";

type Page = (main: HTMLElement, parameters: URLSearchParams) => Promise<void>;

const pages: Record<string, () => Promise<{ show: Page }>> = {
  index: () => import("./pages/overview"),
  indicators: () => import("./pages/indicators"),
  indicator: () => import("./pages/indicator"),
  publisher: () => import("./pages/publisher"),
  region: () => import("./pages/region"),
  report: () => import("./pages/report"),
  search: () => import("./pages/search"),
  quality: () => import("./pages/quality"),
  sql: () => import("./pages/sql"),
};

async function start(): Promise<void> {
  document.documentElement.lang = language;
  const name = document.documentElement.dataset.page ?? "index";
  const main = frame(name);
  const loading = h("p", { class: "note", role: "status" }, t("loading"));
  main.append(loading);
  try {
    const [site, module] = await Promise.all([load<Site>("site.json"), pages[name]?.()]);
    const content = h("div");
    await module?.show(content, new URLSearchParams(location.search));
    loading.replaceWith(...content.childNodes);
    document.querySelector(".foot")?.prepend(site.as_of ? `${t("as_of", site.as_of)} · ` : "");
    main.dataset.ready = "yes";
    document.dispatchEvent(new Event("shown"));
  } catch (error) {
    const told = error instanceof Missing ? t("not_found", error.message) : t("failed_to_load", String(error));
    const hint = location.protocol === "file:" ? t("needs_server") : "";
    loading.replaceWith(h("div", { class: "box", role: "alert" }, h("p", {}, told), h("p", {}, hint)));
    main.dataset.ready = "error";
  }
}

void start();
