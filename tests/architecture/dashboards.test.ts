import { EVENT_TYPES } from '@anju/contract'
import { profiles } from '@anju/device-profiles/registry'
import { expect, test } from 'vitest'
import { IngestCounters } from '../../server/src/ingest/counters.ts'
import { exposeUplink } from '../../server/src/ingest/metrics.ts'
import { createMetrics } from '../../server/src/metrics.ts'
import { exposeNotifications } from '../../server/src/notifications/metrics.ts'
import type { Reports } from '../../server/src/notifications/reports.ts'
import { ABSENCE, SAMPLE, TAGS, unitOf } from '../../server/src/telemetry/influx/line-protocol.ts'
import { checks } from '../../server/src/telemetry/influx-setup/checks.ts'
import { ABSENCES, AGGREGATES, TOTAL, TOTAL_FIELDS } from '../../server/src/telemetry/influx-setup/flux-tasks.ts'
import { DEFAULTS, FILED, FILED_VARIABLE, wanted } from '../../server/src/telemetry/influx-setup/wanted.ts'
import {
  asGrafanaAsks,
  badBoard,
  badRunbooks,
  fluxIn,
  type Known,
  promqlIn,
  unknownInFlux,
  unknownInPromql,
} from './dashboards.ts'
import { linksOf } from './documents.ts'
import { filesUnder, readText } from './source.ts'

const read = (folder: string) =>
  filesUnder(`dashboards/${folder}`, ['.json']).map((file) => ({ file, json: JSON.parse(readText(file)) as never }))
const influx = read('influx')
const grafana = read('grafana')
const prometheus = read('prometheus')

/** All fields there can be: a quantity's unit has one each. */
const fieldsOfUnits = (texts: readonly string[]) => texts.filter((field) => unitOf(field) !== undefined)
const fieldsAsked = [...influx, ...grafana].flatMap(({ json }) =>
  [...JSON.stringify(json).matchAll(/r\._field == \\"([^"\\]*)\\"/g)].map((match) => match[1] ?? ''),
)
/** What InfluxDB writes of itself. */
const SYSTEM = {
  measurements: ['statuses', 'runs'],
  fields: ['_message', 'finishedAt'],
  buckets: ['_monitoring', '_tasks'],
}

const known: Known = {
  measurements: new Set([SAMPLE, ABSENCE, ABSENCES, TOTAL, ...AGGREGATES, ...SYSTEM.measurements]),
  fields: new Set([...fieldsOfUnits(fieldsAsked), ...TOTAL_FIELDS, ...SYSTEM.fields]),
  points: new Set(profiles.flatMap(({ measures }) => Object.keys(measures))),
  buckets: new Set([
    ...Object.values(FILED),
    ...Object.values(FILED).map((name) => name.replace('anju', '${bucket}')),
    ...SYSTEM.buckets,
  ]),
  columns: new Set([...TAGS, '_measurement', '_field', '_time', '_value', '_level', 'status']),
  metrics: metricsOfAServer(),
}

test('every question of a dashboard, a check or a task names what there is: buckets, measurements, fields, points, tags', () => {
  const files = [...influx, ...grafana].flatMap(({ file, json }) => fluxIn(file, json))
  const made = wanted({ org: 'o', bucket: 'anju', ...DEFAULTS }, [])
    .filter(({ kind }) => kind === 'check')
    .map(({ name, body }) => ({ where: name, text: (body['query'] as { text: string }).text }))
  expect(files.length).toBeGreaterThan(30)
  expect(made.length).toBeGreaterThan(2)
  expect([...files, ...made].flatMap((one) => unknownInFlux(one, known))).toEqual([])
})

test('every question to Prometheus is about a metric that a server tells, by a label it has', () => {
  const all = [...grafana, ...prometheus].flatMap(({ file, json }) => promqlIn(file, json))
  expect(all.length).toBeGreaterThan(25)
  expect(all.flatMap((one) => unknownInPromql(one, known))).toEqual([])
})

test('every figure of the ingest is on its dashboard', () => {
  const shown = JSON.stringify(grafana.find(({ file }) => file.endsWith('/ingest.json')))
  expect(
    [...known.metrics.keys()].filter(
      (name) =>
        name.startsWith('anju_') && !shown.includes(name) && !name.includes('connections') && !name.includes('health'),
    ),
  ).toEqual([])
})

test('Grafana asks what InfluxDB’s own dashboards ask', () => {
  const asked = new Set(grafana.flatMap(({ file, json }) => fluxIn(file, json)).map(({ text }) => text))
  const fleetAndHome = influx.filter(({ file }) => !file.endsWith('/ingest.json'))
  const missing = fleetAndHome
    .flatMap(({ file, json }) => fluxIn(file, json))
    .filter(({ text }) => !asked.has(asGrafanaAsks(text)))
  expect(missing).toEqual([])
})

test('Grafana’s panels have places of their own and sources that the board offers', () => {
  expect(grafana.length).toBe(3)
  expect(grafana.flatMap(({ file, json }) => badBoard(file, json))).toEqual([])
})

const runbooks = () =>
  new Map(
    filesUnder('dashboards/runbooks', ['.md'])
      .map((path) => [path.replace(/^.*\/|\.md$/g, ''), readText(path)] as const)
      .filter(([name]) => name !== 'README'),
  )
const rules = () => prometheus.flatMap(({ json }) => (json as unknown as Rules).groups.flatMap(({ rules }) => rules))
interface Rules {
  readonly groups: readonly { readonly rules: readonly { alert: string; annotations: { runbook: string } }[] }[]
}

test('whatever calls somebody has a runbook, and every runbook is about something that calls', () => {
  const alarms = Object.entries(EVENT_TYPES).flatMap(([type, eventClass]) => (eventClass === 'info' ? [] : [type]))
  const alerts = [...alarms, ...checks(FILED).map(({ name }) => name), ...rules().map(({ alert }) => alert)]
  expect(new Set(alerts).size).toBe(alerts.length)
  expect(badRunbooks(runbooks(), new Set(alerts))).toEqual([])
  expect(rules().map(({ annotations }) => annotations.runbook)).toEqual(
    rules().map(({ alert }) => `dashboards/runbooks/${alert}.md`),
  )
  expect(
    linksOf(readText('dashboards/runbooks/README.md'))
      .map((link) => link.replace('.md', ''))
      .sort(),
  ).toEqual([...alerts].sort())
})

test('a runbook sends nobody to a metric or an alert that is not there', () => {
  const names = new Set([...runbooks().keys(), ...known.metrics.keys()])
  const wrong = [...runbooks()].flatMap(([page, text]) =>
    [...text.matchAll(/\banju_\w+/g)].filter(([name]) => !names.has(name)).map(([name]) => `${page}: ${name}`),
  )
  expect(wrong).toEqual([])
})

const flux = (text: string) => unknownInFlux({ where: 'x', text }, { ...known, fields: new Set(['watts']) })
const promql = (text: string) => unknownInPromql({ where: 'x', text }, known)

test('each of these checks can fail', () => {
  const good =
    'from(bucket: "anju") |> range(start: -1h)\n    |> filter(fn: (r) => r._measurement == "sample" and r._field == "watts")'
  expect(flux(good)).toEqual([])
  expect(flux(good.replace('"anju"', '"other"'))).toEqual(['x: bucket other'])
  expect(flux(good.replace('sample', 'samples'))).toEqual(['x: measurement samples'])
  expect(flux(good.replace('watts', 'wats'))).toEqual(['x: field wats'])
  expect(flux(good.replace('r._field ==', 'r.hom == "h" and r._field =='))).toEqual(['x: column hom'])
  expect(flux(good.replace('r._field ==', 'r.point == "movment" and r._field =='))).toEqual(['x: point movment'])
  expect(flux('from(bucket: "anju") |> range(start: -1h)')).toEqual(['x: names no measurement'])
  expect(promql('sum by (code) (rate(anju_refused_total[5m]))')).toEqual([])
  expect(promql('rate(anju_refusals_total[5m])')).toEqual(['x: metric anju_refusals_total'])
  expect(promql('sum by (home) (anju_refused_total)')).toEqual(['x: label home'])
  expect(promql('rate(anjou_events_total[5m])')).toEqual(['x: names no metric of ours'])
  const page = '`a`\n## Look at\n- x\n## Do\n1. x\n## Escalate when\n- x\n'
  expect(badRunbooks(new Map([['a', page]]), new Set(['a']))).toEqual([])
  expect(badRunbooks(new Map([['a', page.replace('1. x', '')]]), new Set(['a', 'b']))).toHaveLength(2)
  expect(badRunbooks(new Map([['c', page]]), new Set())).toHaveLength(2)
  const panel = { id: 1, title: 'p', gridPos: { x: 0, y: 0, w: 12, h: 4 }, datasource: { uid: '${influx}' } }
  const board = { panels: [panel, { ...panel, id: 2 }], templating: { list: [] } }
  expect(badBoard('x', board)).toHaveLength(3)
})

test('the dashboard of a home asks for the variable that setup makes', () => {
  expect(JSON.stringify(influx)).toContain(`v.${FILED_VARIABLE}`)
})

function metricsOfAServer(): Map<string, ReadonlySet<string>> {
  const registry = createMetrics()
  exposeUplink(registry, {
    counters: new IngestCounters(),
    broker: () => ({ connections: 0, refusedConnections: 0, aclViolations: 0, undelivered: 0 }),
    waitingEvents: () => 0,
    telemetryWaitingBytes: () => 0,
    telemetryHealthy: () => true,
  })
  exposeNotifications(registry, { counts: {} } as Pick<Reports, 'counts'>)
  const found = registry
    .getMetricsAsArray()
    .map((metric) => metric as unknown as { name: string; labelNames?: string[] })
    .map(({ name, labelNames = [] }) => [name, new Set(labelNames)] as const)
  // Prometheus itself says of each target whether it answered.
  return new Map([...found, ['up', new Set<string>()]])
}
