import type { Outgoing } from '../../channel.ts'
import { KEY_PROMPT, KEY_THANKS } from '../answers.ts'

/** What a call says and asks, in Twilio's own XML. */

const escape = (text: string): string =>
  text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`).replace(UNSPEAKABLE, ' ')
// Control characters are no XML at all: one of them would make the whole document refused.
// oxlint-disable-next-line no-control-regex
const UNSPEAKABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const LOCALE: Readonly<Record<Outgoing['language'], string>> = { 'zh-CN': 'zh-CN', en: 'en-GB' }
const say = (language: Outgoing['language'], words: string): string =>
  `<Say language="${LOCALE[language]}">${escape(words)}</Say>`
const document = (inside: string): string => `<?xml version="1.0" encoding="UTF-8"?><Response>${inside}</Response>`

const keyTimeoutS = 8
const timesSaid = 2

/** One digit, at any moment of what is said; then it is said once more, for who was still finding their glasses. */
export function asking(language: Outgoing['language'], speech: string, actionUrl: string): string {
  const gather = `<Gather input="dtmf" numDigits="1" timeout="${keyTimeoutS}" method="POST" action="${escape(actionUrl)}">${say(language, `${speech} ${KEY_PROMPT[language]}`.trim())}</Gather>`
  return document(gather.repeat(timesSaid))
}
export const telling = (language: Outgoing['language'], speech: string): string =>
  document(say(language, speech).repeat(timesSaid))
export const thanking = (language: Outgoing['language']): string =>
  document(`${say(language, KEY_THANKS[language])}<Hangup/>`)
export const nothingMore = document('')
