// HTML of strangers becomes nodes that can do nothing: DOMPurify with a short list of what may stay, and rules of our own on top.
import DOMPurify from '../lib/dompurify/purify.es.mjs';
import { inlineStyle, styleSheet } from './css.js';

const TAGS = `a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn dir div dl dt em figcaption
  figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup
  table tbody td tfoot th thead time tr tt u ul var wbr`.split(/\s+/);

const ATTRIBUTES = `abbr align alt bgcolor border cellpadding cellspacing class color colspan datetime dir face height href hspace id lang nowrap open
  reversed rowspan scope size span src start style title type valign vspace width`.split(/\s+/);

const CONFIG = {
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ATTRIBUTES,
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  // Asked of the values of all attributes: what is no URL passes; which URLs stay where is said below.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|cid):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
  // Styles stand in the head, which is otherwise not looked at.
  FORCE_BODY: true,
  // An id or name of theirs is none of ours.
  SANITIZE_NAMED_PROPS: true,
  RETURN_DOM_FRAGMENT: true,
};

const LINKS = /^(https?|mailto|tel):/i;
const REMOTE = /^https?:/i;
/** A picture of one clear dot. */
const NOTHING = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

const EMBEDDED = /^data:image\/(?:png|gif|jpe?g|webp|avif|bmp)[;,]/i;

/**
 * @param html as it came
 * @param pictures whether pictures of other servers are to be loaded
 * @returns `fragment` (of no document that loads anything), `css` of its own styles, `styles` ([node, css] of single
 *   nodes), `inline` ([img, content id] of pictures that the mail brings along),
 *   `blocked` (how many pictures of other servers are left out)
 */
export function sanitise(html, { pictures = false } = {}) {
  const found = { css: [], styles: [], inline: [], blocked: 0 };
  const element = (node) => {
    if (node.nodeName === 'STYLE') found.css.push(node.textContent);
  };
  const attribute = (node, data) => {
    if (data.attrName !== 'style') return;
    // Put on where the node is shown: here the policy of this page would not have it.
    const css = inlineStyle(data.attrValue);
    if (css) found.styles.push([node, css]);
    data.keepAttr = false;
  };
  const after = (node) => {
    if (node.nodeName === 'A') link(node);
    else if (node.nodeName === 'IMG') picture(node, pictures, found);
    else node.removeAttribute('src');
    if (node.nodeName !== 'A') node.removeAttribute('href');
  };
  // The hooks are those of all who use it: they are there for this one call alone.
  DOMPurify.addHook('uponSanitizeElement', element);
  DOMPurify.addHook('uponSanitizeAttribute', attribute);
  DOMPurify.addHook('afterSanitizeAttributes', after);
  try {
    const fragment = DOMPurify.sanitize(html, CONFIG);
    return { fragment, css: found.css.map(styleSheet).join('\n'), styles: found.styles, inline: found.inline, blocked: found.blocked };
  } finally {
    DOMPurify.removeHook('uponSanitizeElement', element);
    DOMPurify.removeHook('uponSanitizeAttribute', attribute);
    DOMPurify.removeHook('afterSanitizeAttributes', after);
  }
}

/** Into a window of its own, which knows nothing of this one. */
function link(node) {
  const href = (node.getAttribute('href') ?? '').trim();
  if (!LINKS.test(href)) {
    node.removeAttribute('href');
    return;
  }
  node.setAttribute('target', '_blank');
  node.setAttribute('rel', 'noopener noreferrer');
  if (!node.getAttribute('title')) node.setAttribute('title', href.slice(0, 300));
}

function picture(node, pictures, found) {
  const src = (node.getAttribute('src') ?? '').trim();
  if (/^cid:/i.test(src)) {
    node.removeAttribute('src');
    found.inline.push([node, src.slice(4)]);
  } else if (REMOTE.test(src)) {
    if (pictures) return;
    // Its place is kept, so that all stands where it would with it.
    node.setAttribute('src', NOTHING);
    if (node.getAttribute('alt')) node.setAttribute('title', node.getAttribute('alt'));
    node.classList.add('posthorn-blocked');
    found.blocked++;
  } else if (!EMBEDDED.test(src)) node.removeAttribute('src');
}
