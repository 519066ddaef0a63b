import type { Alarm, Person, Seat } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Api } from '../harness/api.ts'
import { demoPassword } from '../harness/server.ts'
import { aSystem, type System } from '../harness/system.ts'
import { until } from '../harness/wait.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'

// Which seat a console is, on a real centre: said where the shift begins, and what it is asked.

let system: System
let boss: Api
let browser: Browser
let second: Seat
const seats: Console[] = []

beforeAll(async () => {
  if (findChromium() === undefined) return
  system = await aSystem()
  boss = await system.server.logIn('supervisor')
  second = (await boss.call<Seat>('POST', '/seats', { name: '2 号坐席' })).body
  // The supervisors, too: a policy that reaches nobody at night would be refused.
  const targets = [{ to: 'seat', seat: second.id }, { to: 'supervisors' }]
  const steps = [{ targets, waves: [{ channels: ['console'], timeoutS: 600 }] }]
  const put = await boss.call('PUT', '/escalation/policies', {
    scope: { type: 'sos-pressed' },
    policy: { centre: { startAfterS: 0, repeatAfterS: 600, quietWhileHeld: true, steps } },
  })
  if (put.status !== 200) throw new Error(`the policy was refused: ${JSON.stringify(put.body)}`)
  browser = await aBrowser()
})
afterAll(async () => {
  await browser?.close()
  await system?.stop()
})
beforeEach((context) => needsChromium(context))
afterEach(async () => {
  for (const seat of seats.splice(0)) await seat.close()
  for (const { id } of (await boss?.alarms()) ?? []) {
    const taken = await boss.call<{ lease: { token: string } }>('POST', `/alarms/${id}/takeover`, { reason: 'over' })
    await boss.call('POST', `/alarms/${id}/close`, {
      lease: taken.body.lease.token,
      disposition: { code: 'test', cause: 'installer', outcome: 'no-help-needed' },
    })
  }
})

async function opened(username: string, options: ConsoleOptions = {}): Promise<Console> {
  const console = await aConsole(browser, system.server.url, options)
  seats.push(console)
  await console.logIn(username, demoPassword)
  return console
}
const choice = ({ page }: Console) => page.locator('[data-field=seat]')
const bar = ({ page }: Console) => page.locator('[data-action=seat]')
const sits = (at: Console, seat: string) => choice(at).selectOption(seat)
const seatOf = async (at: Console) =>
  (await at.page.evaluate<Person>("fetch('/api/v1/session').then((a) => a.json())")).seat
const theAlarm = (): Promise<Alarm> =>
  until(
    'the press at the centre',
    async () => (await system.operator.alarms()).find(({ type }) => type === 'sos-pressed'),
    {
      withinMs: 5_000,
    },
  )

test.for([
  { locale: 'zh-CN', viewport: desk, flag: '呼叫本坐席', none: '未指定坐席' },
  { locale: 'en', viewport: phone, flag: 'for this seat', none: 'No seat said' },
] as const)(
  'what asks a seat is told there and nowhere else, also after a reload: $locale at $viewport.width px',
  async ({ locale, viewport, flag, none }) => {
    const [here, there] = await Promise.all([
      opened('operator', { locale, viewport }),
      opened('operator2', { locale, viewport }),
    ])
    expect(await choice(here).locator('option').first().innerText()).toBe(none)
    await sits(here, second.id)
    await sits(there, 'demo-seat-1')
    await expect.poll(() => seatOf(here)).toEqual({ id: second.id, name: '2 号坐席' })
    expect(await here.axe()).toEqual([])
    expect(await here.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
    await here.startShift()
    await there.startShift()
    expect(await bar(here).innerText()).toBe('2 号坐席')

    await system.gateway.press(system.device)
    const { id } = await theAlarm()
    const asked = `[data-alarm-id="${id}"] [data-asked=seat]`
    await here.page.locator(asked).waitFor()
    expect(await here.page.locator(asked).innerText()).toBe(flag)
    await there.row(id).waitFor()
    expect(await there.page.locator(asked).count()).toBe(0)
    await here.page.reload()
    await here.page.locator(asked).waitFor()
    await here.row(id).locator('button').click()
    await here.page.locator('[data-incident] [data-asked=seat]').waitFor()
    await here.page.locator('[data-notification]').getByText('2 号坐席').waitFor()
    expect(await here.axe()).toEqual([])
    expect(await here.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)

    // Whoever goes over to that seat has it before them.
    await bar(there).click()
    await there.page.locator('[data-dialog=seat] [data-field=seat]:focus').waitFor()
    await choice(there).selectOption(second.id)
    await expect.poll(() => bar(there).innerText()).toBe('2 号坐席')
    expect(await there.axe()).toEqual([])
    await there.press('Escape')
    await expect.poll(() => there.page.locator(asked).count()).toBe(1)
    await there.page.locator('[data-action=seat]:focus').waitFor()

    await there.row(id).locator('button').press('Enter')
    await there.page.locator('[data-action=close]').waitFor()
    await expect.poll(() => here.page.locator('[data-asked=seat]').count()).toBe(0)
    expect([...here.complaints, ...there.complaints]).toEqual([])
  },
)

test('the browser remembers its seat: the next one to log in there sits at it, and the supervisor sees who sits where', async () => {
  const console = await opened('operator')
  await sits(console, second.id)
  await expect.poll(() => seatOf(console)).toEqual({ id: second.id, name: '2 号坐席' })
  await console.page.locator('[data-action=logout]').click()
  // The store is away for a moment: it is said again.
  let times = 0
  await console.page.route('**/api/v1/session/seat', (route) =>
    times++ === 0 ? route.fulfill({ status: 503, json: { code: 'store-unavailable' } }) : route.continue(),
  )
  await console.logIn('operator2', demoPassword)
  await expect.poll(() => choice(console).inputValue()).toBe(second.id)
  await expect.poll(() => seatOf(console)).toEqual({ id: second.id, name: '2 号坐席' })

  expect(times).toBe(2)

  const supervisor = await opened('supervisor', { locale: 'en', viewport: phone })
  expect(await choice(supervisor).locator(`option[value="${second.id}"]`).innerText()).toBe(
    '2 号坐席 (陈静 sits there)',
  )
  await supervisor.startShift()
  await supervisor.page.locator(`[data-seat-now="${second.id}"] [data-at=operator2]`).waitFor()
  expect(await supervisor.page.locator('[data-seat-now="demo-seat-1"]').innerText()).toContain('nobody sits there')
  expect(await supervisor.axe()).toEqual([])

  // Said otherwise, that is what it remembers.
  await choice(console).selectOption('')
  await expect.poll(() => seatOf(console)).toBeNull()
  await console.page.locator('[data-action=logout]').click()
  await console.logIn('operator', demoPassword)
  await choice(console).waitFor()
  expect(await choice(console).inputValue()).toBe('')
  expect(await seatOf(console)).toBeNull()
})

test('a seat that was removed meanwhile is refused with a sentence; one that cannot be read may be asked for again', async () => {
  const { body: third } = await boss.call<Seat>('POST', '/seats', { name: '3 号坐席' })
  const console = await opened('operator', { locale: 'en' })
  await choice(console).locator(`option[value="${third.id}"]`).waitFor({ state: 'attached' })
  expect((await boss.call('DELETE', `/seats/${third.id}`)).status).toBe(204)
  await choice(console).selectOption(third.id)
  await console.page.locator('[data-gate]').getByText('not there any more').waitFor()
  expect(await choice(console).inputValue()).toBe('')

  await console.page.route('**/api/v1/seats', (route) =>
    route.fulfill({ status: 503, json: { code: 'store-unavailable' } }),
  )
  await console.page.reload()
  const again = console.page.locator('[data-gate] [role=alert] button')
  await again.waitFor()
  expect(await console.axe()).toEqual([])
  await console.page.unroute('**/api/v1/seats')
  await again.press('Enter')
  await choice(console).waitFor()
})
