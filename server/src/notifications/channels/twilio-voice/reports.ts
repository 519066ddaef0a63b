import { malformed } from '@anju/contract'
import type { CallbackAnswer, CallbackReader, Report } from '../../channel.ts'
import { answerOf } from '../answers.ts'
import { ownId, providersId, reportOf } from '../callback.ts'
import { type Form, fromTwilio, SAID_AGAIN } from '../twilio/signature.ts'
import { asking, nothingMore, thanking } from '../twilio/twiml.ts'

const provider = 'twilio-voice'

/** In the address of every callback of a call that is listened to for machines, whatever the configuration says by then. */
export const LISTENS = 'listens'

const xml = (body: string): CallbackAnswer => ({ status: 200, contentType: 'text/xml', body })
type Of = Pick<Report, 'provider' | 'id' | 'providerId'>

/** Reads keys, how a call goes, and whether a machine took it. Each is a request of its own, in any order. */
export const twilioVoiceReader = (authToken: string): CallbackReader => ({
  provider,
  read(request) {
    const form = fromTwilio(request, provider, authToken)
    const url = new URL(request.url)
    const of = { provider, id: ownId(url.searchParams.get('id')), providerId: providersId(form.get('CallSid')) }
    if (of.providerId === null) throw malformed('CallSid', 'missing')
    const digits = form.get('Digits')
    if (digits !== null) return key(of, digits, url)
    const listens = url.searchParams.has(LISTENS)
    const report = form.has('AnsweredBy') && !form.has('CallStatus') ? whoAnswered(of, form) : status(of, form, listens)
    return { reports: report ? [report] : [], answer: xml(nothingMore) }
  },
})

/** The call waits for what comes next. A wrong key is somebody there who is trying: they are asked again. */
function key(of: Of, digits: string, url: URL) {
  const language = url.searchParams.get('lang') === 'en' ? 'en' : 'zh-CN'
  const says = answerOf(digits)
  return says
    ? { reports: [reportOf(of, says)], answer: xml(thanking(language)) }
    : { reports: [reportOf(of, 'seen')], answer: xml(asking(language, '', url.href + SAID_AGAIN)) }
}

/** That a call was picked up says something only where nobody listens for machines: else it comes first, and a mailbox's does, too. */
function status(of: Of, form: Form, listens: boolean): Report | undefined {
  const status = form.get('CallStatus')
  switch (status) {
    case 'queued':
    case 'initiated':
    case 'ringing':
      return undefined
    case 'in-progress':
      if (form.has('AnsweredBy')) return whoAnswered(of, form)
      return listens ? undefined : reportOf(of, 'delivered')
    case 'completed':
      if (form.has('AnsweredBy')) return whoAnswered(of, form)
      return listens ? unclear(of) : reportOf(of, 'delivered')
    case 'busy':
    case 'no-answer':
    case 'canceled':
      return reportOf(of, 'failed', { why: status })
    case 'failed':
      // 404 and 604 of SIP: the number exists nowhere.
      return reportOf(of, 'failed', { why: status, dead: /^[46]04$/.test(form.get('SipResponseCode') ?? '') })
    default:
      throw malformed('CallStatus', status === null ? 'missing' : 'not one we know')
  }
}

/**
 * A person has heard the end of a call; the verdict of who listens beside it comes while it is being said. What Twilio could not make
 * out was answered by somebody or something: they are given until it is over to press a key, and nothing is proven.
 */
function whoAnswered(of: Of, form: Form): Report | undefined {
  const who = form.get('AnsweredBy') ?? ''
  if (who === 'human') return reportOf(of, form.get('CallStatus') === 'completed' ? 'seen' : 'delivered')
  if (who === 'unknown') return form.get('CallStatus') === 'completed' ? unclear(of) : undefined
  if (/^(?:machine_(?:start|end_beep|end_silence|end_other)|fax)$/.test(who))
    return reportOf(of, 'failed', { why: 'machine' })
  throw malformed('AnsweredBy', 'not one we know')
}

/** It is over, and nobody is known to have heard it. A verdict that comes late, or a key, says more, and holds. */
const unclear = (of: Of): Report => reportOf(of, 'failed', { why: 'unclear' })
