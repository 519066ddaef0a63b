import type { ReadinessAnswer, Responder, Shift } from '@anju/contract/api'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Api } from '../harness/api.ts'
import { aServer, demoPassword, type RunningServer } from '../harness/server.ts'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, desk, needsChromium, phone } from './console.ts'

/** A supervisor sees to the centre's own people, on a real server: what readiness finds missing is mended on the same page. */
let server: RunningServer
let boss: Api
let browser: Browser
let seat: Console

const shifts = async () => (await boss.call<{ items: Shift[] }>('GET', '/shifts')).body.items
const responders = async () => (await boss.call<{ items: Responder[] }>('GET', '/responders')).body.items
const gaps = async () =>
  (await boss.call<ReadinessAnswer>('GET', '/escalation/readiness')).body.policies.flatMap((policy) => policy.gaps)

beforeAll(async () => {
  if (findChromium() === undefined) return
  server = await aServer()
  boss = await server.logIn('supervisor')
  browser = await aBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.end()
})
beforeEach(needsChromium)
afterEach(async () => seat?.close())

async function aSupervisor(options: ConsoleOptions = {}): Promise<void> {
  seat = await aConsole(browser, server.url, options)
  await seat.logIn('supervisor', demoPassword)
  await seat.startShift()
  await seat.page.locator('[data-staff=none]').waitFor()
}
const part = (name: string) => seat.page.locator(`[data-staff-part=${name}]`)
const action = (name: string, within = '[data-staff]') => seat.page.locator(`${within} [data-action=${name}]`)
const field = (place: string) => seat.page.locator(`[data-field="${place}"]`)
const focusOn = (place: string) => seat.page.locator(`[data-field="${place}"]:focus`).waitFor()
const focused = (selector: string) => seat.page.locator(`${selector}:focus`).waitFor()
const dialog = (name: string) => seat.page.locator(`[data-dialog=${name}] [role=dialog]`)
const save = () => seat.page.locator('[role=dialog] [data-action=save]')
const dialogGone = () => expect.poll(() => seat.page.locator('[role=dialog]').count()).toBe(0)
const problemOf = async (place: string) => {
  const described = (await field(place).getAttribute('aria-describedby')) ?? 'nothing'
  return seat.page.locator(`[id="${described.split(' ').at(-1)}"]`).innerText()
}
const widths = (viewport: { readonly width: number }) => async (where: string) => {
  const found = (await seat.axe()).map((finding) => `${where}: ${finding}`)
  const width = await seat.page.evaluate<number>('document.documentElement.scrollWidth')
  if (width > viewport.width) found.push(`${where}: ${width} px wide`)
  const cut = await seat.page.evaluate<boolean>(
    '[...document.querySelectorAll(".mantine-Modal-content")].some((part) => part.scrollWidth > part.clientWidth)',
  )
  return cut ? [...found, `${where}: the dialog is wider than itself`] : found
}

/** A rota of the supervisor's that has nobody on Tuesdays from 03:00 to 05:00. */
async function aRotaWithAHole(): Promise<void> {
  await server.cluster.query('delete from shift')
  for (const [id, days, from, to] of [
    ['most', '{1,3,4,5,6,7}', '00:00', '00:00'],
    ['tuesday-early', '{2}', '00:00', '03:00'],
    ['tuesday-late', '{2}', '05:00', '00:00'],
  ])
    await server.cluster.query(
      `insert into shift (id, centre, kind, who_kind, who, seat, days, from_time, to_time, valid_from)
       values ($1, 'demo-centre', 'supervisor', 'person', 'supervisor', null, $2, $3, $4, '2026-01-01')`,
      [id, days, from, to],
    )
}
