// The signature that stands in a plain text, where nothing but its first line tells that it is one.

/** RFC 3676 4.3; the space may have been lost on the way. */
const MARKS = ['-- \n', '--\n'];

/** A signature as it stands in plain text; nothing where there is none. */
export function marked(text) {
  return text ? MARKS[0] + text : '';
}

/**
 * As it stands in a text that is written here: one of these, wherever it is, else what the mark begins, to the next empty line, before anything that others have written.
 *
 * @param known the texts of the signatures that there are now
 * @param foreign how the line begins behind which a forwarded mail stands
 * @return nothing where there is none
 */
export function signatureIn(text, known, foreign) {
  const whole = known.filter(Boolean).flatMap((one) => MARKS.map((mark) => mark + one)).filter((one) => at(text, one) >= 0);
  if (whole.length > 0) return whole.reduce((a, b) => (b.length > a.length ? b : a));
  const own = text.split(/^>/m)[0].split(foreign)[0];
  const found = MARKS.map((mark) => at(own, mark)).filter((place) => place >= 0);
  return found.length > 0 ? own.slice(Math.min(...found)).split('\n\n')[0].trimEnd() : '';
}

/** Where it stands at the beginning of a line; -1 where it does not. */
function at(text, part) {
  return `\n${text}`.indexOf(`\n${part}`);
}
