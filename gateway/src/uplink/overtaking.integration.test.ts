import { millis, seconds } from '@anju/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aTestUplink, type TestUplink } from '../testing/uplink.ts'

let home: TestUplink
beforeEach(() => {
  home = aTestUplink()
})
afterEach(() => home.stop())

test('a press after a quiet minute is waited for like any other: the connection is not given up at once', async () => {
  home.connect()
  await home.clock.pass(seconds(60))
  await home.press()
  await home.clock.pass(millis(1_500))
  expect([home.opened, home.sent.length]).toEqual([1, 1])
  // Still not a byte, eight seconds after it was sent: now it is deaf.
  await home.clock.pass(seconds(6))
  expect(home.opened).toBe(1)
  await home.clock.pass(seconds(2))
  expect(home.opened).toBe(2)
})

test('a press of another device is sent at once in front of a thousand that wait, and each device keeps its order', async () => {
  for (let n = 0; n < 1_000; n++) await home.press(`sos-${n % 50}`)
  await home.clock.pass(seconds(20))
  home.connect()
  expect(home.sent).toHaveLength(12)
  await home.press('bathroom')
  expect(home.sent.slice(12)).toMatchObject([{ subject: 'bathroom', data: { pendingFrom: 1, seq: 1_001 } }])
  // One answer at a time, newest first: the worst order there is.
  for (let told = new Set<string>(); told.size < 1_001; ) {
    const next = home.sent.findLast(({ id }) => !told.has(id))
    expect(next).toBeDefined()
    told = told.add(next?.id ?? '')
    expect(home.sent.length - told.size).toBeLessThan(16)
    home.receipt({ ids: [next?.id ?? ''] })
    await home.outbox.append({})
    await home.clock.pass(seconds(0))
  }
  expect(home.outbox.depths().life).toBe(0)
  expect(new Set(home.sent.map(({ id }) => id)).size).toBe(home.sent.length)
  const last = new Map<string, number>()
  for (const { subject, data } of home.sent) {
    expect(data.seq).toBeGreaterThan(last.get(subject) ?? 0)
    last.set(subject, data.seq)
  }
})

test('an entry that overtook can be refused like any other', async () => {
  for (let n = 0; n < 40; n++) await home.press()
  home.connect()
  await home.press('bathroom')
  const id = home.sent.find(({ subject }) => subject === 'bathroom')?.id ?? ''
  home.receipt({ ids: [], refused: { [id]: 'message-malformed' } })
  await home.outbox.append({})
  await home.clock.pass(seconds(0))
  expect(home.sent.filter((event) => event.id === id)).toHaveLength(2)
  expect(home.outbox.notebook.deadLetters()).toMatchObject([{ id }])
})

test('presses that keep coming do not put off the next try to connect', async () => {
  for (let failures = 0; failures < 4; failures++) {
    home.fail()
    await home.clock.pass(seconds(60))
  }
  const before = home.opened
  home.fail()
  for (let n = 0; n < 50; n++) {
    await home.press(`sos-${n}`)
    await home.clock.pass(millis(100))
  }
  expect(home.opened).toBe(before + 1)
})
