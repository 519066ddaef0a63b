import { assertNever } from '@anju/contract'
import type { Channel } from '@anju/contract/api'
import { telephoneOf } from './telephone.ts'
import type { Means } from './ways.ts'

/** What can be an address on a channel: as it is stored, or why not, in words for whoever typed it. */
export type Address = { readonly ok: true; readonly address: string } | { readonly ok: false; readonly why: string }

const good = (address: string): Address => ({ ok: true, address })
const bad = (why: string): Address => ({ ok: false, why })

export function addressOn(channel: Channel, typed: string, { names }: Pick<Means, 'names'>): Address {
  const text = typed.trim()
  switch (channel) {
    case 'sms':
    case 'voice':
      return telephone(text, channel)
    case 'email':
      return /^[^\s@<>()",;:]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text) ? good(text) : bad('is no e-mail address')
    case 'webhook':
    case 'wecom':
    case 'dingtalk':
      return named(text, names.get(channel) ?? [])
    case 'wechat':
      // A person has another open id at every account.
      return /^(?:oa|mp):[\w-]{16,64}$/.test(text) ? good(text) : bad('must be oa: or mp: and the open id there')
    case 'push':
      return subscription(text)
    case 'console':
      return bad('a console is reached by sitting at it: plan a shift at a seat')
    default:
      return assertNever(channel)
  }
}

function telephone(text: string, channel: 'sms' | 'voice'): Address {
  const known = telephoneOf(text)
  if (!known) return bad('must be a Chinese number with its area code, or an international one that begins with +')
  if (channel === 'sms' && !known.takesMessages) return bad('is a landline, which takes no short message')
  return good(known.number)
}

/** Their keys stand in the configuration, and the name is all that is known of them here: a typo would be found at three a.m. */
function named(text: string, names: readonly string[]): Address {
  if (names.includes(text)) return good(text)
  return bad(names.length === 0 ? 'none is configured for this channel' : `must be one of ${names.join(', ')}`)
}

function web(text: string): Address | undefined {
  if (text.length > 1_000 || !/^https:\/\/[^\s/]/i.test(text) || !URL.canParse(text)) return undefined
  const { username, password } = new URL(text)
  return username || password ? bad('must not carry a name or a password') : good(text)
}

/** What a browser handed out when somebody allowed messages: a push service's address and two keys. */
function subscription(text: string): Address {
  try {
    const { endpoint, keys } = JSON.parse(text) as { endpoint?: unknown; keys?: Record<string, unknown> }
    const sound =
      typeof endpoint === 'string' &&
      web(endpoint)?.ok === true &&
      typeof keys?.['p256dh'] === 'string' &&
      typeof keys['auth'] === 'string'
    if (sound) return good(text)
  } catch {
    // Said below.
  }
  return bad('is no push subscription')
}

/** What of an address a screen shows: telephones, mail and names are there to be used; the others are secrets of whoever has them. */
export function shownAddress(channel: Channel, address: string): string {
  switch (channel) {
    case 'sms':
    case 'voice':
    case 'email':
    case 'console':
      return address
    case 'webhook':
    case 'wecom':
    case 'dingtalk':
      // What was entered before names were asked for may be a robot's address, its key in it.
      return address.includes('/') ? masked(address) : address
    case 'wechat':
    case 'push':
      return masked(address)
    default:
      return assertNever(channel)
  }
}

const masked = (address: string): string => `••••${address.length > 12 ? address.slice(-4) : ''}`
