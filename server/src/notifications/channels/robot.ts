import type { Clock } from '@anju/contract'
import type { ChannelAdapter, Outgoing, Sent } from '../channel.ts'
import { cut, utf8Bytes } from './cut.ts'
import { type Answer, attempt, byStatus, type HttpAttempt, jsonOf, unanswered } from './http-attempt.ts'

/** What one of a provider's error codes means for us; a code it does not list is a refusal of this message. */
export type Meaning = 'busy' | 'dead' | { readonly busyForMs: number }

/** A robot that posts into a group of colleagues: WeCom's and DingTalk's differ in address, signature and codes only. */
export interface RobotKind<R> {
  readonly channel: 'wecom' | 'dingtalk'
  readonly provider: string
  /** By the name that is their address: the keys stay in the configuration, out of the ledger and off the pages. */
  readonly robots: Readonly<Record<string, R>>
  readonly textBytesMax: number
  readonly meanings: ReadonlyMap<number, Meaning>
  /** `everybody`: all members of the group are called, not only shown a number beside its name. */
  request(robot: R, text: string, everybody: boolean): HttpAttempt
}

export function robotAdapter<R>(kind: RobotKind<R>, clock: Clock): ChannelAdapter {
  return {
    channel: kind.channel,
    provider: kind.provider,
    idempotent: false,
    names: Object.keys(kind.robots),
    async send(message, signal) {
      const robot = Object.hasOwn(kind.robots, message.address) ? kind.robots[message.address] : undefined
      // Not dead: the name may be back with the next configuration.
      if (robot === undefined) return { outcome: 'failed', why: 'no such robot is configured', addressDead: false }
      const everybody = message.urgent && message.purpose === 'alarm'
      const heard = await attempt(kind.request(robot, textOf(message, kind.textBytesMax), everybody), signal)
      if (!heard.answered) return unanswered(heard)
      if (heard.answer.status !== 200) return byStatus(heard.answer, clock.now())
      return byErrcode(heard.answer, kind.meanings)
    },
  }
}

function byErrcode(answer: Answer, meanings: ReadonlyMap<number, Meaning>): Sent {
  const errcode = jsonOf(answer)?.['errcode']
  // A success it does not spell out: it may have been posted.
  if (typeof errcode !== 'number') return { outcome: 'unknown', why: 'answer without an errcode' }
  if (errcode === 0) return { outcome: 'sent', providerId: null }
  const why = `errcode ${errcode}`
  const meaning = meanings.get(errcode)
  if (meaning === undefined || meaning === 'dead') return { outcome: 'failed', why, addressDead: meaning === 'dead' }
  return { outcome: 'retry', why, afterMs: meaning === 'busy' ? null : meaning.busyForMs }
}

const answerHere = { 'zh-CN': '回应', en: 'Answer' }

/** Plain text: every client shows it, WeChat's included, and a name in it cannot be taken for markup. */
export function textOf({ words, answerUrl, language }: Outgoing, bytesMax: number): string {
  const link = answerUrl === null ? '' : `\n${answerHere[language]}: ${answerUrl}`
  return cut(`${words.title}\n${words.body}`, bytesMax - utf8Bytes(link), utf8Bytes) + link
}
