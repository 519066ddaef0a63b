import { malformed } from '@anju/contract'
import type { CallbackReader, Report } from '../../channel.ts'
import { pushedItems, RECEIVED, textOf } from '../aliyun/pushed.ts'
import { answerOf } from '../answers.ts'
import { ownId, providersId, reportOf } from '../callback.ts'
import { codeAsWhy } from '../http-attempt.ts'

const provider = 'aliyun-voice'

type Meaning =
  | { readonly is: 'under-way' }
  | { readonly is: 'answered'; readonly says: 'delivered' | 'seen' }
  | { readonly is: 'failed'; readonly why: string; readonly dead?: boolean }

/** "Codes of the operators' receipts" of the voice service, those of a call to one person. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  '200000': { is: 'answered', says: 'seen' }, // heard to the end
  '200001': { is: 'answered', says: 'delivered' }, // hung up before the end
  '200008': { is: 'answered', says: 'seen' }, // heard, and no key was pressed in time
  '200100': { is: 'under-way' },
  '200101': { is: 'under-way' },
  '200102': { is: 'under-way' },
  '200103': { is: 'answered', says: 'delivered' }, // connected, still speaking
  '300000': { is: 'under-way' }, // a key; which one stands beside it
  '200002': { is: 'failed', why: 'busy' },
  '200003': { is: 'failed', why: 'no-answer' },
  '200004': { is: 'failed', why: 'number-illegal', dead: true },
  '200005': { is: 'failed', why: 'unreachable' },
  '200007': { is: 'failed', why: 'unreachable' },
  '200010': { is: 'failed', why: 'switched-off' },
  // Until somebody pays the bill: tomorrow it may ring again.
  '200011': { is: 'failed', why: 'suspended' },
}

/** Reads VoiceReport (how a call ended) and VoiceCallReport (how it goes, with the key as soon as it is pressed). */
export const aliyunVoiceReader = (key: string): CallbackReader => ({
  provider,
  read(request) {
    const items = pushedItems(request, provider, key)
    return { reports: items.flatMap((item, at) => report(item, at) ?? []), answer: RECEIVED }
  },
})

function report(item: Readonly<Record<string, unknown>>, at: number): Report | undefined {
  const of = { provider, id: ownId(item['out_id']), providerId: providersId(item['call_id']) }
  if (of.providerId === null) throw malformed(`[${at}].call_id`, 'missing')
  const code = textOf(item, 'status_code', at)
  if (!/^\d{6}$/.test(code)) throw malformed(`[${at}].status_code`, 'not six digits')
  // A key is an answer however the call ended: one may hang up right after it.
  const says = typeof item['dtmf'] === 'string' ? answerOf(item['dtmf']) : undefined
  if (says) return reportOf(of, says)
  const meaning = MEANINGS[code] ?? { is: 'failed', why: codeAsWhy(code) }
  if (meaning.is === 'under-way') return undefined
  if (meaning.is === 'answered') return reportOf(of, meaning.says)
  return reportOf(of, 'failed', { why: meaning.why, dead: meaning.dead ?? false })
}
