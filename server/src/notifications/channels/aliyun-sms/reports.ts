import { malformed } from '@anju/contract'
import type { CallbackReader, Report } from '../../channel.ts'
import { pushedItems, RECEIVED, textOf } from '../aliyun/pushed.ts'
import { replyOf } from '../answers.ts'
import { ownId, providersId, reportOf } from '../callback.ts'
import { codeAsWhy } from '../http-attempt.ts'
import { phoneOf } from '../phone.ts'

const provider = 'aliyun-sms'

/** The network does not know the number, or its owner has unsubscribed: the next one would not arrive, either. */
const DEAD: ReadonlySet<string> = new Set(['UNKNOWN_SUBSCRIBER', 'MOBILE_IN_BLACK', 'USER_REJECT'])

/** Reads SmsReport (was it delivered) and SmsUp (what somebody wrote back); both may be pushed to the same address. */
export const aliyunSmsReader = (key: string): CallbackReader => ({
  provider,
  read(request) {
    const items = pushedItems(request, provider, key)
    const reports = items.flatMap((item, at) => ('content' in item ? reply(item, at) : report(item, at)) ?? [])
    return { reports, answer: RECEIVED }
  },
})

function report(item: Readonly<Record<string, unknown>>, at: number): Report {
  const of = { provider, id: ownId(item['out_id']), providerId: providersId(item['biz_id']) }
  if (of.id === null && of.providerId === null) throw malformed(`[${at}].biz_id`, 'missing, and no out_id of ours')
  // A boolean by the documentation, text in some of its examples.
  switch (String(item['success'])) {
    case 'true':
      return reportOf(of, 'delivered')
    case 'false': {
      const why = codeAsWhy(item['err_code'])
      return reportOf(of, 'failed', { why, dead: DEAD.has(why) })
    }
    default:
      throw malformed(`[${at}].success`, 'neither true nor false')
  }
}

/** A reply names the number only. One that is no answer is nobody's business here. */
function reply(item: Readonly<Record<string, unknown>>, at: number): Report | undefined {
  const phone = phoneOf(textOf(item, 'phone_number', at).replace(/^(?:\+|00)?86(?=1\d{10}$)/, ''))
  if (!phone) throw malformed(`[${at}].phone_number`, 'not a telephone number')
  const said = replyOf(String(item['content']))
  if (!said) return undefined
  const { says, ...code } = said
  return { ...reportOf({ provider, id: null, providerId: null }, says), from: phone.e164, ...code }
}
