import { describe, expect, test } from 'vitest'
import { demoPassword } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { desk, phone } from './console.ts'
import { atARealCentre } from './real-centre.ts'

const centre = atARealCentre({ quick: true })
const { aPage, aSeat, press, theAlarm } = centre

describe('an operator at a real centre', () => {
  test('hears a further press of the alarm they hold, and sees the count', async () => {
    const seat = await aSeat()
    await press()
    const { id } = await theAlarm()
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator(`[data-alarm-id="${id}"][data-handling=claimed]`).waitFor()
    // The gateway takes presses closer than a second for one: radio repeats.
    const sinceLast = async () => Date.now() - Date.parse((await theAlarm()).lastAt)
    await until('the second press to be one of its own', async () => (await sinceLast()) > 1_100, { withinMs: 5_000 })
    await press()
    await seat.page.locator(`[data-sounding="${id}"]`).waitFor()
    await expect.poll(() => seat.row(id).innerText()).toContain('×2')
    expect((await theAlarm()).handling).toBe('claimed')
  })

  test('is told who was faster', async () => {
    const [first, second] = await Promise.all([aSeat('operator'), aSeat('operator2')])
    await press()
    const { id } = await theAlarm()
    await Promise.all([first, second].map((seat) => seat.row(id).locator('button').click()))
    const takes = [first, second].map((seat) => seat.page.locator('[data-action=claim]'))
    await Promise.all(takes.map((take) => take.waitFor()))
    await Promise.all(takes.map((take) => take.click({ timeout: 2_000 }).catch(() => undefined)))
    const alarm = await until('an owner', async () => ((await theAlarm()).owner ? theAlarm() : undefined), {
      withinMs: 5_000,
    })
    const loser = alarm.owner?.personId === 'operator' ? second : first
    await expect.poll(() => loser.row(id).innerText()).toContain(alarm.owner?.name)
    await loser.page.locator('[data-action=claim]').waitFor({ state: 'detached' })
  })

  test('keeps what they hold over a reload; leaving, they hand it over with a word, and the next one reads it first', async () => {
    const seat = await aSeat()
    await press()
    const { id } = await theAlarm()
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator('[data-action=close]').waitFor()
    await seat.page.reload()
    await seat.row(id).locator('button').click()
    await seat.page.locator('[data-action=close]').waitFor()
    await seat.incident().locator('[data-outcome]').first().waitFor()
    await seat.press('c', '2')
    await seat.incident().locator('[data-kind=contacted]').waitFor()
    await seat.page.locator('[data-action=logout]').click()
    await expect
      .poll(() => seat.page.locator('[data-dialog=handover] [role=alert]').allInnerTexts())
      .toContainEqual(expect.stringContaining('你手上还有报警'))
    const note = seat.page.locator(`[data-hand-over="${id}"] textarea`)
    await expect.poll(() => note.inputValue()).toBe('已联系 王建平：无人接听。')
    expect(await seat.axe()).toEqual([])
    await note.fill('已联系 王建平：无人接听。老人说女儿一会儿到。')
    await seat.page.locator('[data-action=hand-over-all]').click()
    await seat.page.locator('input[name=username]').waitFor()

    const next = await aSeat('operator2')
    await next.row(id).locator('button').press('Enter')
    await next.page.locator('[data-action=close]').waitFor()
    const read = await next.page.locator('[data-handover=note]').innerText()
    expect(read).toContain('老人说女儿一会儿到。')
    expect(read).toContain('李娜')
    const log = next.incident().locator('[data-kind=released], [data-kind=claimed]')
    await expect
      .poll(async () => (await log.allInnerTexts()).map((entry) => /李娜|陈静/.exec(entry)?.[0]))
      .toEqual(['陈静', '李娜', '李娜'])
    expect(await next.axe()).toEqual([])
  })

  test('hands an alarm to a colleague who is there: declined it stays, and taken on by one key it lets them leave', async () => {
    const [seat, next] = await Promise.all([aSeat(), aSeat('operator2', { locale: 'en', viewport: phone })])
    await press()
    const { id } = await theAlarm()
    await seat.row(id).locator('button').press('Enter')
    await seat.page.locator('[data-action=hand-to]').waitFor()
    await seat.press('e')
    const colleagues = seat.page.locator('[data-dialog=hand-to] [data-field=hand-to]')
    await colleagues.waitFor()
    expect(await colleagues.locator('option').allInnerTexts()).toEqual(['选择在席的同事', '陈静 · 手上没有报警'])
    expect(await seat.axe()).toEqual([])
    await colleagues.selectOption('operator2')
    await seat.page.locator('[data-action=confirm-hand-to]').click()
    await seat.page.locator('[data-action=withdraw-offer]').waitFor()

    const banner = next.page.locator(`[data-banner=offer][data-offer-of="${id}"]`)
    await banner.waitFor()
    await next.page.locator(`[data-sounding="${id}"]`).waitFor()
    expect(await banner.innerText()).toContain('李娜 asks you to take on')
    expect(await next.row(id).innerText()).toContain('李娜 offers it to you')
    expect(await next.axe()).toEqual([])
    expect(await next.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(phone.width)
    await next.page.locator('[data-action=decline-offer]').click()
    await expect
      .poll(() => seat.page.locator('[data-message=problem]').allInnerTexts())
      .toContainEqual(expect.stringContaining('陈静 现在不能接手'))
    expect(await theAlarm()).toMatchObject({ owner: { name: '李娜' }, offer: null })

    await seat.page.locator('[data-action=logout]').click()
    const item = seat.page.locator(`[data-hand-over="${id}"]`)
    await item.locator('[data-offer=declined]').waitFor()
    await item.locator('textarea').fill('她女儿马上到。')
    await item.locator('[data-field=hand-to]').selectOption('operator2')
    await item.locator('[data-action=offer]').click()
    await item.locator('[data-offer=waiting]').waitFor()
    expect(await seat.axe()).toEqual([])

    await banner.waitFor()
    await next.press('y')
    await next.page.locator('[data-action=close]').waitFor()
    expect(await next.page.locator('[data-handover=note]').innerText()).toContain('她女儿马上到。')
    await seat.page.locator('[data-offer=accepted]').getByText('陈静').waitFor()
    await seat.page.locator('[data-action=hand-over-all]').click()
    await seat.page.locator('input[name=username]').waitFor()
    expect(await theAlarm()).toMatchObject({ handling: 'claimed', owner: { name: '陈静' }, offer: null })
    const log = next.incident().locator('[data-kind^=offer]')
    await expect
      .poll(async () => (await log.allInnerTexts()).map((entry) => entry.match(/李娜|陈静/g)?.join(' ')))
      .toEqual(['陈静 李娜', '李娜 陈静', '陈静 李娜', '李娜 陈静'])
    expect([...seat.complaints, ...next.complaints]).toEqual([])
  })

  test('sees the way in only while holding the alarm, and the look is in the log', async () => {
    const seat = await aSeat()
    await press()
    const { id } = await theAlarm()
    await seat.row(id).locator('button').click()
    await seat.incident().locator('[data-kind=raised]').waitFor()
    expect(await seat.page.content()).not.toContain('4711')
    await seat.press('Enter')
    await seat.page.locator('[data-action=access]').click()
    await expect.poll(() => seat.page.locator('[data-access=open]').innerText()).toContain('4711')
    await seat.incident().locator('[data-kind=access-shown]').waitFor()
    expect(await seat.incident().locator('[data-kind=noted]').count()).toBe(0)
    expect(await seat.axe()).toEqual([])
    await seat.press('a')
    await seat.page.locator('[data-access=covered]').waitFor({ state: 'attached' })
    expect(await seat.page.content()).not.toContain('4711')
  })

  test('a supervisor takes over with a reason, and the other seat is told', async () => {
    const [operator, supervisor] = await Promise.all([aSeat('operator'), aSeat('supervisor')])
    await press()
    const { id } = await theAlarm()
    await operator.row(id).locator('button').press('Enter')
    await operator.page.locator('[data-action=close]').waitFor()
    await supervisor.row(id).locator('button').click()
    await supervisor.page.locator('[data-action=takeover]').click()
    await supervisor.page.locator('[data-dialog=takeover] input').fill('换班')
    await supervisor.page.keyboard.press('Enter')
    await supervisor.page.locator('[data-action=close]').waitFor()
    await expect
      .poll(() => operator.page.locator('[data-message=problem]').allInnerTexts())
      .toContainEqual(expect.stringContaining('周敏'))
    await operator.page.locator('[data-action=close]').waitFor({ state: 'detached' })
  })

  test.for([
    { locale: 'zh-CN', viewport: desk },
    { locale: 'zh-CN', viewport: phone },
    { locale: 'en', viewport: desk },
    { locale: 'en', viewport: phone },
  ] as const)('has nothing serious for axe: $locale at $viewport.width px', async ({ locale, viewport }) => {
    const login = await aPage({ locale, viewport })
    expect(await login.axe()).toEqual([])
    await login.logIn('operator', demoPassword)
    expect(await login.axe()).toEqual([])
    await login.startShift()
    await press()
    const { id } = await theAlarm()
    await login.row(id).waitFor()
    expect(await login.axe()).toEqual([])
    await login.row(id).locator('button').press('Enter')
    await login.page.locator('[data-action=close]').waitFor()
    await login.page.locator('figure canvas').waitFor()
    expect(await login.axe()).toEqual([])
    await login.page.locator('[data-action=close]').click()
    await login.page.locator('[data-choice=code]').waitFor()
    expect(await login.axe()).toEqual([])
    await login.press('Escape')
    expect(await login.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
    expect(login.complaints).toEqual([])
  })

  test.for(['installer', 'admin'])('%s sees the home and its gateway', async (username) => {
    const page = await aPage()
    await page.logIn(username, demoPassword)
    await page.page.locator('[data-home=home-1][data-gateway=online]').waitFor()
    expect(await page.axe()).toEqual([])
  })

  test('a supervisor sees what nobody has taken and counts down to who is told next, and what is wrong with reaching people', async () => {
    const supervisor = await aSeat('supervisor')
    await supervisor.page.locator('[data-lacking=home-1]').waitFor()
    await press()
    const { id } = await theAlarm()
    const waiting = supervisor.page.locator(`[data-unanswered="${id}"]`)
    await waiting.locator('[data-next=centre]').waitFor()
    await expect.poll(() => waiting.innerText()).toMatch(/中心：接下来通知 .+ 00:00:[0-3]\d/)
    await waiting.locator('button').click()
    await supervisor.page.locator('[data-action=claim]').click()
    await supervisor.page.locator('[data-action=close]').waitFor()
  })

  test('a relative sees that all is well, then that somebody sees to it, and never a room', async () => {
    const page = await aPage()
    await page.logIn('family', demoPassword)
    await page.page.locator('[data-family=quiet]').waitFor()
    await press()
    await page.page.locator('[data-family=alarm]').waitFor()
    expect(await page.page.content()).not.toContain('卫生间')
    expect(await page.axe()).toEqual([])
  })
})
