// Styles that mail brings along: what cannot load, move out of place, or grow for ever stays. The browser's own parser reads them, so there is nothing to be
// guessed about escapes and comments; what is let through is written anew from what it understood.

const PROPERTIES = new RegExp(
  '^(color|background-color|opacity|font(-family|-size|-style|-weight|-variant.*|-stretch)?|line-height|letter-spacing|word-(break|spacing)|overflow-wrap|white-space.*|' +
    'text-(align|decoration.*|indent|transform)|vertical-align|direction|unicode-bidi|' +
    '(margin|padding)(-(top|right|bottom|left))?|border.*|(min-|max-)?(width|height)|box-sizing|' +
    'display|float|clear|list-style-(type|position)|table-layout|caption-side|empty-cells|' +
    'flex(-grow|-shrink|-basis|-direction|-wrap)?|align-(items|self|content)|justify-content|(row-|column-)?gap)$',
);

/** What loads (also border-image), what asks for something else, and units of the window or of what is around it, whose height follows the content. */
const VALUES = /url|image|src\(|expression|script|attr\(|var\(|env\(|element\(|paint\(|@|\\|[<>]|\d([dsl]?v|cq)(w|h|i|b|min|max)\b/i;

/** Conditions on the height would follow themselves. */
const OF_HEIGHT = /height|aspect-ratio|orientation/i;

const MOST_RULES = 5000;

/** The declarations of a CSSStyleDeclaration that may stay. */
function declarations(style) {
  const kept = [];
  for (const property of style) {
    const value = style.getPropertyValue(property);
    if (!PROPERTIES.test(property) || value === 'initial' || VALUES.test(value)) continue;
    kept.push(`${property}: ${value}${style.getPropertyPriority(property) ? ' !important' : ''}`);
  }
  return kept.join('; ');
}

/** Of the value of an attribute `style`. */
export function inlineStyle(text) {
  const element = document.createElement('span');
  element.style.cssText = text;
  return declarations(element.style);
}

/** Of the text of an element `style`: rules, and those for some media. */
export function styleSheet(text) {
  const sheet = new CSSStyleSheet();
  try {
    sheet.replaceSync(text.replace(/^\s*<!--|-->\s*$/g, ''));
  } catch {
    return '';
  }
  return rules(sheet.cssRules, { left: MOST_RULES });
}

function rules(list, budget) {
  let text = '';
  for (const rule of list) {
    if (budget.left-- <= 0) break;
    if (rule instanceof CSSMediaRule && !/[<>\\]/.test(rule.conditionText) && !OF_HEIGHT.test(rule.conditionText)) text += `@media ${rule.conditionText} {\n${rules(rule.cssRules, budget)}}\n`;
    else if (rule instanceof CSSStyleRule && !/[<>\\]/.test(rule.selectorText.replaceAll(' > ', ' '))) text += `${rule.selectorText} { ${declarations(rule.style)} }\n`;
  }
  return text;
}
