import { instant, minutes } from '@anju/contract'
import { systemClock as clock } from '@anju/contract/system-clock'
import { VirtualClock } from '@anju/contract/virtual-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../../tests/harness/ports.ts'
import { dingtalkRobot } from '../../../../tests/harness/providers/dingtalk-robot.ts'
import { json } from '../../../../tests/harness/providers/http-provider.ts'
import type { FakeRobot } from '../../../../tests/harness/providers/wecom-robot.ts'
import { aMessage, channelSuite } from '../channel.suite.ts'
import { openDingtalk } from './dingtalk.ts'

const token = '566cc69da782ec33e42541b09b08551f09fbe864eb8008112e994b43887'
const secret = 'SEC0123456789abcdef0123456789abcdef0123456789abcdef'
const robots = {
  street: { token, secret },
  'wrong-secret': { token, secret: secret.toUpperCase() },
  gone: { token: 'f'.repeat(64), secret },
}
const opened = (url: string, time = clock) => openDingtalk({ url, robots }, { clock: time })
const never = () => new AbortController().signal

describe('a DingTalk robot as every channel', () => {
  channelSuite(async () => {
    const robot = await dingtalkRobot(token, secret, clock)
    return {
      adapter: opened(robot.url),
      address: 'street',
      nobody: { adapter: opened(`http://127.0.0.1:${await freePort()}`), address: 'street' },
      secrets: [token, secret],
      next: robot.next,
      arrived: robot.arrived,
      read: () => robot.posted.map(({ text }) => text),
      close: robot.close,
    }
  })
})

let robot: FakeRobot
beforeAll(async () => {
  robot = await dingtalkRobot(token, secret, clock)
})
afterAll(() => robot.close())

test('only an urgent alarm calls everybody of the group', async () => {
  const send = (more: object) => opened(robot.url).send(aMessage('street', more), never())
  expect(await send({})).toEqual({ outcome: 'sent', providerId: null })
  await send({ purpose: 'notice' })
  expect(robot.posted.map(({ everybody }) => everybody)).toEqual([true, false])
})

test.for([
  ['wrong-secret', { outcome: 'failed', why: 'errcode 310000', addressDead: false }],
  ['gone', { outcome: 'failed', why: 'errcode 300005', addressDead: true }],
] as const)('the robot %s: %j', async ([address, sent]) => {
  expect(await opened(robot.url).send(aMessage(address), never())).toEqual(sent)
})

test('a server whose clock is an hour off is refused, and its robots live', async () => {
  const late = new VirtualClock(instant(clock.now() - minutes(61)))
  expect(await opened(robot.url, late).send(aMessage('street'), never())).toEqual({
    outcome: 'failed',
    why: 'errcode 310000',
    addressDead: false,
  })
})

test.for([
  [json({ errcode: -1, errmsg: 'x' }), { outcome: 'retry', why: 'errcode -1', afterMs: null }],
  [json({ errcode: 130101, errmsg: 'x' }), { outcome: 'retry', why: 'errcode 130101', afterMs: 600_000 }],
  [json({ errcode: 410100, errmsg: 'x' }), { outcome: 'retry', why: 'errcode 410100', afterMs: null }],
  [json({ errcode: 400102, errmsg: 'x' }), { outcome: 'failed', why: 'errcode 400102', addressDead: true }],
  [json({ errcode: 430101, errmsg: 'x' }), { outcome: 'failed', why: 'errcode 430101', addressDead: false }],
  [
    { status: 503, headers: { 'retry-after': '3' } },
    { outcome: 'retry', why: 'http 503', afterMs: 3_000 },
  ],
  [{ status: 404 }, { outcome: 'failed', why: 'http 404', addressDead: false }],
  [
    { status: 200, body: '' },
    { outcome: 'unknown', why: 'answer without an errcode' },
  ],
] as const)('%j is %j', async ([told, sent]) => {
  robot.next(told)
  expect(await opened(robot.url).send(aMessage('street'), never())).toEqual(sent)
})
