// English, of what is snoozed.
const told = (n, one, many) => (n === 1 ? one : `${n.toLocaleString('en')} conversations ${many}`);

export default {
  snooze: 'Snooze',
  'role.snoozed': 'Snoozed',
  'snooze.today': 'Later today',
  'snooze.tomorrow': 'Tomorrow',
  'snooze.weekend': 'This weekend',
  'snooze.week': 'Next week',
  'snooze.now': 'Bring back now',
  'snooze.until': 'Comes back {when}',
  'snooze.back': 'Came back {when}',
  'snooze.came': 'Received {when}',
  'snooze.asleep': 'comes back ',
  'snooze.awake': 'came back ',
  'done.snoozed': ({ n, when }) => told(n, `Snoozed until ${when}`, `snoozed until ${when}`),
  'done.awake': ({ n }) => told(n, 'Brought back', 'brought back'),
};
