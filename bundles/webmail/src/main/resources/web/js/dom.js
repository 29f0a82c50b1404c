// Elements without HTML in strings: what mail says is text and never markup.

/**
 * An element. In props: `class`, `data` (of data-…), `on` (listeners by event), `aria` (of aria-…), properties of the element, else attributes; what is
 * null, undefined or false is left out. Children are nodes, texts, or arrays of them.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined) return;
  if (name === 'class') element.className = value;
  else if (name === 'on') for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
  else if (name === 'data') Object.assign(element.dataset, value);
  else if (name === 'aria') {
    for (const [key, word] of Object.entries(value)) if (word !== null && word !== undefined) element.setAttribute(`aria-${key}`, word);
  } else if (name === 'role' || name === 'for' || name === 'tabindex' || !(name in element)) {
    if (value !== false) element.setAttribute(name, value === true ? '' : value);
  } else element[name] = value;
}

const SVG = 'http://www.w3.org/2000/svg';

const ICONS = {
  inbox: 'M3 13l3-8h12l3 8v6H3zM3 13h5l1.5 3h5L16 13h5',
  drafts: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  sent: 'M4 12l16-8-5 16-3-7zM12 13l8-9',
  archive: 'M3 4h18v5H3zM5 9v11h14V9M10 13h4',
  junk: 'M12 3l9 16H3zM12 10v4M12 16.5v.5',
  trash: 'M4 6h16M9 6V4h6v2M6 6l1 14h10l1-14M10 10v6M14 10v6',
  folder: 'M3 6h6l2 2h10v11H3z',
  important: 'M6 3h12v18l-6-4-6 4z',
  scheduled: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2',
  snoozed: 'M12 6a7 7 0 100 14 7 7 0 000-14zM12 9.5V13l2.5 1.5M4 6l3-2.5M20 6l-3-2.5',
  star: 'M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9-4.3-4.1 5.9-.8z',
  clip: 'M8 12l6-6a3 3 0 014 4l-8 8a5 5 0 01-7-7l8-8',
  search: 'M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.5L20 20',
  menu: 'M4 7h16M4 12h16M4 17h16',
  back: 'M15 5l-7 7 7 7',
  down: 'M6 9l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  pen: 'M4 20l1-4L16 5l3 3L8 19z',
  reply: 'M9 6l-6 6 6 6M3 12h11a6 6 0 016 6v1',
  replyAll: 'M11 6l-6 6 6 6M7 6l-6 6 6 6M5 12h10a6 6 0 016 6v1',
  forward: 'M15 6l6 6-6 6M21 12H10a6 6 0 00-6 6v1',
  read: 'M3 10l9-6 9 6v10H3zM3 10l9 6 9-6',
  unread: 'M3 5h18v14H3zM3 6l9 7 9-7',
  more: 'M12 5.5v.5M12 12v.5M12 18.5v.5',
  settings: 'M4 7h9M19 7h1M4 17h3M13 17h7M16 4.5v5M10 14.5v5',
  help: 'M9 9a3 3 0 116 .5c0 2-3 2.5-3 4.5M12 17.5v.5',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  picture: 'M4 5h16v14H4zM4 16l5-5 5 5 2-2 4 4M15 9v.5',
  move: 'M3 6h6l2 2h10v11H3zM10 13.5h6M13.5 11l2.5 2.5-2.5 2.5',
  plus: 'M12 5v14M5 12h14',
  out: 'M14 4h6v16h-6M10 8l-4 4 4 4M6 12h10',
  sun: 'M12 8a4 4 0 100 8 4 4 0 000-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5L19 19M5 19l1.5-1.5M17.5 6.5L19 5',
  link: 'M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1',
  check: 'M5 12.5l4.5 4.5L19 7.5',
};

/** A picture beside words, or in a button that has a name; it says nothing itself. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [key, value] of Object.entries({ viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', focusable: 'false' }))
    svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name] ?? ICONS.folder);
  svg.append(path);
  return svg;
}

/** A button that shows an icon and is named, with the key that does the same in its hint. */
export function iconButton(name, label, run, { key, ...props } = {}) {
  return h('button', { type: 'button', class: 'icon-button', title: key ? `${label} (${key})` : label, aria: { label }, on: { click: run }, ...props }, icon(name));
}
