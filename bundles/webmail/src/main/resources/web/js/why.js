// Why is this here? What the server tells its owner of the way of a mail.
import { dialog } from './dialog.js';
import { h } from './dom.js';
import { mediumDate } from './format.js';
import { t } from './texts.js';
import { toast } from './toast.js';

export const EXPLAIN = 'urn:posthorn:explain';

/** A text, or null for a word that a newer server has and no language here. */
function known(key, args) {
  const text = t(key, args);
  return text === key ? null : text;
}

/** What happened: mail that the server made itself did not come. */
function what({ what: word, by }) {
  return word === 'begun' && by === 'server' ? 'made' : word;
}

/** Who did it: a word, which may have a name behind it. */
function who(by) {
  const [word, ...name] = by.split(' ');
  return known(`why.by.${word}`, { name: name.join(' ') }) ?? by;
}

/** A step in the words of the page, and as the server, which speaks English, tells it. */
function step({ at, by, words, ...more }) {
  const heading = known(`why.${what({ by, ...more })}`);
  return h(
    'li',
    {},
    h('time', { dateTime: at }, mediumDate(at)),
    h('div', {}, heading && h('strong', {}, heading), h('span', { class: 'story-by' }, who(by))),
    h('span', { class: 'story-words', lang: 'en' }, words),
  );
}

/** Shows it; some mail has no story, as a draft. */
export async function why(client, emailId) {
  try {
    const { answer } = await client.call([['Email/explain', { emailId }, 'answer']]);
    const steps = answer.story ?? [];
    const body = steps.length > 0 ? h('ol', { class: 'story' }, steps.map(step)) : h('p', {}, t('why.nothing'));
    await dialog({ title: t('why'), body, buttons: [] });
  } catch (error) {
    toast(t('error.notDone', { why: error.message }), { error: true });
  }
}
