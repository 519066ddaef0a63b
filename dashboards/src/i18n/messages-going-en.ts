/** How one gets in, on which numbers people are called, and who is sent, in English. */
export const goingEn = {
  'person.access': 'Way in',
  'person.access-show': 'Show (is logged)',
  'person.access-hide': 'Cover again',
  'person.access-owner': 'shown to whoever holds the alarm',
  'ways.title': 'How {name} can be reached',
  'ways.dial': 'Call {number}',
  'ways.outcomes': 'How the call to {number} went',
  'ways.proven': 'answered {on}',
  'ways.unproven': 'never proven',
  'ways.dead': 'dead since {on} {why}',
  'responders.title': 'Whom to send',
  'responders.dispatch': 'Send',
} as const
