/** What dashboards and checks may speak of, gathered from where it is decided. */
export interface Known {
  readonly measurements: ReadonlySet<string>
  readonly fields: ReadonlySet<string>
  readonly points: ReadonlySet<string>
  readonly buckets: ReadonlySet<string>
  /** A tag of ours, or a column that every answer has. */
  readonly columns: ReadonlySet<string>
  /** Metrics of `/metrics`, with their labels. */
  readonly metrics: ReadonlyMap<string, ReadonlySet<string>>
}

/** Every question in a file, whatever its shape: a text under one of these keys. */
const FLUX_KEYS = ['query']
const PROMQL_KEYS = ['expr']

export interface Question {
  readonly where: string
  readonly text: string
}
export const fluxIn = (file: string, json: unknown): Question[] =>
  questions(file, json, FLUX_KEYS).filter(({ text }) => text.includes('from(bucket:'))
export const promqlIn = (file: string, json: unknown): Question[] => questions(file, json, PROMQL_KEYS)

function questions(file: string, json: unknown, keys: readonly string[], title = ''): Question[] {
  if (typeof json !== 'object' || json === null) return []
  if (Array.isArray(json)) return json.flatMap((one) => questions(file, one, keys, title))
  const object = json as Record<string, unknown>
  const named = [object['title'], object['name'], object['alert']].find((one) => typeof one === 'string') ?? title
  return Object.entries(object).flatMap(([key, value]) => {
    const text = Array.isArray(value) && value.every((line) => typeof line === 'string') ? value.join('\n') : value
    return keys.includes(key) && typeof text === 'string'
      ? [{ where: `${file}: ${named}`, text }]
      : questions(file, value, keys, named)
  })
}

/** What a Flux question names that nobody has; and a question that names nothing at all. */
export function unknownInFlux({ where, text }: Question, known: Known): string[] {
  const named = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')
  const wrong = (what: string, pattern: RegExp, set: ReadonlySet<string>) =>
    named(pattern)
      .filter((name) => !set.has(name))
      .map((name) => `${where}: ${what} ${name}`)
  const filters = named(/filter\(fn: \(r\) => (.*)\)$/gm).join('\n')
  // Columns that the question itself makes before it filters by them.
  const made = new Set(named(/[{,] ?(\w+):/g))
  return [
    ...(/r\._measurement == "/.test(text) ? [] : [`${where}: names no measurement`]),
    ...wrong('bucket', /from\(bucket: "([^"]*)"\)/g, known.buckets),
    ...wrong('measurement', /r\._measurement == "([^"]*)"/g, known.measurements),
    ...wrong('field', /r\._field == "([^"]*)"/g, known.fields),
    ...wrong('point', /r\.point == "([^"]*)"/g, known.points),
    ...[...filters.matchAll(/\br\.(\w+)/g)]
      .map((match) => match[1] ?? '')
      .filter((column) => !known.columns.has(column) && !known.measurements.has(column) && !made.has(column))
      .map((column) => `${where}: column ${column}`),
  ]
}

/** Metrics or labels that a server does not have; and a question that asks for no metric. */
export function unknownInPromql({ where, text }: Question, known: Known): string[] {
  const names = [...text.matchAll(/\b(?:(?:anju|nodejs|process)_\w+|up)\b/g)].map(([name]) => name)
  const labels = [...text.matchAll(/\bby \(([^)]*)\)/g)].flatMap((match) => (match[1] ?? '').split(/,\s*/))
  const has = new Set(['instance', 'job', ...names.flatMap((name) => [...(known.metrics.get(name) ?? [])])])
  return [
    ...(names.length > 0 ? [] : [`${where}: names no metric of ours`]),
    ...names.filter((name) => !known.metrics.has(name)).map((name) => `${where}: metric ${name}`),
    ...labels.filter((label) => !has.has(label)).map((label) => `${where}: label ${label}`),
  ]
}

const PARTS = ['## Look at', '## Do', '## Escalate when'] as const

/** Pages and alerts that do not belong together, and pages that leave a part out. */
export function badRunbooks(pages: ReadonlyMap<string, string>, alerts: ReadonlySet<string>): string[] {
  return [
    ...[...alerts].filter((name) => !pages.has(name)).map((name) => `${name} calls somebody and has no runbook`),
    ...[...pages.keys()].filter((name) => !alerts.has(name)).map((name) => `${name}.md is about no alert`),
    ...[...pages].flatMap(([name, text]) => [
      ...(text.includes(`\`${name}\``) ? [] : [`${name}.md does not name its alert`]),
      ...PARTS.filter((part) => !new RegExp(`^${part}\\n(?:- |1\\. )`, 'm').test(text)).map(
        (part) => `${name}.md: nothing under "${part}"`,
      ),
    ]),
  ]
}

interface Panel {
  readonly id: number
  readonly title: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly datasource: { readonly uid: string }
}
/** A Grafana board whose panels lie on one another, share an id, or ask a source that the board does not offer. */
export function badBoard(
  file: string,
  { panels, templating }: { panels: readonly Panel[]; templating: { list: readonly { name: string; type: string }[] } },
): string[] {
  const sources = new Set(templating.list.filter(({ type }) => type === 'datasource').map(({ name }) => `\${${name}}`))
  const overlap = (a: Panel['gridPos'], b: Panel['gridPos']) =>
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
  return panels.flatMap((panel, index) => [
    ...panels
      .slice(0, index)
      .filter((other) => other.id === panel.id || overlap(other.gridPos, panel.gridPos))
      .map((other) => `${file}: ${panel.title} and ${other.title} are in each other’s place`),
    ...(panel.gridPos.x + panel.gridPos.w > 24 ? [`${file}: ${panel.title} is wider than the board`] : []),
    ...(sources.has(panel.datasource.uid) ? [] : [`${file}: ${panel.title} asks ${panel.datasource.uid}`]),
  ])
}

/** The question of an InfluxDB dashboard as Grafana asks it: bucket and home are variables of the board. */
export const asGrafanaAsks = (flux: string): string =>
  flux
    .replaceAll(/"anju(-5m|-1d)?"/g, (_, what: string | undefined) => `"\${bucket}${what ?? ''}"`)
    .replaceAll('v.anju_home', '"${home}"')
