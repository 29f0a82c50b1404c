// German, of what is snoozed.
const told = (n, one, many) => (n === 1 ? one : `${n.toLocaleString('de')} Unterhaltungen ${many}`);

export default {
  snooze: 'Zurückstellen',
  'role.snoozed': 'Zurückgestellt',
  'snooze.today': 'Später heute',
  'snooze.tomorrow': 'Morgen',
  'snooze.weekend': 'Dieses Wochenende',
  'snooze.week': 'Nächste Woche',
  'snooze.now': 'Jetzt zurückholen',
  'snooze.until': 'Kommt {when} zurück',
  'snooze.back': 'Kam {when} zurück',
  'snooze.came': 'Empfangen {when}',
  'snooze.asleep': 'kommt zurück ',
  'snooze.awake': 'kam zurück ',
  'done.snoozed': ({ n, when }) => told(n, `Zurückgestellt bis ${when}`, `bis ${when} zurückgestellt`),
  'done.awake': ({ n }) => told(n, 'Zurückgeholt', 'zurückgeholt'),
};
