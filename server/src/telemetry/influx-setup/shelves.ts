import type { InfluxDB } from '@influxdata/influxdb-client'
import {
  BucketsAPI,
  type Check,
  ChecksAPI,
  TasksAPI,
  type Variable,
  VariablesAPI,
} from '@influxdata/influxdb-client-apis'
import type { Places } from './places.ts'
import { allPages, pageSize, plain, type Shelf, textOf } from './shelf.ts'
import type { Body, Thing } from './thing.ts'

export function bucketShelf(influx: InfluxDB, places: Places): Shelf {
  const api = new BucketsAPI(influx)
  const change = async (bucketID: string, thing: Thing) => {
    await api.patchBucketsID({ bucketID, body: { retentionRules: rulesOf(thing) } })
  }
  return {
    async find() {
      const all = await allPages(
        async (offset) => (await api.getBuckets({ orgID: places.orgID, limit: pageSize, offset })).buckets,
      )
      return all.map(({ id = '', name, retentionRules }) => {
        places.addBucket(name, id)
        const { everySeconds = 0, shardGroupDurationSeconds = 0 } = retentionRules[0] ?? {}
        return { kind: 'bucket', name, id, body: { everySeconds, shardGroupDurationSeconds } }
      })
    },
    async create(thing) {
      const made = places.bucketIdIfThere(thing.name)
      if (made !== undefined) return change(made, thing)
      const { id = '' } = await api.postBuckets({
        body: { orgID: places.orgID, name: thing.name, retentionRules: rulesOf(thing) },
      })
      places.addBucket(thing.name, id)
    },
    change,
  }
}
/** 0 seconds is for ever; no rule at all would be taken for "leave it as it is". */
const rulesOf = ({ body }: Thing) => [
  {
    type: 'expire' as const,
    everySeconds: Number(body['everySeconds']),
    shardGroupDurationSeconds: Number(body['shardGroupDurationSeconds']),
  },
]

export function taskShelf(influx: InfluxDB, places: Places): Shelf {
  const api = new TasksAPI(influx)
  return {
    async find() {
      const tasks = (await api.getTasks({ orgID: places.orgID, limit: tasksMax })).tasks ?? []
      return tasks.map((task) => ({ kind: 'task', name: task.name, id: task.id, body: plain(task) }))
    },
    create: async (thing) => void (await api.postTasks({ body: { orgID: places.orgID, ...scriptOf(thing) } })),
    change: async (taskID, thing) => void (await api.patchTasksID({ taskID, body: scriptOf(thing) })),
  }
}
const tasksMax = 500
const scriptOf = ({ body }: Thing) => ({ flux: textOf(body, 'flux'), status: 'active' as const })

export function checkShelf(influx: InfluxDB, places: Places): Shelf {
  const api = new ChecksAPI(influx)
  const asked = ({ body }: Thing) => ({ orgID: places.orgID, ...body }) as unknown as Check
  return {
    async find() {
      const all = await allPages(
        async (offset) => (await api.getChecks({ orgID: places.orgID, limit: pageSize, offset })).checks,
      )
      return all.map((check) => ({ kind: 'check', name: check.name, id: check.id ?? '', body: plain(check) }))
    },
    create: async (thing) => void (await api.createCheck({ body: asked(thing) })),
    change: async (checkID, thing) => void (await api.putChecksID({ checkID, body: asked(thing) })),
  }
}

export function variableShelf(influx: InfluxDB, places: Places): Shelf {
  const api = new VariablesAPI(influx)
  const asked = ({ name, body }: Thing): Variable => ({
    orgID: places.orgID,
    name,
    arguments: body['arguments'] as Body & Variable['arguments'],
  })
  return {
    async find() {
      const { variables } = await api.getVariables({ orgID: places.orgID })
      return (variables ?? []).map((one) => ({
        kind: 'variable',
        name: one.name,
        id: one.id ?? '',
        body: plain(one),
      }))
    },
    create: async (thing) => void (await api.postVariables({ body: asked(thing) })),
    change: async (variableID, thing) => void (await api.putVariablesID({ variableID, body: asked(thing) })),
  }
}
