import { malformed } from '@anju/contract'
import type { CallbackReader, Report } from '../../channel.ts'
import { replyOf } from '../answers.ts'
import { ownId, providersId, reportOf } from '../callback.ts'
import { codeAsWhy } from '../http-attempt.ts'
import { phoneOf } from '../phone.ts'
import { type Form, fromTwilio } from '../twilio/signature.ts'
import { nothingMore } from '../twilio/twiml.ts'

const provider = 'twilio-sms'

/** Unknown handset, a landline, unsubscribed, no number, no mobile. */
const DEAD: ReadonlySet<string> = new Set(['30005', '30006', '21610', '21211', '21614'])

/** Reads how a message fares, and what somebody wrote back. */
export const twilioSmsReader = (authToken: string): CallbackReader => ({
  provider,
  read(request) {
    const form = fromTwilio(request, provider, authToken)
    const said = form.has('MessageStatus') ? report(form, new URL(request.url)) : reply(form)
    return { reports: said ? [said] : [], answer: { status: 200, contentType: 'text/xml', body: nothingMore } }
  },
})

function report(form: Form, url: URL): Report | undefined {
  const of = { provider, id: ownId(url.searchParams.get('id')), providerId: providersId(form.get('MessageSid')) }
  if (of.providerId === null) throw malformed('MessageSid', 'missing')
  const status = form.get('MessageStatus') ?? ''
  switch (status) {
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'sent':
      return undefined
    case 'delivered':
      return reportOf(of, 'delivered')
    case 'read':
      return reportOf(of, 'seen')
    case 'undelivered':
    case 'failed':
    case 'canceled': {
      const why = form.get('ErrorCode') ? codeAsWhy(form.get('ErrorCode')) : status
      return reportOf(of, 'failed', { why, dead: DEAD.has(why) })
    }
    default:
      throw malformed('MessageStatus', 'not one we know')
  }
}

function reply(form: Form): Report | undefined {
  const body = form.get('Body')
  if (body === null) throw malformed('MessageStatus', 'missing, and no Body of a reply')
  const phone = phoneOf(form.get('From') ?? '')
  if (!phone) throw malformed('From', 'not a telephone number')
  const said = replyOf(body)
  if (!said) return undefined
  const { says, ...code } = said
  return { ...reportOf({ provider, id: null, providerId: null }, says), from: phone.e164, ...code }
}
