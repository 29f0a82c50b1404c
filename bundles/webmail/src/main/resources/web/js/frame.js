// The frame in which the HTML of a mail is shown.
import { h } from './dom.js';
import { hear } from './keys.js';
import { sanitise } from './sanitise.js';
import { t } from './texts.js';

/*
 * allow-same-origin without allow-scripts: nothing inside runs, so nobody there can use the origin; it is for the page around it, which puts the nodes in,
 * measures them, and hears keys and clicks. Were scripts allowed as well, what is inside could take off the sandbox. The frame's own policy (see Policy in
 * the servlet) forbids scripts once more, and all that would be loaded but styles of ours and pictures. Links open outside of it.
 */
const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

/** Pictures that a browser draws and that run nothing, also when one is opened in a window of its own. */
const DRAWN = /^image\/(png|jpe?g|gif|webp|avif|bmp)$/i;

/** What is longer scrolls inside. */
const LONGEST = 60_000;

/** As high as what is in it, whatever the styles of a mail say: theirs would stand behind those of a file, these not. */
const BOX = { height: 'auto', 'min-height': '0', 'max-height': 'none' };

/**
 * @param html of the mail, as it came
 * @param pictures whether those of other servers are loaded
 * @param inline finds the part of a content id: `(cid) => ({ blobId, type, name })`
 * @param onMailto is told a link that begins with mailto:
 * @returns `element`, `blocked` (pictures left out), `drawn` (partIds of pictures in their place), and `close`, which gives back what it holds
 */
export function showHtml({ client, html, pictures, inline, onMailto }) {
  const clean = sanitise(html, { pictures });
  const page = new URL(pictures ? '../mail-pictures.html' : '../mail.html', import.meta.url);
  const urls = [];
  const end = new AbortController();
  const frame = h('iframe', { class: 'mail-frame', title: t('message.frame'), src: page.href });
  frame.setAttribute('sandbox', SANDBOX);
  const element = h('div', { class: 'paper' }, frame);
  const observer = new ResizeObserver(() => fit(frame));
  const loaded = () => {
    if (frame.contentDocument?.documentElement.dataset.page !== 'mail') return missing({ element, frame, page });
    frame.removeEventListener('load', loaded);
    return fill({ frame, clean, observer, onMailto });
  };
  frame.addEventListener('load', loaded);
  const pictured = clean.inline.map(([img, cid]) => ({ img, part: inline(cid) })).filter(({ part }) => part && isDrawn(part.type));
  for (const { img, part } of pictured) load({ client, img, part, urls, signal: end.signal });
  const close = () => {
    end.abort();
    observer.disconnect();
    urls.forEach((url) => URL.revokeObjectURL(url));
  };
  return { element, blocked: clean.blocked, drawn: pictured.map(({ part }) => part.partId), close };
}

/** Another page came, as that of a server that is just being changed: nothing is put into one without our policy. */
function missing({ element, frame, page }) {
  const note = h('p', { class: 'message-none', role: 'alert' }, t('message.lost'), ' ', h('button', { type: 'button', class: 'button small', on: { click: again } }, t('retry')));
  element.hidden = true;
  element.after(note);
  function again() {
    note.remove();
    element.hidden = false;
    frame.src = page.href;
  }
}

function fill({ frame, clean, observer, onMailto }) {
  const inside = frame.contentDocument;
  if (clean.css) {
    const style = inside.createElement('style');
    style.textContent = clean.css;
    inside.head.append(style);
  }
  const whole = inside.createElement('div');
  whole.className = 'posthorn-mail';
  whole.append(inside.adoptNode(clean.fragment));
  inside.body.append(whole);
  for (const [node, css] of clean.styles) node.style.cssText = css;
  for (const node of [inside.documentElement, inside.body, whole]) for (const [name, value] of Object.entries(BOX)) node.style.setProperty(name, value, 'important');
  inside.addEventListener('click', (event) => clicked(event, onMailto));
  inside.addEventListener('keydown', hear);
  observer.observe(whole);
  fit(frame);
}

function clicked(event, onMailto) {
  const href = event.target.closest?.('a')?.getAttribute('href') ?? '';
  if (!/^mailto:/i.test(href.trim())) return;
  event.preventDefault();
  onMailto(href.trim());
}

/** As high as what is in it; the page around it scrolls. */
function fit(frame) {
  const inside = frame.contentDocument;
  const whole = inside?.querySelector('.posthorn-mail');
  if (!whole) return;
  const wide = whole.scrollWidth > whole.clientWidth ? 20 : 0;
  const needed = Math.ceil(whole.getBoundingClientRect().height) + wide;
  const height = `${Math.min(LONGEST, needed)}px`;
  if (frame.style.height !== height) frame.style.height = height;
  inside.documentElement.style.overflowY = needed > LONGEST ? 'auto' : 'hidden';
}

async function load({ client, img, part, urls, signal }) {
  try {
    const url = URL.createObjectURL(await client.download(part.blobId, { name: part.name ?? 'picture', type: part.type, signal }));
    urls.push(url);
    if (signal.aborted) URL.revokeObjectURL(url);
    else img.src = url;
  } catch (error) {
    if (error.name !== 'AbortError') img.alt ||= t('picture.missing');
  }
}

export function isDrawn(type) {
  return DRAWN.test(type);
}
