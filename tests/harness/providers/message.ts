import { instant, seededRandom } from '@anju/contract'
import { VirtualClock } from '@anju/contract/virtual-clock'
import type { Outgoing } from '../../../server/src/notifications/channel.ts'

/** What the tests of the adapters send. */
export const ID = '01JQ8ZK3W4M5N6P7R8S9T0V1X2'
export const message = (changes: Partial<Outgoing> = {}): Outgoing => ({
  id: ID,
  purpose: 'alarm',
  urgent: true,
  address: '13900001111',
  language: 'zh-CN',
  words: {
    title: '紧急求助',
    body: '02:10 有人按下求助键，编号 T0V1X2',
    speech: '安居报警：凌晨两点十分，有人按下求助键。',
  },
  event: '求助键',
  facts: { kind: '求助键', at: '02:10', code: 'T0V1X2' },
  answerUrl: 'https://anju.example.cn/a/7Kq2ZP9w',
  ...changes,
})

export const publicUrl = 'https://anju.example.cn'
/** A quarter of an hour before and after this is what Aliyun takes. */
export const parts = () => ({
  clock: new VirtualClock(instant(Date.parse('2026-03-01T02:10:00Z'))),
  random: seededRandom(7),
  dataDir: '/nowhere',
  publicUrl,
  log: { warn: () => undefined },
})

export const unhurried = (): AbortSignal => new AbortController().signal
