// Elements are made here and nowhere else. Text goes in as text: nothing from the stream is ever read as markup.
const SVG = 'http://www.w3.org/2000/svg';

export const byId = id => document.getElementById(id);

/** An element; of its attributes those that are null, undefined or false are left out, and functions are listeners. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An element of SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return element;
}

/** Replaces what an element holds; no children leave it empty. */
export function show(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
}

/** Changes an element's text, and only if it is another, so that a screen reader does not say it again. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** What a section shows while it has nothing to show. */
export function empty(text) {
  return el('p', { class: 'empty' }, text);
}

/** Terms and their descriptions for a dl. */
export function facts(pairs) {
  return pairs.filter(([, value]) => value !== null && value !== undefined).map(([term, value]) => el('div', {}, el('dt', {}, term), el('dd', {}, value)));
}

/**
 * A list of which entries keep their elements, and with them focus and what is opened: of each entry that has a new key, an element is made; the
 * others are only put into order.
 */
export function keyed(list, entries, key, make) {
  const old = new Map([...list.children].map(child => [child.dataset.key, child]));
  const wanted = entries.map(entry => {
    const id = String(key(entry));
    const element = old.get(id) ?? make(entry);
    element.dataset.key = id;
    return element;
  });
  const keep = new Set(wanted);
  [...list.children].filter(child => !keep.has(child)).forEach(child => child.remove());
  wanted.forEach((element, i) => {
    if (list.children[i] !== element) {
      list.insertBefore(element, list.children[i] ?? null);
    }
  });
}
