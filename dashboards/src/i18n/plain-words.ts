import type { IntlShape } from 'react-intl'

const spoken = new WeakMap<IntlShape, Map<string, string>>()

/**
 * A message that takes no values: the same in one language for ever, so it is put into words once. The library finds a
 * message's format by writing the message and its options out as JSON at every call, which a queue in a flood cannot afford.
 */
export function plainWords(intl: IntlShape, id: string): string {
  let said = spoken.get(intl)
  if (said === undefined) spoken.set(intl, (said = new Map()))
  let text = said.get(id)
  if (text === undefined) said.set(id, (text = intl.formatMessage({ id })))
  return text
}
