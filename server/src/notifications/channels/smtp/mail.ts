import type { Instant } from '@anju/contract'
import MailComposer from 'nodemailer/lib/mail-composer'
import type { Outgoing } from '../../channel.ts'

export interface Mail {
  readonly envelope: { readonly from: string; readonly to: string[]; readonly size: number }
  readonly content: Buffer
}

/** One plain address; neither a list nor a name beside it, so that nothing in it can become a header or a second recipient. */
export const isMailAddress = (text: string): boolean =>
  text.length <= 254 && /^[^\s@<>"(),:;\\[\]]{1,64}@[^\s@<>"(),:;\\[\]]+$/.test(text)

/** `安居 <alarm@example.org>` or the bare address. */
export const addressIn = (from: string): string => /<([^<>]*)>\s*$/.exec(from)?.[1] ?? from.trim()

/** The same words as text and as a simple page; the id stays the same on every try, so that a mailbox can fold doubles. */
export async function compose(message: Outgoing, from: string, at: Instant): Promise<Mail> {
  const { id, language, urgent, answerUrl } = message
  const { title, body } = message.words
  const sender = addressIn(from)
  const link = answerUrl === null ? '' : `\n\n${answerHere[language]}: ${answerUrl}`
  const content = await new MailComposer({
    from,
    to: message.address,
    subject: title,
    text: `${body}${link}\n`,
    html: page(message),
    messageId: `<${id}@${sender.split('@').at(-1)}>`,
    date: new Date(at),
    headers: {
      'auto-submitted': 'auto-generated',
      'content-language': language,
      ...(urgent && { 'x-priority': '1', importance: 'high' }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build()
  return { envelope: { from: sender, to: [message.address], size: content.length }, content }
}

const answerHere = { 'zh-CN': '请在此回应', en: 'Please answer here' }

function page({ language, words, answerUrl }: Outgoing): string {
  const paragraphs = words.body.split('\n').map((line) => `<p>${escaped(line)}</p>`)
  const link = answerUrl === null ? '' : `<p><a href="${escaped(answerUrl)}">${answerHere[language]}</a></p>`
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><body><h1>${escaped(words.title)}</h1>${paragraphs.join('')}${link}</body></html>`
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
