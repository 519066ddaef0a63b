import type { Channel, Way, Ways } from '@anju/contract/api'
import { Refusal } from '../api/request.ts'
import type { MessageId } from '../i18n/messages-zh.ts'

/** A number or an address as it stands on the page: one that is stored already, or one that is being typed. */
export type WayDraft =
  | { readonly is: 'kept'; readonly key: string; readonly way: Way }
  | { readonly is: 'new'; readonly key: string; readonly channel: Channel; readonly address: string }

export interface WayFault {
  readonly key: string
  readonly says: MessageId
}

/** What can be typed in by hand. A console is reached by sitting at it, and only a browser itself can hand out its push address. */
export const TYPED_CHANNELS = [
  'voice',
  'sms',
  'email',
  'wechat',
  'wecom',
  'dingtalk',
  'webhook',
] as const satisfies readonly Channel[]
export type TypedChannel = (typeof TYPED_CHANNELS)[number]

/** As many as the server keeps of one person. */
export const waysMax = 20
export const addressCharsMax = 2_000

export const draftsOf = (ways: readonly Way[]): WayDraft[] => ways.map((way) => ({ is: 'kept', key: way.id, way }))

export const waysOf = (drafts: readonly WayDraft[]): Ways =>
  drafts.map((one) => (one.is === 'kept' ? { id: one.way.id } : { channel: one.channel, address: one.address.trim() }))

interface Edited {
  readonly initial: readonly WayDraft[]
  readonly drafts: readonly WayDraft[]
}

/**
 * What was changed here, on the list as it is now: what another has added meanwhile stays (a browser that has just been turned
 * on, for example), and what another has taken out is not put back.
 */
export function onTopOf(now: readonly Way[], { initial, drafts }: Edited): WayDraft[] {
  const here = new Set([...initial, ...drafts].map(({ key }) => key))
  const theirs = draftsOf(now.filter(({ id }) => !here.has(id)))
  const isTheirs = (one: WayDraft) =>
    theirs.some((other) => channelOf(other) === channelOf(one) && addressOf(other) === addressOf(one))
  const ours = drafts.filter((one) => (one.is === 'kept' ? now.some(({ id }) => id === one.way.id) : !isTheirs(one)))
  return [...ours, ...theirs]
}

/** A new line at the end, on the channel that is typed most. */
export function withOneMore(drafts: readonly WayDraft[]): { readonly drafts: WayDraft[]; readonly key: string } {
  const taken = new Set(drafts.map(({ key }) => key))
  let n = 1
  while (taken.has(`new-${n}`)) n++
  const key = `new-${n}`
  return { drafts: [...drafts, { is: 'new', key, channel: 'voice', address: '' }], key }
}

export function movedUp(drafts: readonly WayDraft[], key: string): readonly WayDraft[] {
  const from = drafts.findIndex((one) => one.key === key)
  const one = drafts[from]
  return one && from > 0 ? drafts.toSpliced(from, 1).toSpliced(from - 1, 0, one) : drafts
}

export const channelOf = (one: WayDraft): Channel => (one.is === 'kept' ? one.way.channel : one.channel)
const addressOf = (one: WayDraft): string => (one.is === 'kept' ? one.way.address : one.address.trim())

/** What is seen without asking the server: nothing typed, or the same line twice. */
export function faultsIn(drafts: readonly WayDraft[]): WayFault[] {
  const faults: WayFault[] = []
  const seen = new Set<string>()
  for (const one of drafts) {
    const line = `${channelOf(one)} ${addressOf(one)}`
    if (one.is === 'new' && addressOf(one) === '') faults.push({ key: one.key, says: 'way.missing' })
    else if (seen.has(line)) faults.push({ key: one.key, says: 'way.twice' })
    seen.add(line)
  }
  return faults
}

/** Which line the server did not take. What can be a number is its rule: it answers with the place in the list that was sent. */
export function faultFrom(error: unknown, drafts: readonly WayDraft[]): WayFault | undefined {
  if (!(error instanceof Refusal) || error.code !== 'request-malformed') return undefined
  const [, index, part] = /^body\/ways\/(\d+)(\/\w+)?:/.exec(error.detail) ?? []
  const one = index === undefined ? undefined : drafts[Number(index)]
  if (!one) return undefined
  return { key: one.key, says: part === undefined ? 'way.twice' : wrongOn(channelOf(one)) }
}

function wrongOn(channel: Channel): MessageId {
  switch (channel) {
    case 'sms':
      return 'way.wrong-sms'
    case 'voice':
      return 'way.wrong-voice'
    case 'email':
      return 'way.wrong-email'
    case 'wechat':
      return 'way.wrong-wechat'
    case 'wecom':
    case 'dingtalk':
    case 'webhook':
      return 'way.wrong-name'
    default:
      return 'way.wrong'
  }
}
