import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { findChromium } from '../prepare-machine.ts'
import { aBrowser, aConsole, type Console, type ConsoleOptions, needsChromium } from './console.ts'
import { aScriptedCentre, type ScriptedCentre } from './scripted-centre.ts'

let browser: Browser
let centre: ScriptedCentre
let seat: Console | undefined

beforeAll(async () => {
  if (findChromium() !== undefined) browser = await aBrowser()
})
afterAll(async () => browser?.close())
beforeEach(async (context) => {
  needsChromium(context)
  centre = await aScriptedCentre()
})
afterEach(async () => {
  await seat?.close()
  seat = undefined
  await centre?.stop()
})

const looksAtLatest = () => centre.asked.filter((request) => request.endsWith('/latest')).length

async function anIncident(options: ConsoleOptions = {}) {
  seat = await aConsole(browser, centre.url, options)
  await seat.logIn('operator', 'whatever')
  await seat.startShift()
  const alarm = centre.raise()
  await seat.row(alarm.id).click()
  const incident = seat.incident()
  await incident.locator('[data-gaps=hour]').waitFor()
  return { seat, incident }
}

test('the trail shows an hour, a day, a week and a year, and says of each gap why', async () => {
  const { seat, incident } = await anIncident({ locale: 'en' })
  const gaps = (range: string) => incident.locator(`[data-gaps=${range}]`)
  expect(await gaps('hour').textContent()).toMatch(
    /^\d\d:\d\d–\d\d:\d\d no data: no answer · \d\d:\d\d–\d\d:\d\d no data: nothing received$/,
  )
  for (const range of ['day', 'week', 'year']) {
    const button = incident.locator(`[data-range=${range}]`)
    await button.click()
    await gaps(range).waitFor()
    expect(await button.getAttribute('aria-pressed')).toBe('true')
    await incident.locator('figure canvas').waitFor()
  }
  // Of a year the days themselves are the gaps: ten of one reason are one gap.
  expect(await gaps('year').textContent()).toMatch(
    /^\d{4}-\d\d-\d\d–\d{4}-\d\d-\d\d no data: no answer · \d{4}-\d\d-\d\d–\d{4}-\d\d-\d\d no data: not reported$/,
  )
  expect(await seat.axe()).toEqual([])
  expect(seat.complaints).toEqual([])
})

test('what each point said last stands with its time, a reason in its own words, and is asked for only when it is looked at', async () => {
  const { seat, incident } = await anIncident()
  expect(looksAtLatest()).toBe(0)
  await incident.getByText('各测点最近的值').click()
  const said = (point: string) => incident.locator(`[data-last="${point}"] dd`)
  await said('meter/voltage').waitFor()
  expect(await said('meter/voltage').textContent()).toMatch(/^设备无应答 \d\d-\d\d \d\d:\d\d:\d\d$/)
  expect(await said('meter/active-power').textContent()).toMatch(/^85\.13 W \d\d-\d\d /)
  expect(await said('living-radar/presence').textContent()).toMatch(/^1 \d\d-\d\d /)
  expect(looksAtLatest()).toBe(1)
  const hour = (number: number) => incident.locator(`[data-hour="${number}"]`)
  await hour(0).waitFor()
  expect(await hour(0).textContent()).toBe('00: 有活动 0%')
  expect(await hour(3).textContent()).toBe('33: 无法判断')
  expect(await hour(12).getAttribute('data-level')).toBe('much')
  expect(await seat.axe()).toEqual([])
})
