import { DomainError } from '@anju/contract'
import { expect, test } from 'vitest'
import { aliyunVoiceReader } from './reports.ts'

const key = 'a-key-of-our-own-1234'
const reader = aliyunVoiceReader(key)
const read = (items: unknown, given = key) =>
  reader.read({
    method: 'POST',
    url: `https://anju.example.cn/api/v1/callbacks/aliyun-voice?key=${given}`,
    headers: {},
    body: Buffer.from(typeof items === 'string' ? items : JSON.stringify(items)),
  })

const ended = {
  status_code: '200000',
  callee: '13000000000',
  ring_time: '2021-04-28 10:02:40',
  duration: '10',
  voice_type: 'voice',
  end_time: '2021-04-28 10:03:40',
  call_id: '122628733198^109422060000',
  caller: '057100000000',
  status_msg: '执行完成',
  out_id: 'N6P7R8S9T0V1X2Y',
  toll_type: 'LOCAL',
}
const report = {
  provider: 'aliyun-voice',
  id: null,
  providerId: '122628733198^109422060000',
  why: null,
  addressDead: false,
}

test.for([
  { status_code: '200000', says: 'seen' },
  { status_code: '200000', dtmf: '', says: 'seen' },
  { status_code: '200000', dtmf: '1', says: 'accepted' },
  { status_code: '200001', dtmf: '1', says: 'accepted' },
  { status_code: '200000', dtmf: '2', says: 'declined' },
  { status_code: '200000', dtmf: '7', says: 'seen' },
  { status_code: '200001', says: 'delivered' },
  { status_code: '200008', says: 'seen' },
  { status_code: '200002', says: 'failed', why: 'busy' },
  { status_code: '200003', says: 'failed', why: 'no-answer' },
  { status_code: '200004', says: 'failed', why: 'number-illegal', addressDead: true },
  { status_code: '200005', says: 'failed', why: 'unreachable' },
  { status_code: '200007', says: 'failed', why: 'unreachable' },
  { status_code: '200010', says: 'failed', why: 'switched-off' },
  { status_code: '200011', says: 'failed', why: 'suspended' },
  { status_code: '200121', says: 'failed', why: '200121' },
] as { status_code: string; dtmf?: string; says: string; why?: string; addressDead?: boolean }[])(
  '$status_code with key "$dtmf" is $says $why',
  ({ status_code, dtmf, ...expected }) => {
    const item = { ...ended, status_code, ...(dtmf !== undefined && { dtmf }) }
    expect(read([item]).reports).toEqual([{ ...report, ...expected }])
  },
)

// VoiceCallReport: pushed while the call goes on.
const going = { status_code: '300000', status_time: '2023-03-06 16:21:12', out_id: 'x', call_id: ended.call_id }
test('a key is known while the call still goes on, and its end says it again', () => {
  const pushed = [
    { ...going, dtmf: '1' },
    { ...going, status_code: '200100' },
    { ...ended, dtmf: '1' },
  ]
  expect(read(pushed).reports.map(({ says }) => says)).toEqual(['accepted', 'accepted'])
})
test('ringing says nothing, an open line that it was answered; in any order', () => {
  const pushed = ['200103', '200101', '200102'].map((status_code) => ({ ...going, status_code }))
  expect(read(pushed).reports).toEqual([{ ...report, says: 'delivered' }])
  expect(read([...pushed].reverse()).reports).toEqual([{ ...report, says: 'delivered' }])
})

test('who does not know the key is not Aliyun', () => {
  expect(() => read([ended], 'wrong')).toThrow(expect.objectContaining({ code: 'credentials-wrong' }))
})
test.for([
  { sent: '<xml>', says: 'body: not JSON' },
  { sent: [{ ...ended, call_id: '' }], says: '[0].call_id: missing' },
  { sent: [ended, { ...ended, status_code: 200_000 }], says: '[1].status_code: not a text' },
  { sent: [{ ...ended, status_code: 'OK' }], says: '[0].status_code: not six digits' },
])('garbage: $says', ({ sent, says }) => {
  expect(() => read(sent)).toThrow(new DomainError('request-malformed', says))
})
