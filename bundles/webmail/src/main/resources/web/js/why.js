// Why is this here? What the server tells its owner of the way of a mail.
import { dialog } from './dialog.js';
import { h } from './dom.js';
import { mediumDate } from './format.js';
import { t } from './texts.js';
import { toast } from './toast.js';

export const EXPLAIN = 'urn:posthorn:explain';

/** Shows it; some mail has no story, as a draft. */
export async function why(client, emailId) {
  try {
    const { answer } = await client.call([['Email/explain', { emailId }, 'answer']]);
    const steps = answer.story ?? [];
    const story = steps.map((step) => h('li', {}, h('time', { dateTime: step.at }, mediumDate(step.at)), h('span', {}, step.words), h('span', { class: 'story-by' }, step.by)));
    const body = steps.length > 0 ? h('ol', { class: 'story' }, story) : h('p', {}, t('why.nothing'));
    await dialog({ title: t('why'), body, buttons: [] });
  } catch (error) {
    toast(t('error.notDone', { why: error.message }), { error: true });
  }
}
