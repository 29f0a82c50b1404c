// German: what others share, and with whom one shares.
export default {
  'shared.mayNot': 'Das ist hier nicht erlaubt: {owner} hat das Recht dazu nicht gegeben.',

  share: 'Freigeben…',
  'share.title': '{name} freigeben',
  'share.whom': 'E-Mail-Adresse von jemandem auf diesem Server',
  'share.may': 'Was erlaubt ist',
  'share.mayOf': 'Was {name} erlaubt ist',
  'share.read': 'Lesen',
  'share.write': 'Lesen und ändern',
  'share.other': 'Etwas anderes',
  'share.add': 'Freigeben',
  'share.people': 'Freigegeben für',
  'share.nobody': 'Niemand hier hat die Adresse {email}.',
  'share.done': 'Für {name} freigegeben',
  'share.remove': 'Nicht mehr für {name} freigeben',
  'share.removed': 'Für {name} nicht mehr freigegeben',
};
