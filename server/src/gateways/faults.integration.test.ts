import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { aSupervisedCentre, type SupervisedCentre } from './supervision.fixture.ts'

let centre: SupervisedCentre
beforeAll(async () => {
  centre = await aSupervisedCentre()
})
afterAll(() => centre.close())
beforeEach(async () => {
  await centre.clear()
  await centre.watch.look()
  // A server remembers how each gateway stands: every test has another one.
  gateway = `gw-${++gateways}`
  await centre.register(gateway)
  uptimeS = 0
})

let gateway: string
let gateways = 0
let uptimeS: number
type Server = Pick<SupervisedCentre, 'beat' | 'watch'>
/** So many heartbeats, half a minute apart by everybody's clock but the one that is wrong. */
async function beats(count: number, { skewMs = 0, synced = true } = {}, server: Server = centre): Promise<void> {
  for (let n = 0; n < count; n++) {
    uptimeS += 30
    await centre.passes(30_000)
    await server.beat(gateway, {
      uptimeS,
      sentAt: new Date(Date.now() + skewMs).toISOString(),
      clock: { synced, offsetMs: null },
    })
  }
  await server.watch.look()
}
const events = async () =>
  (
    await centre.store.sql<{ text: string }>(
      `select type || ' ' || phase as text from event order by received_at, heard_at`,
    )
  ).map(({ text }) => text)

test.for([
  { what: 'ahead', skewMs: 2_500 },
  { what: 'in 1970', skewMs: -Date.now() },
  { what: 'a day ahead', skewMs: 86_400_000 },
])('a clock $what is one alarm while it lasts, and none when it is right again', async ({ skewMs }) => {
  await beats(6)
  expect(await centre.open()).toEqual([])
  await beats(40, { skewMs })
  expect(await centre.open()).toEqual([`${gateway} clock-unsynced active`])
  await beats(4)
  expect(await centre.open()).toEqual([`${gateway} clock-unsynced active`])
  await beats(2)
  expect(await centre.open()).toEqual([])
  expect(await events()).toEqual(['clock-unsynced raised', 'clock-unsynced returned'])
})

test('heartbeats that come later and later than they were sent are one alarm; punctual ones end it', async () => {
  await beats(6)
  for (let n = 1; n <= 4; n++) {
    // Twenty more seconds on the way, each time; the gateway's clock is right, and says when it was sent.
    await centre.passes(20_000)
    await beats(1, { skewMs: -20_000 * n })
  }
  expect(await centre.open()).toEqual([`${gateway} heartbeat-late active`])
  uptimeS += 80
  await beats(5)
  expect(await centre.open()).toEqual([])
})

test('a gateway that says itself that its clock is wrong is not said so a second time', async () => {
  await centre.intake.commit([
    centre.press({ home: gateways, type: 'clock-unsynced', class: 'technical', placement: 'gateway' }),
  ])
  await beats(10, { skewMs: 60_000, synced: false })
  expect(await centre.open()).toEqual(['gateway clock-unsynced active'])
  await beats(6)
  expect(await centre.open()).toEqual(['gateway clock-unsynced active'])
})

test('what one server found and another sees the end of is raised once and returned once', async () => {
  await beats(4, { skewMs: 5_000 })
  expect(await centre.open()).toEqual([`${gateway} clock-unsynced active`])
  // The first server is gone; the gateway speaks to another one from now on, which has never heard it.
  const other = centre.anotherServer()
  await beats(4, { skewMs: 5_000 }, other)
  expect(await centre.open()).toEqual([`${gateway} clock-unsynced active`])
  await beats(6, {}, other)
  expect(await centre.open()).toEqual([])
  expect(await events()).toEqual(['clock-unsynced raised', 'clock-unsynced returned'])
})
