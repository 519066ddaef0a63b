import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Influx } from '../../../../tests/harness/influx.ts'
import { repositoryRoot } from '../../../../tests/harness/root.ts'
import type { Done } from './carry-out.ts'
import { prepare } from './set-up.ts'
import { linesOfDone } from './tell.ts'
import { dashboardOf } from './views.ts'
import { DEFAULTS, type Settings } from './wanted.ts'

const folder = join(repositoryRoot, 'dashboards/influx')
export const dashboards = readdirSync(folder).map((name) => dashboardOf(name, readFileSync(join(folder, name), 'utf8')))

/** An organisation of a real InfluxDB that nobody has set up yet, and the API to look at it or to spoil it by hand. */
export async function anOrganisation(influx: Influx) {
  const { url, token, bucket } = await influx.aBucket()
  const org = `setup-${bucket}`
  const settings: Settings = { org, bucket: 'anju', ...DEFAULTS }
  const secrets = new Map<string, string>()
  const vault = {
    open: () => Promise.resolve(),
    put: (name: string, secret: string) => Promise.resolve(void secrets.set(name, secret)),
  }

  async function call<T = unknown>(method: string, path: string, body?: object, by = token): Promise<T> {
    const answer = await fetch(`${url}/api/v2/${path}`, {
      method,
      headers: { authorization: `Token ${by}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  async function orgID(): Promise<string> {
    const { orgs } = await call<{ orgs: { id: string; name: string }[] }>('GET', 'orgs?limit=100')
    return orgs.find(({ name }) => name === org)?.id ?? ''
  }

  return {
    settings,
    secrets,
    call,
    orgID,
    prepared: (by = token, change: Partial<Settings> = {}) =>
      prepare({ address: { url, token: by }, settings: { ...settings, ...change }, dashboards, shorten: false, vault }),
    async setUp(by = token, change: Partial<Settings> = {}) {
      const planned = await this.prepared(by, change)
      const done: Done[] = await Array.fromAsync(planned.carryOut())
      return { ...planned, done, text: done.flatMap(linesOfDone).join('\n') }
    },
    async list<T extends { id: string; name?: string }>(what: string): Promise<T[]> {
      const answer = await call<Record<string, T[]>>('GET', `${what}?orgID=${await orgID()}&limit=100`)
      return answer[what] ?? []
    },
    async write(lines: readonly string[], by = token, into = 'anju'): Promise<number> {
      const query = new URLSearchParams({ org, bucket: into, precision: 'ms' }).toString()
      const headers = { authorization: `Token ${by}` }
      const answer = await fetch(`${url}/api/v2/write?${query}`, { method: 'POST', headers, body: lines.join('\n') })
      await answer.text()
      return answer.status
    },
    /** Rows of a script's answer, by the names of their columns. */
    async ask(script: string, by = token): Promise<Record<string, string>[]> {
      const answer = await fetch(`${url}/api/v2/query?org=${org}`, {
        method: 'POST',
        headers: { authorization: `Token ${by}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query: script, type: 'flux', dialect: { annotations: [] } }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${answer.status} ${text}`)
      return text
        .trimEnd()
        .split('\r\n\r\n')
        .flatMap((table) => {
          const [head = '', ...rows] = table.trim().split('\r\n')
          const columns = head.split(',')
          if (columns.includes('error')) throw new Error(text)
          return rows.map((row) => Object.fromEntries(row.split(',').map((cell, at) => [columns[at] ?? '', cell])))
        })
    },
    /** An organisation leaves behind what runs in it and what it holds: somebody else's InfluxDB keeps nothing of us. */
    async drop(): Promise<void> {
      const id = await orgID()
      if (id === '') return
      for (const what of ['checks', 'tasks', 'buckets'])
        for (const one of await this.list<{ id: string; type?: string }>(what))
          if (one.type !== 'system') await call('DELETE', `${what}/${one.id}`)
      await call('DELETE', `orgs/${id}`)
    },
  }
}
export type Organisation = Awaited<ReturnType<typeof anOrganisation>>
