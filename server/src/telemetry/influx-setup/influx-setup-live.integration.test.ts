import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { anInflux, type Influx, whyNoInflux } from '../../../../tests/harness/influx.ts'
import { anOrganisation, dashboards, type Organisation } from './live-influx.fixture.ts'

const missing = whyNoInflux()
if (missing) console.warn(`NOT TESTED: influx setup on a real InfluxDB, because ${missing}`)

describe.skipIf(missing)('a real InfluxDB', () => {
  let influx: Influx
  let org: Organisation
  beforeAll(async () => {
    influx = await anInflux()
    console.log(`influx setup is tested on a real InfluxDB, version ${influx.version}`)
  })
  afterAll(() => influx.end())
  beforeEach(async () => {
    org = await anOrganisation(influx)
  })
  afterEach(() => org.drop())

  test('a look changes nothing; set up once it has everything, and the second time nothing is changed', async () => {
    const looked = await org.prepared()
    expect(looked.steps.every(({ is }) => is === 'create')).toBe(true)
    expect(await org.orgID()).toBe('')

    const first = await org.setUp()
    expect(first.done.filter(({ outcome }) => outcome.is !== 'done')).toEqual([])
    expect([...org.secrets.keys()]).toEqual(['anju writer', 'anju reader', 'anju task'])

    const stamps = async () =>
      JSON.stringify([
        await org.list('tasks'),
        await org.list('checks'),
        await org.list('dashboards'),
        await org.list('buckets'),
      ])
    const before = await stamps()
    org.secrets.clear()
    const second = await org.setUp()
    expect(second.steps.filter(({ is }) => is !== 'keep')).toEqual([])
    expect(second.left).toEqual([])
    expect(org.secrets.size).toBe(0)
    expect(await stamps()).toBe(before)
  })

  test('what somebody changed by hand is found, told and mended', async () => {
    await org.setUp()
    const idOf = async (what: string, name: string) => (await org.list(what)).find((one) => one.name === name)?.id ?? ''
    const spoil = (what: string, id: string, body: object) => org.call('PATCH', `${what}/${id}`, body)
    await spoil('buckets', await idOf('buckets', 'anju'), {
      retentionRules: [{ type: 'expire', everySeconds: 172_800, shardGroupDurationSeconds: 86_400 }],
    })
    const flux = 'option task = {name: "anju late", every: 2d}\nfrom(bucket: "anju") |> range(start: -1h)'
    await spoil('tasks', await idOf('tasks', 'anju late'), { flux })
    await spoil('tasks', await idOf('tasks', 'anju days'), { status: 'inactive' })
    await spoil('checks', await idOf('checks', 'telemetry-absent'), { status: 'inactive' })
    const variable = await idOf('variables', 'anju_home')
    await spoil('variables', variable, { name: 'anju_home', arguments: { type: 'constant', values: ['x'] } })
    const fleet = await idOf('dashboards', 'Anju: fleet')
    const { cells } = await org.call<{ cells: { id: string }[] }>('GET', `dashboards/${fleet}`)
    await org.call('DELETE', `dashboards/${fleet}/cells/${cells[0]?.id}`)
    const { authorizations } = await org.call<{ authorizations: { id: string; description: string }[] }>(
      'GET',
      `authorizations?orgID=${await org.orgID()}`,
    )
    const reader = authorizations.find(({ description }) => description === 'anju reader')?.id ?? ''
    await spoil('authorizations', reader, { status: 'inactive' })

    org.secrets.clear()
    const { text, left, steps } = await org.setUp()
    expect(steps.filter(({ is }) => is === 'change')).toHaveLength(7)
    expect(left).toEqual([])
    expect(text.split('\n').sort()).toEqual(
      [
        'bucket anju',
        'check telemetry-absent',
        'dashboard Anju: fleet',
        'task anju days',
        'task anju late',
        'token anju reader',
        'variable anju_home',
      ].map((what) => `  mended: ${what}`),
    )
    expect([...org.secrets.keys()]).toEqual(['anju reader'])
    // A bookmark leads where it led.
    expect(await idOf('dashboards', 'Anju: fleet')).toBe(fleet)

    const again = await org.setUp()
    expect(again.steps.filter(({ is }) => is !== 'keep')).toEqual([])
    expect(again.left).toMatchObject([{ name: 'anju reader (superseded)', id: reader }])
  })

  test('a token that may not make tasks is told which, and everything else is done', async () => {
    await org.setUp()
    for (const task of await org.list('tasks')) await org.call('DELETE', `tasks/${task.id}`)
    for (const { id, name } of await org.list('dashboards'))
      if (name === 'Anju: fleet') await org.call('DELETE', `dashboards/${id}`)
    const orgID = await org.orgID()
    const both = (type: string) => ['read', 'write'].map((action) => ({ action, resource: { type, orgID } }))
    const user = ['read', 'write'].map((action) => ({ action, resource: { type: 'users' } }))
    const { token } = await org.call<{ token: string }>('POST', 'authorizations', {
      orgID,
      permissions: [...['buckets', 'checks', 'variables', 'dashboards', 'authorizations'].flatMap(both), ...user],
    })
    const { done, text } = await org.setUp(token)
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/NOT ALLOWED: task anju 5 minutes – this token lacks the right to write tasks/),
      expect.stringMatching(/NOT ALLOWED: task anju late /),
      expect.stringMatching(/NOT ALLOWED: task anju days /),
      '  made: dashboard Anju: fleet',
    ])
    expect(done.filter(({ outcome }) => outcome.is === 'kept')).toHaveLength(done.length - 4)
    // Somebody with the right brings the rest.
    expect((await org.setUp(org.secrets.get('anju task'))).text).toMatch(
      /made: task anju 5 minutes\n.*made: task anju late\n.*made: task anju days/,
    )
    expect((await org.setUp()).steps.filter(({ is }) => is !== 'keep')).toEqual([])
  })

  test('each token may do what it is for, and no more', async () => {
    await org.setUp()
    const line = [`sample,centre=c,home=h,placement=p,point=q watts=1 ${Date.now()}`]
    const statuses = async (name: string) => [
      await org.write(line, org.secrets.get(name)),
      await org.write(line, org.secrets.get(name), 'anju-5m'),
    ]
    expect(await statuses('anju writer')).toEqual([204, 204])
    expect(await statuses('anju reader')).toEqual([403, 403])
    expect(await statuses('anju task')).toEqual([403, 204])
    const newest = 'from(bucket: "anju") |> range(start: -1h) |> last()'
    for (const name of ['anju writer', 'anju reader'])
      expect(await org.ask(newest, org.secrets.get(name))).toHaveLength(1)
    const tasks = (by = '') => org.call<{ tasks: unknown[] }>('GET', `tasks?org=${org.settings.org}`, undefined, by)
    expect((await tasks(org.secrets.get('anju task'))).tasks).toHaveLength(3)
    expect((await tasks(org.secrets.get('anju reader')).catch(() => ({ tasks: [] }))).tasks).toEqual([])
  })

  test('a wrong token is said to be one, and nothing is done', async () => {
    await expect(org.prepared('no-such-token')).rejects.toThrow(/does not know this token \(INFLUX_TOKEN\)/)
  })

  test('every question of every dashboard is one that InfluxDB understands', async () => {
    await org.setUp()
    const v = 'option v = {timeRangeStart: -1h, timeRangeStop: now(), windowPeriod: 1m, anju_home: "home-1"}'
    const cells = dashboards.flatMap(({ name, body }) =>
      (body['cells'] as unknown as Cell[]).map((cell) => ({ name: `${name}: ${cell.name}`, cell })),
    )
    expect(cells.length).toBeGreaterThan(15)
    for (const { name, cell } of cells)
      await org.ask(`${v}\n${cell.properties.queries[0]?.text}`).catch((error: unknown) => {
        throw new Error(`${name}: ${String(error)}`)
      })
  })
})

interface Cell {
  readonly name: string
  readonly properties: { readonly queries: readonly { readonly text: string }[] }
}
