import type { CallbackReader, Report } from '../../channel.ts'
import { replyOf } from '../answers.ts'
import { providersId, reportOf } from '../callback.ts'
import { type Fields, fieldText, type PushKeys, readPush, SUCCESS } from '../wechat/push.ts'

const provider = 'wechat-official'

/** Reads what became of a template message and, in safe mode, what somebody wrote back. Other events are thanked for. */
export const wechatOfficialReader = (keys: PushKeys): CallbackReader => ({
  provider,
  read(request) {
    const pushed = readPush(request, provider, keys)
    if (pushed.is === 'check') return { reports: [], answer: pushed.answer }
    const report = reportIn(pushed.fields, pushed.encrypted)
    return { reports: report ? [report] : [], answer: SUCCESS }
  },
})

function reportIn(fields: Fields, encrypted: boolean): Report | undefined {
  switch (fieldText(fields, 'MsgType')) {
    case 'event':
      return fieldText(fields, 'Event') === 'TEMPLATESENDJOBFINISH' ? finished(fields) : undefined
    case 'text':
      // In plain mode the signature does not cover the words: who has seen one address could accept for anybody.
      return encrypted ? reply(fields) : undefined
    default:
      return undefined
  }
}

function finished(fields: Fields): Report {
  const of = { provider, id: null, providerId: providersId(fieldText(fields, 'MsgID')) }
  const status = fieldText(fields, 'Status')
  if (status === 'success') return reportOf(of, 'delivered')
  // `failed:user block`, `failed: system failed`.
  const why = status
    .replace(/^failed:?\s*/, '')
    .trim()
    .replace(/\s+/g, '-')
  return reportOf(of, 'failed', { why: /^[a-z-]{1,40}$/.test(why) ? why : 'status-unknown' })
}

function reply(fields: Fields): Report | undefined {
  const said = replyOf(fieldText(fields, 'Content'))
  const from = `oa:${fieldText(fields, 'FromUserName')}`
  if (!said) return undefined
  const { says, ...code } = said
  return { ...reportOf({ provider, id: null, providerId: null }, says), from, ...code }
}
