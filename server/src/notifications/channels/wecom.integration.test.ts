import { systemClock as clock } from '@anju/contract/system-clock'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../../tests/harness/ports.ts'
import { json } from '../../../../tests/harness/providers/http-provider.ts'
import { type FakeRobot, wecomRobot } from '../../../../tests/harness/providers/wecom-robot.ts'
import { aMessage, channelSuite } from '../channel.suite.ts'
import { openWecom } from './wecom.ts'

const key = '693a91f6-7b0c-4bc4-97a0-0ec2a1fa5aaa'
const opened = (url: string) =>
  openWecom({ url, robots: { 'night-shift': { key }, gone: { key: 'x'.repeat(36) } } }, { clock })
const never = () => new AbortController().signal

describe('a WeCom robot as every channel', () => {
  channelSuite(async () => {
    const robot = await wecomRobot(key)
    return {
      adapter: opened(robot.url),
      address: 'night-shift',
      nobody: { adapter: opened(`http://127.0.0.1:${await freePort()}`), address: 'night-shift' },
      secrets: [key],
      next: robot.next,
      arrived: robot.arrived,
      read: () => robot.posted.map(({ text }) => text),
      close: robot.close,
    }
  })
})

let robot: FakeRobot
beforeAll(async () => {
  robot = await wecomRobot(key)
})
afterAll(() => robot.close())

test('only an urgent alarm calls everybody of the group', async () => {
  const send = (more: object) => opened(robot.url).send(aMessage('night-shift', more), never())
  expect(await send({})).toEqual({ outcome: 'sent', providerId: null })
  await send({ urgent: false })
  await send({ purpose: 'stand-down' })
  expect(robot.posted.map(({ everybody }) => everybody)).toEqual([true, false, false])
})

test('what is too long is cut between two characters, and the link stays', async () => {
  const family = '👨‍👩‍👧‍👦'
  const message = aMessage('night-shift', { words: { title: '紧急', body: family.repeat(200), speech: '' } })
  expect(await opened(robot.url).send(message, never())).toMatchObject({ outcome: 'sent' })
  const { text = '' } = robot.posted.at(-1) ?? {}
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_048)
  expect(text.endsWith(`…\n回应: ${message.answerUrl}`)).toBe(true)
  expect(text.split('\n')[1]?.replaceAll(family, '')).toBe('…')
})

test('a key that is of no robot is a dead address, and stays out of the ledger', async () => {
  expect(await opened(robot.url).send(aMessage('gone'), never())).toEqual({
    outcome: 'failed',
    why: 'errcode 93000',
    addressDead: true,
  })
})

test('a robot that is not configured may come back', async () => {
  expect(await opened(robot.url).send(aMessage('day-shift'), never())).toMatchObject({ addressDead: false })
})

test.for([
  [json({ errcode: -1, errmsg: 'system error' }), { outcome: 'retry', why: 'errcode -1', afterMs: null }],
  [json({ errcode: 45009, errmsg: 'x' }), { outcome: 'retry', why: 'errcode 45009', afterMs: 60_000 }],
  [json({ errcode: 93008, errmsg: 'x' }), { outcome: 'failed', why: 'errcode 93008', addressDead: true }],
  [json({ errcode: 40058, errmsg: 'x' }), { outcome: 'failed', why: 'errcode 40058', addressDead: false }],
  [{ status: 502 }, { outcome: 'retry', why: 'http 502', afterMs: null }],
  [
    { status: 429, headers: { 'retry-after': '7' } },
    { outcome: 'retry', why: 'http 429', afterMs: 7_000 },
  ],
  [{ status: 403 }, { outcome: 'failed', why: 'http 403', addressDead: false }],
  [
    { status: 200, body: '<html>captive portal</html>' },
    { outcome: 'unknown', why: 'answer without an errcode' },
  ],
  [json([]), { outcome: 'unknown', why: 'answer without an errcode' }],
  ['flood', { outcome: 'unknown', why: 'answer without an errcode' }],
] as const)('%j is %j', async ([told, sent]) => {
  robot.next(told)
  expect(await opened(robot.url).send(aMessage('night-shift'), never())).toEqual(sent)
})

test('the twenty-first message of a minute waits', async () => {
  const outcomes: string[] = []
  while (robot.posted.length < 20)
    outcomes.push((await opened(robot.url).send(aMessage('night-shift'), never())).outcome)
  expect(new Set(outcomes)).toEqual(new Set(['sent']))
  expect(await opened(robot.url).send(aMessage('night-shift'), never())).toMatchObject({
    outcome: 'retry',
    afterMs: 60_000,
  })
})

test('a relay in the clear is refused', () => {
  expect(() => opened('http://relay.example.org')).toThrow(/^wecom\.url: is plaintext/)
})
