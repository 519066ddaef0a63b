import type { InfluxDB } from '@influxdata/influxdb-client'
import { DashboardsAPI, type ViewProperties } from '@influxdata/influxdb-client-apis'
import type { Places } from './places.ts'
import { allPages, pageSize, plain, type Shelf, textOf } from './shelf.ts'
import type { Body, Found, Json, Thing } from './thing.ts'

/** A dashboard keeps its id, and with it everybody's bookmark; when any of its cells differs all of them are made anew. */
export function dashboardShelf(influx: InfluxDB, places: Places): Shelf {
  const api = new DashboardsAPI(influx)

  async function cellsOf(dashboardID: string): Promise<Body> {
    const found = plain(await api.getDashboardsID({ dashboardID, include: 'properties' }))
    return { ...found, cells: inReadingOrder(found['cells'] as readonly Cell[]) }
  }

  /** A cell and what it shows are two requests: InfluxDB takes no cell together with its view. */
  async function addCells(dashboardID: string, { body }: Thing): Promise<void> {
    for (const { name, x, y, w, h, properties } of body['cells'] as readonly Cell[]) {
      const { id = '' } = await api.postDashboardsIDCells({ dashboardID, body: { name, x, y, w, h } })
      const view = { name, properties: properties as unknown as ViewProperties }
      await api.patchDashboardsIDCellsIDView({ dashboardID, cellID: id, body: view })
    }
  }

  return {
    async find() {
      const all = await allPages(
        async (offset) => (await api.getDashboards({ orgID: places.orgID, limit: pageSize, offset })).dashboards,
      )
      const found: Found[] = []
      for (const { id = '', name } of all) found.push({ kind: 'dashboard', name, id, body: await cellsOf(id) })
      return found
    },
    async create(thing) {
      const { orgID } = places
      const made = await api.postDashboards({
        body: { orgID, name: thing.name, description: textOf(thing.body, 'description') },
      })
      await addCells((made as { id: string }).id, thing)
    },
    async change(dashboardID, thing) {
      const found = await cellsOf(dashboardID)
      await api.patchDashboardsID({ dashboardID, body: { description: textOf(thing.body, 'description') } })
      for (const { id = '' } of found['cells'] as readonly Cell[])
        await api.deleteDashboardsIDCellsID({ dashboardID, cellID: id })
      await addCells(dashboardID, thing)
    },
  }
}

type Cell = {
  readonly id?: string
  readonly name: string
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly properties: Json
}
/** InfluxDB gives them back in an order of its own; the files are written from the top left. */
const inReadingOrder = (cells: readonly Cell[]) => [...cells].sort((a, b) => a.y - b.y || a.x - b.x)
