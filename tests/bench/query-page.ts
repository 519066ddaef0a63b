import type { GapAnswer, HomeDetail, MeasurementAnswer } from '@anju/contract/api'
import { trailPointsOf } from '../../dashboards/src/incident/trail-data.ts'
import { rangeNamed } from '../../dashboards/src/incident/trail-range.ts'
import { readTrail } from '../../dashboards/src/incident/trail-reading.ts'
import { aServer } from '../harness/server.ts'
import type { AskedStore } from './query-data.ts'

export interface Page {
  /** Asks for everything that the page of a home draws of a year, until the last answer is there. */
  drawYear(): Promise<void>
  close(): Promise<void>
}

/** The page of the demo's home, with its own code for what is asked and in which order, at a real server over HTTP. */
export async function aPage(store: AskedStore): Promise<Page> {
  const server = await aServer(store.server)
  const seat = await server.logIn()
  async function get<T>(path: string): Promise<T> {
    const { status, body } = await seat.call<T>('GET', path)
    if (status !== 200) throw new Error(`${store.name}: ${path} was answered with ${status} ${JSON.stringify(body)}`)
    return body
  }
  const asking = {
    measurements: (home: string, asked: object) =>
      get<MeasurementAnswer>(`/homes/${home}/measurements?${new URLSearchParams({ ...asked }).toString()}`),
    gaps: (home: string, asked: object) =>
      get<GapAnswer>(`/homes/${home}/gaps?${new URLSearchParams({ ...asked }).toString()}`),
  }
  const home = await get<HomeDetail>('/homes/home-1')
  const points = trailPointsOf(home.placements)
  const { signal } = new AbortController()
  return {
    async drawYear() {
      const { trail } = await readTrail(asking, home.id, points, rangeNamed('year'), Date.now(), signal)
      for (const line of [trail.power, trail.voltage]) {
        const days = line?.values.filter((value) => value !== null).length ?? 0
        // A fast answer of nothing would be no answer.
        if (days < 364) throw new Error(`${store.name}: the page has only ${days} days of its year`)
      }
      if (trail.presence.length === 0 || trail.falls.length === 0)
        throw new Error(`${store.name}: the radar says nothing`)
    },
    close: () => server.end(),
  }
}
