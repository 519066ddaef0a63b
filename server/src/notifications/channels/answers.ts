import type { Outgoing, Report } from '../channel.ts'

/** The two keys, whether pressed on a telephone or written back: the same everywhere, so that people learn them once. */
export type Answer = Extract<Report['says'], 'accepted' | 'declined'>

const ANSWERS: Readonly<Record<string, Answer>> = { '1': 'accepted', '2': 'declined' }

/** Undefined for anything but the bare digit (a full-width one too): "1 min" or "12" accepts nothing. */
export const answerOf = (text: string): Answer | undefined => ANSWERS[text.normalize('NFKC').trim()]

/** The same with the code of one alarm behind it ("1 A1B2C3"), for who was asked about several homes. */
const REPLY = /^([12])(?:[\s,.:、。，：]*([0-9A-Z]{6}))?$/
export function replyOf(text: string): { readonly says: Answer; readonly code?: string } | undefined {
  const [, digit = '', code] = REPLY.exec(text.normalize('NFKC').trim().toUpperCase()) ?? []
  const says = ANSWERS[digit]
  // A code has no O, I or L: who reads one has read a digit.
  return says && { says, ...(code === undefined ? {} : { code: code.replace(/O/g, '0').replace(/[IL]/g, '1') }) }
}

export const KEY_PROMPT: Readonly<Record<Outgoing['language'], string>> = {
  'zh-CN': '现在就去，请按 1。去不了，请按 2。',
  en: 'If you are going there now, press 1. If you cannot, press 2.',
}
export const KEY_THANKS: Readonly<Record<Outgoing['language'], string>> = {
  'zh-CN': '已记录，谢谢。',
  en: 'Noted. Thank you.',
}
export const REPLY_PROMPT: Readonly<Record<Outgoing['language'], string>> = {
  'zh-CN': '现在就去回复1，去不了回复2',
  en: 'Reply 1: I am going. 2: I cannot.',
}

/** The last part of the answer link: templates hold the rest of it, because providers refuse links as parameters. */
export const answerCode = (message: Outgoing): string | null =>
  message.answerUrl === null ? null : (message.answerUrl.split(/[?#]/)[0]?.split('/').at(-1) ?? null)
