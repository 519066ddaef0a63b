import type { waysZh } from './messages-ways-zh.ts'

/** What is said where somebody's numbers and addresses are seen to, in English. */
export const waysEn: Record<keyof typeof waysZh, string> = {
  'way.none': 'No number or address: cannot be reached.',
  'way.legend': 'Numbers and addresses',
  'way.order':
    'Used from top to bottom. What is proven keeps its record; when a number has changed, add the new one and take the old one out.',
  'way.channel': 'No. {number}: by',
  'way.address': 'No. {number}: number or address',
  'way.add': 'Add a number or address',
  'way.up': 'Move up no. {number}: {channel}',
  'way.out': 'Take out no. {number}: {channel}',
  'way.test': 'Test',
  'way.test-of': 'Send a test to {name}: {channel}',
  'way.prove': 'Mark as answered',
  'way.prove-of': 'Mark as answered: {name}, {channel}',
  'way.sent': 'The test message is queued; it counts as proven once they open it.',
  'way.proved': 'Noted: somebody answered there.',
  'way.no-provider': 'The centre has no provider for this: nothing can be sent there.',
  'way.missing': 'Write the number or address, or take the line out.',
  'way.twice': 'This one is in the list already.',
  'way.wrong': 'This is no address that can be used.',
  'way.wrong-sms':
    'Write a Chinese mobile number, or an international one that begins with +; a landline takes no messages.',
  'way.wrong-voice':
    'Write a Chinese mobile number, a landline with its area code, or an international number that begins with +.',
  'way.wrong-email': 'This is no e-mail address.',
  'way.wrong-wechat': 'Write oa: or mp: and their id there.',
  'way.wrong-name': 'Write a name that is configured at the server.',
  'changed.title': 'Changed by somebody else',
  'changed.somebody': 'Somebody else',
  'changed.by': '{by} has changed this meanwhile; yours was not saved.',
  'changed.by-at': '{by} has changed this meanwhile, at {at}; yours was not saved.',
  'changed.theirs': 'Look at theirs (drop mine)',
  'changed.mine': 'Write mine over it',
}
