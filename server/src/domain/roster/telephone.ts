/** A telephone number as it is stored: a mobile of mainland China bare, as people there write it, everything else as E.164. */
export interface Telephone {
  readonly number: string
  /** A fixed line takes no short message. */
  readonly takesMessages: boolean
}

/**
 * What somebody wrote, understood; undefined for what nobody could dial from here. However people group the digits, and whether they
 * write 0, 86, 0086 or +86 in front of a number in mainland China, one number is always stored the same, so that providers know it.
 */
export function telephoneOf(written: string): Telephone | undefined {
  const digits = written
    .normalize('NFKC')
    .replaceAll(/[\s().-]/g, '')
    .replace(/^00/, '+')
  const mobile = /^(?:\+?860?|0)?(1[3-9]\d{9})$/.exec(digits)?.[1]
  if (mobile) return { number: mobile, takesMessages: true }
  // Area codes are two or three digits after the 0, and no subscriber's whole number has fewer than nine or more than eleven.
  const fixed = /^(?:0|\+?860?)(10\d{8}|[2-9]\d{8,10})$/.exec(digits)?.[1]
  if (fixed) return { number: `+86${fixed}`, takesMessages: false }
  if (!/^\+[1-9]\d{6,14}$/.test(digits) || digits.startsWith('+86')) return undefined
  return { number: digits, takesMessages: true }
}
