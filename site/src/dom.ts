// Tag, properties and children in, an element out. Text only ever becomes text: there is no way from here to markup.

type Child = Node | string | number | null | undefined | false | Child[];
type Value = string | number | boolean | null | undefined | ((event: Event) => void);

const INVISIBLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Scraped text with a sign in the place of each character that cannot be seen; as long as before. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (sign) => {
    const code = sign.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd";
  });
}

export function h(tag: string, properties: Record<string, Value> = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else if (name.startsWith("on") || name === "style" || name === "src") throw new Error(`no ${name} here`);
    else if (name === "href" && !isSafe(String(value))) element.classList.add("refused");
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

export function append(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) append(element, child);
    else element.append(child instanceof Node ? child : visible(String(child)));
  }
}

/** A link that stays here, or leads to the web by http: never javascript:, data: or any other scheme. */
function isSafe(href: string): boolean {
  try {
    return ["http:", "https:", "blob:"].includes(new URL(href, document.baseURI).protocol);
  } catch {
    return false;
  }
}

/** A page of ours: `report.html?id=…`. */
export function page(name: string, parameters: Record<string, string | number | null | undefined> = {}): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const query = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return `${name}.html${query ? `?${query}` : ""}`;
}

/** The address that a report was fetched from: a link where it leads to the web, else its characters. A file's urn is no
 * link, and nothing to strike out. */
export function outside(url: string): HTMLElement {
  return /^https?:\/\//i.test(url)
    ? h("a", { href: url, rel: "noreferrer noopener", class: "outside" }, url)
    : h("span", { class: url.startsWith("urn:") ? "outside" : "refused" }, url);
}
