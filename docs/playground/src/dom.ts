// Elements of the page. Words go in as text nodes and attributes, never as HTML; what is invisible in them is shown.
import { visible } from '../../../src/report/visible.ts';

type Child = Node | string | number | undefined | false;

/** An element with attributes and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  for (const child of children.flat())
    if (child !== undefined && child !== false) element.append(typeof child === 'number' ? String(child) : child);
  return element;
}

/** The element of the page with this id; the page has it, or it is not our page. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

/** A sentence in which what stands between backticks is code. */
export function sentence(text: string): Node[] {
  return text
    .split('`')
    .map((part, i, all) => (i % 2 === 1 && i < all.length - 1 ? el('code', {}, visible(part)) : document.createTextNode(visible(part))));
}
