import { type CommandMessage, encode, parseEvent, parseHealth, parseTelemetry } from '@anju/contract'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { aTestCentre, type TestCentre } from '../testing/centre.ts'
import { aTestGateway, type TestGateway } from '../testing/gateway.ts'

let centre: TestCentre
let gateway: TestGateway
beforeEach(async () => {
  centre = await aTestCentre('gw-test')
  gateway = await aTestGateway(centre.url)
})
afterEach(async () => {
  await gateway.stop()
  await centre.stop()
})
const until = <T>(check: () => T, timeout = 10_000): Promise<T> => vi.waitFor(check, { timeout, interval: 10 })
const queue = () => gateway.running.status().queue
const isUp = () => until(() => expect(gateway.running.status().links[0]).toMatchObject({ id: 'uplink', state: 'up' }))
const aMinuteFromNow = () => new Date(Date.now() + 60_000).toISOString()
const command = (more: object): CommandMessage => ({
  id: '01HZZZZZZZZZZZZZZZZZZZZZZZ',
  kind: 'refill',
  expiresAt: aMinuteFromNow(),
  ...more,
})

test('a press is at the centre, receipted and settled; health and the columns say what they must', async () => {
  await isUp()
  const device = await gateway.device()
  await gateway.press(device)
  await until(() => expect([centre.events.length, centre.telemetry.length]).toEqual([1, 1]))
  await until(() => expect(queue()).toEqual({ life: 0, technical: 0, telemetry: 0 }))
  expect(parseEvent(encode(centre.events[0]))).toMatchObject({
    ok: true,
    value: { type: 'anju.sos-pressed', data: { boot: 1, seq: 1, pendingFrom: 1 } },
  })
  expect(parseTelemetry(encode(centre.telemetry[0]))).toMatchObject({ ok: true })
  expect(parseHealth(encode(centre.health[0]))).toMatchObject({ ok: true })
  const [press] = gateway.running.status().presses
  expect(press?.ladder.map(({ rung }) => rung)).toEqual(['L0', 'L1', 'L2'])
})

test('PUBACK of the server settles nothing: an event without a receipt is sent again after two seconds, as the same event', async () => {
  centre.answers.events = false
  await isUp()
  await gateway.press(await gateway.device())
  await until(() => expect(centre.events).toHaveLength(1))
  const sentAt = performance.now()
  await until(() => expect(centre.events).toHaveLength(2))
  expect(performance.now() - sentAt).toBeGreaterThan(1_900)
  const [first, second] = centre.events
  expect(second?.id).toBe(first?.id)
  expect(second?.data.elapsedMs).toBeGreaterThanOrEqual((first?.data.elapsedMs ?? 0) + 1_900)
  centre.receipt({ ids: [first?.id ?? ''] })
  await until(() => expect(queue().life).toBe(0))
})

test('a refused life event is sent once more in its minimal form, then given up; both times the centre is told', async () => {
  centre.answers.events = false
  await isUp()
  await gateway.press(await gateway.device())
  await until(() => expect(centre.events).toHaveLength(1))
  const id = centre.events[0]?.id ?? ''
  expect(centre.events[0]?.data).toHaveProperty('snapshot')
  centre.receipt({ ids: [], refused: { [id]: 'message-malformed' } })
  const reduced = await until(() => {
    const again = centre.events.filter((event) => event.id === id)
    expect(again.length).toBeGreaterThan(1)
    return again.at(-1)
  })
  expect(reduced?.data).not.toHaveProperty('snapshot')
  const reports = () => centre.events.filter(({ type }) => type === 'anju.event-refused')
  await until(() => expect(reports()).toHaveLength(1))
  expect(reports()[0]).toMatchObject({
    subject: 'bathroom-sos',
    data: { lane: 'technical', snapshot: { refused: id, code: 'message-malformed' } },
  })
  centre.receipt({ ids: [], refused: { [id]: 'message-malformed' } })
  await until(() => expect(queue().life).toBe(0))
  await until(() => expect(reports().length).toBeGreaterThan(1))
  expect(gateway.running.status().store.deadLetters).toBe(2)
  // A report that is refused itself is not reported: that would never end.
  const [report] = reports()
  centre.receipt({ ids: [], refused: { [report?.id ?? '']: 'message-malformed' } })
  await until(() => expect(gateway.running.status().store.deadLetters).toBe(3))
  expect(queue().technical).toBe(1)
})

test('with a thousand measurements and more waiting unanswered, at most sixteen are under way and a press overtakes them all', async () => {
  centre.answers.telemetry = false
  centre.closed = true
  centre.cut()
  const device = await gateway.device()
  for (let n = 0; n < 1_000; n++)
    await device.publishAsync('zigbee2mqtt/bathroom button', JSON.stringify({ linkquality: n % 255 }), { qos: 1 })
  await until(() => expect(queue().telemetry).toBeGreaterThan(90))
  centre.closed = false
  await until(() => expect(centre.telemetry).toHaveLength(16), 30_000)
  const pressedAt = performance.now()
  await gateway.press(device)
  await until(() => expect(centre.events).toHaveLength(1))
  expect(performance.now() - pressedAt).toBeLessThan(1_000)
  expect(centre.telemetry).toHaveLength(16)
  expect(new Set(centre.telemetry.map(({ pendingFrom }) => pendingFrom))).toEqual(new Set([1]))
  centre.answers.telemetry = true
  centre.receipt({ ids: centre.telemetry.map(({ id }) => id) })
  await until(() => expect(queue().telemetry).toBe(0), 30_000)
  const values = centre.telemetry.flatMap(({ series }) => series.flatMap(({ v }) => v.length))
  // The press itself carried the battery's level.
  expect(values.reduce((sum, length) => sum + length, 0)).toBe(1_001)
  expect(centre.telemetry.map(({ seq }) => seq)).toEqual(centre.telemetry.map((_, i) => i + 1))
})

test('retryAfterS holds telemetry back and never a press', async () => {
  await isUp()
  const device = await gateway.device()
  centre.answers.telemetry = false
  await device.publishAsync('zigbee2mqtt/bathroom button', '{"linkquality":1}', { qos: 1 })
  await until(() => expect(centre.telemetry).toHaveLength(1))
  centre.receipt({ ids: [], retryAfterS: 2 })
  centre.send('handling', { event: '01HZZZZZZZZZZZZZZZZZZZZZZZ', rung: 'L4', at: aMinuteFromNow() })
  const heldAt = performance.now()
  await device.publishAsync('zigbee2mqtt/bathroom button', '{"linkquality":2}', { qos: 1 })
  await gateway.press(device)
  await until(() => expect(queue()).toMatchObject({ life: 0 }))
  expect(performance.now() - heldAt).toBeLessThan(1_500)
  expect(centre.telemetry).toHaveLength(1)
  await until(() => expect(centre.telemetry.length).toBeGreaterThan(1))
  expect(performance.now() - heldAt).toBeGreaterThan(1_800)
})

test('what was acknowledged to the device survives a restart and is sent then, with its age estimated', async () => {
  centre.closed = true
  centre.cut()
  await gateway.press(await gateway.device())
  await gateway.restart()
  centre.closed = false
  await until(() => expect(centre.events).toHaveLength(1), 20_000)
  expect(centre.events[0]?.data).toMatchObject({ boot: 1, seq: 1, elapsedEstimated: true })
  expect(gateway.running.boot).toBe(2)
})

test('a press made while the uplink is away is sent as soon as the way is free, not when the jitter allows', async () => {
  await isUp()
  centre.closed = true
  centre.cut()
  await until(() => expect(gateway.running.status().links[0]?.state).toBe('down'))
  const device = await gateway.device()
  await gateway.press(device)
  centre.closed = false
  const openedAt = performance.now()
  await until(() => expect(centre.events).toHaveLength(1))
  expect(performance.now() - openedAt).toBeLessThan(3_000)
})

test('a connection that is open and deaf is given up while a press waits, and the press goes over a new one', async () => {
  await isUp()
  const device = await gateway.device()
  centre.mute()
  const mutedAt = performance.now()
  await gateway.press(device)
  await until(() => expect(queue().life).toBe(0), 20_000)
  expect(centre.events.length).toBeGreaterThan(0)
  expect(performance.now() - mutedAt).toBeLessThan(12_000)
})

test('a refill sends settled events again; what was never there or is unknown is answered with a reason', async () => {
  await isUp()
  const device = await gateway.device()
  await gateway.press(device)
  // The samples that came with it too: one that still waits could be sent again after all.
  await until(() => expect([centre.events.length, centre.telemetry.length]).toEqual([1, 1]))
  await until(() => expect(queue()).toEqual({ life: 0, technical: 0, telemetry: 0 }))
  centre.send('command', command({ boot: 1, lane: 'life', from: 1, to: 1 }))
  await until(() => expect(centre.results).toEqual([expect.objectContaining({ ok: true })]))
  await until(() => expect(centre.events).toHaveLength(2))
  expect(centre.events[1]?.id).toBe(centre.events[0]?.id)
  await until(() => expect(queue().life).toBe(0))
  centre.send('command', command({ boot: 1, lane: 'life', from: 1, to: 5 }))
  centre.send('command', command({ boot: 1, lane: 'telemetry', from: 1, to: 1 }))
  centre.send('command', command({ kind: 'open-door' }))
  centre.send('command', command({ boot: 1, lane: 'life', from: 1, to: 1, expiresAt: '2026-01-01T00:00:00.000Z' }))
  await until(() => expect(centre.results).toHaveLength(5))
  const errors = centre.results.slice(1).map(({ ok, error }) => (ok ? 'ok' : error))
  expect(errors).toEqual(
    expect.arrayContaining([
      '4 of 5 cannot be sent again: no longer kept',
      expect.stringContaining('1 of 1 cannot be sent again'),
      'unknown kind open-door',
      'expired at 2026-01-01T00:00:00.000Z',
    ]),
  )
})

test('who is answering is shown at home', async () => {
  await isUp()
  await gateway.press(await gateway.device())
  await until(() => expect(queue().life).toBe(0))
  const event = centre.events[0]?.id
  centre.send('handling', { event, rung: 'L4', by: '李娜', at: aMinuteFromNow() })
  await until(() =>
    expect(gateway.running.status().presses[0]?.ladder.at(-1)).toMatchObject({ rung: 'L4', by: '李娜' }),
  )
})

test('a lost connection is known to the centre by the last will, a planned stop is not', async () => {
  await isUp()
  await until(() => expect(centre.health).toHaveLength(1))
  centre.cut()
  await until(() => expect(centre.health).toContainEqual({ boot: 1, session: 1, lost: true }))
  await isUp()
  // A will that is handled late is told from the next connection by it.
  await until(() => expect(centre.health.at(-1)).toMatchObject({ boot: 1, session: 2, power: 'unknown' }))
  const wills = () => centre.health.filter((health) => 'lost' in health).length
  const before = wills()
  await gateway.running.stop()
  expect(wills()).toBe(before)
})

test('words from the centre that cannot be understood are counted and harm nothing', async () => {
  await isUp()
  centre.send('receipt', { ids: 'all' })
  centre.send('handling', { event: 1 })
  centre.send('command', { kind: 'refill' })
  await gateway.press(await gateway.device())
  await until(() => expect(queue().life).toBe(0))
  expect(gateway.running.status().counts['down-message-malformed']).toBe(3)
})
