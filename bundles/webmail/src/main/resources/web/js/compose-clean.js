import DOMPurify from '../lib/dompurify/purify.es.mjs';

/** What may stand in a mail that is written here: words, lists, quotes, tables, links and pictures; no style, no form, nothing that acts. */

const TAGS = [
  'a', 'b', 'blockquote', 'br', 'code', 'dd', 'del', 'div', 'dl', 'dt', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'i', 'img',
  'li', 'ol', 'p', 'pre', 's', 'span', 'strong', 'sub', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'u', 'ul',
];
const ATTRIBUTES = ['href', 'src', 'alt', 'title', 'width', 'height', 'colspan', 'rowspan', 'dir', 'lang', 'start', 'type', 'data-signature'];
const RULES = {
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ATTRIBUTES,
  // Asked of the values of all attributes: what is no URL passes; which URLs stay where is said below.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|cid):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

const LINKS = /^(?:https?:|mailto:|tel:)/i;
const PICTURES = /^(?:https?:|cid:|data:image\/(?:png|gif|jpe?g|webp|avif|bmp)[;,])/i;

/** So deep elements stand in each other; deeper ones leave what is in them. A browser's editing takes minutes where hundreds do, as a stranger can have them. */
const DEEPEST = 100;

function flatten(body) {
  const depths = new Map([[body, 0]]);
  for (const node of body.querySelectorAll('*')) {
    const depth = depths.get(node.parentNode) + 1;
    if (depth <= DEEPEST) depths.set(node, depth);
    else {
      while (node.firstChild) node.before(node.firstChild);
      node.remove();
    }
  }
}

/** Nodes of a document that fetches nothing, with no addresses but those that may be in a mail. */
function purified(html) {
  const body = DOMPurify.sanitize(html, { ...RULES, RETURN_DOM: true });
  for (const node of body.querySelectorAll('[href]')) if (node.tagName !== 'A' || !LINKS.test(node.getAttribute('href').trim())) node.removeAttribute('href');
  for (const node of body.querySelectorAll('[src]')) if (node.tagName !== 'IMG' || !PICTURES.test(node.getAttribute('src').trim())) node.removeAttribute('src');
  return body;
}

/** The content id of a picture that comes with the mail, by its address, RFC 2392; null if it is at another place. */
export function contentId(address) {
  if (!/^cid:/i.test(address)) return null;
  try {
    return decodeURIComponent(address.slice(4));
  } catch {
    // It stands there as it is.
    return address.slice(4);
  }
}

/**
 * Hostile or not, HTML as nodes that are safe to show. Pictures keep their address in `data-from` and load nothing.
 *
 * @param isOwn whether it was written here: then it says where its signature is
 */
export function cleaned(html, { isOwn = false } = {}) {
  const body = purified(html);
  if (!isOwn) for (const node of body.querySelectorAll('[data-signature]')) node.removeAttribute('data-signature');
  flatten(body);
  // Pictures lose their address before they come into our document.
  for (const picture of body.querySelectorAll('img')) {
    const from = picture.getAttribute('src');
    picture.removeAttribute('src');
    if (from) picture.dataset.from = from;
    else picture.remove();
  }
  const fragment = document.createDocumentFragment();
  fragment.append(...body.childNodes);
  return fragment;
}

/** Cleaned nodes as HTML that the browser's editing takes. */
export function asTrusted(nodes) {
  const holder = document.createElement('div');
  holder.append(nodes);
  return DOMPurify.sanitize(holder.innerHTML, { ...RULES, ALLOWED_ATTR: [...ATTRIBUTES, 'data-from'], RETURN_TRUSTED_TYPE: true });
}

/** What goes into the mail: the same rules, pictures by the addresses they came with. */
export function outgoing(element) {
  // A document of its own fetches no picture.
  const copy = document.implementation.createHTMLDocument('').importNode(element, true);
  for (const picture of copy.querySelectorAll('img')) {
    const from = picture.dataset.from;
    if (from) picture.setAttribute('src', from);
    else picture.remove();
  }
  return purified(copy).firstElementChild;
}
