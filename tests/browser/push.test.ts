import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Alarm, AlarmDetail, Contact, PushAnswer } from '@anju/contract/api'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { selfSigned } from '../../server/src/broker/tls.fixture.ts'
import type { Api } from '../harness/api.ts'
import { type PushService, pushService } from '../harness/providers/push-service.ts'
import { aServer, demoPassword, type RunningServer, temporaryFolder } from '../harness/server.ts'
import { aHandGateway, type HandGateway } from '../harness/uplink.ts'
import { slowness, until } from '../harness/wait.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, needsChromium, phone } from './console.ts'

/** The real server, a push service of the test's own, and the real worker: only the way between those two is DevTools'. */
let server: RunningServer
let service: PushService
let gateway: HandGateway
let operator: Api
let browser: Browser
let relative: Console
const folder = temporaryFolder('anju-push')

beforeAll(async () => {
  if (findChromium() === undefined) return
  browser = await aBrowser()
  const channels = join(folder, 'channels.json')
  writeFileSync(channels, JSON.stringify({ push: { services: ['127.0.0.1'], ca: selfSigned.cert } }))
  server = await aServer({ quick: true, env: { ANJU_CHANNELS_FILE: channels } })
  const { body } = await (await server.logIn('family')).call<PushAnswer>('GET', '/push')
  service = await pushService(body.publicKey)
  operator = await server.logIn('operator')
  gateway = await aHandGateway(await (await server.logIn('installer')).registerGateway('PUSH-1', 'home-1'))
})
afterAll(async () => {
  await browser?.close()
  await gateway?.close()
  await service?.close()
  await server?.end()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(needsChromium)
afterEach(async () => relative?.close())

/**
 * A browser without the internet has no push service to ask: it is given the subscription of ours. Kept over a reload, as a
 * browser keeps its own.
 */
const subscribesTo = (subscription: string) => `
  const made = (text) => ({
    options: {}, toJSON: () => JSON.parse(text),
    unsubscribe: async () => { localStorage.removeItem('test.push'); return true },
  })
  PushManager.prototype.getSubscription = async () => {
    const text = localStorage.getItem('test.push')
    return text && made(text)
  }
  PushManager.prototype.subscribe = async (options) => {
    window.subscribedWith = options
    localStorage.setItem('test.push', ${JSON.stringify(subscription)})
    return made(${JSON.stringify(subscription)})
  }
`
async function aRelative({ allowed = true, script = '' } = {}): Promise<Page> {
  relative = await aConsole(browser, server.url, { viewport: phone })
  const { page } = relative
  if (allowed) await page.context().grantPermissions(['notifications'], { origin: server.url })
  if (script !== '') await page.addInitScript(script)
  await page.reload()
  await relative.logIn('family', demoPassword)
  return page
}
const pushIs = (page: Page, state: string) => page.locator(`[data-push=${state}]`).waitFor()

/** Hands a message to the page's worker as the browser would that received it. */
async function deliver(devtools: CDPSession, page: Page, data: string): Promise<void> {
  const registered = new Promise<string>((resolve) =>
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first) resolve(first.registrationId)
    }),
  )
  await devtools.send('ServiceWorker.enable')
  const origin = new URL(page.url()).origin
  await devtools.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data })
}
interface Shown {
  readonly title: string
  readonly body: string
  readonly tag: string
}
const shown = (page: Page) =>
  page.evaluate<Shown[]>(`navigator.serviceWorker.ready.then((registration) => registration.getNotifications())
    .then((all) => all.map(({ title, body, tag }) => ({ title, body, tag })))`)

const theAlarm = () =>
  until(
    'the press at the centre',
    async () => (await operator.call<{ items: Alarm[] }>('GET', '/alarms')).body.items[0],
    {
      withinMs: 5_000,
    },
  )
const pushesOf = async (id: string) => {
  const { body } = await operator.call<AlarmDetail>('GET', `/alarms/${id}`)
  return body.notifications.filter(({ channel, purpose }) => channel === 'push' && purpose === 'alarm')
}

test('from the press to the telephone and back: shown without a name, delivered, opened, "I’m going"', async () => {
  const page = await aRelative({ script: subscribesTo(service.subscribe()) })
  await pushIs(page, 'off')
  expect(await relative.axe()).toEqual([])
  await page.locator('[data-action=push-on]').click()
  await pushIs(page, 'on')
  expect(await page.evaluate('window.subscribedWith.userVisibleOnly')).toBe(true)
  await page.reload()
  await pushIs(page, 'on')

  await gateway.event()
  const { id } = await theAlarm()
  const pushed = await until('the message at the push service', () => service.waiting[0], {
    withinMs: 10_000,
  })
  expect(service.problems).toEqual([])
  const pushIsNow = (state: string) =>
    until(`the ledger to say ${state}`, async () => (await pushesOf(id))[0]?.state === state, {
      withinMs: 5_000,
    })
  await pushIsNow('sent')
  expect((await pushesOf(id)).map(({ recipient }) => recipient.id)).toEqual(['contact-1'])

  const devtools = await page.context().newCDPSession(page)
  await deliver(devtools, page, JSON.stringify(pushed.message))
  const [notice] = await until('the notification', async () => (await shown(page)).length > 0 && shown(page), {
    withinMs: 5_000,
  })
  expect(notice).toEqual({ title: '居家安全提醒', body: pushed.message.body, tag: `alarm-${id.slice(-6)}` })
  expect(`${notice?.title}${notice?.body}`).not.toMatch(/王|卫生间|求助|望江/)
  await pushIsNow('delivered')

  // A touch: DevTools cannot make one, so the event is made in the worker, which may then not open a window by itself.
  const worker = page
    .context()
    .serviceWorkers()
    .find((one) => one.url() === `${server.url}/push-worker.js`)
  const opened = await worker?.evaluate(`(async () => {
    let path
    clients.openWindow = async (to) => { path = to }
    const [notification] = await registration.getNotifications()
    dispatchEvent(new NotificationEvent('notificationclick', { notification }))
    while (path === undefined) await new Promise((resolve) => setTimeout(resolve, 10))
    return { path, left: (await registration.getNotifications()).length }
  })()`)
  expect(opened).toEqual({ path: new URL(pushed.message.url ?? '').pathname, left: 0 })
  await page.goto(`${server.url}${(opened as { path: string }).path}`)
  await page.locator('[data-action=going]').click()
  await page.locator('main[data-answer=accepted]').waitFor()
  expect(await pushesOf(id)).toMatchObject([{ state: 'accepted', at: { seen: expect.any(String) } }])

  await page.goto(server.url)
  await page.locator('[data-going=me]').waitFor()
  await page.getByText('上次有人点开').waitFor()
  await page.locator('[data-action=push-off]').click()
  await pushIs(page, 'off')
  const { body } = await operator.call<{ items: Contact[] }>('GET', '/homes/home-1/contacts')
  expect(body.items[0]?.accountWays).toEqual([])
  expect(relative.complaints).toEqual([])
})

test('a browser that cannot reach its push service says so, and what still works', async () => {
  const page = await aRelative()
  await page.locator('[data-action=push-on]').click()
  await page.locator('[data-push] [role=alert]').waitFor({ timeout: 30_000 })
  await pushIs(page, 'off')
  // The worker is there all the same: what cannot be read is shown, never nothing.
  await deliver(await page.context().newCDPSession(page), page, 'no JSON')
  await expect
    .poll(() => shown(page), { timeout: 5_000 * slowness })
    .toMatchObject([{ body: expect.stringContaining('Open to view') }])
})

test.for([
  ['unsupported', 'delete globalThis.PushManager'],
  ['blocked', `Object.defineProperty(Notification, 'permission', { get: () => 'denied' })`],
] as const)('%s: what is in the way, and no button that would do nothing', async ([state, script]) => {
  const page = await aRelative({ allowed: false, script })
  await pushIs(page, state)
  expect(await page.locator('[data-push] button').count()).toBe(0)
  expect(await relative.axe()).toEqual([])
})
