// English: what others share, and with whom one shares.
export default {
  'done.copied': ({ n, name }) => (n === 1 ? `Copied to ${name}` : `${n.toLocaleString('en')} conversations copied to ${name}`),
  'done.partly': 'Some of it is in {name} already',
  copy: 'Copy to…',
  'move.copy': 'Copy: it stays here as well',
  'search.of': 'Search what {owner} shares',
  'search.where': 'Where to search',
  'search.own': 'My mail',

  'shared.mayNot': 'You may not do that here: {owner} has not given you the right.',

  share: 'Share…',
  'share.title': 'Share {name}',
  'share.whom': 'Mail address of somebody here',
  'share.may': 'What they may do',
  'share.mayOf': 'What {name} may do',
  'share.read': 'Read',
  'share.write': 'Read and change',
  'share.other': 'Something else',
  'share.add': 'Share',
  'share.people': 'Shared with',
  'share.nobody': 'Nobody here has the address {email}.',
  'share.done': 'Shared with {name}',
  'share.remove': 'Share no more with {name}',
  'share.removed': 'No longer shared with {name}',
};
