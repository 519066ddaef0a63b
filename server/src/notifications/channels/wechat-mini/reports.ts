import { malformed } from '@anju/contract'
import type { CallbackReader, Report } from '../../channel.ts'
import { providersId, reportOf } from '../callback.ts'
import { codeAsWhy } from '../http-attempt.ts'
import { type Fields, fieldText, type PushKeys, readPush, SUCCESS } from '../wechat/push.ts'

const provider = 'wechat-mini'

/** Reads what became of subscribe messages, several to a push. Other events are thanked for. */
export const wechatMiniReader = (keys: PushKeys): CallbackReader => ({
  provider,
  read(request) {
    const pushed = readPush(request, provider, keys)
    if (pushed.is === 'check') return { reports: [], answer: pushed.answer }
    const { fields } = pushed
    const ours = fieldText(fields, 'MsgType') === 'event' && fieldText(fields, 'Event') === 'subscribe_msg_sent_event'
    return { reports: ours ? sentReports(fields) : [], answer: SUCCESS }
  },
})

function sentReports(fields: Fields): Report[] {
  const list = (fields['SubscribeMsgSentEvent'] as Fields | undefined)?.['List']
  if (!Array.isArray(list)) throw malformed('SubscribeMsgSentEvent.List', 'missing')
  return list.map((item: Fields) => {
    const of = { provider, id: null, providerId: providersId(fieldText(item, 'MsgID')) }
    const code = fieldText(item, 'ErrorCode')
    return code === '0' ? reportOf(of, 'delivered') : reportOf(of, 'failed', { why: codeAsWhy(code) })
  })
}
